"""Where entries stand in the log: from a size of it to the number of a record, and from a moment to a size.

Only auditors are given the places of all entries; the policies give an agency those of its own.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, and_, func, select

from ledger.store.tables import entries, entry_positions

#: Entries come into the log in the order of their times, but for those whose append took longer to commit. Within so
#: many places of where a moment falls all of these are looked at.
_STRAGGLING: Final = 4_096


@dataclass(frozen=True, slots=True)
class Placed:
    """An entry's place in the log, and when it was recorded."""

    index: int
    recorded_at: datetime


def size_now(connection: Connection) -> int:
    """How many entries have a place in the log."""
    last: int | None = connection.scalar(select(func.max(entry_positions.c.index)))
    return 0 if last is None else last + 1


def last_number_within(connection: Connection, record_id: UUID, size: int) -> int:
    """The number of a record's last entry among the first so many of the log; 0 where there is none."""
    table = entry_positions.c
    query = select(func.max(table.number)).where(table.record_id == record_id, table.index < size)
    return connection.scalar(query) or 0


def size_at(connection: Connection, moment: datetime) -> int:
    """The largest size of the log of which every entry was recorded by a moment.

    Cost: a few look-ups for a log of any size, and one stretch of it.
    """
    low, high = 0, size_now(connection)
    while low < high:
        middle = (low + high) // 2
        if _placed(connection, middle, 1)[0].recorded_at <= moment:
            low = middle + 1
        else:
            high = middle
    first = max(0, low - _STRAGGLING)
    later = (one.index for one in _placed(connection, first, low - first) if one.recorded_at > moment)
    return next(later, low)


def _placed(connection: Connection, first: int, count: int) -> list[Placed]:
    both = and_(entries.c.record_id == entry_positions.c.record_id, entries.c.number == entry_positions.c.number)
    query = (
        select(entry_positions.c.index, entries.c.recorded_at)
        .join_from(entry_positions, entries, both)
        .where(entry_positions.c.index >= first, entry_positions.c.index < first + count)
        .order_by(entry_positions.c.index)
    )
    rows: Any = connection.execute(query)
    return [Placed(*row) for row in rows]
