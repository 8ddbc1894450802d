"""Entries with all the bytes that stand for them, in order and a stretch at a time: one record's, or the log's."""

from collections.abc import Iterator, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

_ROWS_AT_ONCE: Final = 1_000
_OF_RECORD: Final = b"""
    SELECT e.number, h.pseudonym, e.envelope, c.salt, c.content
    FROM ledger.entries e JOIN ledger.heads h USING (record_id) LEFT JOIN ledger.contents c USING (record_id, number)
    WHERE e.record_id = %s AND e.number <= %s ORDER BY e.number"""
_OF_LOG: Final = b"""
    SELECT e.number, h.pseudonym, e.envelope, c.salt, c.content
    FROM ledger.entry_positions p JOIN ledger.entries e USING (record_id, number)
    JOIN ledger.heads h USING (record_id) LEFT JOIN ledger.contents c USING (record_id, number)
    WHERE p.index < %s ORDER BY p.index"""

#: Number, pseudonym, envelope, salt, content; the last two are None once erased.
StoredBytes = Sequence[Any]


def bytes_of_record(connection: Connection, record_id: UUID, up_to: int) -> Iterator[StoredBytes]:
    """A record's entries up to a number."""
    return _streamed(connection, _OF_RECORD, (record_id, up_to))


def bytes_of_log(connection: Connection, size: int) -> Iterator[StoredBytes]:
    """The first so many entries of the log."""
    return _streamed(connection, _OF_LOG, (size,))


def _streamed(connection: Connection, query: bytes, given: tuple[Any, ...]) -> Iterator[StoredBytes]:
    """By the driver itself, and as bytes are: so many rows are worth it."""
    driver = connection.connection.driver_connection
    assert driver is not None, "a connection in use has its driver"
    with driver.cursor("read_back", binary=True) as cursor:
        cursor.itersize = _ROWS_AT_ONCE
        yield from cursor.execute(query, given)
