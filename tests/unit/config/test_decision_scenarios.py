"""Constructed records of decisions: what speaks against their basis is found in time, as it is called."""

from pathlib import Path

import pytest

from ledger.domain.scenario import Scenario
from ledger.services.backtest import backtest, warnings
from ledger.services.load_scenario import load_scenarios
from tests.shipped import shipped_pack

FOLDER = Path(__file__).resolve().parents[3] / "config" / "scenarios" / "constructed"
SCENARIOS = load_scenarios(sorted(FOLDER.glob("decision_*.yaml")))


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_what_speaks_against_a_decision_is_found_in_time(scenario: Scenario) -> None:
    """Every expectation is met by a finding of its kind and severity, and every word is one of the pack's."""
    run = backtest(scenario, shipped_pack())
    assert run.score.passes
    assert list(warnings(run)) == []
    for verdict in run.score.verdicts:
        assert verdict.finding is not None
        assert not verdict.is_misnamed
        assert not verdict.is_late
        assert verdict.finding.severity == verdict.expected.severity


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_at_most_two_findings_speak_of_one_decision(scenario: Scenario) -> None:
    """Whatever is wrong with it, a lead hears of a decision once or twice, and sees at most eight entries."""
    found = [one for one in backtest(scenario, shipped_pack()).raised if one.kind == "decision_basis"]
    assert 1 <= len(found) <= 2
    assert all(len({entry for side in one.sides for entry in side}) <= 8 for one in found)
