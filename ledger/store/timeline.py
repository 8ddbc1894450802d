"""Reads of one record's entries, in order of their numbers, for a party that row-level security lets see them.

What comes back still carries every content as the bytes that were stored: only the service that decides what a reader
may see opens them. Entries never change, so a question asked up to a number has one answer for ever.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Select, and_, func, select, text

from ledger.domain.entry import leaf_hash
from ledger.store.database import BINARY, SYSTEM
from ledger.store.tables import contents, entries, heads, withdrawals

_LAST_BY: Final = text("""
    WITH RECURSIVE halved (low, high) AS (
        SELECT CAST(0 AS bigint), (SELECT max(number) FROM ledger.entries WHERE record_id = :record)
        UNION ALL
        SELECT CASE WHEN is_by_then THEN middle ELSE low END, CASE WHEN is_by_then THEN high ELSE middle - 1 END
        FROM (
            SELECT low, high, (low + high + 1) / 2 AS middle, coalesce((
                SELECT e.recorded_at <= :known_at FROM ledger.entries e
                WHERE e.record_id = :record AND e.number = (low + high + 1) / 2), false) AS is_by_then
            FROM halved WHERE low < high) tried)
    SELECT low FROM halved WHERE low = high""")


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """One entry. `sealed` is its content's bytes, None once erased; `kind` goes with it."""

    record_id: UUID
    number: int
    recorded_at: datetime
    agency: str
    event_id: str
    hash: bytes
    kind: str | None
    sealed: bytes | None = field(repr=False)


def heads_of(connection: Connection, record_ids: Collection[UUID]) -> dict[UUID, tuple[str, int]]:
    """Public name and newest number of children's records; a record that is not a child's is left out."""
    query = select(heads.c.record_id, heads.c.pseudonym, heads.c.head_seq).where(
        heads.c.record_id.in_(record_ids), heads.c.kind == "child"
    )
    return {row.record_id: (row.pseudonym, row.head_seq) for row in connection.execute(query)}


def last_number(connection: Connection, record_id: UUID, known_at: datetime | None = None) -> int:
    """The number of the last entry recorded by then (or so far); 0 when there was none yet.

    Within a record times never run backwards, so a moment is found by halving, at some fourteen look-ups for ten
    thousand entries and without an index on times.
    """
    if known_at is not None:
        return connection.scalar(_LAST_BY, {"record": record_id, "known_at": known_at}) or 0
    query = select(func.max(entries.c.number)).where(entries.c.record_id == record_id)
    return connection.scalar(query) or 0


def hash_at(connection: Connection, record_id: UUID, number: int) -> bytes | None:
    """The hash of one entry, None where the record has no such number."""
    envelope = connection.scalar(
        select(entries.c.envelope).where(entries.c.record_id == record_id, entries.c.number == number)
    )
    return None if envelope is None else leaf_hash(envelope)


def page(connection: Connection, record_id: UUID, *, after: int, up_to: int, limit: int) -> list[StoredEntry]:
    """At most `limit` entries after one number and not after another, in order."""
    query = _entries().where(entries.c.record_id == record_id, entries.c.number > after, entries.c.number <= up_to)
    return _load(connection, query.order_by(entries.c.number).limit(limit))


def by_number(connection: Connection, places: Collection[tuple[UUID, int]]) -> list[StoredEntry]:
    """The entries at these places, by record and number."""
    found: list[StoredEntry] = []
    numbers: dict[UUID, list[int]] = {}
    for record_id, number in places:
        numbers.setdefault(record_id, []).append(number)
    for record_id in sorted(numbers):
        query = _entries().where(entries.c.record_id == record_id, entries.c.number.in_(numbers[record_id]))
        found.extend(_load(connection, query.order_by(entries.c.number)))
    return found


def of_kinds(
    connection: Connection, record_id: UUID, kinds: Sequence[str], agency: str, up_to: int
) -> list[StoredEntry]:
    """One agency's entries of these kinds up to a number, in order."""
    query = _entries().where(
        entries.c.record_id == record_id,
        entries.c.number <= up_to,
        contents.c.kind.in_(kinds),
        contents.c.agency_id == agency,
    )
    return _load(connection, query.order_by(entries.c.number))


def of_agencies(connection: Connection, record_id: UUID, up_to: int) -> list[StoredEntry]:
    """All that agencies recorded up to a number, in order: every entry but the ledger's own."""
    query = _entries().where(entries.c.record_id == record_id, entries.c.number <= up_to, entries.c.agency_id != SYSTEM)
    return _load(connection, query.order_by(entries.c.number))


def of_ledger(connection: Connection, record_id: UUID, up_to: int) -> list[StoredEntry]:
    """All that the ledger itself recorded up to a number, in order."""
    query = _entries().where(entries.c.record_id == record_id, entries.c.number <= up_to, entries.c.agency_id == SYSTEM)
    return _load(connection, query.order_by(entries.c.number))


def of_all(connection: Connection, record_id: UUID, kinds: Sequence[str], up_to: int) -> list[StoredEntry]:
    """Everybody's entries of these kinds up to a number, in order; those whose content was erased are left out."""
    query = _entries().where(entries.c.record_id == record_id, entries.c.number <= up_to, contents.c.kind.in_(kinds))
    return _load(connection, query.order_by(entries.c.number))


def withdrawn(connection: Connection, record_ids: Collection[UUID]) -> list[tuple[UUID, int, int]]:
    """(record, number, the number that corrects or voids it), for whole records: markings count as of now."""
    query = select(withdrawals.c.record_id, withdrawals.c.number, withdrawals.c.by_number).where(
        withdrawals.c.record_id.in_(record_ids)
    )
    return [
        (row.record_id, row.number, row.by_number)
        for row in connection.execute(query.order_by(*query.selected_columns))
    ]


def _entries() -> Select[Any]:
    both = and_(contents.c.record_id == entries.c.record_id, contents.c.number == entries.c.number)
    return select(
        entries.c.record_id,
        entries.c.number,
        entries.c.recorded_at,
        entries.c.agency_id,
        entries.c.event_id,
        entries.c.envelope,
        contents.c.kind,
        contents.c.content,
    ).select_from(entries.outerjoin(contents, both))


def _load(connection: Connection, query: Select[Any]) -> list[StoredEntry]:
    rows = connection.execute(query, execution_options={BINARY: True}).all()
    # All at once: a row at a time, or by its columns' names, takes several times as long.
    return [
        StoredEntry(record_id, number, recorded_at, agency, event_id, leaf_hash(envelope), kind, content)
        for record_id, number, recorded_at, agency, event_id, envelope, kind, content in rows
    ]
