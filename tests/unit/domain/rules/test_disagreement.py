"""The rules on disagreements: what is found, of whom, and what ends it; stepped as detection steps them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ledger.domain.event import EntryStep
from ledger.domain.finding import Finding
from ledger.domain.fold import run
from ledger.domain.outcome import Notice, Outcome
from ledger.domain.record_state import RecordState
from tests.folding import parts_suffice
from tests.shipped import shipped_pack

PACK = shipped_pack()
PSEUDONYM = "a" * 26
#: A Monday morning; working days of nine to nine.
START = datetime(2024, 6, 3, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def entry(number: int, kind: str, agency: str, days: float, body: dict[str, Any]) -> EntryStep:
    """An entry so many days after the start."""
    return EntryStep(number, START + days * DAY + timedelta(seconds=number), kind, agency, body, None)


def opened(number: int = 1, days: float = 0, *others: str) -> EntryStep:
    """The school disagrees with children's social care, or with others."""
    body = {"with": list(others) or ["csc"], "kind": "threshold", "view": "-"}
    return entry(number, "disagreement", "school", days, body)


def said(number: int, kind: str, agency: str, days: float, of: int = 1) -> EntryStep:
    """What is said in it."""
    body = {"of": f"{PSEUDONYM}.{of}", "answer": "not_agreed", "view": "-"}
    return entry(number, f"disagreement_{kind}", agency, days, body)


def found(entries: list[EntryStep], until: float) -> tuple[list[Finding], list[Outcome]]:
    """The findings on disagreements that stand in the end, and all that was said of them."""
    steps = [*run(RecordState("r"), entries, PACK, until=START + until * DAY)]
    standing = [one for one in steps[-1][1].findings.values() if one.rule.startswith("disagreement_")]
    return sorted(standing, key=lambda one: one.rule), [one for _, _, outcomes in steps for one in outcomes]


def rules(entries: list[EntryStep], until: float) -> list[tuple[str, str]]:
    """By which rule each stands, and who owes it."""
    return [(one.rule.removeprefix("disagreement_"), one.basis.owed_by) for one in found(entries, until)[0]]


@pytest.mark.parametrize(
    ("entries", "until", "expected"),
    [
        ([opened()], 0.9, []),
        ([opened()], 1.1, [("unanswered", "csc")]),
        ([opened()], 2.1, [("unanswered", "csc"), ("unsettled", "")]),
        ([opened(1, 0, "csc", "police"), said(2, "reply", "csc", 0.5)], 1.1, [("unanswered", "police")]),
        ([opened(), said(2, "reply", "csc", 0.5)], 2.1, [("unsettled", "")]),
        ([opened(), said(2, "reply", "csc", 1.5)], 1.9, []),
        ([opened(), said(2, "step_up", "school", 1.5)], 2.1, []),
        ([opened(), said(2, "step_up", "csc", 0.5)], 2.9, [("unanswered", "school")]),
        ([opened(), said(2, "step_up", "school", 0.5)], 8, [("unanswered", "csc"), ("unsettled", "")]),
        ([opened(), said(2, "settled", "csc", 3)], 9, []),
    ],
)
def test_each_stage_has_its_two_times(entries: list[EntryStep], until: float, expected: list[tuple[str, str]]) -> None:
    """An answer is awaited of each that was asked there, an end of any; a step or an end stops both clocks."""
    assert rules(entries, until) == expected


def test_what_lapsed_closes_when_it_goes_on_and_is_another_when_it_lapses_again() -> None:
    """Two stages that nobody answered are two findings, each to the queue and topic of its own."""
    entries = [opened(), said(2, "step_up", "school", 1.5)]
    first, last = found([opened()], 1.1)[0][0], found(entries, 4)[0][0]
    assert (first.basis.topic, first.basis.tier, first.basis.is_lapsed) == ("disagreement_answer", "queue", True)
    assert (last.rule, last.id != first.id) == (first.rule, True)
    assert last.basis.due == START + 3.5 * DAY + timedelta(seconds=2)


def test_two_disagreements_are_two() -> None:
    """What is said in one says nothing in the other."""
    entries = [opened(), opened(2, 0.1), said(3, "settled", "csc", 0.5)]
    standing, _ = found(entries, 3)
    assert {ref.number for one in standing for side in one.basis.sides for ref in side} == {2}


def test_whoever_is_asked_is_warned_before_the_answer_is_late() -> None:
    """Once at each stage, and not once it has answered."""
    _, told = found([opened(1, 0, "csc", "police"), said(2, "reply", "police", 0.1), said(3, "step_up", "csc", 2)], 5)
    warned = [one for one in told if isinstance(one, Notice) and one.kind == "due_soon"]
    assert sorted(one.agency for one in warned) == ["csc", "police", "school"]


def test_only_what_it_names_is_read() -> None:
    """Detection that holds no more than is asked for finds the same."""
    entries = [opened(), said(2, "reply", "csc", 0.5), said(3, "step_up", "school", 1), opened(4, 2)]
    assert parts_suffice(entries, PACK, until=START + 9 * DAY)
