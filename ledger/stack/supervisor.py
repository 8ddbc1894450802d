"""Starts parts, keeps them running, and stops them in order.

One thread, for the tie between a child and its parent is to the thread that started it. Signals only leave a mark and
wake the loop; nothing is done inside a handler, except that a second Ctrl-C cuts the stopping short. A part that dies
is started again after a pause; too many deaths of one part within the window stop everything.
"""

import contextlib
import io
import os
import select
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Self, cast

from ledger.stack import child
from ledger.stack.fault import StackError
from ledger.stack.part import Condition, Part
from ledger.stack.report import Report
from ledger.stack.restart import DeathRecord, RestartLimit

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_POLL_SECONDS = 0.02
_IDLE_SECONDS = 60.0
_SLOW_SECONDS = 20.0


class Supervisor:
    """Owns the parts of one stack and the signals of its process while it is entered."""

    def __init__(self, report: Report, limit: RestartLimit, on_change: Callable[[], None] = lambda: None) -> None:
        self.parts: dict[str, Part] = {}
        self.failed = False
        self._report = report
        self._limit = limit
        self._on_change = on_change
        self._asked_to_stop = False
        self._stopping = False
        self._guests: list[child.Child] = []
        self._before: dict[int, object] = {}

    def __enter__(self) -> Self:
        self._awake, self._wake = socket.socketpair()
        self._awake.setblocking(False)  # noqa: FBT003 — the socket's own interface
        self._wake.setblocking(False)  # noqa: FBT003
        signal.set_wakeup_fd(self._wake.fileno(), warn_on_full_buffer=False)
        for number in STOP_SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:  # started to outlive its terminal, it does
                self._before[number] = signal.signal(number, self._on_signal)
        self._before[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        return self

    def __exit__(self, *_: object) -> None:
        signal.set_wakeup_fd(-1)
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]
        self._awake.close()
        self._wake.close()

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        if self._stopping and number == signal.SIGINT:
            raise KeyboardInterrupt
        self._asked_to_stop = True

    @property
    def is_leaving(self) -> bool:
        """Whether the stack is to stop, because somebody asked or because a part kept dying."""
        return self._asked_to_stop or self.failed

    def bring_up(self, *parts: Part) -> bool:
        """Start parts side by side and wait until each is up; False when the stack is to stop instead."""
        for part in parts:
            part.deaths = DeathRecord(self._limit)
            self.parts[part.name] = part
            self._begin(part)
        while not self.is_leaving and any(part.condition is not Condition.UP for part in parts):
            self._turn()
        return not self.is_leaving

    def run_step(self, name: str, launch: child.Launch) -> Iterator[str]:
        """Run a child to its end and hand on each line it prints. Raises StackError if it fails."""
        step = child.start(launch, stdout=subprocess.PIPE)
        output = cast("io.BufferedReader", step.stdout)
        os.set_blocking(output.fileno(), False)
        pending = b""
        try:
            while not self.is_leaving:
                try:
                    piece = os.read(output.fileno(), 65_536)
                except BlockingIOError:
                    self._turn(output.fileno())
                    continue
                *lines, pending = (pending + piece).split(b"\n")
                yield from (line.decode(errors="replace") for line in lines)
                if not piece:
                    break
            if not self.is_leaving and step.wait() != 0:
                raise StackError(f"{name} failed (code {step.returncode}).")
        finally:
            child.kill_group(step)
            output.close()

    def invite(self, launch: child.Launch) -> None:
        """Start a child that may end when it likes; it is stopped with the rest, first of all."""
        self._guests.append(child.start(launch))

    def watch(self) -> None:
        """Keep every part running until the stack is to stop."""
        while not self.is_leaving:
            self._turn()

    def stop(self) -> None:
        """Stop every part in the order of rank, each within its time; a second Ctrl-C kills what is left."""
        self._stopping = True
        try:
            for guest in self._guests:
                child.stop(guest, signal.SIGTERM, 2.0)
            for part in sorted(self.parts.values(), key=lambda part: part.rank):
                if part.running is not None:
                    began = time.monotonic()
                    part.end(part.running)
                    self._report.part(part.name, "stopped", time.monotonic() - began)
                part.running, part.condition = None, Condition.DOWN
        except KeyboardInterrupt:
            self._report.line("  Stopping at once.")
            self._kill_all()

    def _kill_all(self) -> None:
        for running in [*self._guests, *(part.running for part in self.parts.values() if part.running is not None)]:
            child.kill_group(running)

    def _turn(self, *descriptors: int) -> None:
        """Wait for the next thing to happen, then look at every part once."""
        with contextlib.suppress(InterruptedError):
            select.select([self._awake.fileno(), *descriptors], [], [], self._until_next(time.monotonic()))
        with contextlib.suppress(BlockingIOError):
            self._awake.recv(1024)
        now = time.monotonic()
        for part in self.parts.values():
            self._look_at(part, now)

    def _until_next(self, now: float) -> float:
        if any(part.condition is Condition.STARTING for part in self.parts.values()):
            return _POLL_SECONDS
        waits = [part.again_at - now for part in self.parts.values() if part.condition is Condition.WAITING]
        return max(0.0, min([*waits, _IDLE_SECONDS]))

    def _look_at(self, part: Part, now: float) -> None:
        if part.running is not None and part.running.poll() is not None:
            self._bury(part, _how_it_ended(part.running.returncode))
        elif part.condition is Condition.STARTING and part.running is not None:
            if part.is_ready(part.running):
                part.condition = Condition.UP
                says = f"up again  {part.says}" if part.restarts else part.says
                self._report.part(part.name, says, now - part.started_at)
                self._on_change()
            elif not part.slow_said and now - part.started_at > _SLOW_SECONDS:
                part.slow_said = True
                self._report.part(part.name, "is still starting; its log may say why")
        elif part.condition is Condition.WAITING and now >= part.again_at:
            part.restarts += 1
            self._begin(part)

    def _begin(self, part: Part) -> None:
        part.started_at, part.slow_said = time.monotonic(), False
        try:
            part.running = part.begin(len(part.deaths.times))
        except (OSError, StackError) as error:
            self._bury(part, f"could not be started: {error}")
            return
        part.condition = Condition.STARTING
        self._on_change()

    def _bury(self, part: Part, how: str) -> None:
        if part.running is not None:
            child.kill_group(part.running)
        part.running = None
        pause = part.deaths.died(time.monotonic())
        if pause is None:
            part.condition, self.failed = Condition.DOWN, True
            deaths, seconds = self._limit.deaths, self._limit.within_seconds
            self._report.part(part.name, f"{how}: {deaths} deaths within {seconds:.0f} s, so everything stops")
        else:
            part.condition, part.again_at = Condition.WAITING, time.monotonic() + pause
            self._report.part(part.name, f"{how}; starting it again")
        self._on_change()


def _how_it_ended(code: int) -> str:
    if code >= 0:
        return f"ended (code {code})"
    try:
        return f"was killed ({signal.Signals(-code).name})"
    except ValueError:
        return f"was killed (signal {-code})"


def process_part(
    name: str,
    launch: Callable[[], child.Launch],
    is_ready: Callable[[], bool],
    *,
    says: str,
    rank: int,
    stop_seconds: float,
    stop_signal: signal.Signals = signal.SIGTERM,
) -> Part:
    """A part that is one command, launched anew each time, asked to stop by one signal."""

    def end(running: child.Child) -> None:
        child.stop(running, stop_signal, stop_seconds)

    return Part(
        name=name,
        begin=lambda _deaths: child.start(launch()),
        is_ready=lambda _running: is_ready(),
        end=end,
        says=says,
        rank=rank,
    )
