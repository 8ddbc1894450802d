"""The rule that each breaking of the glass is reviewed: always there, and ended by nothing but its review."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ledger.domain.event import EntryStep
from ledger.domain.fold import run
from ledger.domain.outcome import Closed, Joined, Raised
from ledger.domain.pattern_form import ENTRIES
from ledger.domain.record_state import RecordState
from ledger.domain.rule import GLASS_BROKEN
from ledger.domain.weight import weigh
from tests.folding import parts_suffice
from tests.shipped import shipped_pack

START = datetime(2024, 5, 6, 9, tzinfo=UTC)
PACK = shipped_pack()
PSEUDONYM = "a" * 26


def entry(number: int, kind: str, agency: str = "police", after: float = 0, **body: Any) -> EntryStep:
    """An entry so many hours after the start."""
    return EntryStep(number, START + timedelta(hours=after, seconds=number), kind, agency, body, None)


def glass(number: int, hours: float = 0, agency: str = "police") -> EntryStep:
    """A breaking."""
    return entry(number, "glass", agency, hours, reason="She is unwell at our desk", hours=1)


def review(number: int, of: int, hours: float = 1) -> EntryStep:
    """A review of one."""
    return entry(number, "glass_review", "csc", hours, of=f"{PSEUDONYM}.{of}", verdict="justified", reason="Seen to")


def told(entries: list[EntryStep], until: float = 0) -> tuple[RecordState, list[Any]]:
    """The state in the end, and all that was said of broken glass."""
    steps = [*run(RecordState("r"), entries, PACK, until=START + timedelta(hours=until))]
    said = [one for _, _, outcomes in steps for one in outcomes if isinstance(one, Raised | Joined | Closed)]
    return steps[-1][1], said


def test_each_breaking_is_brought_at_once() -> None:
    """Two breakings are two findings, each to the queue, under way from the first moment on."""
    state, _ = told([glass(1), glass(2, 0.5), glass(3, 0.6, "gp")])
    findings = [one for one in state.findings.values() if one.rule == GLASS_BROKEN]
    assert [(one.tier, one.basis.is_lapsed, one.basis.topic) for one in findings] == [
        ("queue", False, "glass_review")
    ] * 3
    assert {weigh(one.basis, "", one.rule, PACK).severity for one in findings} == {"medium"}
    assert len({one.id for one in findings}) == 3


def test_it_lapses_after_72_hours_and_stays() -> None:
    """It weighs most then, and goes on standing for years."""
    state, _ = told([glass(1)], until=24 * 365 * 5)
    [finding] = state.findings.values()
    assert finding.basis.is_lapsed
    assert finding.basis.due == START + timedelta(hours=72, seconds=1)
    assert weigh(finding.basis, "", finding.rule, PACK).severity == "high"


@pytest.mark.parametrize("late", [1, 100])
def test_its_review_ends_it_and_no_other(late: float) -> None:
    """The one that names it, in time or not; another's breaking goes on waiting."""
    state, said = told([glass(1), glass(2, 0.5), review(3, 2, late)], until=late + 1)
    [left] = [one for one in state.findings.values() if one.rule == GLASS_BROKEN]
    assert [ref.number for side in left.sides for ref in side] == [1]
    assert [one.why for one in said if isinstance(one, Closed)] == ["reviewed"]


def test_no_outcome_ends_it() -> None:
    """Were one recorded all the same, it would change nothing."""
    state, _ = told([glass(1)])
    [finding] = state.findings.values()
    outcome = entry(2, "outcome", "csc", 1, finding=finding.id, outcome="not_a_contradiction", reason="Fine")
    state, said = told([glass(1), outcome], until=100)
    assert finding.id in {one.id for one in state.findings.values()}
    assert state.settled == ()
    assert not [one for one in said if isinstance(one, Closed)]


def test_the_childs_death_ends_no_review() -> None:
    """Who looked, and why, matters then as much."""
    died = entry(
        2, "observation", "csc", 1, observed="2024-05-06", statement="fact",
        claims=[{"about": "child", "attribute": "death", "value": "2024-05-06", "basis": "seen"}],
    )  # fmt: skip
    state, _ = told([glass(1), died], until=100)
    assert GLASS_BROKEN in {one.rule for one in state.findings.values()}


def test_what_it_asks_for_is_enough() -> None:
    """Every step says the same of the whole record and of what it had loaded."""
    entries = [glass(1), glass(2, 0.5), review(3, 1), glass(4, 2), review(5, 4, 80), review(6, 2, 90)]
    assert parts_suffice(entries, PACK, until=START + timedelta(hours=200))


def test_no_rule_of_a_pack_may_rest_on_it() -> None:
    """Who looked into a record says nothing about the child."""
    assert not {"glass", "glass_review"} & ENTRIES.keys()
