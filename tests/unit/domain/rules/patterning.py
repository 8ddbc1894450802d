"""The rules on patterns as they ship, by themselves; and short ways to say what they read."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
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
from tests.unit.domain.rules.passing import claim, day, said

KEPT = "contact_kept_with_one_and_not_with_another"
CLUSTER = "injuries_that_cluster"
TAKEN_BACK = "accounts_taken_back_repeatedly"
BREAKS = "nobody_who_knows_the_child_for_long"
WEIGHT = "weight_that_falls"
ATTENDANCE = "attendance_that_falls"
RULES = (KEPT, CLUSTER, TAKEN_BACK, BREAKS, WEIGHT, ATTENDANCE)
AROUND = Surroundings(
    agency_kinds={
        "hv": "health_visiting",
        "csc": "childrens_social_care",
        "nursery": "nursery",
        "school": "primary_school",
        "hospital": "hospital",
        "gp": "gp",
        "drugs": "drug_and_alcohol_service",
        "police": "police",
    }
)


@cache
def pack() -> Pack:
    """The pack that ships, with these rules alone."""
    shipped = shipped_pack()
    return replace(shipped, rules={name: shipped.rules[name] for name in RULES})


def stepped(entries: Sequence[EntryStep]) -> RecordState:
    """The state after these entries; every rule must have run."""
    state = RecordState("r", around=AROUND)
    for _, after, outcomes in run(state, entries, pack()):
        state = after
        assert not [one for one in outcomes if isinstance(one, CheckFailed)]
    return state


def found(*entries: dict[str, Any], at: Sequence[datetime] = ()) -> Mapping[str, Finding]:
    """What is open after these entries, by the rule that found it."""
    findings = stepped(steps(*entries, at=at)).findings.values()
    assert all(one.kind == "pattern" and len(one.sides) == 1 for one in findings)
    assert len({(one.rule, one.question) for one in findings}) == len(findings)
    return {one.rule: one for one in findings}


def shown(rule: str, *entries: dict[str, Any]) -> list[int]:
    """The entries, by their numbers, that the finding of one rule shows; none where there is no finding."""
    finding = found(*entries).get(rule)
    return [] if finding is None else sorted({ref.number for ref in finding.sides[0]})


def visit(agency: str, on: int, outcome: str, about: str = "child", **more: Any) -> dict[str, Any]:
    """How one visit went, by a claim."""
    made = {"thing": f"{agency}/visit-{on}", "basis": "own_record", **more}
    return said(agency, on, claim("visit_outcome", outcome, about=about, **made))


def contact(agency: str, on: int, outcome: str, **fields: Any) -> dict[str, Any]:
    """A contact at which nothing else was recorded."""
    return {"agency": agency, "kind": "contact", "body": {"observed": day(on), "outcome": outcome, **fields}}


def works(agency: str, on: int, value: str, about: str = "mother", **more: Any) -> dict[str, Any]:
    """How somebody works with a service."""
    return said(agency, on, claim("engagement", value, about=about, basis="judgement", **more), statement="opinion")


def hurt(agency: str, on: int, thing: str, sort: str, site: str | None = None, **more: Any) -> dict[str, Any]:
    """An injury of the child, and where it is."""
    parts = [claim("injury", sort, thing=f"case/{thing}", **more)]
    if site is not None:
        parts.append(claim("injury_site", site, thing=f"case/{thing}", **more))
    return said(agency, on, *parts)


def weighed(agency: str, on: int, kg: str, **more: Any) -> dict[str, Any]:
    """The child's weight on a day."""
    return said(agency, on, claim("weight", kg, **{"basis": "measured", **more}))


def born(on: int) -> dict[str, Any]:
    """When the child was born."""
    return {"agency": "hv", "kind": "child", "body": {"born": day(on)}}
