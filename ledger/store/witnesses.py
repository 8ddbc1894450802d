"""Cosignatures as they are kept, by the names of their keys; and how each witness of the policy, by its name there,
answered last.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, text

from ledger.store.log import Log

_NOW: Final = text("SELECT clock_timestamp()")
_KEEP: Final = text("""
    INSERT INTO ledger.cosignatures (log, size, name, line, cosigned_at) VALUES (:log, :size, :name, :line, :at)
    ON CONFLICT DO NOTHING""")
_LAST: Final = text("""
    SELECT size, max(cosigned_at) AS at FROM ledger.cosignatures WHERE log = :log AND name = :name
    GROUP BY size ORDER BY size DESC LIMIT 1""")
_WELL: Final = text("""
    INSERT INTO ledger.witness_states AS s (log, name, size, cosigned_at, has_diverged)
    VALUES (:log, :name, :size, :at, false)
    ON CONFLICT (log, name) DO UPDATE SET
        size = :size, cosigned_at = :at, failed_at = NULL, failure = NULL, has_diverged = false""")
_FAILED: Final = text("""
    INSERT INTO ledger.witness_states AS s (log, name, failed_at, failure, has_diverged)
    VALUES (:log, :name, :at, :why, :has_diverged)
    ON CONFLICT (log, name) DO UPDATE SET failed_at = :at, failure = :why, has_diverged = :has_diverged""")
_STATES: Final = text("""
    SELECT log, name, size, cosigned_at, failed_at, failure, has_diverged FROM ledger.witness_states
    ORDER BY log DESC, name""")
_FORGET: Final = text("DELETE FROM ledger.witness_states WHERE NOT name = ANY (:names)")
_UNMET_SINCE: Final = text("""
    SELECT signed_at FROM ledger.checkpoints WHERE log = :log AND size > :size ORDER BY size LIMIT 1""")


@dataclass(frozen=True, slots=True)
class WitnessState:
    """How a witness stands with one log: what it cosigned last, and the failure since then, if any."""

    log: Log
    name: str
    size: int | None
    cosigned_at: datetime | None
    failed_at: datetime | None
    failure: str | None
    has_diverged: bool


@dataclass(frozen=True, slots=True)
class Cosignature:
    """A verified line over the checkpoint of a size, with the time that it says."""

    size: int
    line: str
    at: datetime


def server_now(connection: Connection) -> datetime:
    """The real clock of the database's server: that by which entries and what waits are timed."""
    now: datetime = connection.execute(_NOW).scalar_one()
    return now


def keep_cosignature(connection: Connection, log: Log, name: str, cosigned: Cosignature) -> None:
    """Keep a cosignature for good; the same one twice is one."""
    values = {"log": log, "name": name, "size": cosigned.size, "line": cosigned.line, "at": cosigned.at}
    connection.execute(_KEEP, values)


def last_cosigned(connection: Connection, log: Log, name: str) -> tuple[int, datetime] | None:
    """The largest size that a witness cosigned, and when it did so last."""
    row = connection.execute(_LAST, {"log": log, "name": name}).one_or_none()
    return None if row is None else (row.size, row.at)


def note_success(connection: Connection, log: Log, name: str, size: int, at: datetime) -> None:
    """Note that a witness cosigned."""
    connection.execute(_WELL, {"log": log, "name": name, "size": size, "at": at})


def note_failure(
    connection: Connection, log: Log, name: str, *, why: str, at: datetime, has_diverged: bool = False
) -> None:
    """Note that it did not, and why, in words of ours."""
    values = {"log": log, "name": name, "why": why, "at": at, "has_diverged": has_diverged}
    connection.execute(_FAILED, values)


def forget_others(connection: Connection, names: Iterable[str]) -> None:
    """Forget how witnesses stood that the policy no longer names. What they cosigned stays."""
    connection.execute(_FORGET, {"names": list(names)})


def witness_states(connection: Connection) -> list[WitnessState]:
    """How each witness stands with each log."""
    return [WitnessState(*row) for row in connection.execute(_STATES)]


def unmet_since(connection: Connection, log: Log, met: int) -> datetime | None:
    """When the first checkpoint was signed that is larger than the last to meet the policy; None where none is."""
    found: datetime | None = connection.scalar(_UNMET_SINCE, {"log": log, "size": met})
    return found
