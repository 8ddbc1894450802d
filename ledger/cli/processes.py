"""The processes of a deployment: web, worker, beat, sealer, live, and the migration that goes before them.

`ledger up` starts these very strings, and so does whoever runs them singly, many of each, against one PostgreSQL and
one Redis. A process that finds itself superuser or owner of the ledger's tables does not serve.
"""

import gc
import importlib
import os
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import click

from config.log_settings import RECEIPT_KEY
from config.settings import Settings
from ledger.cli.environment import current_settings
from ledger.stack.child import die_with_parent
from ledger.stack.notice import notify_ready

if TYPE_CHECKING:
    from ledger.domain.pack import Pack

#: After how long a worker whose broker ended it asks for the broker again.
BROKER_PAUSE_S = 5.0

PROCESS_COMMANDS: Mapping[str, str] = {
    "migrate": "ledger migrate",
    "web": "ledger web",
    "worker": "ledger worker",
    "beat": "ledger beat",
    "sealer": "ledger sealer",
    "live": "ledger live",
}


def argv_of(command: str) -> list[str]:
    """How to start one of the strings above with this Python and this checkout, wherever `ledger` is on the path."""
    name, *arguments = command.split()
    return [sys.executable, "-m", name, *arguments]


class CeleryApp(Protocol):
    """What is asked of the Celery application here."""

    def worker_main(self, argv: list[str]) -> None: ...
    def start(self, argv: list[str]) -> None: ...


@click.command()
def migrate() -> None:
    """Bring the database of DATABASE_URL to the newest schema."""
    _log_as_json()
    from ledger.store.migrate import CannotMigrateError, upgrade

    try:
        revision = upgrade(current_settings().database_url)
    except CannotMigrateError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"The schema is at {revision}.")


@click.command()
@click.option("--fd", "descriptor", type=int, help="Serve the socket bound to this file descriptor.")
def web(descriptor: int | None) -> None:
    """Serve the API and the pages, by a few processes of several threads each."""
    _log_as_json()
    settings = current_settings()
    # Read and imported before the processes part, so that they share the memory; each makes an engine of its own after.
    _begin_to_load()
    pack = fit_pack(settings.pack_folder)
    refuse_without_receipts(settings)
    application = importlib.import_module("ledger.app")
    refuse_unfit_role(settings.web_database_url, "ledger_web")
    _hold_to_what_was_signed(settings)

    from gunicorn.app.base import BaseApplication

    from config.gunicorn import options
    from ledger.services.begin_watch import watch_of
    from ledger.store.party import LIVE

    class WebApplication(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            for name, value in options(settings, descriptor).items():
                self.cfg.set(name, value)
            self.cfg.set("post_fork", lambda _server, worker: die_with_parent(parent=worker.ppid))

        def load(self) -> object:
            watch_of(
                "web", settings, settings.web_database_url, "ledger_web", lambda: datetime.now(UTC), party=LIVE
            ).begin()
            return application.create_app(settings, pack)

    _keep_what_is_loaded()
    WebApplication(prog="ledger web").run()


@click.command()
def worker() -> None:
    """Detect, and do whatever else is due; wakes by itself, and sooner when told."""
    _log_as_json()
    settings = current_settings()
    _begin_to_load()
    fit_pack(settings.pack_folder)
    refuse_unfit_role(settings.worker_database_url, "ledger_worker")
    from celery.signals import worker_init, worker_shutting_down

    told_to_stop: list[bool] = []
    worker_init.connect(_say_ready, weak=False)
    _celery_app()  # whose own receiver, which loads what a worker does, comes before the next
    worker_init.connect(_keep_what_is_loaded, weak=False)
    worker_shutting_down.connect(lambda **_: told_to_stop.append(True), weak=False)
    while True:
        _celery_app().worker_main(worker_arguments(settings))
        if told_to_stop:
            return
        # A broker that refuses every write ends Celery, and must not end the poll thread, which needs no broker.
        click.echo("The broker refuses to work; looking for what is due without it.", err=True)
        time.sleep(BROKER_PAUSE_S)


def worker_arguments(settings: Settings) -> list[str]:
    """How Celery runs the worker: threads, which are cheap here, and none of the chatter between workers."""
    return [
        "--quiet",
        "worker",
        "--pool=threads",
        f"--concurrency={settings.worker_threads}",
        *("--without-gossip", "--without-mingle", "--without-heartbeat"),
        "--loglevel=WARNING",
    ]


@click.command()
def beat() -> None:
    """Remind the workers of what falls due; when it is not running they find it themselves, a little later."""
    _log_as_json()
    settings = current_settings()
    folder = settings.data / "beat"
    folder.mkdir(parents=True, exist_ok=True)
    from celery.signals import beat_init

    beat_init.connect(_say_ready, weak=False)
    _celery_app().start(["--quiet", "beat", f"--schedule={folder / 'schedule'}", "--pidfile=", "--loglevel=WARNING"])


def fit_pack(folder: Path) -> "Pack":
    """The rule pack; one with faults ends this process, each with its file and line, before it serves by half of it."""
    from ledger.services.load_pack import PackLoadError, load_pack

    try:
        return load_pack(folder).without_examples()
    except PackLoadError as error:
        raise click.ClickException(f"the rule pack cannot be used:\n{error}") from error


def refuse_without_receipts(settings: Settings) -> None:
    """End this process if it could sign no receipt, or cannot read whose cosignatures are asked for."""
    from ledger.services.read_policy import PolicyFileError, read_policy

    if settings.log.receipt_key is None:
        raise click.ClickException(
            f"{RECEIPT_KEY} is not set, and what is posted is answered with a receipt: `ledger log key new` makes a key"
        )
    try:
        read_policy(settings.log.policy)
    except PolicyFileError as error:
        raise click.ClickException(str(error)) from error


def refuse_unfit_role(database_url: str, role: str) -> None:
    """End this process if it would serve as a superuser or owner; a database that is away is asked again later."""
    from sqlalchemy.exc import OperationalError

    from ledger.stack.binaries import below_patch_floor
    from ledger.store.database import UnfitRoleError, check_serving_role, connect_engine

    engine = connect_engine(database_url, role, pool_size=1)
    try:
        check_serving_role(engine)
        if below_patch_floor(tuple(map(int, engine.dialect.server_version_info or (0,)))):
            click.echo("This PostgreSQL lacks security fixes: `ledger doctor` says which.", err=True)
    except OperationalError:
        click.echo("The database does not answer yet.", err=True)
    except UnfitRoleError as error:
        raise click.ClickException(str(error)) from error
    finally:
        engine.dispose()


def _hold_to_what_was_signed(settings: Settings) -> None:
    """Close the ledger where the sealer's store, if it lies here, knows of more than the database holds.

    What there is can be read all the same, so the web serves; nothing is taken.
    """
    from ledger.services.hold_head import hold_to_store
    from ledger.services.kept_head import StoreBrokenError
    from ledger.store.database import connect_engine

    engine = connect_engine(settings.web_database_url, "ledger_web", pool_size=1)
    try:
        told = hold_to_store(engine, settings.log.store)
    except StoreBrokenError as error:
        told = str(error)
    finally:
        engine.dispose()
    if told is not None:
        click.echo(told, err=True)


def _celery_app() -> CeleryApp:
    app: CeleryApp = importlib.import_module("workers.app").app
    return app


def _begin_to_load() -> None:
    """Collect no garbage until all is loaded: it all stays, and to look through it again and again takes a quarter."""
    gc.disable()


def _keep_what_is_loaded(**_: object) -> None:
    """A collection would go through all of it each time, and write to each page that processes share."""
    gc.collect()
    gc.freeze()
    gc.enable()


def _say_ready(**_: object) -> None:
    notify_ready(os.environ)


def _log_as_json() -> None:
    from config import log

    log.configure()
