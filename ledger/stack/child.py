"""One child process: started in a session of its own, tied to its parent's life, and stopped within a time limit.

Own session: Ctrl-C in the terminal reaches the supervisor alone, which then stops the parts in order. Tied: the
kernel signals the child when its parent dies, even by SIGKILL (Linux; elsewhere this promise is not made). The
tie is made after the change of account, for the kernel unties whoever changes it.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from ledger.stack.account import Account

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None

Child = subprocess.Popen[bytes]


@dataclass(frozen=True, slots=True)
class Launch:
    """How to start a child: what, as whom, with what around it, and which signal its parent's death sends it."""

    argv: Sequence[str]
    env: Mapping[str, str]
    cwd: Path = Path("/")
    account: Account | None = None
    log: Path | None = None
    pass_fds: Sequence[int] = ()
    death_signal: signal.Signals = signal.SIGKILL


def die_with_parent(death_signal: signal.Signals = signal.SIGKILL, *, parent: int | None = None) -> None:
    """Have the kernel signal this process when its parent dies; ends it at once if `parent` is dead already."""
    if _LIBC is None:
        return
    _LIBC.prctl(_PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
    if parent is not None and os.getppid() != parent:
        os._exit(1)


def start(launch: Launch, *, stdout: IO[bytes] | int | None = None) -> Child:
    """Start a child. Call from the main thread only: the tie is to the thread that starts it."""
    with contextlib.ExitStack() as stack:
        errors: IO[bytes] | None = None
        if launch.log is not None:
            descriptor = os.open(launch.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            errors = stack.enter_context(os.fdopen(descriptor, "wb"))
        changed = launch.account if launch.account is not None and launch.account.changes else None
        return subprocess.Popen(
            list(launch.argv),
            env=dict(launch.env),
            cwd=launch.cwd,
            stdin=subprocess.DEVNULL,
            stdout=errors if stdout is None else stdout,
            stderr=errors,
            pass_fds=tuple(launch.pass_fds),
            start_new_session=True,
            user=changed.uid if changed else None,
            group=changed.gid if changed else None,
            extra_groups=[] if changed else None,
            preexec_fn=_tie(launch.death_signal, os.getpid()),  # noqa: PLW1509 — the supervisor has one thread
        )


def _tie(death_signal: signal.Signals, parent: int) -> Callable[[], None]:
    return lambda: die_with_parent(death_signal, parent=parent)


def send(child: Child, number: signal.Signals) -> None:
    """Signal a child that may be gone already."""
    with contextlib.suppress(ProcessLookupError):
        child.send_signal(number)


def stop(child: Child, number: signal.Signals, within_seconds: float) -> bool:
    """Ask a child to stop, wait, then kill its whole group; whether it stopped of itself."""
    willing = stop_politely(child, number, within_seconds)
    kill_group(child)
    return willing


def stop_politely(child: Child, number: signal.Signals, within_seconds: float) -> bool:
    """Ask a child to stop and wait; whether it did."""
    if child.poll() is None:
        send(child, number)
    return wait(child, within_seconds)


def wait(child: Child, within_seconds: float) -> bool:
    """Whether the child ended within the time."""
    try:
        child.wait(within_seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def kill_group(child: Child) -> None:
    """Kill the child and whatever it left behind in its group, and collect it."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(5)


def wait_until(holds: Callable[[], bool], within_seconds: float, every_seconds: float = 0.01) -> bool:
    """Poll until something holds; whether it did within the time."""
    deadline = time.monotonic() + within_seconds
    while not holds():
        if time.monotonic() >= deadline:
            return False
        time.sleep(every_seconds)
    return True
