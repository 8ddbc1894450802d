"""The bench from end to end, small: that it measures everything and leaves nothing. How fast is never asserted."""

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from config.settings import Settings
from ledger.bench.bed import Bed
from ledger.bench.effort import QUICK
from ledger.bench.report import Results, lines_of
from ledger.bench.run import measure
from ledger.cli.bench import bed_of
from ledger.cli.bench_stack import BenchStack
from ledger.stack.fault import StackError

SMALLEST = replace(
    QUICK, rounds=1, turn_s=0.15, warm_s=0.05, children=40, alerts_idle=3, alerts_paced=5, sealed=10, streams=4,
    told=3, replayed=300, sized=100,
    lengths=(50, 200), claims=2, whole=1_000, asked=8, due=10, waiting=60, ticks=1,
    seen=2_000, memberships=(3, 10),
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_everything_is_measured_and_nothing_is_left(data_folder: Path) -> None:
    """Every figure is there and could be; a second bench on the same data is refused; afterwards nothing runs."""
    stack = BenchStack(data_folder, os.environ)
    said: list[str] = []
    try:
        stack.start()
        with pytest.raises(StackError, match="running"):
            BenchStack(data_folder, os.environ).start()
        settings = Settings.from_env(stack.env)
        bed: Bed = bed_of(stack, settings, datetime.now(UTC), said.append)
        results: Results = measure(bed, SMALLEST)
        pids = [pid for part in stack.parts().values() for pid in part]
    finally:
        stack.stop()
    assert said
    assert all(line.value > 0 for line in lines_of(results) if not line.what.startswith("  "))
    assert {"postgres", "valkey", "web", "live", "worker", "beat", "sealer", "supervisor"} == set(results.worked)
    assert {"entries", "contents", "claims"} <= set(results.growth.tables)
    assert len(pids) > 10
    assert not [pid for pid in pids if psutil.pid_exists(pid)]
    assert not data_folder.exists()
