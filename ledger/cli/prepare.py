"""What `ledger up` has done between the database and the processes: migrate, then open the ledger.

A process of its own, so that what it imports does not stay in the supervisor's memory. It says what it did as one
JSON object a line; sign-in links pass through this pipe and nowhere else.
"""

import json
import time
from typing import NoReturn

import click

from config.settings import Settings
from ledger.cli.environment import current_settings


@click.command(hidden=True)
@click.option("--demo", is_flag=True, help="Open a demonstration ledger for the published cases.")
@click.option("--embedded", is_flag=True, help="The database is this stack's own.")
@click.option("--adopt", "entries", type=click.IntRange(0), help="Take over the log, of so many entries at least.")
@click.option("--adopt-reads", "reads", type=click.IntRange(0), default=0, help="And of so many recorded reads.")
def prepare(*, demo: bool, embedded: bool, entries: int | None, reads: int) -> None:
    """Migrate and open the ledger; a line for each."""
    from ledger.services.kept_head import StoreBrokenError
    from ledger.services.load_pack import PackLoadError
    from ledger.services.read_policy import PolicyFileError
    from ledger.services.refusal import RefusedError
    from ledger.store.append import ClosedError
    from ledger.store.migrate import CannotMigrateError

    try:
        _prepare(current_settings(), demo=demo, embedded=embedded, known=None if entries is None else (entries, reads))
    except PackLoadError as error:
        _refuse(f"the rule pack cannot be used:\n{error}")
    except (CannotMigrateError, PolicyFileError, StoreBrokenError) as error:
        _refuse(str(error))
    except RefusedError as error:
        _refuse(error.refusal.detail)
    except ClosedError:
        # It can be read, and must run to be reopened.
        _say(part="ledger", text="closed, so nothing is added to it; once it holds what was signed: ledger log reopen")


def _prepare(settings: Settings, *, demo: bool, embedded: bool, known: tuple[int, int] | None) -> None:
    from ledger.cli.opening import existing_kind, open_embedded
    from ledger.services.load_pack import load_pack
    from ledger.store.migrate import let_roles_log_in, upgrade

    began = time.monotonic()
    load_pack(settings.pack_folder)
    revision = upgrade(settings.database_url)
    if embedded:
        let_roles_log_in(settings.database_url)
    _say(part="schema", text=f"at {revision}", seconds=time.monotonic() - began)
    _hold(settings, known)
    began = time.monotonic()
    kind = existing_kind(settings)
    if kind == "demonstration" or embedded or demo:
        links = open_embedded(settings, demo)
        _say(part="ledger", text="open, a demonstration", seconds=time.monotonic() - began)
        for link in links:
            _say(link={"name": link.name, "role": link.role, "url": settings.base_url + link.path})
    elif kind is None:
        # A database of somebody's own is never made a demonstration unasked: that could not be taken back.
        _say(part="ledger", text="none here yet: open one with 'ledger partnership open', or --demo")
    else:
        _say(part="ledger", text="open")
    if existing_kind(settings) is not None:
        _announce(settings)


def _hold(settings: Settings, known: tuple[int, int] | None) -> None:
    """End this start where the database does not hold what was signed, which closes the ledger, and where nothing at
    hand says whether it does: before anything is served, since what it gave out would have to be taken back.
    """
    from ledger.services.hold_head import hold_to_store, lacks_store
    from ledger.store.database import connect_engine

    engine = connect_engine(settings.admin_database_url, "ledger_admin", pool_size=1)
    try:
        told = hold_to_store(engine, settings.log.store)
        if told is not None:
            _refuse(told)
        if known is not None:
            _adopt(settings, *known)
        why = lacks_store(engine, settings.log.store)
    finally:
        engine.dispose()
    if why is not None:
        _refuse(
            f"{why} ({settings.log.store}). So nothing here tells whether this database is an older one, in which "
            "numbers that were acknowledged would be given out again. Nothing is served. Put the store back as it was "
            "last. If it is lost for good, ask witnesses, auditors and agencies for the largest checkpoint that they "
            "have, and take the log over (ledger log adopt) with its size: ledger up --adopt SIZE"
        )


def _adopt(settings: Settings, entries: int, reads: int) -> None:
    """Take the log over into the store at hand; what of it is told."""
    from ledger.cli.log import adopted

    try:
        lines = adopted(settings, entries, reads)
    except click.ClickException as error:
        _refuse(error.message)
    for line in lines:
        _say(part="log", text=line)


def _announce(settings: Settings) -> None:
    """Have the keys that this stack signs with stand in the ledger, where they do not yet."""
    from ledger.cli.announce import announce_own
    from ledger.store.database import connect_engine

    engine = connect_engine(settings.admin_database_url, "ledger_admin", pool_size=1)
    try:
        announce_own(engine, settings)
    finally:
        engine.dispose()


def _refuse(why: str) -> NoReturn:
    _say(error=why)
    raise SystemExit(1)


def _say(**what: object) -> None:
    click.echo(json.dumps(what))
