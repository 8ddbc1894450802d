"""What the last looks of the ledger through itself found, for operators and whoever watches the machine."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from ledger.domain.entry import written_time
from ledger.store.auditing import audits


def read_audits(connection: Connection, now: datetime, limit: int = 1) -> list[dict[str, Any]]:
    """The last audits, the newest first: when, how much, how many problems, and where the first is. They name nobody:
    which records and entries it is about stands in the partnership's record.
    """
    return [_told(row, now) for row in audits(connection, limit)]


def read_state(connection: Connection, now: datetime) -> dict[str, Any] | None:
    """The last audit in short: None where there was none yet."""
    found = read_audits(connection, now)
    if not found:
        return None
    return {name: found[0][name] for name in ("scope", "ended_at", "age_s", "holds", "first_log", "first_index")}


def _told(row: Any, now: datetime) -> dict[str, Any]:
    placed = [one for one in row.problems if "index" in one]
    first = min(placed, key=lambda one: (one["log"] != "entries", one["index"]), default=None)
    return {
        "scope": row.scope,
        "ended_at": written_time(row.ended_at),
        "age_s": max(0.0, (now - row.ended_at).total_seconds()),
        "entries": row.entries,
        "reads": row.reads,
        "holds": not row.problems,
        "problems": len(row.problems),
        "first_index": first["index"] if first else None,
        "first_log": first["log"] if first else None,
    }
