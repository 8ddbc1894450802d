"""Constructed records of injuries and their accounts: what should be found is, and everyday life is left alone."""

from pathlib import Path

import pytest

from ledger.domain.pack import Pack
from ledger.domain.scenario import Scenario
from ledger.services.backtest import backtest
from ledger.services.load_scenario import load_scenarios
from tests.shipped import shipped_pack

FOLDER = Path(__file__).resolve().parents[3] / "config" / "scenarios" / "constructed"
SCENARIOS = load_scenarios(sorted(FOLDER.glob("explanation_*.yaml")))


@pytest.fixture(scope="module")
def pack() -> Pack:
    """The pack that ships."""
    return shipped_pack()


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_what_a_record_of_an_injury_should_show_is_found(scenario: Scenario, pack: Pack) -> None:
    """Every expectation is met by a finding of its kind, in time, and no rejected pair is raised."""
    found = backtest(scenario, pack).score
    assert found.passes
    assert not any(verdict.is_misnamed or verdict.is_late for verdict in found.verdicts)


@pytest.mark.parametrize("scenario", [one for one in SCENARIOS if not one.expect], ids=lambda scenario: scenario.name)
def test_nothing_is_explained_away_where_there_is_nothing_to_explain(scenario: Scenario, pack: Pack) -> None:
    """Not even what only needs asking is raised of an account that fits, or of an everyday injury."""
    assert not [one for one in backtest(scenario, pack).raised if one.kind == "explanation"]


def test_there_are_enough_of_both() -> None:
    """The counter-examples are as many as is needed to tell a rule that is right from one that raises everything."""
    assert sum(1 for one in SCENARIOS if one.expect) >= 5
    assert sum(1 for one in SCENARIOS if not one.expect) >= 5
