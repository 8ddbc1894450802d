"""The rules on passing on, allegations and judgements as they ship, by themselves; and short ways to say things."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from ledger.domain.event import EntryStep
from ledger.domain.finding import Finding
from ledger.domain.fold import run
from ledger.domain.outcome import CheckFailed, Notice
from ledger.domain.pack import Pack
from ledger.domain.record_state import RecordState, Surroundings
from tests.saying import steps
from tests.shipped import shipped_pack

RULES = (
    "told_less_than_was_known",
    "said_not_to_have_been_passed_on",
    "sent_and_never_received",
    "not_known_and_held",
    "entered_late",
    "allegation_withdrawn",
    "unfounded_and_told_on",
    "judgement_to_look_at_again",
)
AROUND = Surroundings(agency_kinds={"hv": "health_visiting", "csc": "childrens_social_care", "eh": "early_help"})
FIRST = datetime(2022, 3, 1, tzinfo=UTC)


@cache
def pack() -> Pack:
    """The pack that ships, with these rules alone."""
    shipped = shipped_pack()
    return replace(shipped, rules={name: shipped.rules[name] for name in RULES})


def day(number: int) -> str:
    return (FIRST + timedelta(days=number)).date().isoformat()


def claim(attribute: str, value: str | None = None, *, told: str | None = None, **more: Any) -> dict[str, Any]:
    """A claim about the child, as seen unless somebody told it."""
    basis = {"basis": "seen"} if told is None else {"basis": "told", "informant": told}
    made = {"about": "child", "attribute": attribute, **({"value": value} if value else {}), **basis, **more}
    return made if "not_known" not in made else {key: part for key, part in made.items() if key != "value"}


def said(agency: str, on: int, *claims: dict[str, Any], statement: str = "fact") -> dict[str, Any]:
    """What an agency posts of the day of this number."""
    return {
        "agency": agency,
        "kind": "observation",
        "body": {"observed": day(on), "statement": statement, "claims": list(claims)},
    }


def decided(agency: str, kind: str, **relies_on: Any) -> dict[str, Any]:
    """A decision, and what it relies on, if that is said."""
    return {"agency": agency, "kind": "decision", "body": {"kind": kind, **relies_on}}


def stepped(entries: Sequence[EntryStep]) -> tuple[RecordState, list[Notice]]:
    """The state after these entries, and the notices on the way; every rule must have run."""
    state, notices = RecordState("r", around=AROUND), []
    for _, after, outcomes in run(state, entries, pack()):
        state = after
        assert not [one for one in outcomes if isinstance(one, CheckFailed)]
        notices += [one for one in outcomes if isinstance(one, Notice)]
    return state, notices


def found(*entries: dict[str, Any], at: Sequence[datetime] = ()) -> list[Finding]:
    """What is open after these entries."""
    return [*stepped(steps(*entries, at=at))[0].findings.values()]


def sides(finding: Finding) -> list[list[int]]:
    """The entries on each side of a finding, by their numbers."""
    return [sorted({ref.number for ref in side}) for side in finding.sides]


def shown(*entries: dict[str, Any]) -> list[tuple[str, list[list[int]]]]:
    """The rule and the sides of all that is open after these entries, whether or not they were recorded late."""
    return sorted((one.rule, sides(one)) for one in found(*entries) if one.rule != "entered_late")
