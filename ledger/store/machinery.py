"""Signs of life, how late what is due is, and the troubles that stand. As a worker, or as a process that serves.

Everything is by the real clock of the database's server.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, text

from ledger.domain.machinery import Silence, Trouble
from ledger.store.append import Driver, Statement
from ledger.store.trip import Trip, ask

#: Processes that were not heard for so long are forgotten.
_FORGOTTEN: Final = "interval '1 hour'"
#: Of so many records at once it is kept since when they are due: one of them is as late as any, or nearly.
_LAGS_MOST: Final = 1_000

_BEAT: Final = """
    INSERT INTO ledger.heartbeats (part, host, pid, release) VALUES (%s, %s, %s, %s)
    ON CONFLICT (part, host, pid) DO UPDATE SET heard_at = clock_timestamp(), left_at = NULL,
        release = excluded.release"""
_LEAVE: Final = """
    UPDATE ledger.heartbeats SET heard_at = clock_timestamp(), left_at = clock_timestamp()
    WHERE part = %s AND host = %s AND pid = %s"""
_BESIDE: Final = "SELECT pid FROM ledger.heartbeats WHERE part = %s AND host = %s"
_BURY: Final = "DELETE FROM ledger.heartbeats WHERE part = %s AND host = %s AND pid = ANY (%s)"
_FORGET: Final = f"DELETE FROM ledger.heartbeats WHERE heard_at < clock_timestamp() - {_FORGOTTEN}"  # noqa: S608 - a constant
_HEARD: Final = """
    SELECT part, host, pid, extract(epoch FROM clock_timestamp() - heard_at)::float8, left_at IS NOT NULL
    FROM ledger.heartbeats ORDER BY part, host, pid"""

# What is late is what was due when it was first seen to be: later posts to the same record make it no younger. The
# ledger's clock says what is due; since when, the real one.
_CAUGHT_UP: Final = """
    DELETE FROM ledger.lags l WHERE NOT EXISTS (
        SELECT FROM ledger.heads h WHERE h.record_id = l.record_id
          AND (h.detected_seq < l.due_seq OR h.next_due_at <= l.next_due_at))
      OR EXISTS (SELECT FROM ledger.setbacks s WHERE s.record_id = l.record_id AND s.parked_at IS NOT NULL)"""
_NOT_PARKED: Final = """
    NOT EXISTS (SELECT FROM ledger.setbacks s WHERE s.record_id = h.record_id AND s.parked_at IS NOT NULL)"""
_FELL_DUE: Final = f"""
    INSERT INTO ledger.lags (record_id, due_seq, next_due_at)
    SELECT h.record_id, h.due_seq, CASE WHEN h.next_due_at <= (SELECT ledger.clock_now()) THEN h.next_due_at END
    FROM (
        (SELECT record_id FROM ledger.heads WHERE due_seq > detected_seq LIMIT {_LAGS_MOST})
        UNION
        (SELECT record_id FROM ledger.heads WHERE next_due_at <= (SELECT ledger.clock_now())
         ORDER BY next_due_at LIMIT {_LAGS_MOST})) due
    JOIN ledger.heads h USING (record_id)
    WHERE {_NOT_PARKED}
    ON CONFLICT (record_id) DO NOTHING"""  # noqa: S608 - made of constants alone
_LATE: Final = """
    SELECT (SELECT extract(epoch FROM clock_timestamp() - min(since)) FROM ledger.lags)::float8,
        (SELECT extract(epoch FROM clock_timestamp() - since) FROM ledger.outbox ORDER BY id LIMIT 1)::float8,
        (SELECT count(DISTINCT record_id) FROM ledger.setbacks WHERE parked_at IS NOT NULL),
        (SELECT clock_at IS NOT NULL FROM ledger.ledger_state)"""
_UNSENT: Final = """
    SELECT channel, extract(epoch FROM clock_timestamp() - min(greatest(made_at, not_before)))::float8
    FROM ledger.deliveries
    WHERE sent_at IS NULL AND dead_at IS NULL AND tries = 0 AND not_before <= clock_timestamp() GROUP BY channel"""
# What waited for an endpoint that its agency, or its receiver, ended is wanted by nobody: that is no fault here.
_DEAD: Final = """
    SELECT channel, count(*) FROM ledger.deliveries WHERE dead_at > clock_timestamp() - interval '1 day'
        AND coalesce(fault, '') NOT IN ('gone', 'ended')
    GROUP BY channel"""
_STANDING: Final = "SELECT name, subject FROM ledger.troubles WHERE ended_at IS NULL"
_BEGIN: Final = """
    INSERT INTO ledger.troubles (name, subject, began_at)
    VALUES (%s, %s, clock_timestamp() - %s * interval '1 second')
    ON CONFLICT (name, subject) WHERE ended_at IS NULL DO NOTHING RETURNING id, began_at"""
_END: Final = """
    UPDATE ledger.troubles SET ended_at = clock_timestamp()
    WHERE name = %s AND subject = %s AND ended_at IS NULL RETURNING id, ended_at"""
# Taken for longer than any channel takes; then somebody else may have it.
_TAKE_UNMAILED: Final = """
    UPDATE ledger.troubles SET mail_after = clock_timestamp() + interval '90 seconds'
    WHERE id = (
        SELECT id FROM ledger.troubles
        WHERE mail_after <= clock_timestamp() AND coalesce(ended_at, began_at) > clock_timestamp() - interval '1 day'
          AND (NOT began_mailed OR (ended_at IS NOT NULL AND NOT ended_mailed))
        ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING id, name, subject, began_mailed"""
_MAILED: Final = """
    UPDATE ledger.troubles SET began_mailed = true, ended_mailed = ended_mailed OR %s, mail_after = clock_timestamp()
    WHERE id = %s"""
_TROUBLES: Final = text("""
    SELECT name, subject, began_at, ended_at FROM ledger.troubles
    WHERE ended_at IS NULL OR ended_at > clock_timestamp() - interval '7 days'
    ORDER BY ended_at IS NOT NULL, began_at DESC, id DESC LIMIT :limit""")
_PROCESSES: Final = text("""
    SELECT part, host, pid, release, began_at, left_at,
        extract(epoch FROM clock_timestamp() - heard_at)::float8 AS heard_s
    FROM ledger.heartbeats ORDER BY part, host, pid""")
_WAITING: Final = text("""
    SELECT (SELECT extract(epoch FROM clock_timestamp() - min(since)) FROM ledger.lags)::float8 AS detection_s,
        (SELECT count(*) FROM ledger.outbox) AS untold,
        (SELECT extract(epoch FROM clock_timestamp() - since) FROM ledger.outbox ORDER BY id LIMIT 1)::float8
            AS telling_s,
        (SELECT count(DISTINCT record_id) FROM ledger.setbacks WHERE parked_at IS NOT NULL) AS parked""")
_SENDING: Final = text("""
    SELECT channel, count(*) FILTER (WHERE sent_at IS NULL AND dead_at IS NULL) AS waiting,
        extract(epoch FROM clock_timestamp()
            - min(made_at) FILTER (WHERE sent_at IS NULL AND dead_at IS NULL))::float8 AS lag_s,
        count(*) FILTER (WHERE dead_at > clock_timestamp() - interval '1 day') AS dead
    FROM ledger.deliveries
    WHERE (sent_at IS NULL AND dead_at IS NULL) OR dead_at > clock_timestamp() - interval '1 day'
    GROUP BY channel ORDER BY channel""")
_TOLD: Final = text("""
    SELECT type, put_at FROM ledger.feed_items
    WHERE party = 'operator' AND NOT starts_with(type, 'operation.') AND put_at > clock_timestamp() - interval '7 days'
    ORDER BY seq DESC LIMIT 20""")
_LATE_SINCE: Final = text("SELECT began_at FROM ledger.troubles WHERE name = :name AND ended_at IS NULL")


@dataclass(frozen=True, slots=True)
class Process:
    """One process, by its part, its machine and its number there."""

    part: str
    host: str
    pid: int
    release: str


@dataclass(frozen=True, slots=True)
class Changed:
    """A trouble that began or ended, once whoever tells: its number, and when."""

    id: int
    trouble: Trouble
    at: datetime
    has_ended: bool


@dataclass(frozen=True, slots=True)
class Late:
    """How late what is due is, in seconds. `unsent` is None where a demonstration's clock was moved."""

    detection_s: float
    telling_s: float
    parked: int
    unsent: Mapping[str, float] | None
    dead: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Unmailed:
    """A trouble of which operators are to be written: that it began, or, where they know that, that it is over."""

    id: int
    trouble: Trouble
    began_mailed: bool


def beat(process: Process) -> Statement:
    """It lives."""
    return _BEAT, (process.part, process.host, process.pid, process.release)


def leave(process: Process) -> Statement:
    """It ends in good order."""
    return _LEAVE, (process.part, process.host, process.pid)


def beside(driver: Driver, process: Process) -> list[int]:
    """The numbers of the processes of the same part that were heard of on this machine."""
    return [row[0] for row in ask(driver, _BESIDE, (process.part, process.host))]


def bury(process: Process, pids: Sequence[int]) -> Statement:
    """These are no more, and another has taken their place."""
    return _BURY, (process.part, process.host, list(pids))


def heard(driver: Driver) -> list[Silence]:
    """For how long each process has not been heard. Forgets those that were not heard for an hour."""
    trip = Trip(driver)
    trip.add(_FORGET)
    trip.add(_HEARD)
    return [Silence(part, f"{host}:{pid}", seconds, left) for part, host, pid, seconds, left in trip.go()[1]]


def late(driver: Driver) -> Late:
    """How late what is due is; what has newly fallen due is noted, and what was caught up with forgotten."""
    trip = Trip(driver)
    trip.add(_CAUGHT_UP)
    trip.add(_FELL_DUE)
    trip.add(_LATE)
    trip.add(_UNSENT)
    trip.add(_DEAD)
    _, _, [(detection, telling, parked, is_moved)], unsent, dead = trip.go()
    by_channel = None if is_moved else {row[0]: row[1] for row in unsent}
    return Late(detection or 0.0, telling or 0.0, parked, by_channel, {row[0]: row[1] for row in dead})


def standing(driver: Driver) -> set[Trouble]:
    """The troubles that have begun and not ended."""
    return {Trouble(*row) for row in ask(driver, _STANDING)}


def change(driver: Driver, begun: Mapping[Trouble, float], over: Iterable[Trouble]) -> list[Changed]:
    """Note which troubles began, so many seconds ago, and which ended; those that nobody else noted first."""
    changes = []
    for trouble in sorted(over):
        rows = ask(driver, _END, (trouble.name, trouble.subject))
        changes += [Changed(row[0], trouble, row[1], has_ended=True) for row in rows]
    for trouble in sorted(begun):
        rows = ask(driver, _BEGIN, (trouble.name, trouble.subject, float(begun[trouble])))
        changes += [Changed(row[0], trouble, row[1], has_ended=False) for row in rows]
    return changes


def take_unmailed(driver: Driver) -> Unmailed | None:
    """One trouble that operators are to be written of, and nobody else writes of for a while; None: there is none."""
    rows = ask(driver, _TAKE_UNMAILED)
    if not rows:
        return None
    number, name, subject, began_mailed = rows[0]
    return Unmailed(number, Trouble(name, subject), began_mailed)


def mailed(one: Unmailed, *, ended: bool) -> Statement:
    """Operators were written that it began, or that it is over."""
    return _MAILED, (ended, one.id)


def troubles(connection: Connection, limit: int = 50) -> list[Any]:
    """The troubles that stand, the newest first, then those that ended within the last week."""
    return list(connection.execute(_TROUBLES, {"limit": limit}))


def processes(connection: Connection) -> list[Any]:
    """The processes that were heard of lately."""
    return list(connection.execute(_PROCESSES))


def waiting(connection: Connection) -> Any:
    """How much waits and for how long: detection_s, untold, telling_s, parked."""
    return connection.execute(_WAITING).one()


def sending(connection: Connection) -> list[Any]:
    """By channel, how many messages wait to leave, for how long the oldest has, and how many were given up in a day."""
    return list(connection.execute(_SENDING))


def told(connection: Connection) -> list[Any]:
    """What operators were told within the last week beside troubles, the newest first."""
    return list(connection.execute(_TOLD))


def since(connection: Connection, name: str) -> datetime | None:
    """Since when a trouble stands of which there is one; None where it does not."""
    found: datetime | None = connection.scalar(_LATE_SINCE, {"name": name})
    return found
