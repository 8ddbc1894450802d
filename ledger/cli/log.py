"""The log's keys, how it stands, and what its operator does when the sealer will not go on by itself."""

import base64
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import click
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError, ProgrammingError

from config.settings import Settings, SettingsError
from ledger.cli.administer import admin_engine
from ledger.cli.announce import log_announce
from ledger.cli.environment import current_environment, current_settings
from ledger.cli.sealer import signer_of
from ledger.cli.show_witnesses import witness_lines
from ledger.domain.entry import written_time
from ledger.domain.log.note import vkey_of
from ledger.domain.log.policy import Policy
from ledger.domain.log.receipt import receipt_name
from ledger.services.adopt_log import adopt_both, look_through
from ledger.services.announce_log import public_of
from ledger.services.hold_head import HeadNotHeldError, NotAdoptedError, check_head, told
from ledger.services.kept_head import KeptHeads, StoreBrokenError, StoreInUseError, read_head
from ledger.services.read_policy import PolicyFileError, read_policy
from ledger.services.reopen_log import reopen
from ledger.services.sign_log import LogSigner, origin_of_log
from ledger.store.database import connect_engine
from ledger.store.log import LOGS, Log, asks_witnesses, closures, newest, published, tree_size, waiting
from ledger.store.sealing import origin_of, take_the_lock

_NAMES = {"entries": "Entries", "access": "Recorded reads"}
_STOP_FIRST = "stop it first; with ledger up: stop that, then ledger up --adopt SIZE"


@click.group("log")
def log() -> None:
    """Make the log's keys; say how the log stands; take it over into a new store; reopen a closed ledger."""


log.add_command(log_announce)


@log.group("key")
def log_key() -> None:
    """Make and show the keys that sign the log and receipts."""


@log_key.command("new")
def key_new() -> None:
    """Print a new key (an Ed25519 seed in URL-safe base64): keep it in a file for LEDGER_LOG_KEY_FILE, or for
    LEDGER_RECEIPT_KEY_FILE, and a copy where the machine's loss does not reach.
    """
    click.echo(base64.urlsafe_b64encode(os.urandom(32)).decode())


@log_key.command("show")
def key_show() -> None:
    """Print the verifier keys of the keys that are set here, for auditors, agencies and witnesses."""
    settings = current_settings()
    with admin_engine() as engine, engine.connect() as connection:
        origin = _origin(connection)
    if settings.log.key is None and settings.log.receipt_key is None:
        raise click.ClickException("neither LEDGER_LOG_KEY nor LEDGER_RECEIPT_KEY is set here")
    if settings.log.key is not None:
        for name in LOGS:
            click.echo(f"{_NAMES[name]}: {LogSigner(settings.log.key).vkey(origin_of_log(origin, name))}")
    if settings.log.receipt_key is not None:
        click.echo(f"Receipts: {vkey_of(receipt_name(origin), public_of(settings.log.receipt_key))}")


@log.command("status")
def log_status() -> None:
    """Say of both logs how much is signed, since when, by whom it is cosigned, and how much waits; and any closure."""
    settings = current_settings()
    try:
        policy = read_policy(settings.log.policy)
    except PolicyFileError as error:
        raise click.ClickException(str(error)) from error
    with admin_engine() as engine, engine.connect() as connection:
        for name in LOGS:
            click.echo(f"{_NAMES[name]}:")
            for line in _standing(connection, name, policy):
                click.echo(f"  {line}")
            kept = _kept(settings, name)
            click.echo(f"  {kept}")
        for line in witness_lines(connection, policy):
            click.echo(line)
        standing = closures(connection)
    for one in standing:
        which = "" if one.from_index is None else f", from index {one.from_index}"
        which += "" if one.to_index is None else f" to {one.to_index - 1}"
        click.echo(f"CLOSED since {written_time(one.closed_at)}: {one.why}, {_NAMES[one.log].lower()}{which}")
    if standing:
        raise SystemExit(1)


@log.command("adopt")
@click.option("--at-least", "entries", type=click.IntRange(0), required=True, metavar="SIZE",
              help="So many entries are in the log, as somebody outside knows; 0: nobody does.")  # fmt: skip
@click.option("--reads-at-least", "reads", type=click.IntRange(0), default=0, metavar="SIZE",
              help="The same of recorded reads.  [default: 0]")  # fmt: skip
def log_adopt(*, entries: int, reads: int) -> None:
    """Go through all of both logs, and go on from their last checkpoints with a store that lacks them.

    Stop the sealer first. This trusts the database as it is, and it may be an older one: then numbers that were
    acknowledged are given to other entries, and the log becomes another history. So SIZE is what somebody else has:
    the largest checkpoint that a witness cosigned or an auditor or agency kept. A database that holds less is refused.
    With 0 nothing is held against it.

    With `ledger up` and its own database: ledger up --adopt SIZE.
    """
    try:
        settings = Settings.from_env(current_environment())
    except SettingsError as error:
        raise click.ClickException(f"{error}. With the database of ledger up: ledger up --adopt SIZE") from error
    for line in adopted(settings, entries, reads):
        click.echo(line)


def adopted(settings: Settings, entries: int, reads: int) -> list[str]:
    """Take over both logs, which hold at least so many entries and recorded reads: what is told of it.

    Raises ClickException.
    """
    signer = signer_of(settings)
    with _sealing(settings) as connection, _opened(settings) as store:
        with connection.begin():
            is_alone, origin = take_the_lock(connection), _origin(connection)
        if not is_alone:
            raise click.ClickException(f"a sealer is at work: {_STOP_FIRST}")
        wanted: dict[Log, int] = {"entries": entries, "access": reads}
        sizes = adopt_both(connection, store, origin, signer, wanted, _progress)
        return [
            *(
                f"{_NAMES[name]}: {size} signed, and the database agrees with itself up to there"
                + (f"; it holds the {wanted[name]} that were asked for." if wanted[name] else ".")
                for name, size in sizes.items()
            ),
            "Whether more was signed than that, no database can tell"
            + ("." if entries else ": nothing from outside was held against it."),
            f"The store is {store.folder}.",
        ]


@log.command("reopen")
def log_reopen() -> None:
    """Take entries again, once everything that was signed is there: it is gone through first."""
    settings = current_settings()
    signer = signer_of(settings)
    with _sealing(settings) as connection:
        with connection.begin():
            origin = _origin(connection)
        for name in LOGS:
            kept = read_head(settings.log.store, name)
            with connection.begin():
                check_head(connection, name, kept, origin_of_log(origin, name))
            looked = look_through(connection, name, origin_of_log(origin, name), signer, _progress)
            click.echo(f"{_NAMES[name]}: {looked.size} placed, all of them are there.")
    with admin_engine() as engine:
        lifted = reopen(engine, os.urandom)
    click.echo("The ledger takes entries again." if lifted else "The ledger was not closed.")


def _standing(connection: Connection, name: Log, policy: Policy | None) -> Iterator[str]:
    last, left = newest(connection, name, policy), waiting(connection, name)
    if last is None:
        yield "nothing was signed yet"
    else:
        yield f"{last.size} signed, last at {_when(last.signed_at)}, root {last.root.hex()}"
    placed = tree_size(connection, name) - (0 if last is None else last.size)
    if placed:
        yield f"{placed} placed and not signed yet"
    yield f"{left.count} waiting" + (f", for {left.seconds:.1f} s" if left.count else "")
    if asks_witnesses(policy):
        shown = published(connection, name, policy)
        size = "none" if shown is None else f"{shown.size}, signed at {_when(shown.signed_at)}"
        yield f"the last that enough witnesses cosigned: {size}"


def _kept(settings: Settings, name: Log) -> str:
    try:
        head = read_head(settings.log.store, name)
    except StoreBrokenError as error:
        return str(error)
    return "no store of the sealer's here" if head is None else f"the sealer's store here holds {head.size}"


def _when(moment: datetime) -> str:
    return written_time(moment)


@contextmanager
def _sealing(settings: Settings) -> Iterator[Connection]:
    """A connection as the sealer; a refusal becomes one plain line."""
    engine = connect_engine(settings.sealer_database_url, "ledger_sealer", pool_size=1)
    try:
        with engine.connect() as connection:
            connection.detach()
            yield connection
    except HeadNotHeldError as fault:
        raise click.ClickException(f"{told(fault, settings.log.store)} ({_place(fault)})") from fault
    except (NotAdoptedError, StoreBrokenError) as error:
        raise click.ClickException(str(error)) from error
    except ProgrammingError as error:
        raise click.ClickException("this database does not hold the ledger's schema: run ledger migrate") from error
    except OperationalError as error:
        raise click.ClickException("the database does not answer; ledger doctor says which it is") from error
    finally:
        engine.dispose()


@contextmanager
def _opened(settings: Settings) -> Iterator[KeptHeads]:
    try:
        with KeptHeads(settings.log.store) as store:
            yield store
    except StoreInUseError as error:
        raise click.ClickException(f"a sealer has the store open: {_STOP_FIRST}") from error


def _origin(connection: Connection) -> str:
    origin = origin_of(connection)
    if origin is None:
        raise click.ClickException("no ledger was opened here yet: ledger partnership open")
    return origin


def _place(fault: HeadNotHeldError) -> str:
    return fault.why if fault.from_index is None else f"{fault.why} from index {fault.from_index}"


def _progress(done: int, of: int) -> None:
    click.echo(f"{done:,} of {of:,}", err=True)
