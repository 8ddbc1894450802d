"""A PostgreSQL server of one's own: made once, started as a direct child on a private socket, stopped in time.

The cluster is made beside its final place and renamed when it is whole, so one that is there is whole. It listens on
no network address. Its superuser is for the stack alone: what is handed on is a role that may log in and make roles,
owns the database, and is held by row-level security like any other.

Whoever calls holds the lock of the data folder; so a server that still runs on this data was left by a supervisor
that died, and is stopped before another is started.
"""

import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from ledger.stack import child, leftover
from ledger.stack.account import Account
from ledger.stack.binaries import Binaries
from ledger.stack.fault import StackError

MIGRATOR = "ledger_migrator"
DATABASE = "ledger"
PORT = 5432
STOP_SECONDS = 20.0

#: Kept small: the whole stack is to fit in 600 MB. No statement text and no key values reach the server's log.
SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "huge_pages": "off",
    "max_wal_size": "512MB",
    "autovacuum_max_workers": "2",
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_checkpoints": "off",
}
#: PostgreSQL 18 would otherwise keep three processes for reading alone.
SETTINGS_FROM_18: Mapping[str, str] = {"io_method": "sync"}
#: For ordinary tests: a crash of the machine may lose the data, and nobody would mind.
NOT_DURABLE: Mapping[str, str] = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """One cluster and how to run it."""

    binaries: Binaries
    data: Path
    run: Path
    account: Account
    log: Path
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Where the ledger's database is, as the role that migrates it."""
        return self.url_of(MIGRATOR, DATABASE)

    def url_of(self, role: str, database: str) -> str:
        return f"postgresql://{role}@/{database}?host={quote(str(self.run))}"

    @property
    def durable(self) -> bool:
        return self.settings.get("fsync") != "off"

    def prepare(self) -> bool:
        """Make the cluster if there is none; whether it was made now. Raises StackError."""
        if self.data.exists():
            return False
        staging = self.data.with_name(f"{self.data.name}.new")
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir(mode=0o700)
        if self.account.changes:
            os.chown(staging, self.account.uid, self.account.gid)
        self._run("initdb", "-D", str(staging), "-U", "postgres", "--auth=trust", "--encoding=UTF8",
                  "--locale=C.UTF-8", "--data-checksums", "--no-sync")  # fmt: skip
        roles = f"CREATE ROLE {MIGRATOR} LOGIN CREATEROLE\nCREATE DATABASE {DATABASE} OWNER {MIGRATOR}\n"
        self._run("postgres", "--single", "-D", str(staging), "postgres", stdin=roles)
        if self.durable:
            os.sync()
        staging.rename(self.data)
        return True

    def _run(self, program: str, *arguments: str, stdin: str = "") -> None:
        launch = [str(self.binaries.program(program)), *arguments]
        changed = self.account if self.account.changes else None
        done = subprocess.run(
            launch,
            input=stdin,
            env=self._env(),
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
            user=changed.uid if changed else None,
            group=changed.gid if changed else None,
            extra_groups=[] if changed else None,
        )
        if done.returncode != 0 or "ERROR:" in done.stderr:
            raise StackError(f"{program} failed: {_last_line(done.stderr)}")

    def _env(self) -> dict[str, str]:
        return {"LC_ALL": "C.UTF-8", "PATH": os.defpath, "TZ": "UTC"}

    def start(self) -> child.Child:
        """Start the server; it takes connections once `is_ready` says so. Raises StackError."""
        self._clear_the_way()
        settings = {**SETTINGS, **(SETTINGS_FROM_18 if self.binaries.major >= 18 else {}), **self.settings}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        argv = [str(self.binaries.program()), "-D", str(self.data), "-k", str(self.run), *options]
        # Told of its parent's death it stops at once, for sure and within seconds; the log is replayed at next start.
        return child.start(
            child.Launch(argv, self._env(), account=self.account, log=self.log, death_signal=signal.SIGQUIT)
        )

    def is_ready(self, started: child.Child) -> bool:
        """Whether this very server says that it takes connections."""
        lines = self._pid_file_lines()
        return len(lines) >= 8 and lines[0].strip() == str(started.pid) and lines[7].strip() == "ready"

    def stop(self, started: child.Child) -> None:
        """Stop in good order: open transactions are rolled back, clients are not waited for."""
        if not child.stop_politely(started, signal.SIGINT, STOP_SECONDS):
            child.stop(started, signal.SIGQUIT, 6.0)
        leftover.end(leftover.working_in(self.data), within_seconds=1.0)

    def _pid_file_lines(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []

    def _clear_the_way(self) -> None:
        """Stop an orphaned server and its processes, and remove a pid file that speaks of none.

        PostgreSQL itself would take a zombie, or a stranger that has been given the same number, for its own kind.
        """
        lines = self._pid_file_lines()
        pid = int(lines[0]) if lines and lines[0].strip().isdigit() else 0
        running = leftover.working_in(self.data)
        if pid in running:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGINT)
            child.wait_until(lambda: pid not in leftover.working_in(self.data), STOP_SECONDS)
        leftover.end(leftover.working_in(self.data), within_seconds=2.0)
        if lines:
            (self.data / "postmaster.pid").unlink(missing_ok=True)


def data_major(data: Path) -> int | None:
    """The major version that wrote a cluster, or None where there is none."""
    try:
        return int((data / "PG_VERSION").read_text().strip())
    except (OSError, ValueError):
        return None


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip() and "LOG:" not in line]
    return lines[-1] if lines else "it said nothing"
