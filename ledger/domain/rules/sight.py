"""A child who was not seen for longer than its standing allows: on a plan, just home, or with a worry that is open.

A rule lists the ``standings`` with the clock of each. A plan in force, and the time after a decision such as a return
home, ask for the sight of those ``by`` whom the child is to be seen: what others see does not wind their clock. A worry
(``when``, for as long as ``lasts``) asks for anybody's. The clock runs from when the standing is recorded, and again
from each sight. It stands still while the child is where it is ``seen_daily``; where anybody's sight counts, also while
others ``see_often`` (a school that it attends).

It is an alert where the record shows that it was tried since and failed, or that those who owe it do enter what they
see; silence alone may be what nobody entered, and is a prompt. One lapse of a standing is found, and a later one only
where it was tried in vain, then as a prompt: the first said what there is to say. That it was not seen for so long may
also be said, by a period for which ``seen`` did not happen, or as an omission: that lapses at once. What lapsed is over
when the child is seen, and when its plan ends; that a worry grew old ends nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.age import dates_of
from ledger.domain.agency import AgencyWord
from ledger.domain.calendar import WorkingCalendar
from ledger.domain.claim import DEATH, Claim, Ref
from ledger.domain.duration import parse_clock, parse_duration, refuse_clock, refuse_duration, runs_out
from ledger.domain.expectation import Awaited, judged, outlived
from ledger.domain.finding import ENTRIES_MAX
from ledger.domain.pattern import Pattern, patterns, when_of
from ledger.domain.pattern_form import PATTERNS, pattern_faults
from ledger.domain.person import CHILD
from ledger.domain.question import Question, Topic
from ledger.domain.rule import Family, Rule, Verdict, View
from ledger.domain.rules.account import unknown_attributes
from ledger.domain.rules.injury import BORN, PLAN, plain
from ledger.domain.rules.sighting import OF_THE_CHILD, READ, SEEN, VISIT, Sighting, attempts, sightings, stays
from ledger.domain.shape import Fault, Items, Text, keys, word
from ledger.domain.statement import BEGINNING, END

if TYPE_CHECKING:
    from ledger.domain.facts import Facts
    from ledger.domain.pack import Pack

_AREA: Final = Question(SEEN, CHILD, item="contact")
_EXPECTED: Final = "expected_date"
_TRIED_SHOWN: Final = ENTRIES_MAX - 2


@dataclass(frozen=True, slots=True)
class _Standing:
    """A time during which the child is to be seen so often. ``by``: kinds of agencies; empty where anybody's counts.

    ``is_plan``: it ends when people end it, and not only because it was long ago.
    """

    claim: Claim
    start: datetime
    end: datetime
    within: str
    by: tuple[str, ...]
    is_plan: bool = False


def judge(view: View) -> Verdict:
    """Whether the child should have been seen by now."""
    return judged(view, awaits(view.rule, view.area, view.facts, view.at))


def awaits(rule: Rule, _area: Question, facts: Facts, at: datetime) -> Iterator[Awaited]:
    """The next sight that each standing asks for."""
    del at  # what is awaited does not depend on when it is asked
    born = _born(facts)
    for standing in _standings(rule, facts) if born is not None else ():
        awaited = _awaited(replace(standing, start=max(standing.start, born or standing.start)), rule, facts)
        if awaited is not None and not outlived(awaited, facts):
            yield awaited


def _born(facts: Facts) -> datetime | None:
    """When the child was born; long ago, where nobody says so or expects it, and None while it is only expected."""
    births = facts.claims(Topic(BORN, CHILD))
    if not births:
        return None if facts.claims(Topic(_EXPECTED, CHILD)) else BEGINNING
    return max((date.latest_start for date in dates_of(births)), default=BEGINNING)


def _awaited(standing: _Standing, rule: Rule, facts: Facts) -> Awaited | None:
    seen = [one for one in sightings(facts) if _counts(one, standing, facts)]
    since = [one for one in seen if standing.start < one.at < standing.end]
    away = [*_away(standing, rule, facts)]
    last, due = _clock(standing, since[-1].at if since else standing.start, away, facts)
    said = _said_unseen(standing, last, due - last, facts)
    if due >= standing.end and said is None:
        return None
    if not standing.is_plan and any(one.at >= standing.end for one in seen):
        return None
    tried = [one for one in attempts(facts) if one.at > last and _counts(one, standing, facts)]
    is_first = not _lapsed_before(standing, since, away, facts)
    if not is_first and not tried and said is None:
        return None
    is_entered = bool(standing.by) and bool(seen)
    also = {standing.claim.ref, *(one.claim.ref for one in tried[-_TRIED_SHOWN:])}
    trigger = since[-1].claim if since else standing.claim
    return Awaited(
        trigger=trigger,
        topic="contact",
        starts=last,
        due=min(due, standing.end),
        failed=said,
        owed_by=_owed_by(standing, facts),
        tier=rule.settings.get("tier", "queue") if is_first and (tried or said or is_entered) else "prompt",
        also=tuple(sorted(also - {trigger.ref})),
        over=standing.end if standing.is_plan and standing.end < END else None,
    )


def _clock(
    standing: _Standing, last: datetime, away: list[tuple[datetime, datetime]], facts: Facts
) -> tuple[datetime, datetime]:
    """From when the clock runs, and until when: it begins again when the child is back from where it is seen daily."""
    calendar, clock = WorkingCalendar(facts.nation), parse_clock(standing.within)
    due = runs_out(last, clock, calendar)
    for start, end in sorted(away):
        if start < due and end > last:
            if end >= standing.end:
                return last, standing.end
            last = end
            due = runs_out(last, clock, calendar)
    return last, due


def _lapsed_before(
    standing: _Standing, since: list[Sighting], away: list[tuple[datetime, datetime]], facts: Facts
) -> bool:
    begins = [standing.start, *(one.at for one in since)]
    return any(_clock(standing, begin, away, facts)[1] <= end for begin, end in pairwise(begins))


def _counts(sighting: Sighting, standing: _Standing, facts: Facts) -> bool:
    return not standing.by or facts.is_of_kind(sighting.claim.agency, standing.by)


def _said_unseen(standing: _Standing, last: datetime, length: timedelta, facts: Facts) -> Claim | None:
    """What says that the child was not seen for as long as the clock runs, or leaves out that it was to be."""
    for claim in facts.claims(Topic(SEEN, CHILD)):
        told = when_of(claim)
        is_long = claim.value in {"did_not_happen", "not_seen"} and told.end - max(told.start, last) >= length
        if (is_long or claim.statement == "omission") and last < told.end and claim.recorded_at < standing.end:
            return claim
    return None


def _owed_by(standing: _Standing, facts: Facts) -> str:
    if not standing.by:
        return ""
    if facts.is_of_kind(standing.claim.agency, standing.by):
        return standing.claim.agency
    return facts.agency_addressed(standing.by[0])


# ── what the child's standing is ──


def _standings(rule: Rule, facts: Facts) -> Iterator[_Standing]:
    for written in rule.settings["standings"]:
        within, by = written["within"], tuple(written.get("by", ()))
        if "plan" in written:
            for claim, start, end in _plans(frozenset(map(plain, written["plan"])), facts):
                yield _Standing(claim, start, end, within, by, is_plan=True)
            continue
        lasts = parse_duration(written["lasts"])
        asked = _asked(patterns(written["when"]), facts, of_anyone=not by)
        if asked is not None:
            end = asked.recorded_at + lasts if isinstance(lasts, timedelta) else END
            yield _Standing(asked, asked.recorded_at, end, within, by)


def _asked(wanted: tuple[Pattern, ...], facts: Facts, *, of_anyone: bool) -> Claim | None:
    """What asks for the sight of the child: the newest; of worries the first since anybody saw the child."""
    found = sorted((claim for one in wanted for claim in one.find(CHILD, facts)), key=_recorded)
    if not of_anyone or not found:
        return found[-1] if found else None
    last = max((one.at for one in sightings(facts)), default=None)
    since = [claim for claim in found if last is None or claim.recorded_at >= last]
    return since[0] if since else found[-1]


def _recorded(claim: Claim) -> tuple[datetime, Ref]:
    return claim.recorded_at, claim.ref


def _plans(named: frozenset[str], facts: Facts) -> Iterator[tuple[Claim, datetime, datetime]]:
    """The last spell of a plan of these names, from when it was known to be in force, and until when it is."""
    active = facts.pack.attributes[PLAN].values.get("active", 0)
    for question in facts.questions(Topic(PLAN, CHILD)):
        held = facts.beliefs(question).held if plain(question.item or "") in named else ()
        on = [one for one in held if not one.mask & ~active]
        if not on:
            continue
        latest = max(one.start for one in on)
        off = [one.start for one in held if not one.mask & active]
        begins = max((start for start in off if start <= latest), default=BEGINNING)
        spell = [one for one in on if one.start >= begins]
        claims = {claim.ref: claim for claim in facts.claims_on(question)}
        first = min((claims[one.statement.ref] for one in spell), key=_recorded)
        start = max(first.recorded_at, min(one.start for one in spell))
        yield first, start, min([max(one.end for one in spell), *(at for at in off if at > latest)])


def _away(standing: _Standing, rule: Rule, facts: Facts) -> Iterator[tuple[datetime, datetime]]:
    """The times at which others see the child every day."""
    wanted = patterns(rule.settings.get("seen_daily"))
    if not standing.by:
        wanted += patterns(rule.settings.get("see_often"))
    yield from stays(wanted, facts)


# ── what bears on it ──


def _listened(rule: Rule) -> frozenset[str]:
    """What makes a standing."""
    whens = (patterns(one.get("when")) for one in rule.settings["standings"])
    return frozenset({PLAN, *(one.attribute for many in whens for one in many)})


def _areas(rule: Rule, question: Question, facts: Facts) -> Iterator[Question]:
    """The child, once anything gives it a standing: what else is said of it bears on nothing before."""
    makes = sorted(_listened(rule))
    if question.about == CHILD and (
        question.attribute in makes or any(facts.questions(Topic(name, CHILD)) for name in makes)
    ):
        yield _AREA


def _enumerates(rule: Rule, question: Question, _pack: Pack) -> Iterator[Topic]:
    if question.about == CHILD:
        yield from (Topic(name, CHILD) for name in sorted(_listened(rule)))


def _reads(rule: Rule, _area: Question, _pack: Pack) -> Iterator[Topic]:
    yield from (Topic(name, CHILD) for name in (*READ, DEATH, BORN, _EXPECTED, *_listened(rule)))
    for key in ("seen_daily", "see_often"):
        yield from (one.topic(CHILD) for one in patterns(rule.settings.get(key)))


def _listens(rule: Rule, pack: Pack) -> frozenset[str]:
    return frozenset(topic.attribute for topic in _reads(rule, _AREA, pack))


def _check(written: Mapping[str, Any], vocabulary: Mapping[str, Any]) -> Iterator[Fault]:
    yield from unknown_attributes({PLAN, VISIT, DEATH, BORN, _EXPECTED, *OF_THE_CHILD}, vocabulary)
    for place, standing in enumerate(written["standings"]):
        yield from pattern_faults(("standings", place, "when"), standing.get("when"), vocabulary)
        if "when" in standing and "lasts" not in standing:
            yield ("standings", place), "say for how long this asks for the sight of the child: add lasts"
    for key in ("seen_daily", "see_often"):
        yield from pattern_faults((key,), written.get(key), vocabulary)


_STANDING: Final = keys(
    {
        "plan": Items(Text(), least=1),
        "when": PATTERNS,
        "lasts": Text(refuse_duration),
        "within": Text(refuse_clock),
        "by": Items(AgencyWord(), least=1),
    },
    "within",
    ["plan when"],
)
FAMILY: Final = Family(
    name="sight",
    judge=judge,
    areas=_areas,
    reads=_reads,
    listens=_listens,
    enumerates=_enumerates,
    awaits=awaits,
    form={
        "standings": Items(_STANDING, least=1),
        "seen_daily": PATTERNS,
        "see_often": PATTERNS,
        "tier": word("prompt queue"),
    },
    required="standings",
    kinds=frozenset({"expectation"}),
    check=_check,
    closes_as="came_to_pass",
)
