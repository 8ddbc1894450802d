"""Which records have something due: an entry that detection has not read, or a moment that has come.

Read from the heads alone, by their partial indexes, without a lower bound in time: nothing grows too old to be found.
"""

from collections.abc import Collection
from uuid import UUID

from ledger.store.append import Driver

# The clock stands in a sub-select, so that it is asked once and the index on `next_due_at` can be used.
_DUE = b"""
    (SELECT record_id FROM ledger.heads
     WHERE due_seq > detected_seq AND record_id >= %(start)s AND record_id <> ALL (%(without)s)
     ORDER BY record_id LIMIT %(limit)s)
    UNION ALL
    (SELECT record_id FROM ledger.heads
     WHERE due_seq > detected_seq AND record_id < %(start)s AND record_id <> ALL (%(without)s)
     ORDER BY record_id LIMIT %(limit)s)
    UNION ALL
    (SELECT record_id FROM ledger.heads
     WHERE next_due_at <= (SELECT ledger.clock_now()) AND record_id <> ALL (%(without)s)
     ORDER BY next_due_at LIMIT %(limit)s)"""


def due_records(driver: Driver, *, start: UUID, limit: int, without: Collection[UUID]) -> list[UUID]:
    """Records with something due, each once: about `limit`, from `start` round, and those of `without` left out.

    Workers that begin at different places meet seldom. Ends its transaction.
    """
    rows = driver.execute(_DUE, {"start": start, "limit": limit, "without": list(without)}).fetchall()
    driver.rollback()
    return list(dict.fromkeys(record_id for (record_id,) in rows))
