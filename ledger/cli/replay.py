"""`ledger replay`: a child's record as it came to be known, step by step, for an auditor at a terminal.

It reads as the auditors' role and through the same services as the interface: what markings hold back is not shown,
and the look is recorded, as that of the auditor who is named, before anything is printed.
"""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

if TYPE_CHECKING:
    from ledger.services.context import Context
    from ledger.services.describe_entry import Names
    from ledger.services.find_as_of import PointAsked
    from ledger.services.replay import Opening
    from ledger.store.people import Agency

_REASON_MOST = 200


@dataclass(frozen=True)
class _Session:
    """Who reads what, and how."""

    context: "Context"
    opening: "Opening"
    record_id: UUID
    names: "Names"
    directory: "Mapping[str, Agency]"


@click.command()
@click.argument("child")
@click.option("--as", "person", required=True, metavar="AGENCY/PERSON", help="Which auditor looks.")
@click.option("--reason", required=True, help="Why; it stands with who looked. At most 200 characters.")
@click.option("--known-at", "known_at", metavar="MOMENT", help="As known at this moment, or the end of this day.")
@click.option("--valid-at", "valid_at", metavar="MOMENT", help="What is held is told of this moment, or day's noon.")
@click.option("--known-by", "known_by", metavar="AGENCY", help="Only what this agency had posted, been sent, opened.")
@click.option("--diff", nargs=2, metavar="A B", help="What differs between two points: numbers, moments or days.")
@click.option("--step", is_flag=True, help="Wait for Enter after each step.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, as the interface gives them.")
def replay(  # noqa: PLR0913 - one for each option
    *,
    child: str,
    person: str,
    reason: str,
    known_at: str | None,
    valid_at: str | None,
    known_by: str | None,
    diff: tuple[str, str] | None,
    step: bool,
    as_json: bool,
) -> None:
    """Show how CHILD's record, named by its id or pseudonym, came to be known.

    Each step is an entry, with who then holds what on the questions that it touches, or what the ledger found, with how
    much was open. Exits with 1 where the record, the point or the auditor is not there.
    """
    if diff is not None and known_by is not None:
        raise click.UsageError("--diff and --known-by do not go together")
    moment, valid = _moment(known_at, "--known-at"), _moment(valid_at, "--valid-at", noon=True)
    with _session(child, person, reason) as session:
        if diff is not None:
            found = _differing(session, diff, valid, as_json=as_json)
        elif known_by is not None:
            found = _known(session, moment, valid, known_by)
        else:
            found = _frames(session, moment, valid, as_json=as_json)
        _show(found, step=step, as_json=as_json)


#: A thing to show: as JSON, and as lines.
_Shown = tuple[dict[str, Any], list[str]]


def _frames(
    session: _Session, known_at: datetime | None, valid_at: datetime | None, *, as_json: bool
) -> Iterator[_Shown]:
    from ledger.cli.report_replay import Headlines
    from ledger.services.replay import ReplayAsked
    from ledger.services.replay import replay as play

    asked, context = ReplayAsked(known_at, valid_at=valid_at), session.context
    directory, told = None if as_json else session.directory, Headlines(session.names)
    for frame in play(
        session.opening, session.record_id, asked, pack=context.pack, chance=context.chance, directory=directory
    ):
        if "stopped" in frame:
            raise click.ClickException(frame["stopped"]["detail"])
        if "frame" in frame:
            yield frame, list(told.frame_lines(frame))
        else:
            as_of = frame["end"]["as_of"]
            yield frame, [_point(as_of), _read_back(session, as_of)]


def _known(session: _Session, known_at: datetime | None, valid_at: datetime | None, agency: str) -> Iterator[_Shown]:
    from ledger.cli.report_replay import known_lines
    from ledger.services.known_by import KnownBy
    from ledger.services.read_timeline import LIMIT_MAX, Question, read_timeline

    context, after = session.context, 0
    question = Question(known_at, valid_at=valid_at, limit=LIMIT_MAX, known_by=KnownBy(agency))
    while True:
        with session.opening() as (connection, reader):
            told = read_timeline(
                connection, reader, session.record_id, question, pack=context.pack, chance=context.chance
            )
        yield told, list(known_lines(told, session.names))
        if told["next"] is None:
            yield {"known_by": told["known_by"]}, [told["known_by"]["words"], _point(told["as_of"])]
            return
        point, after = told["as_of"], told["next"]
        by = KnownBy(agency, datetime.fromisoformat(told["known_by"]["read_until"]))
        question = Question(number=point["number"], valid_at=valid_at, after=after, limit=LIMIT_MAX, known_by=by)


def _differing(
    session: _Session, ends: tuple[str, str], valid_at: datetime | None, *, as_json: bool
) -> Iterator[_Shown]:
    from ledger.cli.report_replay import difference_lines
    from ledger.services.differences import Between, differences

    context, between = session.context, Between(_end(ends[0]), _end(ends[1]), valid_at)
    with session.opening() as (connection, reader):
        told = differences(
            connection,
            reader,
            session.record_id,
            between,
            pack=context.pack,
            chance=context.chance,
            directory=None if as_json else session.directory,
        )
    yield told, list(difference_lines(told, session.names))


def _show(found: Iterator[_Shown], *, step: bool, as_json: bool) -> None:
    from ledger.services.word_text import visible_json

    for one, lines in found:
        click.echo(visible_json(json.dumps(one, ensure_ascii=False)) if as_json else "\n".join(lines))
        if step and not sys.stdin.readline():
            return


def _read_back(session: _Session, as_of: dict[str, Any]) -> str:
    """That every stored byte up to a point was read and holds; an error where it does not."""
    from ledger.domain.entry import ChainBrokenError
    from ledger.services.read_back import read_record_back

    try:
        with session.opening() as (connection, _):
            found = read_record_back(connection, session.record_id, as_of["number"])
    except ChainBrokenError as error:
        raise click.ClickException(f"the record does not hold: {error}") from error
    whole = f"{found.entries} entries, {found.size:,} bytes, in one chain"
    return click.style(f"{whole} that ends in this hash", dim=True)


def _point(as_of: dict[str, Any]) -> str:
    return click.style(f"As known at {as_of['number']}, hash {as_of['hash']}", dim=True)


# ── who, and of what ──


@contextmanager
def _session(child: str, person: str, reason: str) -> Iterator[_Session]:
    """The auditors' database and the auditor who looks. What is wrong becomes one plain line."""
    from sqlalchemy.exc import OperationalError, ProgrammingError

    from ledger.cli.environment import current_settings
    from ledger.services.context import Context
    from ledger.services.load_pack import PackLoadError, load_pack
    from ledger.services.refusal import RefusedError
    from ledger.store.database import connect_engine

    if not reason.strip() or len(reason) > _REASON_MOST or not reason.isprintable():
        raise click.UsageError(f"Say why in words, at most {_REASON_MOST} characters, on one line.")
    settings = current_settings()
    engine = connect_engine(settings.auditor_database_url, "ledger_auditor", pool_size=2)
    try:
        pack = load_pack(settings.pack_folder)
        context = Context(engine, pack, os.urandom, lambda: datetime.now(UTC), _NoBell(), auditor=engine)
        yield _opened(context, child, person, reason)
    except PackLoadError as error:
        raise click.ClickException(str(error)) from error
    except RefusedError as error:
        raise click.ClickException(error.refusal.detail) from error
    except ProgrammingError as error:
        raise click.ClickException(
            "this database does not hold the ledger's schema, or its login may not read as the auditing role"
        ) from error
    except OperationalError as error:
        raise click.ClickException("the database does not answer; ledger doctor says which it is") from error
    finally:
        engine.dispose()


class _NoBell:
    """Nothing is written that anybody need be woken for."""

    def ring(self) -> None:
        """Nothing."""


def _opened(context: "Context", child: str, person: str, reason: str) -> _Session:
    from ledger.domain.role import Right, Role
    from ledger.services.describe_entry import Names
    from ledger.services.reading import reading
    from ledger.services.word_text import visible
    from ledger.store.append import Caller
    from ledger.store.exports import record_named
    from ledger.store.party import AUDITOR, act_for
    from ledger.store.people import directory, person_named

    agency, slash, ref = person.partition("/")
    if not slash or not ref:
        raise click.UsageError("--as is AGENCY/PERSON: the agency's reference, and its reference for the person.")
    with context.engine.connect() as connection:
        act_for(connection, AUDITOR)
        found, record_id = person_named(connection, agency, ref), _id(child) or record_named(connection, child)
        agencies = directory(connection)
    if found is None or Role.AUDITOR not in found.standing:
        raise click.ClickException(f"{person} is no auditor of this ledger: ledger person give says who is")
    if record_id is None:
        raise click.ClickException("there is no child's record by this id or pseudonym")
    caller = Caller(
        agency,
        found.partnership,
        kind=found.agency_kind,
        person_id=found.person_id,
        person_ref=ref,
        roles=found.standing,
    )
    names = Names({name: visible(one.name) for name, one in agencies.items()}, {})
    return _Session(context, lambda: reading(context, caller, Right.READ, purpose=reason), record_id, names, agencies)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _end(text: str) -> "PointAsked":
    from ledger.services.find_as_of import PointAsked

    return PointAsked(number=int(text)) if text.isdecimal() and len(text) < 16 else PointAsked(_moment(text, "--diff"))


def _moment(text: str | None, option: str, *, noon: bool = False) -> datetime | None:
    from ledger.domain.edtf import EdtfError, observed_bounds

    if text is None:
        return None
    try:
        start, end = observed_bounds(text)
    except EdtfError as error:
        raise click.UsageError(f"{option}: {error.reason}") from error
    if end - start < timedelta(hours=20):
        return datetime.fromisoformat(text.upper())
    return start + (end - start) / 2 if noon else end - timedelta(microseconds=1)
