"""Detect in every record in which something is due, among any number of workers that do the same.

A record that cannot be detected never holds up the others: it is set back, longer each time, and named in the log.
What a lost hint did not announce is found here, for due is what the heads say and not what somebody sent.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from uuid import UUID

import structlog
from sqlalchemy import Engine

from ledger.domain.entry import Chance
from ledger.services.detect import Packs, detect_with, driver_of, tell_of_failure
from ledger.store.append import ClosedError, ContendedError, Driver
from ledger.store.due import due_records

#: How many records are asked for at once.
CHUNK = 100
#: After how many failures in a row the record's lead is told.
TELL_AFTER = 3
_FIRST_SETBACK_S, _LONGEST_SETBACK_S = 1.0, 300.0

_log = structlog.get_logger("ledger.detect_due")


@dataclass(frozen=True, slots=True)
class Swept:
    """What one sweep did: steps of detection that moved a record on, records that others held, and that failed."""

    detected: int
    busy: int
    failed: int


class Setbacks:
    """Which records failed lately in this process and are left alone for a while. Shared among its threads."""

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
    stop: Callable[[], bool] = lambda: False,
    limit: int = CHUNK,
) -> Swept:
    """Go on until nothing is due that this worker can take. Raises what a database that is away raises."""
    detected = failed = 0
    busy: set[UUID] = set()
    with driver_of(engine) as driver:
        while not stop():
            found = due_records(driver, start=UUID(bytes=chance(16)), limit=limit, without=busy | setbacks.now())
            if not found:
                break
            for record_id in found:
                if stop():
                    break
                went = _try(driver, record_id, packs, chance, setbacks)
                detected += went is _Went.WELL
                failed += went is _Went.WRONG
                if went is _Went.ELSEWHERE:
                    busy.add(record_id)
    return Swept(detected, len(busy), failed)


class _Went(Enum):
    WELL = auto()
    WRONG = auto()
    ELSEWHERE = auto()


def _try(driver: Driver, record_id: UUID, packs: Packs, chance: Chance, setbacks: Setbacks) -> _Went:
    try:
        detected = detect_with(driver, record_id, packs, chance)
    except (ContendedError, ClosedError):
        return _Went.ELSEWHERE
    except Exception as error:
        tries = setbacks.add(record_id)
        _log.error("a record was not detected", record=str(record_id), attempt=tries, exc_info=error)
        if driver.closed:
            raise
        if tries == TELL_AFTER:
            _tell(driver, record_id, chance)
        return _Went.WRONG
    if detected.busy:
        return _Went.ELSEWHERE
    setbacks.clear(record_id)
    return _Went.WELL


def _tell(driver: Driver, record_id: UUID, chance: Chance) -> None:
    try:
        tell_of_failure(driver, record_id, chance)
    except Exception as error:
        _log.error("a record's lead could not be told that it is not detected", record=str(record_id), exc_info=error)
        if driver.closed:
            raise
