"""How long after its recorded time an entry is under a signed checkpoint that all can fetch, while posts come in."""

import threading
import time
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ledger.bench.bed import Bed
from ledger.bench.load import Loaded, LoadError, quantile
from ledger.bench.observation import father_gone
from ledger.bench.peer import Driver
from ledger.bench.standing import observations, register, settle

#: Posts a second.
PACE = 50.0
_LOOK_S = 0.005
_MOST_S = 10.0
_LAST = b"SELECT clock_timestamp(), coalesce(max(size), 0) FROM ledger.checkpoints WHERE log = 'entries'"
_WRITTEN = b"""
    SELECT p.index, e.recorded_at FROM ledger.entry_positions p JOIN ledger.entries e USING (record_id, number)
    WHERE p.index >= %s ORDER BY p.index"""
_SEALED = b"""
    SELECT NOT EXISTS (SELECT FROM ledger.heads WHERE due_seq > detected_seq)
        AND NOT EXISTS (SELECT FROM ledger.unsealed)
        AND (SELECT coalesce(max(size), 0) FROM ledger.checkpoints WHERE log = 'entries')
            = (SELECT coalesce(max(index) + 1, 0) FROM ledger.entry_positions)"""


@dataclass(frozen=True, slots=True)
class Sealing:
    """Seconds from each entry's recorded time until a checkpoint over it was seen; how many checkpoints there were."""

    seconds: list[float]
    checkpoints: int

    @property
    def p50_ms(self) -> float:
        return quantile(self.seconds, 0.5) * 1e3

    @property
    def p99_ms(self) -> float:
        return quantile(self.seconds, 0.99) * 1e3

    def as_json(self) -> dict[str, Any]:
        return {
            "entries": len(self.seconds),
            "checkpoints": self.checkpoints,
            "p50_ms": self.p50_ms,
            "p99_ms": self.p99_ms,
            "most_ms": max(self.seconds, default=0.0) * 1e3,
        }


def measure(bed: Bed, posts: int) -> Sealing:
    """At fifty posts a second, with all that detection writes of them. Raises LoadError where any stays unsealed."""
    children = register(bed, "sealed.child.", min(posts, 200))
    wanted = replace(
        observations(bed, "hv", father_gone(bed.today), "sealed.", children),
        requests_most=posts,
        seconds=posts / PACE + 60.0,
        pace=PACE,
        connections=16,
    )
    results: list[Loaded | Exception] = []

    def put_on() -> None:
        try:
            results.append(bed.load(wanted))
        except (LoadError, OSError) as error:
            results.append(error)

    with bed.connect() as driver:
        settle(driver)
        _wait_until_sealed(driver)
        begins = int(driver.execute(_LAST).fetchall()[0][1])
        loading = threading.Thread(target=put_on)
        loading.start()
        seen = _watch(driver, begins, loading)
        loading.join()
        if isinstance(results[0], Exception):
            raise results[0]
        written = driver.execute(_WRITTEN, (begins,)).fetchall()
    return Sealing(delays(written, seen), len(seen))


def delays(written: Sequence[tuple[int, datetime]], seen: Sequence[tuple[int, datetime]]) -> list[float]:
    """For each (index, recorded time) the seconds until the first (size, moment) that covers it.

    Raises LoadError where nothing does.
    """
    sizes = [size for size, _ in seen]
    found = []
    for index, recorded_at in written:
        place = bisect_right(sizes, index)
        if place == len(seen):
            raise LoadError("an entry was not sealed while it was watched")
        found.append(max((seen[place][1] - recorded_at).total_seconds(), 0.0))
    return found


def _watch(driver: Driver, begins: int, loading: threading.Thread) -> list[tuple[int, datetime]]:
    """Each larger checkpoint with the server's moment at which it was first seen, until all that came is sealed."""
    seen: list[tuple[int, datetime]] = []
    last, until = begins, 0.0
    while True:
        # Asked before the look, so that the look sees whatever made it true.
        is_over = not loading.is_alive() and driver.execute(_SEALED).fetchall()[0][0]
        moment, size = driver.execute(_LAST).fetchall()[0]
        if size > last:
            seen.append((size, moment))
            last = size
        if is_over or (until and time.monotonic() > until):
            return seen
        if not loading.is_alive():
            until = until or time.monotonic() + _MOST_S
        time.sleep(_LOOK_S)


def _wait_until_sealed(driver: Driver) -> None:
    until = time.monotonic() + _MOST_S
    while not driver.execute(_SEALED).fetchall()[0][0]:
        if time.monotonic() > until:
            raise LoadError(f"entries were not sealed within {_MOST_S:.0f} s")
        time.sleep(_LOOK_S)
