"""The rules on adults, households and constraints as they ship, by themselves; and short ways to say things."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from ledger.domain.event import EntryStep
from ledger.domain.finding import Finding
from ledger.domain.fold import run
from ledger.domain.outcome import CheckFailed
from ledger.domain.pack import Pack
from ledger.domain.record_state import RecordState, Surroundings
from tests.saying import steps
from tests.shipped import shipped_pack

FAMILIES = {
    "adverse",
    "age_and_birth",
    "claimed_kin",
    "excludes",
    "false_name",
    "names",
    "strains",
    "unnamed_adult",
}
AROUND = Surroundings(agency_kinds={one: one for one in ("court", "police", "prison")})
FIRST = datetime(2022, 3, 1, tzinfo=UTC)


@cache
def pack() -> Pack:
    """The pack that ships, with the rules of these families and those that are always there."""
    shipped = shipped_pack()
    rules = {name: rule for name, rule in shipped.rules.items() if rule.family.name in FAMILIES}
    return replace(shipped, rules={**rules, "states_of_the_world": shipped.rules["states_of_the_world"]})


def day(number: int) -> str:
    return (FIRST + timedelta(days=number)).date().isoformat()


def claim(attribute: str, value: Any, *, told: str | None = None, **more: Any) -> dict[str, Any]:
    """A claim about the father, as seen unless somebody told it."""
    basis = {"basis": "seen"} if told is None else {"basis": "told", "informant": told}
    return {"about": "father", "attribute": attribute, "value": value, **basis, **more}


def said(agency: str, on: int, *claims: dict[str, Any], **more: Any) -> dict[str, Any]:
    """What an agency posts of the day of this number; ``people`` introduces those whom it names."""
    body = {"observed": day(on), "statement": "fact", "claims": list(claims), **more}
    return {"agency": agency, "kind": "observation", "body": body}


def met(agency: str, on: int, ref: str, role: str, *claims: dict[str, Any], **who: str) -> dict[str, Any]:
    """An observation that introduces somebody, and claims about them: seen in the home where none are given."""
    made = claims or (claim("presence", "present", valid=day(on)),)
    return said(agency, on, *({**one, "about": ref} for one in made), people=[{"ref": ref, "role": role, **who}])


def stepped(entries: Sequence[EntryStep]) -> RecordState:
    """The state after these entries; every rule must have run."""
    state = RecordState("r", around=AROUND)
    for _, after, outcomes in run(state, entries, pack()):
        state = after
        assert not [one for one in outcomes if isinstance(one, CheckFailed)]
    return state


def found(*entries: dict[str, Any]) -> list[Finding]:
    """What is open after these entries."""
    return [*stepped(steps(*entries)).findings.values()]


def shown(*entries: dict[str, Any]) -> list[tuple[str, list[list[int]]]]:
    """The rule that speaks, and the entries on each side, of all that is open after these entries."""
    return sorted(
        (one.basis.by or one.rule, [sorted({ref.number for ref in side}) for side in one.sides])
        for one in found(*entries)
    )
