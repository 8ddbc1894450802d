"""What makes it necessary to know something: what was said or done, by whom first, and when all of it was there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.act import CONTACT, fields_of
from ledger.domain.claim import Claim
from ledger.domain.expectation import HISTORY, is_history
from ledger.domain.question import Question, Topic
from ledger.domain.rules.must_know import MustKnow
from ledger.domain.rules.spoken import order, said_at

if TYPE_CHECKING:
    from ledger.domain.facts import Facts
    from ledger.domain.pattern import Pattern

_RECORDED: Final = attrgetter("recorded_at")


def first_triggers(rule: MustKnow, area: Question, facts: Facts) -> Iterator[Claim]:
    """What makes it necessary: what was said or done, is no history and was not taken back by whoever said it.

    More of the same by one agency makes nothing more necessary: the first is sought, and the rest is not read.
    """
    first: dict[tuple[str, str], Claim] = {}
    for one in rule.when:
        for agency, claims in _by_agency(one.topic(area.about), facts).items():
            found = next((c for c in claims if one.matches(c, facts) and _is_cause(c, one, rule, area, facts)), None)
            known = first.get((agency, one.attribute))
            if found is not None and (known is None or _earlier(found) < _earlier(known)):
                first[agency, one.attribute] = found
    return (first[key] for key in sorted(first))


def _by_agency(topic: Topic, facts: Facts) -> Mapping[str, Sequence[Claim]]:
    """The claims of a topic, those of each agency in the order in which they were recorded."""

    def work_out() -> Mapping[str, Sequence[Claim]]:
        found: dict[str, list[Claim]] = {}
        for claim in facts.claims(topic):
            found.setdefault(claim.agency, []).append(claim)
        for claims in found.values():
            claims.sort(key=_RECORDED)
            if any(one.recorded_at == other.recorded_at for one, other in pairwise(claims)):
                claims.sort(key=_earlier)
        return found

    return facts.once_on(topic, ("by agency", topic), work_out)


def _earlier(claim: Claim) -> tuple[Any, ...]:
    return (claim.recorded_at, order(claim))


def standing(patterns: Iterable[Pattern], area: Question, facts: Facts) -> Iterator[Claim]:
    """All that these patterns mean and that stands."""
    for one in patterns:
        for claim in one.find(area.about, facts):
            if one.is_act or (not is_history(claim, HISTORY) and _stands(claim, one.values, facts)):
                yield claim


def _is_cause(claim: Claim, one: Pattern, rule: MustKnow, area: Question, facts: Facts) -> bool:
    if one.attribute == CONTACT and not _may_be_alone(rule, claim, area, facts):
        return False
    return one.is_act or (not is_history(claim, HISTORY) and _stands(claim, one.values, facts))


def _may_be_alone(rule: MustKnow, contact: Claim, area: Question, facts: Facts) -> bool:
    """Whether a contact makes it necessary to see somebody alone: it is said that they were there, and others too."""
    if rule.met != "alone":
        return True
    return area.about in {facts.person(key, contact.agency) for key in fields_of(contact).get("present", ())}


def _stands(claim: Claim, values: frozenset[str], facts: Facts) -> bool:
    """Whether its agency has not said otherwise since."""
    if not values:
        return True
    otherwise = _otherwise(facts.question_of(claim), claim.agency, values, facts)
    return otherwise is None or otherwise < said_at(claim)[1]


def _otherwise(question: Question, agency: str, values: frozenset[str], facts: Facts) -> datetime | None:
    """When an agency began to say, for the last time, something else on a question."""

    def work_out() -> datetime | None:
        own = (other for other in facts.claims_on(question) if other.agency == agency)
        others = (other for other in own if other.value is not None and other.value not in values)
        return max((said_at(other)[0] for other in others), default=None)

    return facts.once_on(question.topic, ("otherwise", question, agency, values), work_out)


def starts_of(rule: MustKnow, area: Question, triggers: Sequence[Claim], facts: Facts) -> datetime | None:
    """The first moment at which all is there that makes it necessary: from then on runs the clock."""
    begins = _several(rule, area, triggers, facts)
    if begins is None or not rule.only_if:
        return begins
    also = min((claim.recorded_at for claim in standing(rule.only_if, area, facts)), default=None)
    return None if also is None else max(begins, also)


def _several(rule: MustKnow, area: Question, triggers: Sequence[Claim], facts: Facts) -> datetime | None:
    """When so many agencies had said or done something, each at most so long before."""
    first: dict[str, datetime] = {}
    for claim in triggers:
        first[claim.agency] = min(claim.recorded_at, first.get(claim.agency, claim.recorded_at))
    if len(first) < rule.agencies:
        return None
    if rule.at_work is None:
        return sorted(first.values())[rule.agencies - 1]
    latest: dict[str, datetime] = {}
    for claim in sorted(standing(rule.when, area, facts), key=lambda claim: claim.recorded_at):
        latest[claim.agency] = claim.recorded_at
        if sum(claim.recorded_at - one < rule.at_work for one in latest.values()) >= rule.agencies:
            return claim.recorded_at
    return None


def is_spared(rule: MustKnow, area: Question, facts: Facts) -> bool:
    return any(_stands(claim, one.values, facts) for one in rule.unless for claim in one.find(area.about, facts))
