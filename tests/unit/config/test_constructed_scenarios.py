"""Constructed records: every kind is found in some, and what only looks like a finding alerts nobody."""

import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from ledger.api.schemas.children import ChildSchema
from ledger.api.schemas.kinds import OF_A_CHILD
from ledger.api.schemas.observations import ObservationSchema
from ledger.domain.body import NAMES_ENTRY
from ledger.domain.pack import Pack
from ledger.domain.scenario import Scenario, opening_steps
from ledger.services.backtest import Backtest, backtest, warnings
from ledger.services.load_scenario import load_scenario
from tests.markdown import section
from tests.shipped import shipped_pack

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "config" / "scenarios" / "constructed"
ALL = {file.stem: load_scenario(file) for file in sorted(FOLDER.glob("*.yaml"))}

#: Kinds that the default pack finds.
KINDS = frozenset(
    {
        "contradiction",
        "same_informant",
        "overtaken",
        "identity",
        "explanation",
        "concern",
        "passing_on",
        "uncorroborated",
        "gap",
        "expectation",
        "pattern",
        "decision_basis",
    }
)
MINE = {
    name: scenario
    for name, scenario in ALL.items()
    if name.startswith(("contradiction_", "same_informant_", "overtaken_", "uncorroborated_", "nothing_"))
}
EXPECTING = [name for name, scenario in MINE.items() if scenario.expect]
QUIET = [name for name, scenario in MINE.items() if not scenario.expect]
LOOK_ALIKES = frozenset(name for name in ALL if name.startswith("nothing_"))


@cache
def pack() -> Pack:
    return shipped_pack()


@cache
def run(name: str) -> Backtest:
    return backtest(MINE[name], pack())


@pytest.mark.parametrize("name", EXPECTING)
def test_what_is_expected_is_found(name: str) -> None:
    """Every expectation is met by a finding of its kind and its severity, in time."""
    verdicts = run(name).score.verdicts
    assert run(name).score.passes
    for verdict in verdicts:
        assert verdict.finding is not None
        assert not verdict.is_misnamed
        assert not verdict.is_late
        assert verdict.finding.severity == verdict.expected.severity


@pytest.mark.parametrize("name", EXPECTING)
def test_nothing_else_alerts_anybody(name: str) -> None:
    """One thing is amiss in each, and a lead hears of that alone."""
    expected = {verdict.finding.id for verdict in run(name).score.verdicts if verdict.finding is not None}
    assert [one.id for one in run(name).findings if one.is_alert and one.id not in expected] == []


@pytest.mark.parametrize("name", QUIET)
def test_what_only_looks_like_a_finding_alerts_nobody(name: str) -> None:
    """No alert is raised of a look-alike, nor of a word that was borne out, and no rejected pair is on two sides."""
    result = run(name)
    assert [(one.kind, one.sides) for one in result.findings if one.is_alert] == []
    assert result.score.false == ()
    assert MINE[name].reject, "it says which entries look alike"


def test_a_change_that_nothing_rests_on_is_told_to_its_holder() -> None:
    """Whoever holds what another has overtaken gets a notice; nobody gets a finding."""
    raised = run("overtaken_none_nobody_leaned_on_it").raised
    assert [(one.kind, one.sides, one.is_notice) for one in raised] == [("overtaken", (("o1",), ("o2",)), True)]


def test_working_days_leave_out_bank_holidays() -> None:
    """What was said on the Thursday before Palm Sunday is asked about after Easter, on the tenth working day."""
    (found,) = run("uncorroborated_dry_since_january").findings
    assert found.raised_at.isoformat(timespec="minutes") == "2023-04-17T14:00+00:00"
    assert not found.is_alert


@pytest.mark.parametrize("name", sorted(MINE))
def test_a_ledger_would_take_every_word(name: str) -> None:
    """Each is written in the pack's words, by people whom it introduces and agencies that are involved."""
    scenario = MINE[name]
    assert list(warnings(run(name))) == []
    involved = {entry.agency for entry in scenario.entries if entry.kind == "involvement"}
    assert involved == {entry.agency for entry in scenario.entries}
    assert len(involved) >= 2 or name == "nothing_two_failed_visits"


@pytest.mark.parametrize("name", sorted(MINE))
def test_the_interface_takes_every_body(name: str) -> None:
    """What a scenario runs without a server can be posted to one, its opening included."""
    schemas = dict(OF_A_CHILD.values()) | {"observation": ObservationSchema}
    for kind, is_new_child, body in _bodies(MINE[name]):
        schema = ChildSchema if is_new_child else schemas[kind]
        sent = {**body, "event_id": "e1"} | ({"child": {"reference": "c1"}} if kind == "observation" else {})
        assert schema(pack=pack()).validate(sent) == {}


def _bodies(scenario: Scenario) -> list[tuple[str, bool, dict[str, Any]]]:
    """Every body as it is posted: the entries that it names have the ids that a ledger gives."""
    bodies = [(kind, kind == "child", dict(body)) for _, kind, body in opening_steps(scenario)]
    for entry in scenario.entries:
        named = {NAMES_ENTRY[entry.kind]: f"{'a' * 26}.1"} if NAMES_ENTRY.get(entry.kind) in entry.body else {}
        bodies.append((entry.kind, False, {**entry.body, **named}))
    return bodies


def test_every_kind_is_found_in_some() -> None:
    """Of every kind that the pack finds at least two scenarios say when it must be."""
    found = Counter(kind for scenario in ALL.values() for kind in {expected.kind for expected in scenario.expect})
    assert {kind for kind in KINDS if found[kind] < 2} == set()


def test_the_guide_says_what_the_scenarios_cover() -> None:
    """Each sort of scenario and each look-alike is in the guide, with the scenarios that show it."""
    guide = section((ROOT / "docs" / "backtest.md").read_text(encoding="utf-8"), "What the constructed scenarios cover")
    named = Counter(re.findall(r"`([a-z_]+)`", guide))
    assert {name for name in named if name.startswith("nothing_")} == LOOK_ALIKES
    sorts = set(re.findall(r"`([a-z_]+)_\*`", guide))
    untold = {name for name in ALL if not name.startswith(tuple(f"{sort}_" for sort in sorts))} - LOOK_ALIKES
    assert untold == set()
    assert named.keys() >= KINDS
