"""An injury, a disclosure or an allegation that its agency wrote down days after it saw or heard of it.

Only what the author saw, measured or was told is meant, and only what is a concern: what comes out of a file, a
document or another agency is history that is shared, and a correction is no late entry. Nor is what was recorded longer
than ``at_most`` afterwards, or was seen before the child's record began: there an agency brings its past. Whether what
was recorded is late is known when it is recorded, so this rule has no clock of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.calendar import WorkingCalendar
from ledger.domain.claim import OFFICE_PREFIX, Claim
from ledger.domain.duration import parse_clock, parse_duration, refuse_clock, refuse_duration, runs_out
from ledger.domain.finding import Basis
from ledger.domain.person import CHILD
from ledger.domain.question import Question, Topic
from ledger.domain.rule import Family, Rule, Verdict, View
from ledger.domain.rules.spoken import WORDS, has_word, is_said, said_at, side, unknown_words
from ledger.domain.shape import Fault, Text

if TYPE_CHECKING:
    from ledger.domain.facts import Facts
    from ledger.domain.pack import Pack

_FIRST_HAND: Final = frozenset({"seen", "measured", "told"})
#: With these the child's record begins.
_BEGINS: Final = ("date_of_birth", "expected_date")


def judge(view: View) -> Verdict:
    """Everything about one person that was recorded late."""
    began = _began(view.facts)
    late = [
        claim
        for topic in _topics(view.rule, view.area.about)
        for claim in view.facts.claims(topic)
        if _is_meant(claim, view) and _is_late(claim, began, view)
    ]
    return Verdict(basis=Basis(kind="passing_on", sides=(side(late),)) if late else None)


def _is_meant(claim: Claim, view: View) -> bool:
    if claim.kind == "correction" or claim.basis not in _FIRST_HAND or not is_said(claim):
        return False
    if claim.informant is not None and claim.informant.startswith(OFFICE_PREFIX):
        return False
    return has_word(claim, view.rule.settings["what"])


def _is_late(claim: Claim, began: datetime | None, view: View) -> bool:
    seen = said_at(claim)[1]
    at_most = parse_duration(view.rule.settings["at_most"])
    assert isinstance(at_most, timedelta), "the form refuses always"
    if (began is not None and seen <= began) or claim.recorded_at > seen + at_most:
        return False
    clock = parse_clock(view.rule.settings["within"])
    return runs_out(seen, clock, WorkingCalendar(view.facts.nation)) < claim.recorded_at


def _began(facts: Facts) -> datetime | None:
    """When the child's record began, as far as an entry about the child itself says so."""
    claims = (claim for attribute in _BEGINS for claim in facts.claims(Topic(attribute, CHILD)))
    return min((claim.recorded_at for claim in claims if claim.kind == "child"), default=None)


def _topics(rule: Rule, about: str) -> list[Topic]:
    return [Topic(name, about) for name in sorted(rule.settings["what"])]


def _areas(rule: Rule, question: Question, facts: Facts) -> Iterator[Question]:
    first = next(iter(rule.settings["what"]))
    if question.attribute not in _BEGINS:
        yield Question(first, question.about)
        return
    people = {one.about for name in rule.settings["what"] for one in facts.questions(Topic(name, "*"))}
    yield from (Question(first, person) for person in sorted(people))


def _enumerates(rule: Rule, question: Question, _pack: Pack) -> Iterator[Topic]:
    if question.attribute in _BEGINS:
        yield from _topics(rule, "*")


def _reads(rule: Rule, area: Question, _pack: Pack) -> Iterator[Topic]:
    yield from _topics(rule, area.about)
    yield from (Topic(attribute, CHILD) for attribute in _BEGINS)


def _listens(rule: Rule, _pack: Pack) -> frozenset[str]:
    return frozenset(rule.settings["what"]).union(_BEGINS)


def _check(written: Mapping[str, Any], vocabulary: Mapping[str, Any]) -> Iterator[Fault]:
    yield from unknown_words(("what",), written["what"], vocabulary)


def _refuse_length(text: str) -> str | None:
    return "write a length of time, as P28D" if text == "always" else refuse_duration(text)


FAMILY = Family(
    name="late_entry",
    judge=judge,
    areas=_areas,
    reads=_reads,
    listens=_listens,
    enumerates=_enumerates,
    form={"what": WORDS, "within": Text(refuse_clock), "at_most": Text(_refuse_length)},
    required="what within at_most",
    kinds=frozenset({"passing_on"}),
    check=_check,
    closes_as="corrected",
)
