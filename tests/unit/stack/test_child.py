"""One child process: its session, its end, and what its parent's death does to it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from ledger.stack import child

SLEEP = [sys.executable, "-c", "import time; print('ready', flush=True); time.sleep(600)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); time.sleep(600)",
]

PARENT = """
import os, sys, time
from ledger.stack import child
running = child.start(child.Launch([sys.executable, "-c", "import time; time.sleep(600)"], os.environ))
print(running.pid, flush=True)
time.sleep(600)
"""


def started(argv: list[str]) -> child.Child:
    running = child.start(child.Launch(argv, dict(os.environ)), stdout=subprocess.PIPE)
    assert running.stdout is not None
    assert running.stdout.readline() == b"ready\n"
    running.stdout.close()
    return running


def test_a_child_has_a_session_of_its_own() -> None:
    """Ctrl-C in the terminal must not reach it, nor its group be ours."""
    running = started(SLEEP)
    assert os.getsid(running.pid) == running.pid != os.getsid(0)
    assert child.stop(running, signal.SIGTERM, 5.0)
    assert running.returncode == -signal.SIGTERM


def test_a_child_that_will_not_stop_is_killed_after_its_time() -> None:
    """Asking is limited in time."""
    running = started(STUBBORN)
    began = time.monotonic()
    assert not child.stop(running, signal.SIGTERM, 0.3)
    assert running.returncode == -signal.SIGKILL
    assert 0.3 <= time.monotonic() - began < 5


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's tie is Linux's")
def test_a_child_dies_with_its_parent_even_when_that_is_killed(tmp_path: Path) -> None:
    """SIGKILL gives the parent no time to do anything about it, and still nothing stays."""
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    grandchild = psutil.Process(int(parent.stdout.readline()))
    parent.stdout.close()
    parent.kill()
    parent.wait()
    assert child.wait_until(lambda: not psutil.pid_exists(grandchild.pid) or grandchild.status() == "zombie", 5.0)
