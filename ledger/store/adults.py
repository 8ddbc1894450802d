"""The rows of adults in several children's records: what an append keeps and looks up, and those that a reader sees.

A row says of which person of its record somebody said that they are in which other record too, or are not, or takes
that back. Row-level security gives the serving role those of records that the party is involved with.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, delete, func, insert, select

from ledger.store.append import Statement
from ledger.store.tables import adult_comparisons, adult_proposals, adults

Place = tuple[UUID, int]

_INSERT: Final = """
    INSERT INTO ledger.adults
        (record_id, number, of_number, move, agency_id, recorded_at, adult_id, person, other_record)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"""
_COLUMNS: Final = "record_id, number, of_number, move, agency_id, recorded_at, adult_id, person, other_record"
_BETWEEN: Final = f"""
    SELECT {_COLUMNS} FROM ledger.adults a WHERE record_id = %s
    AND of_number IN (SELECT number FROM ledger.adults o WHERE o.record_id = a.record_id AND o.other_record = %s)
    ORDER BY number"""  # noqa: S608 - constants alone
# The entry of this name, and where the other one of its pair stands.
_NAMED: Final = """
    SELECT a.number, a.other_record, t.number FROM ledger.adults a
    JOIN ledger.heads h ON h.record_id = a.record_id
    JOIN ledger.adults t ON t.record_id = a.other_record AND t.adult_id = a.adult_id
    WHERE a.record_id = %s AND h.pseudonym = %s AND a.number = %s AND a.move <> 'unlink'"""
_ENDED: Final = """
    SELECT 1 FROM ledger.adults WHERE record_id = %s AND of_number = %s AND move = 'unlink' LIMIT 1"""


@dataclass(frozen=True, slots=True)
class Row:
    """One thing said of an adult of a record. `adult`, `person` and `other` are None where it takes another back."""

    record_id: UUID
    number: int
    of: int
    move: str
    agency: str
    at: datetime
    adult: str | None
    person: str | None
    other: UUID | None


@dataclass(frozen=True, slots=True)
class Said:
    """That an adult of a record is in another one too, or (`is_apart`) that two are two, and until when it was held.

    ``person`` is a key (`ledger.domain.person.person_key`); `ended` the number by which it was taken back.
    """

    record_id: UUID
    number: int
    agency: str
    at: datetime
    adult: str
    person: str
    other: UUID
    is_apart: bool
    ended: int | None = None
    ended_at: datetime | None = None


def said_in(rows: Iterable[Row]) -> list[Said]:
    """What was said, each with how it ended, by rows of one or many records."""
    rows = list(rows)
    ended = {(row.record_id, row.of): row for row in reversed(rows) if row.move == "unlink"}
    return [
        Said(
            row.record_id, row.number, row.agency, row.at, row.adult, row.person, row.other, row.move == "apart",
            *((end.number, end.at) if (end := ended.get((row.record_id, row.number))) else (None, None)),
        )
        for row in rows
        if row.adult is not None and row.person is not None and row.other is not None
    ]  # fmt: skip


# ── what an append keeps and looks up ──


def keep_said(place: Place, move: str, agency: str, at: datetime, named: tuple[str, str, UUID]) -> Statement:
    """That somebody is in another record too, or is not: `named` is the adult's id, the person, the other record."""
    return _INSERT, (*place, place[1], move, agency, at, *named)


def keep_unlink(place: Place, of: int, agency: str, at: datetime) -> Statement:
    """That what entry `of` said is taken back."""
    return _INSERT, (*place, of, "unlink", agency, at, None, None, None)


def between(record_id: UUID, other: UUID) -> Statement:
    """The look-up of all that was said in one record of people of it in one other."""
    return _BETWEEN, (record_id, other)


def read_said(rows: Iterable[Sequence[Any]]) -> list[Said]:
    """What that look-up answered."""
    return said_in(Row(*row) for row in rows)


def named(record_id: UUID, entry: tuple[str, int]) -> Statement:
    """The look-up of one entry that says something: its number, the other record, and the number there.

    Nothing where the party may not see both.
    """
    return _NAMED, (record_id, *entry)


def ended(record_id: UUID, number: int) -> Statement:
    """Whether what an entry says was taken back."""
    return _ENDED, (record_id, number)


# ── what readers see ──


def of_records(connection: Connection, record_ids: Collection[UUID]) -> list[Said]:
    """All that was said of adults in these records, as far as the party sees rows."""
    query = select(adults).where(adults.c.record_id.in_(record_ids)).order_by(adults.c.record_id, adults.c.number)
    return said_in(Row(*row) for row in connection.execute(query))


def records_of(connection: Connection, adult: str) -> list[UUID]:
    """The records in which something is said under one name, as far as the party sees them."""
    query = select(adults.c.record_id).where(adults.c.adult_id == adult).order_by(adults.c.record_id)
    return list(connection.scalars(query))


# ── what comparing proposed ──


@dataclass(frozen=True, slots=True)
class Proposed:
    """Two people of two records who may be one, in which way that was found, and how likely it looked."""

    record_id: UUID
    person: str
    other: UUID
    other_person: str
    way: str
    score: float


def keep_proposals(
    connection: Connection, way: str, compared: Sequence[tuple[UUID, int]], found: Iterable[Proposed], at: datetime
) -> None:
    """What comparing these records, each up to a number, proposed in one way, in the place of all that it had before.

    The connection is the worker's.
    """
    for table in (adult_proposals, adult_comparisons):
        connection.execute(delete(table).where(table.c.way == way))
    rows = [
        {"record_id": a, "person": b, "other_record": c, "other_person": d, "way": way, "score": one.score}
        for one in found
        for a, b, c, d in (
            (one.record_id, one.person, one.other, one.other_person),
            (one.other, one.other_person, one.record_id, one.person),
        )
    ]
    if rows:
        connection.execute(insert(adult_proposals), rows)
    if compared:
        done = [{"record_id": record, "way": way, "number": number, "compared_at": at} for record, number in compared]
        connection.execute(insert(adult_comparisons), done)


def proposals_of(connection: Connection, record_id: UUID) -> list[Proposed]:
    """What was proposed for the people of a record, the likeliest first, as far as the party sees rows."""
    table = adult_proposals.c
    columns = (table.record_id, table.person, table.other_record, table.other_person, table.way, table.score)
    query = select(*columns).where(table.record_id == record_id)
    rows = connection.execute(query.order_by(table.score.desc(), table.other_record, table.person, table.other_person))
    return [Proposed(*row[:5], float(row.score)) for row in rows]


def last_compared(connection: Connection, record_id: UUID) -> tuple[int, datetime] | None:
    """Up to which number a record was last compared with all others, and when; None where it never was."""
    table = adult_comparisons.c
    query = select(func.max(table.number), func.max(table.compared_at)).where(table.record_id == record_id)
    number, at = connection.execute(query).one()
    return None if number is None else (number, at)
