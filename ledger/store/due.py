"""Which records have something due: an entry that detection has not read, or a moment that has come.

Read from the heads alone, by their partial indexes, without a lower bound in time: nothing grows too old to be found.
"""

from collections.abc import Collection
from uuid import UUID

from ledger.store.append import Driver
from ledger.store.trip import Trip

# The clock stands in a sub-select, so that it is asked once and the index on `next_due_at` can be used.
_DUE = """
    (SELECT record_id FROM ledger.heads
     WHERE due_seq > detected_seq AND record_id >= %s AND record_id <> ALL (%s)
     ORDER BY record_id LIMIT %s)
    UNION ALL
    (SELECT record_id FROM ledger.heads
     WHERE due_seq > detected_seq AND record_id < %s AND record_id <> ALL (%s)
     ORDER BY record_id LIMIT %s)
    UNION ALL
    (SELECT record_id FROM ledger.heads
     WHERE next_due_at <= (SELECT ledger.clock_now()) AND record_id <> ALL (%s)
     ORDER BY next_due_at LIMIT %s)"""


def due_records(driver: Driver, *, start: UUID, limit: int, without: Collection[UUID]) -> list[UUID]:
    """Records with something due, each once: about `limit`, from `start` round, and those of `without` left out.

    Workers that begin at different places meet seldom. Ends its transaction.
    """
    left_out = list(without)
    trip = Trip(driver)
    trip.add(_DUE, (start, left_out, limit, start, left_out, limit, left_out, limit))
    [rows] = trip.go(commit=True)
    return list(dict.fromkeys(record_id for (record_id,) in rows))
