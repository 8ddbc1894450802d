"""Constructed records of what is not known: what should be asked is, and what was answered in time is not."""

from pathlib import Path

import pytest

from ledger.domain.pack import Pack
from ledger.domain.scenario import Scenario
from ledger.domain.score import score
from ledger.services.backtest import backtest
from ledger.services.load_scenario import load_scenarios
from tests.shipped import shipped_pack

FOLDER = Path(__file__).resolve().parents[3] / "config" / "scenarios" / "constructed"
SCENARIOS = load_scenarios(sorted(FOLDER.glob("gap_*.yaml")))


@pytest.fixture(scope="module")
def pack() -> Pack:
    """The pack that ships."""
    return shipped_pack()


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_what_is_not_known_is_asked_in_time(scenario: Scenario, pack: Pack) -> None:
    """Every expectation is met by a gap on what it is about, and no rejected pair is raised."""
    found = score(scenario, backtest(scenario, pack).raised)
    assert found.passes
    assert not any(verdict.is_misnamed or verdict.is_late for verdict in found.verdicts)


@pytest.mark.parametrize("scenario", [one for one in SCENARIOS if not one.expect], ids=lambda scenario: scenario.name)
def test_nothing_is_asked_that_was_answered_or_makes_no_sense(scenario: Scenario, pack: Pack) -> None:
    """Not one prompt."""
    assert not backtest(scenario, pack).raised


@pytest.mark.parametrize("scenario", [one for one in SCENARIOS if one.expect], ids=lambda scenario: scenario.name)
def test_a_gap_alerts_nobody_before_an_enquiry_has_lapsed(scenario: Scenario, pack: Pack) -> None:
    """What only needs asking is a prompt; refused too often and not answered in time, it is an alert."""
    alerts = [one for one in backtest(scenario, pack).raised if one.is_alert and one.kind == "gap"]
    assert bool(alerts) == (scenario.name == "gap-would-not-say-and-nobody-else-was-asked")
