"""Which records have something due: an entry that detection has not read, or a moment that has come.

Read from the heads alone, by their partial indexes, without a lower bound in time: nothing grows too old to be found.
What failed lately, or is parked, is left out (ledger/store/setbacks.py).
"""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from ledger.store.append import Driver
from ledger.store.setbacks import RESTING, UNTOLD
from ledger.store.trip import Trip

# The clock stands in a sub-select, so that it is asked once and the index on `next_due_at` can be used.
_DUE = f"""
    WITH resting AS MATERIALIZED ({RESTING})
    (SELECT record_id FROM ledger.heads
     WHERE due_seq > detected_seq AND record_id >= %s AND record_id <> ALL (%s)
       AND record_id NOT IN (SELECT record_id FROM resting)
     ORDER BY record_id LIMIT %s)
    UNION ALL
    (SELECT record_id FROM ledger.heads
     WHERE due_seq > detected_seq AND record_id < %s AND record_id <> ALL (%s)
       AND record_id NOT IN (SELECT record_id FROM resting)
     ORDER BY record_id LIMIT %s)
    UNION ALL
    (SELECT record_id FROM ledger.heads
     WHERE next_due_at <= (SELECT ledger.clock_now()) AND record_id <> ALL (%s)
       AND record_id NOT IN (SELECT record_id FROM resting)
     ORDER BY next_due_at LIMIT %s)"""  # noqa: S608 - made of constants alone


@dataclass(frozen=True, slots=True)
class Found:
    """Records with something due; and of those that are parked the ones whose lead is still to be told."""

    due: list[UUID]
    untold: list[UUID]


def due_records(driver: Driver, *, start: UUID, limit: int, without: Collection[UUID], release: str) -> Found:
    """Records with something due, each once: about `limit`, from `start` round, and those of `without` left out.

    Left out too is what this `release` of the program leaves alone. Workers that begin at different places meet seldom.
    Ends its transaction.
    """
    left_out = list(without)
    trip = Trip(driver)
    trip.add(_DUE, (release, start, left_out, limit, start, left_out, limit, left_out, limit))
    trip.add(UNTOLD, (release,))
    due, untold = trip.go(commit=True)
    return Found(list(dict.fromkeys(record_id for (record_id,) in due)), [record_id for (record_id,) in untold])
