"""Processes that a dead parent left behind, told by the folder that they work in.

PostgreSQL's processes leave their parent's group, and a number in a file may by now be anyone's; but all of them work
in their data folder, and no stranger does. Where the system does not say (not Linux) nothing is found.
"""

import contextlib
import os
import signal
from pathlib import Path

from ledger.stack import child

_PROC = Path("/proc")


def working_in(folder: Path) -> list[int]:
    """The processes whose working folder is this one; zombies have none."""
    wanted = str(folder.resolve())
    found: list[int] = []
    for entry in _PROC.iterdir() if _PROC.is_dir() else ():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if str((entry / "cwd").readlink()) == wanted:
                    found.append(int(entry.name))
    return found


def end(pids: list[int], *, within_seconds: float) -> None:
    """Wait for processes to end of themselves, then kill those that did not."""
    if child.wait_until(lambda: not any(_is_alive(pid) for pid in pids), within_seconds):
        return
    for pid in pids:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)
    child.wait_until(lambda: not any(_is_alive(pid) for pid in pids), within_seconds)


def _is_alive(pid: int) -> bool:
    try:
        state = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return False
    return state not in {"Z", "X"}
