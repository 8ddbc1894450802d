"""A witness run as an agency runs it: a process of its own, with a key file and a store, that a test may kill."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import httpx

from ledger.stack import child

ROOT = Path(__file__).resolve().parents[1]


class RunningWitness:
    """`ledger witness` on one port of this machine. It dies with the test's process."""

    def __init__(self, name: str, folder: Path, logs: Sequence[str]) -> None:
        self.name, self.folder = name, folder
        self.key_file, self.store = folder / f"{name}.key", folder / f"{name}.db"
        self.logs = [part for vkey in logs for part in ("--log", vkey)]
        made = self.run_once("key", "new", f"{name}.example/witness", *self.files)
        self.vkey = made.strip()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.process: child.Child | None = None

    @property
    def files(self) -> tuple[str, ...]:
        return "--key-file", str(self.key_file), "--store", str(self.store)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def line(self) -> str:
        """Its line of a policy."""
        return f"witness {self.name} {self.vkey} {self.url}"

    def run_once(self, *arguments: str, code: int = 0) -> str:
        """What `ledger witness` with these arguments prints; it must end with this code."""
        argv = [sys.executable, "-m", "ledger", "witness", *arguments]
        done = subprocess.run(argv, cwd=ROOT, env=self._env, capture_output=True, text=True, check=False)
        assert done.returncode == code, done.stderr
        return done.stdout

    def start(self, within_s: float = 30.0) -> "RunningWitness":
        """Serve, and wait until it does."""
        argv = [sys.executable, "-m", "ledger", "witness", "run", *self.files, *self.logs]
        argv += ["--listen", f"127.0.0.1:{self.port}"]
        log = self.folder / f"{self.name}.log"
        self.process = child.start(child.Launch(argv, self._env, cwd=ROOT, log=log))
        deadline = time.monotonic() + within_s
        while True:
            try:
                httpx.get(self.url, timeout=5.0).raise_for_status()
            except httpx.HTTPError:
                assert time.monotonic() < deadline, log.read_text()
                time.sleep(0.02)
            else:
                return self

    def kill(self) -> None:
        """End it at once, wherever it is."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    @property
    def _env(self) -> dict[str, str]:
        # Nothing of a ledger's settings: a witness needs none.
        return {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
