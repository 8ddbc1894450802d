"""`ledger bench`: measure ingest, detection, memory and size beside bare peers, on servers of its own."""

import json
import os
import platform
import signal
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from config.settings import CHECKOUT, Settings
from ledger.bench.bed import Bed
from ledger.bench.effort import FULL, QUICK, Effort
from ledger.bench.load import LoadError
from ledger.bench.wire import WireError
from ledger.cli.bench_stack import PEER_URL, BenchStack
from ledger.stack.child import die_with_parent
from ledger.stack.fault import StackError

_AGENCIES = ("hv", "csc", "duty")


@click.group(invoke_without_command=True)
@click.option("--quick", is_flag=True, help="A quick look, within a few minutes.")
@click.option("--json", "json_path", type=click.Path(dir_okay=False, path_type=Path), help="Write the figures here.")
@click.pass_context
def bench(context: click.Context, *, quick: bool, json_path: Path | None) -> None:
    """Measure ingest, what detection costs and how soon it is seen, memory and size, beside peers in the same run.

    Starts a stack of its own with production settings, on data of its own, and removes both. Prints a table and
    writes bench-DATE.json.
    """
    if context.invoked_subcommand is not None:
        return
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    effort = QUICK if quick else FULL
    began, started_at = time.monotonic(), datetime.now(UTC)
    stack = BenchStack(CHECKOUT / "var" / "bench", os.environ)
    try:
        click.echo(f"Starting a stack of its own ({effort.name}) …")
        stack.start()
        figures = _measured(stack, effort, started_at, began)
    except (StackError, LoadError, WireError, OSError) as error:
        raise click.ClickException(str(error)) from error
    finally:
        stack.stop()
    path = json_path or CHECKOUT / f"bench-{started_at:%Y-%m-%dT%H%M}.json"
    path.write_text(json.dumps(figures, indent=1) + "\n")
    click.echo(f"\n{time.monotonic() - began:.0f} s in all; the figures are in {path.name}.")


def _measured(stack: BenchStack, effort: Effort, started_at: datetime, began: float) -> dict[str, Any]:
    from ledger.bench.report import lines_of, table
    from ledger.bench.run import measure

    def say(text: str) -> None:
        click.echo(f"{time.monotonic() - began:6.1f} s  {text}")

    bed = bed_of(stack, Settings.from_env(stack.env), started_at, say)
    machine = _machine(bed)
    bed.say(
        f"Up. {machine['cores']} cores, Python {machine['python']}, PostgreSQL {machine['postgres']}, syncs to disk"
    )
    results = measure(bed, effort)
    lines = lines_of(results)
    click.echo("\n" + "\n".join(table(lines)))
    return {
        "started_at": started_at.isoformat(timespec="seconds"),
        "effort": effort.name,
        "machine": machine,
        "lines": [line.as_json() for line in lines],
        "figures": results.as_json(),
    }


def bed_of(stack: BenchStack, settings: Settings, now: datetime, say: Callable[[str], None]) -> Bed:
    """The stack as the measurements see it, with a key for each agency that they act as."""
    from ledger.services.load_pack import load_pack

    return Bed(
        port=settings.port,
        live_port=settings.live_port,
        peer_port=stack.peer_port,
        server_url=stack.server_url,
        keys=_issue_keys(settings, now),
        today=now.date(),
        web_workers=settings.web_workers,
        web_threads=settings.web_threads,
        pack=load_pack(settings.pack_folder),
        chance=os.urandom,
        without_detection=stack.without_detection,
        parts=stack.parts,
        run_module=stack.run_module,
        sign_in=lambda number: _sign_in(settings, number),
        end_peer=stack.end_peer,
        say=say,
    )


def _issue_keys(settings: Settings, now: datetime) -> dict[str, str]:
    from ledger.services.authenticate import SCOPES
    from ledger.services.issue_key import issue_key
    from ledger.store.database import connect_engine

    engine = connect_engine(settings.admin_database_url, "ledger_admin", pool_size=1)
    try:
        return {
            agency: issue_key(
                engine, os.urandom, agency=agency, scopes=list(SCOPES), now=now, lifetime=timedelta(hours=2)
            )[1]
            for agency in _AGENCIES
        }
    finally:
        engine.dispose()


def _sign_in(settings: Settings, number: int) -> list[str]:
    from ledger.services.enrol import add_person
    from ledger.services.sign_in import SESSION_COOKIES, Way, begin_session
    from ledger.store.database import connect_engine, transaction

    admin = connect_engine(settings.admin_database_url, "ledger_admin", pool_size=1)
    web = connect_engine(settings.web_database_url, "ledger_web", pool_size=1)
    cookies = []
    try:
        for one in range(number):
            agency, ref = "duty" if one % 10 == 0 else _AGENCIES[one % 2], f"reader{one}"
            person = add_person(admin, os.urandom, agency=agency, ref=ref, name=ref, role="reader")
            with transaction(web, party=None) as connection:
                token = begin_session(connection, person, Way.LINK, os.urandom, datetime.now(UTC))
            cookies.append(f"{SESSION_COOKIES[1]}={token}")
    finally:
        admin.dispose()
        web.dispose()
    return cookies


def _machine(bed: Bed) -> dict[str, Any]:
    with bed.connect() as driver:
        version = driver.execute(b"SHOW server_version").fetchall()[0][0]
    return {
        "cores": os.cpu_count(),
        "memory_mib": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // (1024 * 1024),
        "system": platform.system(),
        "processor": platform.machine(),
        "python": platform.python_version(),
        "postgres": version.split()[0],
        "web_workers": bed.web_workers,
        "web_threads": bed.web_threads,
    }


@bench.command(hidden=True)
@click.option("--fd", "descriptor", type=int, required=True)
def peer(descriptor: int) -> None:
    """Serve the bare peer as `ledger web` serves the ledger; started by `ledger bench`."""
    from gunicorn.app.base import BaseApplication

    from config import log
    from config.gunicorn import options
    from ledger.bench.peer import bare_app

    log.configure()
    settings = Settings.from_env(os.environ)

    class PeerApplication(BaseApplication):  # type: ignore[misc] # gunicorn has no types
        def load_config(self) -> None:
            for name, value in options(settings, descriptor).items():
                self.cfg.set(name, value)
            self.cfg.set("post_fork", lambda _server, worker: die_with_parent(parent=worker.ppid))

        def load(self) -> object:
            return bare_app(os.environ[PEER_URL])

    PeerApplication(prog="ledger bench peer").run()


@bench.command()
@click.option("--quick", is_flag=True, help="Smaller trees and exports.")
def proofs(*, quick: bool) -> None:
    """Measure the log's tree beside pymerkle's, where that can be imported, and `ledger verify`; starts no servers."""
    from ledger.bench.proofs import lines_of_proofs, prove, verify_log, verify_record
    from ledger.bench.report import table

    sizes, entries, record = (
        ((10_000, 100_000), 100_000, 10_000) if quick else ((100_000, 1_000_000), 1_000_000, 100_000)
    )
    proving = prove(sizes, click.echo)
    verified = [verify_log(entries, click.echo), verify_record(record, click.echo)]
    click.echo("\n" + "\n".join(table(lines_of_proofs(proving, verified))))
