"""How long after a post's answer the alert that it raises can be seen: in the database, and by whom it is for.

Every post here is about a child of whom another agency was told the contrary before, so each raises one alert.
"""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ledger.bench.bed import Bed
from ledger.bench.client import Client
from ledger.bench.load import Loaded, LoadError, quantile
from ledger.bench.observation import CHILD, EVENT, father_gone, father_stays
from ledger.bench.peer import Driver
from ledger.bench.standing import observations, register, settle

PACE = 100.0
_MOST_S = 10.0
_REST_S = 0.01
_LOOK_S = 0.0002
_LOOK_PACED_S = 0.002
_SEEN_OF = b"SELECT 1 FROM ledger.alerts WHERE record_id = %s LIMIT 1"
_SEEN_LATELY = b"""
    SELECT record_id::text FROM ledger.alerts
    WHERE to_agency = 'duty' AND raised_at > clock_timestamp() - interval '2 seconds'"""
_SEEN = b"SELECT record_id::text FROM ledger.alerts WHERE to_agency = 'duty'"


@dataclass(frozen=True, slots=True)
class Delays:
    """Seconds from a post's answer to its alert, of every post."""

    seconds: list[float]

    @property
    def p50_ms(self) -> float:
        return quantile(self.seconds, 0.5) * 1e3

    @property
    def p99_ms(self) -> float:
        return quantile(self.seconds, 0.99) * 1e3

    def as_json(self) -> dict[str, Any]:
        return {"posts": len(self.seconds), "p50_ms": self.p50_ms, "p99_ms": self.p99_ms, "most_ms": self.most_ms}

    @property
    def most_ms(self) -> float:
        return max(self.seconds, default=0.0) * 1e3


def idle(bed: Bed, posts: int) -> tuple[Delays, Delays]:
    """One post at a time: until the alert's row is visible, and until GET /alerts shows it to the duty desk."""
    in_database: list[float] = []
    shown: list[float] = []
    children = contradictable(bed, "idle", posts)
    before, middle, after = _parts(father_stays(bed.today))
    with (
        bed.connect() as driver,
        Client(bed.port, bed.keys["hv"]) as sender,
        Client(bed.port, bed.keys["duty"]) as reader,
    ):
        for number, child in enumerate(children):
            body = f"{before}idle.alert.{number}{middle}{child}{after}".encode()
            answer = sender.send("POST", "/api/v1/observations", body)
            answered = time.monotonic()
            if answer.status != 201:
                raise LoadError(f"a post was answered with {answer.status}")
            in_database.append(_wait_for(driver, child) - answered)
            shown.append(_wait_to_be_shown(reader, child) - answered)
            time.sleep(_REST_S)
    return Delays(in_database), Delays(shown)


def paced(bed: Bed, posts: int) -> Delays:
    """At a hundred posts a second: until the alert's row is visible."""
    children = contradictable(bed, "paced", posts)
    wanted = replace(
        observations(bed, "hv", father_stays(bed.today), "paced.alert.", children),
        requests_most=posts,
        seconds=posts / PACE + 60.0,
        pace=PACE,
        connections=32,
        keep=True,
    )
    results: list[Loaded | Exception] = []

    def put_on() -> None:
        try:
            results.append(bed.load(wanted))
        except (LoadError, OSError) as error:
            results.append(error)

    loading = threading.Thread(target=put_on)
    with bed.connect() as driver:
        earlier = {row[0] for row in driver.execute(_SEEN)}
        loading.start()
        seen = _watch(driver, earlier, posts, loading)
    loading.join()
    loaded = results[0]
    if isinstance(loaded, Exception):
        raise loaded
    missing = [child for child, _ in loaded.kept if child not in seen]
    if missing:
        raise LoadError(f"{len(missing)} of {posts} posts raised no alert within {_MOST_S:.0f} s")
    # Seen before the sender had read its answer is no delay at all.
    return Delays([max(seen[child] - answered, 0.0) for child, answered in loaded.kept])


def _watch(driver: Driver, earlier: set[str], wanted: int, loading: threading.Thread) -> Mapping[str, float]:
    seen: dict[str, float] = {}
    ended: float | None = None
    while len(seen) < wanted:
        found = driver.execute(_SEEN_LATELY).fetchall()
        now = time.monotonic()
        for (child,) in found:
            if child not in earlier:
                seen.setdefault(child, now)
        if not loading.is_alive():
            ended = ended or now
            if now - ended > _MOST_S:
                break
            if now - ended > 1.0:  # what took longer than that is late by any goal; when exactly does not matter
                for (child,) in driver.execute(_SEEN).fetchall():
                    if child not in earlier:
                        seen.setdefault(child, now)
        time.sleep(_LOOK_PACED_S)
    return seen


def contradictable(bed: Bed, prefix: str, number: int) -> tuple[str, ...]:
    """Children of whom an agency has been told that their father is gone, all of it detected."""
    children = register(bed, f"{prefix}.child.", number)
    told = observations(bed, "csc", father_gone(bed.today), f"{prefix}.gone.", children)
    bed.load(replace(told, requests_most=number, seconds=120.0))  # once round: each is told of exactly once
    with bed.connect() as driver:
        settle(driver)
    return children


def _wait_for(driver: Driver, child: str) -> float:
    until = time.monotonic() + _MOST_S
    while driver.execute(_SEEN_OF, (child,)).fetchone() is None:
        if time.monotonic() > until:
            raise LoadError(f"a post raised no alert within {_MOST_S:.0f} s")
        time.sleep(_LOOK_S)
    return time.monotonic()


def _wait_to_be_shown(reader: Client, child: str) -> float:
    until = time.monotonic() + _MOST_S
    while child.encode() not in reader.send("GET", "/api/v1/alerts?limit=10").body:
        if time.monotonic() > until:
            raise LoadError(f"GET /alerts did not show an alert within {_MOST_S:.0f} s")
    return time.monotonic()


def _parts(template: str) -> tuple[str, str, str]:
    before, _, rest = template.partition(EVENT)
    middle, _, after = rest.partition(CHILD)
    return before, middle, after
