"""Whether something must be known by now: what made it necessary, the child's age, and what stands against asking."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from ledger.domain.act import ALONE, MET
from ledger.domain.age import dates_of
from ledger.domain.calendar import WorkingCalendar
from ledger.domain.claim import PERSON, Claim, Ref
from ledger.domain.duration import runs_out
from ledger.domain.person import CHILD
from ledger.domain.question import Question, Topic
from ledger.domain.rule import ANYBODY
from ledger.domain.rules.adult_role import part_of
from ledger.domain.rules.gap_cause import first_triggers, is_spared, standing, starts_of
from ledger.domain.rules.must_know import BORN, EXPECTED, MustKnow
from ledger.domain.rules.spoken import order, said_at

if TYPE_CHECKING:
    from ledger.domain.facts import Facts

_A_DAY = timedelta(days=1)


class Moment(NamedTuple):
    """When to look again, and the claim that is the reason."""

    at: datetime
    ref: Ref


class Need:
    """What one rule makes of one question at one moment, whatever was said of it; what nobody asks is not worked out.

    ``ends``: when the child is too old for what the rule speaks of.
    """

    def __init__(self, rule: MustKnow, area: Question, facts: Facts, at: datetime) -> None:
        self.rule, self._area, self._facts, self._at = rule, area, facts, at
        self._ages = _Ages(rule, facts)
        self.ends = self._ages.ends

    def hears(self, claim: Claim) -> bool:
        """Whether its words for what is missing count in this claim: said of a child of these ages, and still one."""
        if not self._ages.are_heard or self._is_past:
            return False
        return self._ages.opens is None or said_at(claim)[1] > self._ages.opens

    @cached_property
    def answers(self) -> tuple[Claim, ...]:
        """What answers by its rule, beside values of the attribute."""
        return tuple(_answers(self.rule, self._area, self._facts))

    @property
    def has_answer(self) -> bool:
        """Whether anything does."""
        return next(_answers(self.rule, self._area, self._facts), None) is not None

    @cached_property
    def only_by(self) -> tuple[Claim, ...]:
        """What alone answers, where the rule says so."""
        return tuple(claim for one in self.rule.only_by for claim in one.find(self._area.about, self._facts))

    @cached_property
    def attempts(self) -> tuple[Claim, ...]:
        """The acts by which somebody tried to find out."""
        return tuple(claim for one in self.rule.tried for claim in one.find(self._area.about, self._facts))

    @cached_property
    def triggers(self) -> tuple[Claim, ...]:
        """What makes it necessary to know: of what an agency said or did of one sort, the first."""
        return tuple(first_triggers(self.rule, self._area, self._facts))

    def begins(self, answers: Iterable[Claim] = ()) -> datetime | None:
        """When it must be known, and was not known lately enough; None where it need not be."""
        rule, facts = self.rule, self._facts
        if not self.may_be_asked or not self.triggers or facts.died is not None:
            return None
        starts = starts_of(rule, self._area, self.triggers, facts)
        if starts is None or is_spared(rule, self._area, facts):
            return None
        if rule.fresh is not None:
            starts = self._since(starts, answers)
        if starts is None:
            return None
        begins = runs_out(starts, rule.within, WorkingCalendar(facts.nation))
        return max(begins, self._ages.begins) if self._ages.begins else begins

    def stops(self) -> datetime | None:
        """When it is asked for no longer: the child is too old, or another rule speaks in its stead."""
        after = self._facts.pack.rules.get(self.rule.then)
        if after is None or after.family.awaits is None:
            return self.ends
        awaited = after.family.awaits(after, self._area, self._facts, self._at)
        late = min((one.due for one in awaited if one.met is None), default=None)
        return min((moment for moment in (late, self.ends) if moment is not None), default=None)

    def is_asked_for(self, answers: Iterable[Claim] = ()) -> bool:
        """Whether its time has come, and is not over."""
        begins = self.begins(answers)
        if begins is None or begins > self._at:
            return False
        stops = self.stops()
        return stops is None or stops > self._at

    def stale_among(self, answers: Iterable[Claim]) -> tuple[Claim, ...]:
        """The latest answer, where it has gone stale."""
        latest = max(answers, key=order, default=None)
        if self.rule.holds is None or latest is None:
            return ()
        return (latest,) if said_at(latest)[1] + self.rule.holds <= self._at else ()

    def moment(self, answers: Sequence[Claim]) -> Moment | None:
        """When something changes by itself, by what was answered so far."""
        begins = self.begins(answers)
        if begins is None:
            return None
        moments = [one for one in (begins, self.stops()) if one is not None]
        if self.rule.holds is not None and answers:
            moments.append(max(said_at(claim)[1] for claim in answers) + self.rule.holds)
        following = min((moment for moment in moments if moment > self._at), default=None)
        first = min(self.triggers, key=lambda claim: (claim.recorded_at, claim.ref))
        return None if following is None else Moment(following, first.ref)

    def _since(self, starts: datetime, answers: Iterable[Claim]) -> datetime | None:
        """Since when it must be known anew: the first of what made it necessary that nothing answered lately enough."""
        rule, facts = self.rule, self._facts
        fresh = rule.fresh or timedelta()
        latest = max((said_at(claim)[1] for claim in answers), default=None)
        causes = standing(rule.only_if or rule.when, self._area, facts)
        opened = self._ages.begins
        since: datetime | None = None
        for cause in causes:
            told = min(cause.recorded_at, said_at(cause)[0])
            when = max(cause.recorded_at, starts)
            if when > cause.recorded_at:
                told = when  # it made nothing necessary before the rest was there
            if opened is not None:
                told = max(told, opened)
            if (latest is None or latest + fresh < told) and (since is None or when < since):
                since = when
        return since

    @property
    def may_be_asked(self) -> bool:
        """Whether the rule asks for anything of this person, and of a child of this age."""
        return (
            bool(self.rule.when)
            and self._ages.are_known
            and not self._is_past
            and _is_of_part(self.rule, self._area, self._facts)
        )

    @property
    def _is_past(self) -> bool:
        return self.ends is not None and self.ends <= self._at


def _answers(rule: MustKnow, area: Question, facts: Facts) -> Iterator[Claim]:
    for one in rule.knows:
        claims = facts.claims(one.topic(area.about))
        yield from (claim for claim in reversed(claims) if one.matches(claim, facts))
    if rule.named:
        yield from (claim for claim, told in facts.introductions(area.about) if told.get("name"))
    if rule.met:
        met = facts.claims(Topic(MET, area.about))
        yield from (claim for claim in met if rule.met == "present" or claim.value == ALONE)


def _is_of_part(rule: MustKnow, area: Question, facts: Facts) -> bool:
    return not rule.parts or part_of(area.about, facts) in rule.parts


def may_be_of_part(rule: MustKnow, area: Question, facts: Facts) -> bool:
    """Whether whoever it is about may have one of the parts of whom a rule asks, as far as what is at hand says."""
    return not facts.has(Topic(PERSON, ANYBODY)) or _is_of_part(rule, area, facts)


class _Ages:
    """The moments between which a child is of the ages of a rule."""

    def __init__(self, rule: MustKnow, facts: Facts) -> None:
        ages = rule.ages
        self.begins: datetime | None = None
        self.opens: datetime | None = None
        self.ends: datetime | None = None
        #: Whether the moments can be told, and whether what is said now may be of a child of these ages.
        self.are_known = self.are_heard = True
        if not ages:
            return
        born = dates_of(facts.claims(Topic(BORN, CHILD)))
        least = max(ages.get("at_age", timedelta()), ages.get("from_age", timedelta()))
        if born:
            last = max(one.latest_end or one.latest_start for one in born) - _A_DAY
            self.begins = last + least if least else None
            self.opens = last + ages["from_age"] if "from_age" in ages else None
            if "until_age" in ages:
                self.ends = min(one.earliest_start for one in born) + ages["until_age"]
            return
        is_unborn = bool(facts.claims(Topic(EXPECTED, CHILD)))
        self.are_known = is_unborn and not least
        self.are_heard = not is_unborn or "from_age" not in ages
