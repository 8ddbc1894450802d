"""What exports are made of beside what a reader sees: envelopes and salts, positions, brackets, leaves and reads.

No content is loaded here. What an export says of the log is read as the auditors' role, which sees every position.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Engine, and_, select, text

from ledger.domain.entry import written_time
from ledger.domain.log.access import access_content
from ledger.store.log import Log
from ledger.store.log_files import COSIGNED_ENOUGH
from ledger.store.party import act_for
from ledger.store.tables import contents, entries, entry_positions, heads, partnerships


@dataclass(frozen=True, slots=True)
class Half:
    """An entry's published half, and the salt that its content was committed to with; None once erased."""

    number: int
    recorded_at: datetime
    envelope: bytes
    salt: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Read:
    """One leaf of the log of reads. `salt` and `content` are None where it is of another partnership's record."""

    index: int
    leaf: bytes
    salt: bytes | None = field(default=None, repr=False)
    content: bytes | None = field(default=None, repr=False)


@contextmanager
def snapshot(engine: Engine, party: str, person: UUID | None = None) -> Iterator[Connection]:
    """One unchanging view for a party; nothing can be written in it."""
    with engine.connect() as connection:
        reader = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with reader.begin() as begun:
            act_for(reader, party, person)
            yield reader
            begun.rollback()


def halves(connection: Connection, record_id: UUID, *, after: int, up_to: int) -> dict[int, Half]:
    """The published halves of a record's entries after one number and up to another, by number."""
    both = and_(contents.c.record_id == entries.c.record_id, contents.c.number == entries.c.number)
    query = (
        select(entries.c.number, entries.c.recorded_at, entries.c.envelope, contents.c.salt)
        .select_from(entries.outerjoin(contents, both))
        .where(entries.c.record_id == record_id, entries.c.number > after, entries.c.number <= up_to)
    )
    return {
        row.number: Half(row.number, row.recorded_at, bytes(row.envelope), row.salt)
        for row in connection.execute(query)
    }


def positions(connection: Connection, record_id: UUID, up_to: int) -> list[int]:
    """Where a record's entries stand in the log, in order of their numbers, as far as they are sealed."""
    query = (
        select(entry_positions.c.index)
        .where(entry_positions.c.record_id == record_id, entry_positions.c.number <= up_to)
        .order_by(entry_positions.c.number)
    )
    return list(connection.scalars(query))


_BRACKETS: Final = text(f"""
    SELECT DISTINCT b.size FROM unnest(CAST(:indexes AS bigint[])) AS i (index) CROSS JOIN LATERAL (
        (SELECT c.size FROM ledger.cosignatures c
         WHERE c.log = :log AND c.size > 0 AND c.size <= i.index AND {COSIGNED_ENOUGH} ORDER BY c.size DESC LIMIT 1)
        UNION ALL
        (SELECT c.size FROM ledger.cosignatures c
         WHERE c.log = :log AND c.size > i.index AND {COSIGNED_ENOUGH} ORDER BY c.size LIMIT 1)
    ) b WHERE b.size <= :most ORDER BY 1""")  # noqa: S608 - made of constants alone
_COSIGNED: Final = text("""
    SELECT DISTINCT ON (minute) c.size
    FROM (SELECT size, min(cosigned_at) AS at, date_trunc('minute', min(cosigned_at)) AS minute
          FROM ledger.cosignatures WHERE log = :log AND size BETWEEN 1 AND :most
          GROUP BY size HAVING count(DISTINCT name) >= :least) c
    ORDER BY minute, c.size""")


def brackets(connection: Connection, log: Log, indexes: Sequence[int], most: int, least: int = 1) -> list[int]:
    """The sizes of the checkpoints cosigned by so many that bracket these leaves, none larger than `most`, ascending.

    For each leaf the last that does not cover it and the first that does.
    """
    found: set[int] = set()
    for start in range(0, len(indexes), 1000):
        given = {"log": log, "indexes": list(indexes[start : start + 1000]), "most": most, "least": least}
        found.update(connection.scalars(_BRACKETS, given))
    return sorted(found)


def cosigned_each_minute(connection: Connection, log: Log, most: int, least: int = 1) -> list[int]:
    """The sizes of checkpoints cosigned by so many up to `most`, the first of each minute, ascending."""
    return sorted(connection.scalars(_COSIGNED, {"log": log, "most": most, "least": least}))


_READS: Final = text("""
    SELECT p.index, a.leaf, a.salt, a.access_id, a.agency_id, a.at, a.real_at, a.person_id, a.record_id, a.what,
        a.purpose, a.up_to_number, a.request_id, a.outcome, a.refused_for, a.by_glass,
        h.partnership_id = :partnership AS is_theirs
    FROM ledger.access_positions p JOIN ledger.access_records a USING (access_id)
    LEFT JOIN ledger.heads h ON h.record_id = a.record_id
    WHERE p.index >= :first AND p.index < :end ORDER BY p.index""")


def reads(connection: Connection, first: int, end: int, partnership: str) -> list[Read]:
    """The leaves of the log of reads; what was read is told of one partnership's records alone."""
    rows = connection.execute(_READS, {"first": first, "end": end, "partnership": partnership})
    return [_read(row) for row in rows]


def _read(row: Any) -> Read:
    if not row.is_theirs:
        return Read(row.index, bytes(row.leaf))
    return Read(row.index, bytes(row.leaf), bytes(row.salt), access_content(_members(row)))


def _members(row: Any) -> dict[str, Any]:
    return {
        "access": str(row.access_id),
        "agency": row.agency_id,
        "at": written_time(row.at),
        "by_glass": row.by_glass,
        "outcome": row.outcome,
        "person": None if row.person_id is None else str(row.person_id),
        "purpose": row.purpose,
        "real_at": written_time(row.real_at),
        "record": str(row.record_id),
        "refused_for": row.refused_for,
        "request": row.request_id,
        "up_to": row.up_to_number,
        "what": row.what,
    }


def partnership_records(connection: Connection) -> dict[str, UUID]:
    """Each partnership's own record."""
    query = select(partnerships.c.partnership_id, partnerships.c.record_id).order_by(partnerships.c.partnership_id)
    return {row.partnership_id: row.record_id for row in connection.execute(query)}


def record_named(connection: Connection, name: str) -> UUID | None:
    """The child's record of this pseudonym."""
    query = select(heads.c.record_id).where(heads.c.pseudonym == name, heads.c.kind == "child")
    found: UUID | None = connection.scalar(query)
    return found
