"""`ledger export`: a child's record, or the whole log, as files that anybody can check without this ledger.

It is taken by a person who may, named with --as, and recorded as theirs. What is made is written beside the place that
was asked for, and has its name once all of it is on the disk.
"""

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import click
from sqlalchemy.exc import OperationalError, ProgrammingError

from config.settings import Settings
from ledger.cli.administer import admin_engine
from ledger.cli.environment import current_settings
from ledger.domain.cap import Caps
from ledger.domain.edtf import EdtfError, observed_bounds
from ledger.domain.glass import says_why
from ledger.domain.role import Role, follow
from ledger.services.context import Context
from ledger.services.export_files import Folder, Parcel, Zip, fsync
from ledger.services.export_log import export_log
from ledger.services.export_proofs import ProofBrokenError
from ledger.services.export_record import Wanted, export_record
from ledger.services.load_pack import PackLoadError, load_pack
from ledger.services.read_policy import PolicyFileError, read_policy
from ledger.services.receive import signer_for
from ledger.services.refusal import RefusedError
from ledger.services.reset_sign_in import find_person
from ledger.services.ring import bell_for
from ledger.store import people
from ledger.store.append import Caller
from ledger.store.database import connect_engine
from ledger.store.exports import record_named
from ledger.store.log import LOGS, Log

_AUDITOR = "auditor"
_EVERY_S = 0.2
_REASON_MOST = 200
_TO = click.option("--to", "to", required=True, type=click.Path(path_type=Path), help="A folder, or FILE.zip.")
_AS = click.option("--as", "person", required=True, metavar="AGENCY/PERSON", help="Who takes it.")
_REASON = click.option("--reason", required=True, help="Why; it stands with who looked. At most 200 characters.")


@click.group()
def export() -> None:
    """Take a child's record, or the log, away as files."""


@export.command("record")
@click.argument("child")
@click.option("--for", "recipient", required=True, metavar="AGENCY|auditor", help="For whose eyes it is made.")
@click.option("--known-at", "known_at", help="As known at this moment, or at the end of this day.")
@click.option("--as-of", "number", type=click.IntRange(1), help="As known at this number of the record.")
@_TO
@_AS
@_REASON
def export_record_command(
    *, child: str, recipient: str, known_at: str | None, number: int | None, to: Path, person: str, reason: str
) -> None:
    """CHILD's record, by its id or pseudonym: its entries with proofs, and a chronology to read and to print."""
    if known_at is not None and number is not None:
        raise click.UsageError("Name the point in one way: --known-at or --as-of.")
    moment = None if known_at is None else _moment(known_at)
    with _acting(person, reason) as (context, who):
        if recipient != (_AUDITOR if Role.AUDITOR in who.roles else who.agency):
            raise click.ClickException(f"{person} can take a copy for their own agency, or as an auditor for auditors")
        wanted = Wanted(_record(context, child), reason, known_at=moment, number=number)
        with _placed(to) as parcel, _watched() as watch:
            copy = export_record(context, who, wanted, parcel, progress=watch)
    click.echo(f"Entries 1 to {copy.number} of {copy.pseudonym}, under the log at size {copy.size}: {to}")
    click.echo(f"Recorded as {copy.entry.entry_id}. SHA-256 of export.json: {copy.sha256}")


@export.command("log")
@click.option("--log", "log", type=click.Choice(LOGS), default="entries", show_default=True)
@_TO
@_AS
@_REASON
def export_log_command(log: Log, to: Path, person: str, reason: str) -> None:
    """The whole log, for an auditor: entries without content, or who read what in their partnership."""
    with _acting(person, reason) as (context, who), admin_engine() as admin, _placed(to) as parcel, _watched() as watch:
        copy = export_log(context, admin, who, log, reason, parcel, progress=watch)
    click.echo(f"The log of {log} at size {copy.size}: {to}")
    click.echo(f"SHA-256 of export.json: {copy.sha256}")


# ── who, and of what ──


@contextmanager
def _acting(person: str, reason: str) -> Iterator[tuple[Context, Caller]]:
    """The ledger as a web process has it, and the person who takes the copy. What is wrong becomes one plain line."""
    if not says_why(reason) or len(reason) > _REASON_MOST or not reason.isprintable():
        raise click.UsageError(f"Say why, in two words or more, at most {_REASON_MOST} characters, on one line.")
    settings = current_settings()
    if settings.log.receipt_key is None:
        raise click.ClickException("exports are signed with the receipt key: set LEDGER_RECEIPT_KEY as for ledger web")
    context = _context(settings, settings.log.receipt_key)
    try:
        yield context, _caller(context, person)
    except RefusedError as error:
        raise click.ClickException(error.refusal.detail) from error
    except ProofBrokenError as error:
        raise click.ClickException(f"nothing was exported: {error}. Ask: ledger audit") from error
    except ProgrammingError as error:
        raise click.ClickException("this database does not hold the ledger's schema: run ledger migrate") from error
    except OperationalError as error:
        raise click.ClickException("the database does not answer; ledger doctor says which it is") from error
    finally:
        context.engine.dispose()
        if context.auditor is not None:
            context.auditor.dispose()


def _context(settings: Settings, receipt_key: bytes) -> Context:
    engine = connect_engine(settings.web_database_url, "ledger_web", pool_size=2)
    try:
        pack, policy = load_pack(settings.pack_folder), read_policy(settings.log.policy)
    except (PackLoadError, PolicyFileError) as error:
        raise click.ClickException(str(error)) from error
    return Context(
        engine,
        pack,
        os.urandom,
        lambda: datetime.now(UTC),
        bell_for(settings.broker_url),
        auditor=connect_engine(settings.auditor_database_url, "ledger_auditor", pool_size=2),
        caps=Caps(
            settings.person_hour_reads,
            settings.person_day_reads,
            settings.agency_hour_reads,
            settings.agency_day_reads,
        ),
        receipts=signer_for(engine, receipt_key),
        log_policy=policy,
    )


def _caller(context: Context, person: str) -> Caller:
    agency, slash, ref = person.partition("/")
    if not slash or not ref:
        raise click.UsageError("--as is AGENCY/PERSON: the agency's reference, and its reference for the person.")
    with admin_engine() as admin:
        found = find_person(admin, agency, ref)
    with context.engine.connect() as connection:
        known = people.person(connection, found.person_id)
    assert known is not None, "found by the reference"
    return Caller(
        agency,
        known.partnership,
        kind=known.agency_kind,
        person_id=known.person_id,
        person_ref=ref,
        roles=follow(known.standing, at_desk=known.is_duty_desk),
    )


def _record(context: Context, child: str) -> UUID:
    try:
        return UUID(child)
    except ValueError:
        with context.engine.connect() as connection:
            found = record_named(connection, child)
    if found is None:
        raise click.ClickException("there is no record by this id or pseudonym")
    return found


def _moment(text: str) -> datetime:
    try:
        start, end = observed_bounds(text)
    except EdtfError as error:
        raise click.UsageError(f"--known-at: {error.reason}") from error
    is_day = end - start >= timedelta(hours=20)
    return end - timedelta(microseconds=1) if is_day else datetime.fromisoformat(text.upper())


# ── where to ──


@contextmanager
def _placed(to: Path) -> Iterator[Parcel]:
    """A parcel beside the place asked for, which takes that place once it is whole and on the disk; else it is gone."""
    to = to.absolute()
    is_empty_folder = to.suffix != ".zip" and to.is_dir() and not any(to.iterdir())
    if os.path.lexists(to) and not is_empty_folder:
        raise click.ClickException(f"{to} is there already: name a place that is not, or an empty folder")
    if not to.parent.is_dir():
        raise click.ClickException(f"there is no folder {to.parent}")
    beside = to.with_name(f".{to.name}.{os.urandom(4).hex()}.part")
    try:
        yield from _filled(beside, is_zip=to.suffix == ".zip")
        beside.rename(to)
        fsync(to.parent)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True) if beside.is_dir() else beside.unlink(missing_ok=True)
        raise


def _filled(beside: Path, *, is_zip: bool) -> Iterator[Parcel]:
    if not is_zip:
        folder = Folder(beside)
        yield folder
        folder.close()
        return
    with os.fdopen(os.open(beside, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
        with closing(Zip(file)) as parcel:
            yield parcel
        os.fsync(file.fileno())


class _Line:
    """Says how far it is on standard error, on one line that changes."""

    def __init__(self, say: Callable[[str], object]) -> None:
        self._say, self._said_at, self.width = say, time.monotonic(), 0

    def at(self, what: str, done: int, total: int) -> None:
        """So much of so much is done."""
        if time.monotonic() - self._said_at < _EVERY_S:
            return
        self._said_at, line = time.monotonic(), f"{done} of {total} {what}"
        self.width = max(self.width, len(line))
        self._say(f"\r{line:<{self.width}}")


@contextmanager
def _watched() -> Iterator[_Line]:
    is_watched = sys.stderr.isatty()

    def say(text: str) -> None:
        if is_watched:
            sys.stderr.write(text)
            sys.stderr.flush()

    line = _Line(say)
    try:
        yield line
    finally:
        if line.width:
            say(f"\r{'':<{line.width}}\r")
