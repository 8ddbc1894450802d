"""A whole supervised stack, run as `ledger up` runs it, with its processes in reach to be broken.

Production settings: the database syncs to disk. Neither deaths nor requests are limited, since tests cause many. The
stack dies with the process that started it, even if that is killed.
"""

import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import psutil

from ledger.stack import child, place

ROOT = Path(__file__).resolve().parents[1]
PARTS = ("postgres", "valkey", "web", "live", "worker", "beat", "sealer")


class RunningStack:
    """One stack on one data folder. `argv` is what is started instead of `ledger up`, by the supervisor's own tests."""

    def __init__(
        self,
        data: Path,
        *,
        demo: bool = False,
        port: int = 0,
        env: Mapping[str, str] | None = None,
        argv: Sequence[str] | None = None,
        parts: Sequence[str] = PARTS,
    ) -> None:
        self.data, self.parts = data, tuple(parts)
        self.output = data.parent / "up.log"
        options = ["--port", str(port), *(["--demo"] if demo else [])]
        self._argv = list(argv or [sys.executable, "-m", "ledger", "up", *options])
        self._env = {
            **{name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}},
            "LEDGER_DATA": str(data),
            "LEDGER_DEATHS_LIMIT": "10000",
            "LEDGER_AGENCY_REQUESTS_PER_MINUTE": "0",  # tests post as fast as they can
            **(env or {}),
        }
        self.process: child.Child | None = None

    def start(self, within_seconds: float = 90.0, *, wait: bool = True) -> None:
        """Start, and wait until every part is up."""
        launch = child.Launch(self._argv, self._env, cwd=ROOT, log=self.output, death_signal=signal.SIGTERM)
        self.process = child.start(launch)
        if wait:
            self.wait_up(within_seconds=within_seconds)

    def wait_up(self, *parts: str, within_seconds: float = 30.0) -> None:
        """Wait until these parts (all, if none is named) are up; fails with what the stack said."""
        wanted = parts or self.parts
        deadline = time.monotonic() + within_seconds
        while not all(self.condition(part) == "up" for part in wanted):
            if self.process is None or self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(
                    f"not up: {[part for part in wanted if self.condition(part) != 'up']}\n{self.said()}"
                )
            time.sleep(0.02)

    def state(self) -> dict[str, Any]:
        """What this supervisor says of itself now, and not what one before it left behind."""
        nothing: dict[str, Any] = {"parts": {}, "environment": {}, "url": ""}
        try:
            state: dict[str, Any] = json.loads((self.data / "state.json").read_text())
        except FileNotFoundError:
            return nothing
        return state if self.process is not None and state["pid"] == self.process.pid else nothing

    def said(self) -> str:
        """All that the supervisor printed."""
        return self.output.read_text() if self.output.exists() else ""

    @property
    def url(self) -> str:
        return str(self.state()["url"])

    @property
    def env(self) -> dict[str, str]:
        """The environment that the stack gives its processes: DATABASE_URL, REDIS_URL, LEDGER_…"""
        return {**self._env, **self.state()["environment"]}

    def condition(self, part: str) -> str:
        return str(self.state()["parts"].get(part, {}).get("condition", "down"))

    def restarts(self, part: str) -> int:
        return int(self.state()["parts"].get(part, {}).get("restarts", 0))

    def pid(self, part: str) -> int | None:
        """The process that the supervisor started for a part, or None between two."""
        found = self.state()["parts"].get(part, {}).get("pid")
        return None if found is None else int(found)

    def pids(self, part: str) -> list[int]:
        """A part's process and all of its children."""
        main = self.pid(part)
        if main is None:
            return []
        try:
            return [main, *(process.pid for process in psutil.Process(main).children(recursive=True))]
        except psutil.NoSuchProcess:
            return []

    def resident_bytes(self, part: str) -> int:
        """Memory of a part and its children, what they share counted once (proportional set size)."""
        return sum(psutil.Process(pid).memory_full_info().pss for pid in self.pids(part))

    def kill(self, part: str, number: int = signal.SIGKILL, *, index: int = 0) -> int | None:
        """Signal one process of a part: the first, or a child of it by index; the pid, or None if there was none."""
        pids = self.pids(part)
        if not pids:
            return None
        pid = pids[index % len(pids)]
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return None
        return pid

    def everything(self) -> list[int]:
        """Every process of the stack, the supervisor first."""
        if self.process is None or self.process.poll() is not None:
            return []
        supervisor = psutil.Process(self.process.pid)
        return [supervisor.pid, *(process.pid for process in supervisor.children(recursive=True))]

    def stop(self, number: signal.Signals = signal.SIGINT, within_seconds: float = 60.0) -> int | None:
        """Stop in good order; the exit code, or None if it was never started."""
        if self.process is None:
            return None
        if self.process.poll() is None:
            child.stop_politely(self.process, number, within_seconds)
        child.kill_group(self.process)
        for left in Path("/tmp").glob(f"*{place.short_name(self.data.resolve())}-*"):
            shutil.rmtree(left, ignore_errors=True)  # of a supervisor that was killed
        return self.process.returncode
