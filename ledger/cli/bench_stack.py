"""The servers that `ledger bench` measures: a stack of its own as `ledger up` runs it, and the bare peer beside it.

Production settings: the database syncs to disk, and the peer is served by gunicorn as the web is. Whatever was started
is stopped and removed, and nothing outlives the command, even if that is killed.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

from config.settings import CHECKOUT
from ledger.bench.load import LoadError
from ledger.bench.peer import DATABASE, TABLE
from ledger.stack import child, listener
from ledger.stack.fault import StackError
from ledger.stack.lock import FolderLock
from ledger.stack.place import remove_data

PARTS = ("postgres", "valkey", "web", "live", "worker", "beat", "sealer")
PEER_URL = "LEDGER_BENCH_DATABASE_URL"
START_SECONDS = 90.0
STOP_SECONDS = 60.0
#: Of the caller's environment these would lead away from servers of one's own with production settings.
_OTHERS = ("DATABASE_URL", "REDIS_URL", "LEDGER_DATA", "LEDGER_HOST", "LEDGER_PORT", "LEDGER_BASE_URL",
           "LEDGER_LIVE_PORT", "LEDGER_LIVE_URL")  # fmt: skip
_DURABLE = ("fsync", "synchronous_commit", "full_page_writes")


class BenchStack:
    """A stack on a data folder of its own, and the peer. `start` raises StackError; `stop` may always be called."""

    def __init__(self, data: Path, env: Mapping[str, str]) -> None:
        self.data = data
        kept = {name: value for name, value in env.items() if not name.endswith("DATABASE_URL") and name not in _OTHERS}
        # What is measured is what the ledger can take, and not how much of it one agency may ask for.
        self._env = {**kept, "LEDGER_DATA": str(data), "LEDGER_AGENCY_REQUESTS_PER_MINUTE": "0"}
        self._said = data.parent / f"{data.name}.log"
        self._started: list[child.Child] = []
        self.peer_port = 0

    def start(self) -> None:
        """Start both, on data that is made anew, and wait until they answer."""
        self.data.mkdir(parents=True, exist_ok=True)
        lock = FolderLock(self.data)
        remove_data(self.data)
        lock.release()
        self._said.unlink(missing_ok=True)
        argv = [sys.executable, "-m", "ledger", "up", "--port", "0"]
        launch = child.Launch(argv, self._env, cwd=CHECKOUT, log=self._said, death_signal=signal.SIGTERM)
        self._started.append(child.start(launch))
        stack = self._started[0]
        up = child.wait_until(lambda: self._is_up() or stack.poll() is not None, START_SECONDS, 0.05)
        if not up or stack.poll() is not None:
            raise StackError(f"the stack did not start: {self._last_words()}")
        self._refuse_undurable()
        self._start_peer()

    def stop(self) -> None:
        """Stop what was started and remove its data."""
        if not self._started:
            return
        self.end_peer()
        stack = self._started[0]
        for part in ("worker", "beat"):
            self._signal(part, signal.SIGCONT)
        child.stop_politely(stack, signal.SIGINT, STOP_SECONDS)
        child.kill_group(stack)
        remove_data(self.data)
        for left in (self.data / "lock", self._said):
            left.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            self.data.rmdir()

    def end_peer(self) -> None:
        """Stop the peer, where it runs."""
        for peer in self._started[1:]:
            child.stop(peer, signal.SIGTERM, 5.0)
        del self._started[1:]

    @property
    def env(self) -> dict[str, str]:
        """The environment that the stack gives its processes."""
        return {**self._env, **self._state()["environment"]}

    def server_url(self, database: str) -> str:
        """A database of the stack's server, as its superuser."""
        parts = urlsplit(self.env["DATABASE_URL"])
        return f"postgresql://postgres@/{database}?{parts.query}"

    def parts(self) -> dict[str, list[int]]:
        """The processes of each part, and the supervisor's own."""
        parents = _parents()
        mains = {name: part["pid"] for name, part in self._state()["parts"].items() if part["pid"]}
        pids = {name: [pid, *_below(pid, parents)] for name, pid in mains.items()}
        return {**pids, "supervisor": [self._started[0].pid]}

    @contextlib.contextmanager
    def without_detection(self) -> Iterator[None]:
        """Hold the worker and beat; the caller sees to it that the worker is at rest."""
        for part in ("worker", "beat"):
            self._signal(part, signal.SIGSTOP)
        try:
            yield
        finally:
            for part in ("worker", "beat"):
                self._signal(part, signal.SIGCONT)

    def run_module(self, module: str, inputs: Sequence[str], most_seconds: float) -> list[str]:
        """Run a module as several processes at once, each with its own input; what each wrote. Raises LoadError."""
        running = [
            subprocess.Popen(
                [sys.executable, "-m", module],
                cwd=CHECKOUT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for _ in inputs
        ]
        until = time.monotonic() + most_seconds
        try:
            for process, text in zip(running, inputs, strict=True):
                assert process.stdin is not None, "asked for above"
                process.stdin.write(text)
                process.stdin.close()
                process.stdin = None
            ended = [process.communicate(timeout=max(until - time.monotonic(), 0.1)) for process in running]
        except subprocess.TimeoutExpired as error:
            raise LoadError(f"{module} took longer than {most_seconds:.0f} s") from error
        finally:
            for process in running:
                process.kill()
                process.wait()
        for process, (_, errors) in zip(running, ended, strict=True):
            if process.returncode:
                raise LoadError(f"{module}: {_last_line(errors)}")
        return [written for written, _ in ended]

    def _start_peer(self) -> None:
        with psycopg.connect(self.server_url("postgres"), autocommit=True) as driver:
            driver.execute(f"CREATE DATABASE {DATABASE}".encode())
        with psycopg.connect(self.server_url(DATABASE), autocommit=True) as driver:
            driver.execute(TABLE)
        with listener.bind("127.0.0.1", 0) as bound:
            self.peer_port = bound.getsockname()[1]
            argv = [sys.executable, "-m", "ledger", "bench", "peer", "--fd", str(bound.fileno())]
            env = {**self.env, PEER_URL: self.server_url(DATABASE)}
            launch = child.Launch(argv, env, cwd=CHECKOUT, log=self._said, pass_fds=(bound.fileno(),))
            self._started.append(child.start(launch))
        probe = listener.AnswerProbe("127.0.0.1", self.peer_port)
        answered = child.wait_until(probe.answered, 30.0)
        probe.close()
        if not answered:
            raise StackError(f"the bare peer did not start: {self._last_words()}")

    def _refuse_undurable(self) -> None:
        with psycopg.connect(self.server_url("postgres"), autocommit=True) as driver:
            found = {name: driver.execute(f"SHOW {name}".encode()).fetchall()[0][0] for name in _DURABLE}
        if set(found.values()) != {"on"}:
            raise StackError(f"the database does not sync to disk, so nothing measured on it would count: {found}")

    def _state(self) -> dict[str, Any]:
        try:
            state: dict[str, Any] = json.loads((self.data / "state.json").read_text())
        except FileNotFoundError:
            return {"parts": {}, "environment": {}}
        return state

    def _is_up(self) -> bool:
        parts = self._state()["parts"]
        return all(parts.get(name, {}).get("condition") == "up" for name in PARTS)

    def _signal(self, part: str, number: signal.Signals) -> None:
        pid = self._state()["parts"].get(part, {}).get("pid")
        if pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    def _last_words(self) -> str:
        return _last_line(self._said.read_text(errors="replace")) if self._said.exists() else "it said nothing"


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing"


def _parents() -> dict[int, int]:
    """The parent of every process of this machine, where the system tells."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # The name in brackets may hold anything, so what follows is counted from its end.
            found[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
    return found


def _below(pid: int, parents: Mapping[int, int]) -> list[int]:
    children = [one for one, parent in parents.items() if parent == pid]
    return [*children, *(below for one in children for below in _below(one, parents))]
