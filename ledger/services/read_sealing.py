"""How far the log is behind, for operators and whoever watches the machine: counts and ages, and nothing of anybody."""

from typing import Any

from sqlalchemy import Connection

from ledger.store.log import LOGS, Log, closures, newest_age, waiting


def read_sealing(connection: Connection) -> dict[str, Any]:
    """What waits in each log and how old its last checkpoint is, in seconds; and whether the ledger is closed."""
    found: dict[str, Any] = {log: _of(connection, log) for log in LOGS}
    standing = closures(connection)
    found["closed"] = standing[0].why if standing else None
    return found


def _of(connection: Connection, log: Log) -> dict[str, Any]:
    left = waiting(connection, log)
    return {"unsealed": left.count, "lag_s": left.seconds, "checkpoint_age_s": newest_age(connection, log)}
