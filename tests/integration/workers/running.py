"""A worker process and a Redis of a test's own, to be stopped, frozen and killed."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import psutil
import redis

from ledger.stack.binaries import find_valkey
from ledger.stack.child import wait_until

ROOT = Path(__file__).resolve().parents[3]
START_S = 30.0


class RunningWorker:
    """`ledger worker` as it is run singly, against a database and a Redis."""

    def __init__(
        self,
        folder: Path,
        database_url: str,
        redis_url: str | None,
        *,
        poll_seconds: float = 0.2,
        env: Mapping[str, str] | None = None,
    ) -> None:
        self.log_path = folder / f"worker-{os.urandom(4).hex()}.log"
        own = {name: value for name, value in os.environ.items() if not name.startswith(("LEDGER_", "REDIS_"))}
        own |= {
            "DATABASE_URL": database_url,
            "LEDGER_DATA": str(folder),
            "LEDGER_POLL_SECONDS": str(poll_seconds),
            **({"REDIS_URL": redis_url} if redis_url else {}),
            **(env or {}),
        }
        with self.log_path.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "ledger", "worker"], cwd=ROOT, env=own, stdout=log, stderr=log
            )

    @property
    def log(self) -> str:
        return self.log_path.read_text()

    @property
    def resident(self) -> int:
        """Bytes in memory of it and any children."""
        own = psutil.Process(self.process.pid)
        return int(sum(one.memory_info().rss for one in (own, *own.children(recursive=True))))

    def is_listening_to(self, redis_url: str) -> bool:
        """Whether it waits for messages."""
        with redis.Redis.from_url(redis_url) as client:
            return any(one["cmd"].lower() == "brpop" for one in client.client_list())

    def kill(self) -> None:
        """As a machine would."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """As an operator would; its exit code."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()
        return int(self.process.returncode)


class RunningValkey:
    """A Valkey server on a socket of its own, with nothing kept."""

    def __init__(self, *options: str) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="ledger-valkey-")
        self.socket = Path(self._folder.name) / "v.sock"
        self.url = f"unix://{self.socket}"
        self.broker_url = f"redis+socket://{self.socket}"
        self._options = options
        self.start()

    def start(self) -> None:
        """Start it, empty."""
        binaries: Mapping[str, str] = os.environ
        argv = [
            str(find_valkey(binaries).program()),
            *("--port", "0", "--unixsocket", str(self.socket), "--save", "", "--appendonly", "no"),
            *("--maxmemory-policy", "noeviction", "--dir", self._folder.name, *self._options),
        ]
        self.process = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        assert wait_until(self.answers, START_S)

    def answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def freeze(self) -> None:
        """It takes connections and answers nothing."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def close(self) -> None:
        self.kill()
        self._folder.cleanup()
