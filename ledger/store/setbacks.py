"""Records on which detection failed: how often, until when each is left alone, and whether its lead knows. For workers.

A row is of one record and one release of the program: another release tries by itself, and so does any once another
pack is in force. How often is counted once for all processes: what fails while it is to be left alone is not counted.
All moments are by the real clock.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from ledger.domain.setback import PARKED_AFTER, RESTS_S
from ledger.store.append import Driver, Statement
from ledger.store.trip import Trip

#: Sub-select of the newest pack of the record's partnership, by the number of its entry.
NEWEST_PACK: Final = """
    (SELECT coalesce(max(p.number), 0) FROM ledger.pack_activations p WHERE p.partnership_id = h.partnership_id)"""
#: Records that this release (%s) leaves alone now.
RESTING: Final = f"""
    SELECT s.record_id FROM ledger.setbacks s JOIN ledger.heads h USING (record_id)
    WHERE s.release = %s AND s.pack = {NEWEST_PACK}
      AND (s.parked_at IS NOT NULL OR s.rests_until > clock_timestamp())"""  # noqa: S608 - made of constants alone
#: Records that this release (%s) has parked and whose lead is still to be told, at most some.
UNTOLD: Final = """
    SELECT record_id FROM ledger.setbacks
    WHERE release = %s AND parked_at IS NOT NULL AND told_at IS NULL AND rests_until <= clock_timestamp()
    ORDER BY parked_at LIMIT 20"""
_FIRST: Final = f"""
    INSERT INTO ledger.setbacks (record_id, release, pack, tries, rests_until)
    SELECT h.record_id, %s, {NEWEST_PACK}, 0, '-infinity' FROM ledger.heads h WHERE h.record_id = %s
    ON CONFLICT (record_id, release) DO NOTHING"""  # noqa: S608 - made of constants alone
# The second statement sees the pack as it is once the row is locked.
_COUNT: Final = f"""
    UPDATE ledger.setbacks s SET
        pack = n.pack, tries = n.tries, told_at = NULL,
        rests_until = clock_timestamp() + coalesce((%s::float8[])[n.tries], 0) * interval '1 second',
        parked_at = CASE WHEN n.tries >= %s THEN clock_timestamp() END
    FROM (SELECT s.record_id, s.release, {NEWEST_PACK} AS pack,
              CASE WHEN s.pack = {NEWEST_PACK} THEN s.tries + 1 ELSE 1 END AS tries
          FROM ledger.setbacks s JOIN ledger.heads h USING (record_id)
          WHERE s.record_id = %s AND s.release = %s FOR UPDATE OF s) n
    WHERE s.record_id = n.record_id AND s.release = n.release
      AND (s.pack <> n.pack OR (s.parked_at IS NULL AND s.rests_until <= clock_timestamp()))
    RETURNING s.tries, s.parked_at IS NOT NULL"""  # noqa: S608 - made of constants alone
_FORGET: Final = "DELETE FROM ledger.setbacks WHERE record_id = %s"
_TOLD: Final = "UPDATE ledger.setbacks SET told_at = clock_timestamp() WHERE record_id = %s AND release = %s"
_TELL_LATER: Final = """
    UPDATE ledger.setbacks SET rests_until = clock_timestamp() + interval '1 minute'
    WHERE record_id = %s AND release = %s"""
_RETRY: Final = """
    DELETE FROM ledger.setbacks WHERE parked_at IS NOT NULL AND (%s::uuid IS NULL OR record_id = %s)
    RETURNING record_id"""
_PARKED: Final = """
    SELECT record_id, min(parked_at), max(tries) FROM ledger.setbacks WHERE parked_at IS NOT NULL
    GROUP BY record_id ORDER BY 2, 1"""


@dataclass(frozen=True, slots=True)
class Setback:
    """How often in a row detection has failed on a record by now, and whether that parked it."""

    tries: int
    is_parked: bool


def count_failure(driver: Driver, record_id: UUID, release: str) -> Setback | None:
    """Detection failed on a record; None where it was to be left alone, so that nothing is counted. Commits."""
    trip = Trip(driver)
    trip.add(_FIRST, (release, record_id))
    trip.add(_COUNT, (list(RESTS_S), PARKED_AFTER, record_id, release))
    rows = trip.go(commit=True)[1]
    return Setback(*rows[0]) if rows else None


def forget(record_id: UUID) -> Statement:
    """Detection went well, in this transaction."""
    return _FORGET, (record_id,)


def note_told(driver: Driver, record_id: UUID, release: str) -> None:
    """Its lead has been told. Commits."""
    _do(driver, (_TOLD, (record_id, release)))


def tell_later(driver: Driver, record_id: UUID, release: str) -> None:
    """Its lead could not be told: to be tried again in a minute. Commits."""
    _do(driver, (_TELL_LATER, (record_id, release)))


def retry(driver: Driver, record_id: UUID | None) -> list[UUID]:
    """Have what is parked tried again, one record or every one; which those were. Commits."""
    return sorted({row[0] for row in _do(driver, (_RETRY, (record_id, record_id)))})


def parked(driver: Driver) -> list[tuple[UUID, datetime, int]]:
    """What is parked: the record, since when, and after how many failures. Commits."""
    return [(row[0], row[1], row[2]) for row in _do(driver, (_PARKED, ()))]


def _do(driver: Driver, statement: Statement) -> list[tuple[Any, ...]]:
    trip = Trip(driver)
    trip.add(*statement)
    return trip.go(commit=True)[0]
