"""What a rule pack that lies here would change: on the program's scenarios, or on a partnership's own records.

It is told in counts by kind and rule: no word, name or reference of a child's. Records are read as the auditors' role,
which can write nothing; as by `ledger backtest --live` no reading is recorded, for nothing of any is shown.
"""

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from ledger.domain.pack import Pack
from ledger.domain.role import Right
from ledger.services.choose_pack import alone, found_pack, list_packs
from ledger.services.compare_live import RecordChange, compare_live
from ledger.services.compare_packs import Comparison, compare
from ledger.services.context import Context
from ledger.services.load_scenario import load_scenarios
from ledger.services.refusal import NOT_AUDITED_HERE, RefusedError
from ledger.store.append import Caller
from ledger.store.histories import Chosen, count_records

#: The cases that the program comes with.
SCENARIOS: Final = Path(__file__).resolve().parents[2] / "config" / "scenarios"
#: A page compares for so long at most; whatever it has not come to it says.
COMPARES_S: Final = 15.0


@dataclass(slots=True)
class Totals:
    """What a comparison came to: (change, kind, rule) and how often; of how many records or scenarios of how many."""

    compared: int = 0
    of: int = 0
    changed: int = 0
    old: int = 0
    new: int = 0
    refused: int = 0
    failed: set[str] = field(default_factory=set)
    changes: Counter[tuple[str, str, str]] = field(default_factory=Counter)


def compare_on_scenarios(context: Context, who: Caller, name: str, right: Right = Right.ADMINISTER) -> Totals:
    """What a pack makes of the program's scenarios that the one in force does not, and the other way round."""
    old, new = _both(context, who, name, right)
    scenarios = load_scenarios(sorted(SCENARIOS.glob("*.yaml")))
    with alone():
        return _scored((compare(one, old, new) for one in scenarios), len(scenarios))


def compare_on_records(context: Context, who: Caller, name: str, right: Right = Right.ADMINISTER) -> Totals:
    """The same of the partnership's own records, as far as they are come to in the time that a page has."""
    old, new = _both(context, who, name, right)
    if context.auditor is None:
        raise RefusedError(NOT_AUDITED_HERE.code, NOT_AUDITED_HERE.detail)
    chosen = Chosen(partnership=who.partnership)
    with alone():
        return _counted(compare_live(context.auditor, chosen, new, old), count_records(context.auditor, chosen))


def _both(context: Context, who: Caller, name: str, right: Right) -> tuple[Pack, Pack]:
    """The pack in force, or where it does not lie here the one by which this process checks; and the other."""
    found = list_packs(context, who, right)
    now = found["in_force"]
    old = context.pack if now is None else found_pack(context, now["folder"])
    return old, found_pack(context, name)


def _scored(compared: Iterable[Comparison], of: int) -> Totals:
    totals = Totals(of=of)
    for one in compared:
        totals.compared += 1
        totals.changed += bool(one.differences)
        totals.old += len(one.old.findings)
        totals.new += len(one.new.findings)
        totals.failed.update(one.new.failed)
        totals.refused += len(set(one.new.slips) - set(one.old.slips))
        totals.changes.update(
            (change, each.shown.kind, each.shown.rule) for each in one.differences for change in each.changes
        )
    return totals


def _counted(changes: Iterable[RecordChange], of: int) -> Totals:
    totals, until = Totals(of=of), time.monotonic() + COMPARES_S
    for one in changes:
        totals.compared += 1
        totals.changed += bool(one.tales)
        totals.old += one.old
        totals.new += one.new
        totals.refused += max(0, one.refused[1] - one.refused[0])
        totals.failed.update(one.failed if one.is_whole else ("a whole record",))
        for tale, count in one.tales.items():
            totals.changes[tale.change, tale.kind, tale.rule] += count
        if time.monotonic() >= until:
            break
    return totals
