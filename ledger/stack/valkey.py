"""A Valkey (or Redis) server of one's own, on a private socket, that only ever rings bells.

Nothing that matters is in it: when its append file cannot be read it is set aside and the server starts empty.
"""

import contextlib
import os
import shutil
import signal
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ledger.stack import child
from ledger.stack.account import Account
from ledger.stack.binaries import Binaries

SOCKET_NAME = "valkey.sock"
MEMORY_MAX = "128mb"
STOP_SECONDS = 5.0
#: After so many deaths in a row its own files are suspected.
DEATHS_BEFORE_STARTING_EMPTY = 3


@dataclass(frozen=True, slots=True)
class ValkeyServer:
    """One Valkey server and how to run it."""

    binaries: Binaries
    data: Path
    run: Path
    account: Account
    log: Path
    options: Sequence[str] = ()

    @property
    def socket(self) -> Path:
        return self.run / SOCKET_NAME

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    def prepare(self) -> None:
        if not self.data.exists():
            self.data.mkdir(mode=0o700)
            if self.account.changes:
                os.chown(self.data, self.account.uid, self.account.gid)

    def start(self, deaths: int = 0) -> child.Child:
        """Start the server; after several deaths in a row, without what it wrote before."""
        if deaths >= DEATHS_BEFORE_STARTING_EMPTY:
            shutil.rmtree(self.data / "appendonlydir", ignore_errors=True)
        self.socket.unlink(missing_ok=True)
        argv = [
            str(self.binaries.program()),
            *("--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700"),
            *("--dir", str(self.data), "--appendonly", "yes", "--save", ""),
            *("--maxmemory", MEMORY_MAX, "--maxmemory-policy", "noeviction"),
            *self.options,
        ]
        return child.start(child.Launch(argv, {"LC_ALL": "C.UTF-8"}, account=self.account, log=self.log))

    def is_ready(self, _started: child.Child) -> bool:
        """Whether it answers; while it loads its append file it does not."""
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(0.2)
            connection.connect(str(self.socket))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
        return False

    def stop(self, started: child.Child) -> None:
        child.stop(started, signal.SIGTERM, STOP_SECONDS)
