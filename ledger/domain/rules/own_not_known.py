"""An agency says that it does not know what its own earlier entries hold.

That somebody looked in a record and found nothing is trusted. It is set against an earlier word of the same agency on
the same question that nobody took back, that is still held, and whose time is not over: what has changed since or gone
stale is honestly not known any more. What another agency knows is another matter, and no finding.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Final

from ledger.domain.claim import Claim
from ledger.domain.edtf import EdtfError, observed_bounds, parse
from ledger.domain.finding import ENTRIES_MAX, Basis
from ledger.domain.question import Question, Topic
from ledger.domain.rule import Family, Rule, Verdict, View
from ledger.domain.rules.spoken import is_after, is_said, latest, order, said_at, side, speaks_of
from ledger.domain.statement import Statement
from ledger.domain.vocabulary import Attribute

if TYPE_CHECKING:
    from ledger.domain.facts import Facts
    from ledger.domain.pack import Pack

_LOOKED: Final = frozenset({"own_record", "searched"})
_HALF: Final = ENTRIES_MAX // 2
_UNKNOWN: Final = "unknown"


def judge(view: View) -> Verdict:
    """The agencies that hold what they say they do not know; the latest to say so is shown."""
    attribute = view.pack.attributes[view.area.attribute]
    said = [claim for question in _within(view.area, view.facts) for claim in view.facts.claims_on(question)]
    found = []
    for claim in view.facts.claims_on(view.area):
        if claim.not_known == _UNKNOWN and claim.basis in _LOOKED:
            own = [one for one in said if one.agency == claim.agency and is_said(one) and _says(one, attribute)]
            held = [one for one in own if is_after(claim, one) and _is_held_at(one, claim, view)]
            if held and not any(is_after(one, claim) for one in own):
                found.append((claim, held))
    if not found:
        return Verdict()
    shown, _ = max(found, key=lambda one: order(one[0]))
    alike = [one for one in found if one[0].agency == shown.agency]
    sides = (side((one for _, held in alike for one in held), _HALF), side((claim for claim, _ in alike), _HALF))
    rest = {one.ref for claim, held in found for one in (claim, *held)} - {ref for part in sides for ref in part}
    return Verdict(basis=Basis(kind="passing_on", sides=sides, evidence=tuple(sorted(rest)[-ENTRIES_MAX:])))


def _within(area: Question, facts: Facts) -> Iterator[Question]:
    """The question itself; where it names no thing, person or item, each one that does."""
    return (question for question in facts.questions(area.topic) if _covers(area, question))


def _covers(area: Question, question: Question) -> bool:
    parts = ((area.thing, question.thing), (area.counterpart, question.counterpart), (area.item, question.item))
    return all(mine in {None, theirs} for mine, theirs in parts)


def _says(claim: Claim, attribute: Attribute) -> bool:
    """Whether it is known at all: a word that leaves every state open is no knowledge."""
    mask = attribute.values.get(claim.value or "")
    return mask is None or mask != (1 << len(attribute.states)) - 1


def _is_held_at(claim: Claim, other: Claim, view: View) -> bool:
    """Whether an earlier word is of the time of which the later one says that nothing is known."""
    attribute = view.pack.attributes[view.area.attribute]
    if attribute.is_unchanging or attribute.only_forward or not (attribute.is_compared or attribute.values):
        return True
    if view.area.thing is not None and attribute.past_matters:
        return True
    (start, end), (since, until) = speaks_of(claim), speaks_of(other)
    if start < until and since < end:
        return True
    if not _is_open(claim) or not _is_present(claim, view):
        return False
    return attribute.holds_for is None or _last_said(claim, view) + attribute.holds_for > since


def _is_open(claim: Claim) -> bool:
    try:
        return parse(claim.valid, observed=observed_bounds(claim.observed)).ending == "open"
    except EdtfError:
        return False


def _is_present(claim: Claim, view: View) -> bool:
    """Whether its agency has not said otherwise since."""
    question = view.facts.question_of(claim)
    statement = _statement(claim, question, view)
    return statement is None or view.facts.beliefs(question).present_word(statement) is statement


def _last_said(claim: Claim, view: View) -> datetime:
    """When its agency said it last."""
    question = view.facts.question_of(claim)
    alike = [one for one in view.facts.claims_on(question) if one.agency == claim.agency and one.value == claim.value]
    return said_at(latest(alike))[1]


def _statement(claim: Claim, question: Question, view: View) -> Statement | None:
    return next((one for one in view.facts.statements(question) if one.ref == claim.ref), None)


def _areas(_rule: Rule, question: Question, facts: Facts) -> Iterator[Question]:
    """The question itself, and every one that names less of the same."""
    yield question
    for other in facts.questions(question.topic):
        if other != question and _covers(other, question):
            yield other


def _reads(_rule: Rule, area: Question, _pack: Pack) -> Iterator[Topic]:
    yield area.topic


def _listens(_rule: Rule, pack: Pack) -> frozenset[str]:
    return frozenset(pack.attributes)


FAMILY = Family(
    name="own_not_known",
    judge=judge,
    areas=_areas,
    reads=_reads,
    listens=_listens,
    kinds=frozenset({"passing_on"}),
    closes_as="now_held",
)
