"""What a tick costs when much waits: a sweep over due moments, a thousand of them due among a million that are not.

Both sides are the service that workers call, with its SQL, on the same records with the same moments due. What waits
beside them is copied straight into the tables, for nobody reads it: that nobody does is what is measured. It comes
last in a run, on a ledger that is removed afterwards, and takes away whatever else was waiting.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import median
from typing import Any
from uuid import UUID

from sqlalchemy import Engine

from ledger.bench.bed import LEDGER_DATABASE, Bed
from ledger.bench.ingest import EACH
from ledger.bench.load import LoadError
from ledger.bench.observation import ordinary
from ledger.bench.peer import Driver
from ledger.bench.standing import batches, observations, register, settle
from ledger.services.detect_due import CHUNK, Setbacks, sweep
from ledger.store.database import connect_engine, driver_of
from ledger.store.due import due_records

#: Moments that wait on one record.
ON_ONE = 10
#: Over so many days they come.
_YEARS_DAYS = 1_500
#: How often it is looked for what is due while nothing is.
_LOOKS = 40

# One moment of each record as detection asked for it, to fall due again and again.
_KEEP = b"""
    CREATE TABLE ledger.bench_due AS
    SELECT DISTINCT ON (record_id) record_id, cause, number, index FROM ledger.due_moments
    WHERE record_id = ANY (%s) ORDER BY record_id, due_at, cause, number, index"""
_NOTHING_WAITS = b"""
    TRUNCATE ledger.due_moments;
    UPDATE ledger.heads SET next_due_at = NULL WHERE next_due_at IS NOT NULL"""
_FALL_DUE = b"""
    WITH due AS (
        INSERT INTO ledger.due_moments (record_id, due_at, cause, number, index)
        SELECT record_id, ledger.clock_now() - interval '1 second', cause, number, index FROM ledger.bench_due
        RETURNING record_id, due_at)
    UPDATE ledger.heads h SET next_due_at = least(next_due_at, due.due_at) FROM due WHERE h.record_id = due.record_id"""
_COPY_HEADS = b"""
    COPY ledger.heads (record_id, pseudonym, kind, partnership_id, head_hash, last_recorded_at, next_due_at)
    FROM STDIN"""
_COPY_MOMENTS = b"COPY ledger.due_moments (record_id, due_at, cause, number, index) FROM STDIN"
# Both sides begin from tables that were looked after, as the server's own housekeeping does in time.
_TIDY = b"VACUUM (ANALYZE) ledger.heads, ledger.due_moments"


@dataclass(frozen=True, slots=True)
class Ticks:
    """Seconds of a whole sweep and of one look, by how many moments waited; ``due`` of them were due."""

    due: int
    sweeps: dict[int, list[float]]
    looks: dict[int, list[float]]

    @property
    def growth(self) -> float:
        """How many times as much the sweep costs where most wait as where only those wait that are due."""
        return median(self.sweeps[max(self.sweeps)]) / median(self.sweeps[min(self.sweeps)])

    def as_json(self) -> dict[str, Any]:
        return {
            "due": self.due,
            "sweep_s": {str(waiting): seconds for waiting, seconds in self.sweeps.items()},
            "look_ms": {str(waiting): [s * 1e3 for s in seconds] for waiting, seconds in self.looks.items()},
        }


def measure(bed: Bed, due: int, waiting: int, times: int) -> Ticks:
    """Sweeps over so many records with a moment due, when nothing else waits and when ``waiting`` moments do.

    Raises LoadError when a sweep does not do what was due.
    """
    children = register(bed, "tick.child.", due)
    told = batches(observations(bed, "hv", ordinary(bed.today), "tick.", children), EACH)
    bed.load(replace(told, requests_most=-(-due // EACH), seconds=120.0, connections=1))
    ticks = Ticks(due, {}, {})
    engine = connect_engine(bed.server_url(LEDGER_DATABASE), "ledger_worker", pool_size=1)
    try:
        with bed.connect() as driver:
            settle(driver)
            with bed.without_detection():
                _clear(driver, children)
                _measure(bed, driver, engine, ticks, due, times)
                _add_waiting(driver, bed, waiting - due)
                _measure(bed, driver, engine, ticks, waiting, times)
    finally:
        engine.dispose()
    return ticks


def _clear(driver: Driver, children: Sequence[str]) -> None:
    driver.execute(_KEEP, ([UUID(child) for child in children],))
    driver.execute(_NOTHING_WAITS)


def _measure(bed: Bed, driver: Driver, engine: Engine, ticks: Ticks, waiting: int, times: int) -> None:
    driver.execute(_TIDY)
    ticks.looks[waiting] = _looks(engine)
    ticks.sweeps[waiting] = []
    for turn in range(times + 1):
        driver.execute(_FALL_DUE)
        began = time.monotonic()
        swept = sweep(engine, lambda _: bed.pack, bed.chance, setbacks=Setbacks())
        seconds = time.monotonic() - began
        if (swept.detected, swept.busy, swept.failed) != (ticks.due, 0, 0):
            raise LoadError(f"{ticks.due} records had a moment due, and {swept} came of it")
        if turn:  # the first prepares statements and reads what the rest finds in memory
            ticks.sweeps[waiting].append(seconds)


def _looks(engine: Engine) -> list[float]:
    """Seconds of each look for what is due, nothing being due. Raises LoadError when something is."""
    took = []
    with driver_of(engine) as driver:
        for number in range(_LOOKS):
            began = time.monotonic()
            found = due_records(driver, start=UUID(int=number << 121), limit=CHUNK, without=(), release="")
            took.append(time.monotonic() - began)
            if found.due:
                raise LoadError("nothing was due and something was found")
    return took


def _add_waiting(driver: Driver, bed: Bed, number: int) -> None:
    """So many moments that come in the next years, on records of which nothing else is known."""
    row = driver.execute(b"SELECT partnership_id, ledger.clock_now() FROM ledger.heads LIMIT 1").fetchone()
    if row is None:
        raise LoadError("there is no record")
    partnership, now = row
    moments: dict[UUID, list[datetime]] = {}
    for first in range(0, number, ON_ONE):
        days = [1 + place % _YEARS_DAYS for place in range(first, min(first + ON_ONE, number))]
        moments[UUID(bytes=bed.chance(16))] = [now + timedelta(days=ahead) for ahead in days]
    with driver.cursor() as cursor:
        with cursor.copy(_COPY_HEADS) as copy:
            for place, (record, due) in enumerate(moments.items()):
                copy.write_row((record, f"bench-{place}", "child", partnership, b"", now, min(due)))
        with cursor.copy(_COPY_MOMENTS) as copy:
            for record, due in moments.items():
                for index, at in enumerate(due):
                    copy.write_row((record, at, "stale_belief", 1, index))
