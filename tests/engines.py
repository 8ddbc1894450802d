"""The servers of one test session: started by whoever needs them first, stopped when nobody uses them any more.

A keeper process of its own holds them, and every process that uses them holds a shared file lock. When the last lock
is gone, however its holder ended, the keeper stops the servers and removes their data. So test processes may run side
by side, end in any order and be killed.
"""

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from ledger.stack import child
from ledger.stack.binaries import find_postgres, find_valkey
from ledger.stack.place import make_place, reachable
from ledger.stack.postgres import NOT_DURABLE, PostgresServer
from ledger.stack.valkey import ValkeyServer

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 60.0
_MEMORY = Path("/dev/shm")
#: Several times what a run takes, which is less than half a gigabyte.
_ROOM_LEAST = 4_000_000_000


@dataclass(frozen=True)
class Engines:
    """Where the session's servers are: PostgreSQL as its superuser and as the migrating role, and Redis."""

    folder: str
    superuser_url: str
    migrator_url: str
    redis_url: str


class SharedEngines:
    """This process's use of the session's servers; `release` when done."""

    def __init__(self, session: str) -> None:
        self._folder = _roomy() / f"ledger-tests-{os.getuid()}-{session}"
        self._use = _locked_shared(self._folder)
        with (self._folder / "start").open("w") as start:
            fcntl.flock(start, fcntl.LOCK_EX)
            if not (self._folder / "ready.json").exists():
                self._start_keeper()
            self.engines = Engines(**json.loads((self._folder / "ready.json").read_text()))

    def _start_keeper(self) -> None:
        with (self._folder / "keeper.log").open("wb") as log:
            keeper = subprocess.Popen(
                [sys.executable, "-m", "tests.engines", str(self._folder)],
                cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        ready = self._folder / "ready.json"
        child.wait_until(lambda: ready.exists() or keeper.poll() is not None, START_SECONDS)
        if not ready.exists():
            child.kill_group(keeper)
            raise RuntimeError(f"the test servers did not start: {(self._folder / 'keeper.log').read_text()}")
        keeper.returncode = 0  # it outlives this process on purpose, so nobody here waits for it

    def release(self) -> None:
        os.close(self._use)


def _roomy() -> Path:
    """Where the servers' data goes: into memory, where there is plenty.

    A database is some three hundred files, which are made and removed for each test; a disk takes ten times as long.
    """
    try:
        room = min(shutil.disk_usage(_MEMORY).free, psutil.virtual_memory().available)
    except OSError:
        room = 0
    return _MEMORY if room >= _ROOM_LEAST and os.access(_MEMORY, os.W_OK) else Path(tempfile.gettempdir())


def _locked_shared(folder: Path) -> int:
    """Hold the shared lock of a folder that is there, and not of one that the keeper has just removed."""
    while True:
        folder.mkdir(mode=0o711, exist_ok=True)
        try:
            descriptor = os.open(folder / "users", os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(descriptor, fcntl.LOCK_SH)
            if os.fstat(descriptor).st_ino == (folder / "users").stat().st_ino:
                return descriptor
            os.close(descriptor)
        except FileNotFoundError:
            continue


def keep(folder: Path) -> None:
    """Run the servers until no process uses them."""
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # it ends when its users do
    env = dict(os.environ)
    place = make_place(folder / "data", env)
    postgres = PostgresServer(
        reachable(find_postgres(env), place), place.postgres, place.run, place.account, place.log / "postgres.log",
        # A test's connections are young, and would plan anew what a server that runs for long has planned.
        settings={
            **NOT_DURABLE, "max_connections": "200", "max_wal_size": "128MB", "plan_cache_mode": "force_generic_plan",
        },
    )  # fmt: skip
    valkey = ValkeyServer(
        reachable(find_valkey(env), place), place.valkey, place.run, place.account, place.log / "valkey.log",
        options=("--appendonly", "no"),
    )  # fmt: skip
    postgres.prepare()
    valkey.prepare()
    running, ringing = postgres.start(), valkey.start()
    try:
        if not child.wait_until(lambda: postgres.is_ready(running) and valkey.is_ready(ringing), START_SECONDS):
            raise RuntimeError((place.log / "postgres.log").read_text())
        engines = Engines(str(folder), postgres.url_of("postgres", "postgres"), postgres.url, valkey.url)
        (folder / "ready.new").write_text(json.dumps(asdict(engines)))
        (folder / "ready.new").rename(folder / "ready.json")
        with (folder / "users").open() as users:
            time.sleep(0.1)
            fcntl.flock(users, fcntl.LOCK_EX)
            valkey.stop(ringing)
            postgres.stop(running)
            shutil.rmtree(place.run, ignore_errors=True)
            shutil.rmtree(place.engines, ignore_errors=True)
            shutil.rmtree(folder, ignore_errors=True)
    finally:
        child.kill_group(ringing)
        child.kill_group(running)


if __name__ == "__main__":
    keep(Path(sys.argv[1]))
