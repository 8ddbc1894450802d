"""Detect in every record in which something is due, among any number of workers that do the same.

A record that cannot be detected never holds up the others: it is left alone, longer each time, and after some failures
parked: nobody tries it again until the program or the pack is another one or an operator asks (`ledger detect retry`),
and its lead is told. How often it failed stands in the database, so that processes do not each try anew. What a lost
hint did not announce is found here, for due is what the heads say and not what somebody sent.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from uuid import UUID

import psycopg
import structlog
from sqlalchemy import Engine

from ledger.domain.entry import Chance
from ledger.services.detect import Packs, detect_with, tell_of_failure
from ledger.store.append import ClosedError, ContendedError, Driver
from ledger.store.database import driver_of
from ledger.store.due import due_records
from ledger.store.setbacks import count_failure, note_told, tell_later

#: How many records are asked for at once.
CHUNK = 100
_FIRST_SETBACK_S, _LONGEST_SETBACK_S = 1.0, 300.0

_log = structlog.get_logger("ledger.detect_due")


@dataclass(frozen=True, slots=True)
class Swept:
    """What one sweep did: steps of detection that moved a record on, records that others held, and that failed."""

    detected: int
    busy: int
    failed: int


class Setbacks:
    """At which records this process met a fault that is the server's and not theirs, and leaves them alone for a while.

    A connection that was lost counts for no record: who looked on while a server went down is not to be parked. But a
    record at which it is lost each time must not be the first that is tried. Shared among the process's threads.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._until: dict[UUID, tuple[int, float]] = {}

    def add(self, record_id: UUID) -> int:
        """Leave a record alone for twice as long as the time before; returns how often it has failed."""
        with self._lock:
            tries = self._until.get(record_id, (0, 0.0))[0] + 1
            rest = min(_FIRST_SETBACK_S * 2 ** min(tries - 1, 16), _LONGEST_SETBACK_S)
            self._until[record_id] = (tries, self._monotonic() + rest)
        return tries

    def clear(self, record_id: UUID) -> None:
        """It went well."""
        if record_id in self._until:
            with self._lock:
                self._until.pop(record_id, None)

    def now(self) -> set[UUID]:
        """Those to leave alone at this moment."""
        moment = self._monotonic()
        with self._lock:
            return {record_id for record_id, (_, until) in self._until.items() if until > moment}


def sweep(
    engine: Engine,
    packs: Packs,
    chance: Chance,
    *,
    setbacks: Setbacks,
    release: str = "",
    stop: Callable[[], bool] = lambda: False,
    limit: int = CHUNK,
) -> Swept:
    """Go on until nothing is due that this worker can take. Raises what a database that is away raises.

    `release` names this program: what another one failed on is tried.
    """
    detected = failed = elsewhere = 0
    busy: set[UUID] = set()
    with driver_of(engine) as driver:
        while not stop():
            without = busy | setbacks.now()
            found = due_records(driver, start=UUID(bytes=chance(16)), limit=limit, without=without, release=release)
            for record_id in found.untold:
                _tell(driver, record_id, chance, release)
            if not found.due:
                break
            for record_id in found.due:
                if stop():
                    break
                went = _try(driver, record_id, packs, chance, setbacks, release)
                detected += went is _Went.WELL
                failed += went is _Went.WRONG
                if went is not _Went.WELL:
                    busy.add(record_id)
                    elsewhere += went is _Went.ELSEWHERE
    return Swept(detected, elsewhere, failed)


class _Went(Enum):
    WELL = auto()
    WRONG = auto()
    ELSEWHERE = auto()


def _try(driver: Driver, record_id: UUID, packs: Packs, chance: Chance, setbacks: Setbacks, release: str) -> _Went:
    try:
        detected = detect_with(driver, record_id, packs, chance)
    except (ContendedError, ClosedError):
        return _Went.ELSEWHERE
    except Exception as error:
        if driver.closed or _is_the_servers(error):
            tries = setbacks.add(record_id)
            _log.error("a record could not be detected just now", record=str(record_id), attempt=tries, exc_info=error)
            if driver.closed:
                raise
            return _Went.WRONG
        setback = count_failure(driver, record_id, release)
        tries = setback.tries if setback else 0
        _log.error("a record was not detected", record=str(record_id), attempt=tries, exc_info=error)
        if setback is not None and setback.is_parked:
            _tell(driver, record_id, chance, release)
        return _Went.WRONG
    if detected.busy:
        return _Went.ELSEWHERE
    setbacks.clear(record_id)
    return _Went.WELL


def _is_the_servers(error: Exception) -> bool:
    """Whether the server is at fault, and would be with any other record: full, stopping, or read-only."""
    if not isinstance(error, psycopg.OperationalError | psycopg.InternalError):
        return False
    state = error.sqlstate
    return state is None or state[:2] in {"08", "53", "58"} or state in {"57P01", "57P02", "57P03", "25006"}


def _tell(driver: Driver, record_id: UUID, chance: Chance, release: str) -> None:
    """Tell its lead that a record is parked; where that fails too it is tried again, and operators see it parked."""
    try:
        tell_of_failure(driver, record_id, chance)
        note_told(driver, record_id, release)
    except Exception as error:
        _log.error("a record's lead could not be told that it is not detected", record=str(record_id), exc_info=error)
        if driver.closed:
            raise
        tell_later(driver, record_id, release)
