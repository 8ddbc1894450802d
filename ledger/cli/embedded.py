"""The whole ledger on one machine: its parts put together, and what is said about them.

The order is the promise: the lock and the HTTP sockets first, so that a second start and a taken port are told before
anything runs; then the engines; then the schema, as the role that migrates; then the processes, which own nothing.
"""

import json
import os
import shutil
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.log_settings import LOG_KEY, RECEIPT_KEY
from config.settings import CHECKOUT, http_address
from ledger.cli import sockets
from ledger.cli.log_ending import ending_of, shown
from ledger.cli.processes import PROCESS_COMMANDS, argv_of
from ledger.stack import binaries, child, listener
from ledger.stack.fault import StackError
from ledger.stack.lock import FolderLock
from ledger.stack.notice import NoticeBoard
from ledger.stack.part import Part
from ledger.stack.place import Place, make_place, reachable, remove_data
from ledger.stack.postgres import DATABASE, PostgresServer, data_major
from ledger.stack.report import Report
from ledger.stack.restart import RestartLimit
from ledger.stack.secret import keep_secret
from ledger.stack.supervisor import Supervisor, process_part
from ledger.stack.valkey import ValkeyServer

LOG_BYTES_MAX = 5_000_000
DEFAULT_LIMIT = RestartLimit()
#: Or the same with _FILE: where neither is set, the stack makes a key of its own, in this file of the data folder.
KEYS: Mapping[str, str] = {
    "LEDGER_SECRET_KEY": "secret.key",
    RECEIPT_KEY: "receipt.key",
    LOG_KEY: "log.key",
}
#: What only the sealer is given: whoever else had the log's key could sign what never was.
_SEALERS = (LOG_KEY, f"{LOG_KEY}_FILE", "LEDGER_SEALER_DATABASE_URL")


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be started. `argv_of` turns a command's string into what is run.

    `adopts`: the log is taken over without its store, of so many entries and recorded reads at least.
    """

    env: Mapping[str, str]
    data: Path
    host: str
    port: int
    live_port: int | None = None
    demo: bool = False
    fresh: bool = False
    adopts: tuple[int, int] | None = None
    limit: RestartLimit = DEFAULT_LIMIT
    argv_of: Callable[[str], list[str]] = argv_of


def run(plan: Plan, report: Report) -> int:
    """Start everything, keep it running until asked to stop, stop it; the exit code."""
    try:
        place = make_place(plan.data, plan.env)
        lock = FolderLock(place.data)
    except StackError as error:
        report.line(f"ledger: {error}")
        return 1
    try:
        return EmbeddedStack(plan, _made_ready(plan, place), report).run()
    except StackError as error:
        report.line(f"ledger: {error}")
        return 1
    finally:
        shutil.rmtree(place.run, ignore_errors=True)
        lock.release()


def _made_ready(plan: Plan, place: Place) -> Place:
    """The data folder as the plan wants it: emptied if fresh, and of the kind that it says."""
    if plan.fresh:
        remove_data(place.data)
        place = make_place(plan.data, plan.env)
    kind, marker = ("demonstration" if plan.demo else "ledger"), place.data / "kind"
    if marker.exists() and marker.read_text().strip() != kind:
        raise StackError(
            f"{place.data} holds a {marker.read_text().strip()}, not a {kind}: set LEDGER_DATA to another."
        )
    marker.write_text(f"{kind}\n")
    for path in place.log.glob("*.log"):
        if path.stat().st_size > LOG_BYTES_MAX:
            path.replace(path.with_suffix(".log.1"))
    return place


class EmbeddedStack:
    """One run of the stack. Owns the HTTP sockets and the state file while it runs."""

    def __init__(self, plan: Plan, place: Place, report: Report) -> None:
        self.plan, self.place, self.report = plan, place, report
        self.given: dict[str, str] = {"LEDGER_DATA": str(place.data), "LEDGER_HOST": plan.host}
        self.links: list[Mapping[str, str]] = []
        self.failed_steps: list[str] = []
        self.url = ""
        self.supervisor = Supervisor(report, plan.limit, self.write_state)

    def run(self) -> int:
        patience = 5.0 if self.place.state.exists() else 0.0
        try:
            with sockets.bound(self.plan.host, self.plan.port, self.plan.live_port, patience_seconds=patience) as bound:
                return self._run(bound)
        finally:
            self.place.state.unlink(missing_ok=True)

    def _run(self, bound: sockets.Sockets) -> int:
        self.given |= bound.environment(self.plan.host, self.plan.env)
        self.url = http_address(self.plan.host, bound.ports[0])
        self.report.line(f"Starting the ledger. Data: {shown(self.place.data)}, logs: {shown(self.place.log)}")
        with self.supervisor:
            try:
                if self._start(bound):
                    self._welcome()
                    self.supervisor.watch()
            except StackError as error:
                self.supervisor.failed = True
                self.report.line(f"ledger: {error}")
            bound.close()
            if self.supervisor.failed:
                self._last_words()
            self.report.line("Stopping.")
            self.supervisor.stop()
            self.report.line("All stopped.")
        return 1 if self.supervisor.failed else 0

    def _start(self, bound: sockets.Sockets) -> bool:
        for key, file in KEYS.items():
            if not (self.plan.env.get(key) or self.plan.env.get(f"{key}_FILE")):
                self.given[f"{key}_FILE"] = str(keep_secret(self.place.data / file))
        if self.plan.demo:
            self.given["LEDGER_WEBHOOK_LOOPBACK"] = "demonstration"  # so that a receiver here can be tried
        if not self.supervisor.bring_up(*self._engines()):
            return False
        argv = [*self.plan.argv_of("ledger prepare"), *(["--demo"] if self.plan.demo else [])]
        argv += ["--embedded"] if "DATABASE_URL" in self.given else []
        if self.plan.adopts is not None:
            argv += ["--adopt", str(self.plan.adopts[0]), "--adopt-reads", str(self.plan.adopts[1])]
        self.failed_steps = ["prepare"]
        for said in self.supervisor.run_step("prepare", self._launch("prepare", argv)):
            self._hear(said)
        self.failed_steps = []
        if self.supervisor.is_leaving:
            return False
        return self.supervisor.bring_up(
            self._served("web", bound.web),
            self._served("live", bound.live),
            self._quiet("worker", 1),
            self._quiet("beat", 0),
            self._quiet("sealer", 1),
        )

    def _engines(self) -> list[Part]:
        parts = []
        if self.plan.env.get("DATABASE_URL"):
            self.report.part("postgres", "not started: DATABASE_URL names one")
        else:
            parts.append(self._postgres())
        if self.plan.env.get("REDIS_URL"):
            self.report.part("valkey", "not started: REDIS_URL names one")
        else:
            parts.append(self._valkey())
        return parts

    def _postgres(self) -> Part:
        place = self.place
        found = binaries.find_postgres(self.plan.env, data_major(place.postgres))
        if binaries.below_patch_floor(found.version):
            self.report.part("postgres", f"{found.version_text} lacks security fixes: install a newer patch release")
        server = PostgresServer(
            reachable(found, place), place.postgres, place.run, place.account, place.log / "postgres.log"
        )
        began = self.report.seconds
        if server.prepare():
            self.report.part("postgres", "new database made", self.report.seconds - began)
        self.given["DATABASE_URL"] = server.url
        # Each part logs in as the role that it serves as: none can step back into the one that migrates.
        for part in ("web", "worker", "admin", "auditor", "erasure", "sealer"):
            self.given[f"LEDGER_{part.upper()}_DATABASE_URL"] = server.url_of(f"ledger_{part}", DATABASE)
        says = f"PostgreSQL {found.version_text}, on a private socket, as {place.account.name}"
        return Part("postgres", lambda _deaths: server.start(), server.is_ready, server.stop, says, rank=3)

    def _valkey(self) -> Part:
        place = self.place
        found = binaries.find_valkey(self.plan.env)
        server = ValkeyServer(reachable(found, place), place.valkey, place.run, place.account, place.log / "valkey.log")
        server.prepare()
        self.given["REDIS_URL"] = server.url
        says = f"{'Valkey' if 'valkey' in found.main else 'Redis'} {found.version_text}, on a private socket"
        return Part("valkey", server.start, server.is_ready, server.stop, says, rank=2)

    def _served(self, name: str, bound: socket.socket) -> Part:
        """A part that serves a socket which outlives it, and is up when it answers there."""
        host = "127.0.0.1" if self.plan.host == "0.0.0.0" else self.plan.host  # noqa: S104 — told apart, not bound
        port = sockets.port_of(bound)
        probe = listener.AnswerProbe(host, port)

        def launch() -> child.Launch:
            probe.close()
            descriptor = bound.fileno()
            argv = [*self.plan.argv_of(PROCESS_COMMANDS[name]), "--fd", str(descriptor)]
            return self._launch(name, argv, descriptor)

        says = http_address(self.plan.host, port)
        return process_part(name, launch, probe.answered, says=says, rank=0, stop_seconds=10.0)

    def _quiet(self, name: str, rank: int) -> Part:
        """A part that says by a notice that it is up."""
        board = NoticeBoard(self.place.run / f"{name}.notice")

        def launch() -> child.Launch:
            return self._launch(name, self.plan.argv_of(PROCESS_COMMANDS[name]), extra=board.clear())

        return process_part(name, launch, board.is_ready, says="running", rank=rank, stop_seconds=12.0)

    def _launch(
        self, name: str, argv: list[str], *descriptors: int, extra: Mapping[str, str] | None = None
    ) -> child.Launch:
        env = {**self._inherited(), **self.given, **(extra or {})}
        if name in PROCESS_COMMANDS and name != "sealer":
            env = {name: value for name, value in env.items() if name not in _SEALERS}
        return child.Launch(argv, env, cwd=CHECKOUT, log=self.place.log / f"{name}.log", pass_fds=descriptors)

    def _inherited(self) -> dict[str, str]:
        """The caller's environment, without what would lead a client of PostgreSQL astray from an embedded server."""
        embedded = "DATABASE_URL" in self.given
        return {name: value for name, value in self.plan.env.items() if not (embedded and name.startswith("PG"))}

    def _hear(self, line: str) -> None:
        try:
            said: dict[str, Any] = json.loads(line)
        except ValueError:
            return
        if "error" in said:
            self.failed_steps = []
            raise StackError(str(said["error"]))
        if "link" in said:
            self.links.append(said["link"])
        if "part" in said:
            self.report.part(said["part"], said["text"], said.get("seconds"))

    def _welcome(self) -> None:
        line = self.report.line
        line()
        line(f"The ledger is up after {self.report.seconds:.1f} s.")
        line(f"  Pages   {self.url}/")
        line(f"  API     {self.url}/api/v1   described at {self.url}/api/v1/docs")
        if self.links:
            line("  Sign in with these links; each works once:")
        for link in self.links:
            line(f"    {link['name']}, {link['role']}")
            line(f"      {link['url']}")
        line("Ctrl-C stops everything.")
        line()
        if self.plan.demo:
            env = {**self._inherited(), **self.given}
            self.supervisor.invite(child.Launch(self.plan.argv_of("ledger demo"), env, cwd=CHECKOUT))

    def _last_words(self) -> None:
        """Of what kept dying or failed, the end of its log: that is where the reason stands."""
        limit = self.plan.limit.deaths
        dying = [part.name for part in self.supervisor.parts.values() if len(part.deaths.times) >= limit]
        for name in dying or self.failed_steps:
            path = self.place.log / f"{name}.log"
            self.report.line(f"The end of {shown(path)}:")
            for line in ending_of(path):
                self.report.line(f"    {line}")

    def write_state(self) -> None:
        """Say who runs and where, for other commands of this machine; replaced at one stroke."""
        parts = {
            part.name: {
                "pid": part.running.pid if part.running is not None else None,
                "condition": part.condition.value,
                "restarts": part.restarts,
            }
            for part in self.supervisor.parts.values()
        }
        state = {"pid": os.getpid(), "url": self.url, "environment": self.given, "parts": parts}
        beside = self.place.state.with_suffix(".new")
        beside.touch(mode=0o600)
        beside.write_text(json.dumps(state, indent=1))
        beside.replace(self.place.state)
