"""What the ledger's own processes cost before anybody asks anything of them: first of all tests of this stack."""

import psutil
import pytest

from tests.running_stack import PARTS, RunningStack

pytestmark = pytest.mark.xdist_group(
    "production-stack"
)  # on the stack of the other tests of the group, and before them

MEGABYTE = 1_000_000


def test_it_fits_a_small_machine(stack: RunningStack) -> None:
    """Idle, all processes together take 600 MB, shared pages counted once; the worker is resident in 150 MB."""
    taken = {part: sum(psutil.Process(pid).memory_full_info().pss for pid in stack.pids(part)) for part in PARTS}
    assert sum(taken.values()) <= 600 * MEGABYTE, taken
    worker = sum(psutil.Process(pid).memory_info().rss for pid in stack.pids("worker"))
    assert worker <= 150 * MEGABYTE
