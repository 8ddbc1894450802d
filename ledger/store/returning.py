"""What a connection is like when it goes back to the pool: nobody's, in its own role, with nothing open.

Everything that says who acts is set for a transaction alone, so there is never anything to find. That is asked all the
same each time, for what is found would be the next request's identity: such a connection is thrown away, and logged. An
append asks in its last trip; for the rest it is a trip of a few microseconds after the answer was made.
"""

from functools import partial
from typing import Any, cast

import structlog
from psycopg import pq
from sqlalchemy import Engine, event
from sqlalchemy.pool import ConnectionPoolEntry

from ledger.store.trip import LEFT, Driver, was_left_clean

_log = structlog.get_logger("ledger.pool")

_STATE = f"SELECT pg_catalog.concat_ws(' ', {LEFT}, current_setting('role'), current_setting('row_security'))".encode()


def watch(engine: Engine, role: str) -> None:
    """Let no connection of this engine be used again that still has an identity, or another role than `role`."""
    event.listen(engine, "checkin", partial(_returned, f"{role} on".encode()))


def _returned(expected: bytes, driver: Any, record: ConnectionPoolEntry) -> None:
    if driver is None or driver.closed:
        return
    found = _look(cast("Driver", driver), expected)
    if found is None:
        return
    # What was set is not logged: it may say who somebody is.
    _log.error("a connection came back to the pool and was not empty", found=found)
    record.invalidate()


def _look(driver: Driver, expected: bytes) -> str | None:
    """What is wrong with it, None where nothing is."""
    if driver.pgconn.transaction_status != pq.TransactionStatus.IDLE:
        return "an open transaction, or none can be begun"
    if was_left_clean(driver):
        return None
    result = driver.pgconn.exec_(_STATE)
    if result.status != pq.ExecStatus.TUPLES_OK:
        return "it does not answer"
    return None if result.get_value(0, 0) == expected else "settings of a transaction that has ended"
