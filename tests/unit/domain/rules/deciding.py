"""Decisions run through the pack that ships, and short ways to decide and to speak against it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from ledger.domain.entry import entry_id
from ledger.domain.event import EntryStep
from ledger.domain.finding import Finding
from ledger.domain.fold import run
from ledger.domain.outcome import CheckFailed, Joined, Raised
from ledger.domain.record_state import RecordState, Surroundings
from tests.shipped import shipped_pack
from tests.unit.domain.rules.passing import day, said

AROUND = Surroundings(
    agency_kinds={
        "csc": "childrens_social_care", "hv": "health_visiting", "eh": "early_help", "police": "police",
        "school": "school", "hospital": "hospital", "smu": "substance_misuse",
    }
)  # fmt: skip
FIRST = datetime(2022, 3, 1, 12, tzinfo=UTC)
Dated = tuple[int, dict[str, Any]]


def there(agency: str, on: int, value: str, **more: Any) -> Dated:
    """What an agency says, that day, of the father's presence."""
    made = {"about": "father", "attribute": "presence", "value": value, "valid": f"{day(on)}/..", "basis": "own_record"}
    return on, said(agency, on, made | more)


def decides(on: int, kind: str, agency: str = "csc", **body: Any) -> Dated:
    return on, {"agency": agency, "kind": "decision", "body": {"kind": kind, **body}}


def on_absence(**more: Any) -> dict[str, Any]:
    """Relying on it that the father is gone."""
    return {"relies_on": [{"about": "father", "attribute": "presence", "value": "absent"}], **more}


def stands(agency: str, on: int, stance: str, about: str) -> Dated:
    return on, {"agency": agency, "kind": "position", "body": {"about": about, "stance": stance}}


def overrides(on: int, of: int) -> Dated:
    body = {"of": entry_id("a" * 26, of), "reason": "Weighed.", "second": {"agency": "csc", "person": "m1"}}
    return on, {"agency": "csc", "kind": "decision_override", "body": body}


def taken_in(entries: Sequence[Dated]) -> list[EntryStep]:
    """Each at noon of its day, a second after the one before it where that is later."""
    made: list[EntryStep] = []
    for number, (on, entry) in enumerate(entries, 1):
        at = FIRST + timedelta(days=on, seconds=number)
        made.append(EntryStep(number=number, at=at, **entry))
    return made


def raised(*entries: Dated, until: int = 0) -> list[Finding]:
    """Every finding of a decision, as it was when it was raised or last changed."""
    last: dict[str, Finding] = {}
    for _, outcomes in _run(entries, until):
        for one in outcomes:
            assert not isinstance(one, CheckFailed)
            if isinstance(one, Raised | Joined) and one.finding.kind == "decision_basis":
                last[one.finding.id] = one.finding
    return [*last.values()]


def left(*entries: Dated, until: int = 0) -> list[Finding]:
    """What is open of decisions in the end."""
    *_, (state, _) = _run(entries, until)
    return [one for one in state.findings.values() if one.kind == "decision_basis"]


def _run(entries: Sequence[Dated], until: int) -> list[tuple[RecordState, list[Any]]]:
    steps = taken_in(entries)
    end = max(steps[-1].at, FIRST + timedelta(days=until))
    pack = shipped_pack()
    return [(state, outcomes) for _, state, outcomes in run(RecordState("r", around=AROUND), steps, pack, until=end)]


def numbers(finding: Finding) -> list[list[int]]:
    """The entries on each side, by number."""
    return [sorted({ref.number for ref in side}) for side in finding.sides]
