"""What a changed pack would newly raise, drop, rename or grade otherwise on scenarios."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ledger.domain.pack import Pack
from ledger.domain.pack_change import Difference, differences
from ledger.domain.raised import Raised
from ledger.domain.scenario import Scenario
from ledger.services.backtest import Backtest, backtest, finding_json


@dataclass(frozen=True, slots=True)
class Comparison:
    """One scenario by two packs."""

    old: Backtest
    new: Backtest
    differences: tuple[Difference, ...]

    @property
    def scenario(self) -> Scenario:
        return self.new.scenario


def compare(scenario: Scenario, old: Pack, new: Pack) -> Comparison:
    """Run the scenario by both packs and set what they raise side by side."""
    before, after = backtest(scenario, old), backtest(scenario, new)
    return Comparison(before, after, tuple(differences(before.raised, after.raised)))


def comparison_warnings(comparison: Comparison) -> Iterator[str]:
    """What either pack refuses that the other takes, and rules that could not be run."""
    name = comparison.scenario.name
    refused_by_both = set(comparison.old.slips) & set(comparison.new.slips)
    for word, run in (("old", comparison.old), ("new", comparison.new)):
        yield from (
            f"{name}, line {slip.line}: {slip.place}: the {word} pack alone refuses this: {slip.why}"
            for slip in run.slips
            if slip not in refused_by_both
        )
        yield from (f"{name}: the rule {rule} of the {word} pack could not be run" for rule in run.failed)
    yield from (
        f"{name}, line {slip.line}: {slip.place}: {slip.why}"
        for slip in comparison.new.slips
        if slip in refused_by_both
    )


def difference_json(comparison: Comparison, difference: Difference) -> dict[str, Any]:
    """One difference as the command gives it: each as `finding_json` does, or null."""
    return {
        "scenario": comparison.scenario.name,
        "changes": list(difference.changes),
        "old": _told(comparison.old, difference.old),
        "new": _told(comparison.new, difference.new),
    }


def _told(run: Backtest, one: Raised | None) -> dict[str, Any] | None:
    return None if one is None else finding_json(run, one) | {"is_notice": one.is_notice}
