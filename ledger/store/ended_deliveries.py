"""What was sent, and what was given up: looked at, tried again and forgotten. As the worker's role."""

from datetime import timedelta
from typing import Final

from ledger.store.append import Driver
from ledger.store.trip import Trip

#: How endpoints fared is told of so long: nothing is forgotten sooner, and the database holds that too.
KEPT: Final = timedelta(days=30)
#: So many rows a transaction: those who send wait for none of it.
_AT_ONCE: Final = 10_000

# What waited for an endpoint that has ended is wanted by nobody.
_WANTED = "d.dead_at IS NOT NULL AND coalesce(d.fault, '') NOT IN ('gone', 'ended')"
_DEAD = f"""
    SELECT d.channel, coalesce(d.fault, ''), count(*) FROM ledger.deliveries d WHERE {_WANTED}
    GROUP BY d.channel, coalesce(d.fault, '') ORDER BY d.channel, 2"""  # noqa: S608 - constants alone
# It goes again as it went before, under the same name; whoever has it still can no longer say what became of it.
_RETRY = f"""
    UPDATE ledger.deliveries d SET dead_at = NULL, fault = NULL, tries = 0, retry_at = NULL, leased_until = NULL,
        fence = d.fence + 1
    WHERE {_WANTED} AND d.channel = coalesce(%s::text, d.channel) RETURNING d.delivery_id"""  # noqa: S608 - likewise
_LONG_AGO = """
    FROM ledger.deliveries
    WHERE coalesce(sent_at, dead_at) < clock_timestamp() - greatest(%s::interval, %s::interval)
      AND (said_at IS NOT NULL OR sent_at IS NULL OR record_id IS NULL OR NOT starts_with(type, 'alert.'))"""
_OLD = f"SELECT count(*) {_LONG_AGO}"
_FORGET = f"""
    DELETE FROM ledger.deliveries WHERE delivery_id = ANY (ARRAY(SELECT delivery_id {_LONG_AGO} LIMIT %s))
    RETURNING delivery_id"""  # noqa: S608 - made of constants alone


def count_old(driver: Driver, older_than: timedelta) -> int:
    """How many rows `forget` would take away now. Ends its transaction."""
    trip = Trip(driver)
    trip.add(_OLD, (older_than, KEPT))
    count: int = trip.go(commit=True)[0][0][0]
    return count


def dead(driver: Driver) -> list[tuple[str, str, int]]:
    """(channel, fault, how many) of what was given up and somebody still wants. Ends its transaction."""
    trip = Trip(driver)
    trip.add(_DEAD)
    return [(channel, fault, count) for channel, fault, count in trip.go(commit=True)[0]]


def retry(driver: Driver, channel: str | None = None) -> int:
    """Have it tried again from the beginning, all of it or that of one channel; how many messages' rows. Commits."""
    trip = Trip(driver)
    trip.add(_RETRY, (channel,))
    return len(trip.go(commit=True)[0])


def forget(driver: Driver, older_than: timedelta) -> int:
    """Take away what was sent or given up longer ago than this, and than `KEPT`; how many rows. Commits.

    Of an alert nothing goes before the child's record says that it was sent.
    """
    total = 0
    while True:
        trip = Trip(driver)
        trip.add(_FORGET, (older_than, KEPT, _AT_ONCE))
        gone = len(trip.go(commit=True)[0])
        total += gone
        if gone < _AT_ONCE:
            return total
