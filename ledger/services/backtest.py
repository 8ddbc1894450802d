"""Run a scenario through detection without a server: on a virtual clock, by the fold that the workers run.

The clock moves to each entry's moment and then on to the scenario's end; whatever falls due on the way is woken in
order. What comes out is in the scenario's own names, so that it can be matched with what the scenario expects.

Nothing is lost in silence. What a ledger would refuse (a claim outside the pack's vocabulary, a correction of another
agency's entry) and whom nobody has introduced is named with its line, for a finding missed by a slip of the pen looks
like a finding missed by a rule.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ledger.domain.fold import run as fold
from ledger.domain.pack import Pack
from ledger.domain.raised import Raised
from ledger.domain.scenario import Scenario
from ledger.domain.score import Score, score
from ledger.services.check_scenario import Slip, slips
from ledger.services.gather_findings import Gathered
from ledger.services.scenario_steps import ScenarioSteps
from ledger.services.warn_scenario import door_slips


@dataclass(frozen=True, slots=True)
class Backtest:
    """What one scenario came to.

    ``slips`` are what a ledger would refuse or warn of, and people whom nobody introduced. ``failed`` names the rules
    that could not be run.
    """

    scenario: Scenario
    raised: tuple[Raised, ...]
    score: Score
    slips: tuple[Slip, ...]
    failed: tuple[str, ...]

    @property
    def findings(self) -> tuple[Raised, ...]:
        """What was raised, without notices."""
        return tuple(one for one in self.raised if not one.is_notice)

    @property
    def refused(self) -> tuple[Slip, ...]:
        """What a ledger would not have taken."""
        return tuple(slip for slip in self.slips if slip.is_refused)


def backtest(scenario: Scenario, pack: Pack) -> Backtest:
    """Run the scenario by this pack, and score it."""
    faults = (*slips(scenario, pack), *door_slips(scenario, pack))
    steps = ScenarioSteps(scenario, {(slip.entry, slip.claim) for slip in faults if slip.is_left_out})
    gathered = Gathered(steps, pack)
    for event, state, outcomes in fold(steps.beginning, steps.entries, pack, until=scenario.until):
        gathered.take(event, state, outcomes)
    raised = gathered.raised
    return Backtest(scenario, raised, score(scenario, raised), faults, gathered.failed)


def warnings(run: Backtest) -> Iterator[str]:
    """What was not run as written."""
    for slip in run.slips:
        what = "left out: " if slip.is_left_out else "a ledger would refuse this: " if slip.is_refused else ""
        yield f"{run.scenario.name}, line {slip.line}: {slip.place}: {what}{slip.why}"
    for rule in run.failed:
        yield f"{run.scenario.name}: the rule {rule} could not be run"


def finding_json(run: Backtest, raised: Raised) -> dict[str, Any]:
    """One finding as the command gives it."""
    return {
        "scenario": run.scenario.name,
        "kind": raised.kind,
        "rule": raised.spoken_by,
        "severity": raised.severity,
        "rests_on": list(raised.rests_on),
        "raised_at": raised.raised_at.isoformat().replace("+00:00", "Z"),
        "explanation": raised.explanation,
        "about": raised.about,
        "attribute": raised.attribute,
        "topic": raised.topic,
        "sides": [list(side) for side in raised.sides],
        "evidence": list(raised.evidence),
        "is_alert": raised.is_alert,
        "closed_at": None if raised.closed_at is None else raised.closed_at.isoformat().replace("+00:00", "Z"),
    }
