"""One injury of the child as a rule on what must follow injuries reads it: whose it is, and what came of it.

No injury are sorts that are ``no_injury``; what the maternity service notes of a ``newborn``; and what is found
``after_death``. What those ``settled_by`` say settles it is ``settled``, as a mark of the birth or of treatment: from
their own knowledge, not as a carer tells it. A clinician's opinion that ``answers`` it ends it too; where a rule names
``doubtful`` sorts, of these alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.age import age_at
from ledger.domain.civil_day import Stretch
from ledger.domain.claim import DECISION, Claim, Ref
from ledger.domain.duration import parse_duration
from ledger.domain.edtf import observed_bounds
from ledger.domain.expectation import HISTORY, is_history
from ledger.domain.owner import owns
from ledger.domain.pattern import patterns, when_of
from ledger.domain.person import CHILD
from ledger.domain.question import Topic
from ledger.domain.rule import Rule
from ledger.domain.rules import milestone
from ledger.domain.rules.account import ACCOUNT
from ledger.domain.rules.examination import EXAMINED, examinations, is_of_an_x_ray, is_word_of
from ledger.domain.rules.injury import AGE_OF_INJURY, BORN, INJURY, Criteria, Injury, concerns
from ledger.domain.rules.injury_reading import injury_of, noticed_before
from ledger.domain.rules.spoken import has_word

if TYPE_CHECKING:
    from ledger.domain.facts import Facts

#: Reasons for concern that lie in the injury alone, and that a fall of a child who runs about may explain.
_BY_ITSELF: Final = frozenset({"sort", "several"})
CONTACT: Final = "entry:contact"
_DEEP: Final = "examined"
#: An injury that is said to be some days old when it is noticed may have been referred meanwhile.
_MEANWHILE: Final = timedelta(days=7)
#: By any of these a mark is looked into by a doctor, whoever says that it was.
_MEDICALS: Final = frozenset({"medical", "child_protection_medical", "imaging", "skeletal_survey"})


@dataclass(frozen=True)
class InjuryCase:
    """One injury of the child as one rule reads it. ``said``: of its parts, in the order of the record."""

    rule: Rule
    thing: str
    said: list[Claim]
    facts: Facts

    @cached_property
    def trigger(self) -> Claim:
        """What brought the injury to the record."""
        return min(self.said, key=lambda claim: (claim.recorded_at, claim.ref))

    @cached_property
    def noticed(self) -> Stretch:
        """When somebody first noticed it."""
        first = min(observed_bounds(claim.observed) for claim in self.said)
        return first.start, first.end

    @cached_property
    def since(self) -> Stretch:
        """From when on something may have been done about it."""
        start, end = self.noticed
        told = (when_of(claim).start for claim in self.said)
        return max(min(start, *told), start - _MEANWHILE), end

    @cached_property
    def injury(self) -> Injury:
        pack, criteria = self.facts.pack, Criteria.of(self.rule.settings)
        injury = injury_of(CHILD, self.thing, [*self._when_noticed()], self.facts, pack, criteria)
        return replace(injury, has_no_account=self._has_no_account())

    def _when_noticed(self) -> Iterator[Claim]:
        """What was said of it, but for how it heals: that it had begun to when it was noticed counts."""
        for claim in self.said:
            if claim.attribute != AGE_OF_INJURY or observed_bounds(claim.observed).start < self.noticed[1]:
                yield claim

    @cached_property
    def reasons(self) -> frozenset[str]:
        """Why it is of concern, in the words of `concerns`."""
        return frozenset(concerns(self.injury, Criteria.of(self.rule.settings)))

    @cached_property
    def sorts(self) -> frozenset[str]:
        return frozenset(claim.value or "" for claim in self.said if claim.attribute == INJURY)

    def _has_no_account(self) -> bool:
        """Whether all that anybody says of how it happened is that they do not know, or somebody's account changed."""
        accounts = [claim for claim in self.facts.claims(Topic(ACCOUNT, CHILD)) if self._is_of_it(claim)]
        nothing = {claim.value for claim in accounts} <= set(self.rule.settings.get("no_account", ()))
        return (bool(accounts) and nothing) or self._is_changed()

    def _is_changed(self) -> bool:
        by_source: dict[str, int] = {}
        for question in self.facts.questions(Topic(ACCOUNT, CHILD)):
            for one in self.facts.statements(question) if question.thing == self.thing else ():
                if not by_source.setdefault(one.source, one.mask) & one.mask:
                    return True
                by_source[one.source] &= one.mask
        return False

    def _is_of_it(self, claim: Claim) -> bool:
        return self.facts.question_of(claim).thing == self.thing

    # ── whether anything must follow ──

    @property
    def is_fixed(self) -> bool:
        """Whether the rule is the one on babies, whatever is said of how it came about."""
        return "babies" in self.rule.settings

    @cached_property
    def applies(self) -> bool:
        """Whether the rule is about this injury."""
        settings = self.rule.settings
        if is_history(self.trigger, length_of(settings.get("history"), HISTORY)) or self._is_after_death():
            return False
        if self.is_fixed:
            return self._is_babys(self.rule) and not self._is_newborns(settings.get("newborn"))
        beside = self.facts.pack.rules.get(settings.get("beside", ""))
        if beside is not None and "babies" in beside.settings and self._is_babys(beside):
            return False
        return bool(self.reasons)

    def _is_babys(self, rule: Rule) -> bool:
        """Whether by the line that the fixed rule draws the child did not move about by itself."""
        line = milestone.Milestone.of(rule.settings["babies"])
        return milestone.is_not_mobile(CHILD, self.noticed, self.facts, line)

    def _is_newborns(self, written: Mapping[str, Any] | None) -> bool:
        age = age_at(self.noticed, self.facts.claims(Topic(BORN, CHILD)))
        return (
            written is not None
            and age is not None
            and age.most <= length_of(written["before"]).days
            and self.facts.is_of_kind(self.trigger.agency, written["by"])
        )

    def _is_after_death(self) -> bool:
        offices = self.rule.settings.get("after_death")
        return owns(offices, self.facts.agency_kind(self.trigger.agency), self.trigger.office)

    @property
    def is_doubtful(self) -> bool:
        """Whether it is only called what is no injury, as a birth mark, and by nobody who can tell."""
        return bool(self.sorts) and self.sorts <= set(self.rule.settings["no_injury"])

    @property
    def is_slight(self) -> bool:
        return bool(self.sorts) and self.sorts <= set(self.rule.settings.get("slight", ()))

    # ── what came of it ──

    def settled(self) -> Claim | None:
        """What those who can tell say that settles it: it is no injury, or by an opinion that answers it."""
        settings = self.rule.settings
        found = [*self._words_by(settings["settled"], settings["settled_by"])]
        if "doubtful" not in settings or self.sorts <= set(settings["doubtful"]):
            found += self._words_by(settings.get("answers", {}), settings["examination"]["clinicians"])
        return first_of(found)

    def _words_by(self, words: Mapping[str, Any], offices: str) -> Iterator[Claim]:
        for attribute in words:
            for claim in self.facts.claims(Topic(attribute, CHILD)):
                if self._is_of_it(claim) and has_word(claim, words) and is_word_of(offices, claim, self.facts):
                    yield claim

    def is_thought_accidental(self) -> bool:
        """Whether it is of concern by what it is alone, a clinician has looked, and nobody who can tell doubts it."""
        clinicians, doubts = self.rule.settings["examination"]["clinicians"], self.rule.settings.get("doubts", {})
        is_plain = not self.is_fixed and self.reasons <= _BY_ITSELF
        return is_plain and self.examined() is not None and first_of(self._words_by(doubts, clinicians)) is None

    def examined(self) -> Claim | None:
        """The first that shows that somebody who can tell looked at it."""
        return first_of(self._views())

    def _views(self) -> Iterator[Claim]:
        settings = self.rule.settings["examination"]
        clinicians, facts = settings["clinicians"], self.facts
        for claim in examinations(CHILD, self.thing, self.noticed, clinicians, facts):
            is_medical = claim.attribute == EXAMINED and claim.value in _MEDICALS
            is_shown = is_medical or (is_of_an_x_ray(claim) and not self.is_fixed)
            if is_shown or is_word_of(clinicians, claim, facts):
                yield claim
        yield from (claim for claim in self.said if is_word_of(clinicians, claim, facts))
        for claim in facts.kept("deep contacts", CHILD, self._deep_contacts):
            if is_word_of(clinicians, claim, facts) and observed_bounds(claim.observed).end > self.noticed[0]:
                yield claim
        for wanted in patterns(settings.get("until")):
            yield from (one for one in wanted.find(CHILD, facts) if when_of(one).end > self.noticed[0])

    def _deep_contacts(self) -> list[Claim]:
        return [claim for claim in self.facts.claims(Topic(CONTACT, CHILD)) if claim.depth == _DEEP]

    def evidence(self) -> tuple[Ref, ...]:
        """What else was said of it, and what makes it one of concern."""
        about = [claim.ref for claim in self.said if claim.number != self.trigger.number]
        decided = [
            claim.ref
            for claim in self.facts.claims(Topic(DECISION, CHILD))
            if not self.is_fixed and claim.value in self.injury.decided
        ]
        return tuple(sorted({*about, *decided, *self._earlier()}))

    def _earlier(self) -> Iterator[Ref]:
        """By which word each injury that makes it another of several first came to the record."""
        if self.is_fixed:
            return  # of a baby it is one by itself, whatever went before
        criteria = Criteria.of(self.rule.settings)
        for _, said in noticed_before(CHILD, self.thing, self.noticed, self.facts, criteria):
            yield min(claim.ref for claim in said)


def first_of(claims: Iterable[Claim | None]) -> Claim | None:
    """The first of these to be recorded."""
    said = (claim for claim in claims if claim is not None)
    return min(said, key=lambda claim: (claim.recorded_at, claim.ref), default=None)


def length_of(text: str | None, usual: timedelta = timedelta.max) -> timedelta:
    """A length of time as a pack writes it; what is not written is as usual."""
    length = usual if text is None else parse_duration(text)
    return length if isinstance(length, timedelta) else timedelta.max
