"""What open streams cost those who post, and how soon after a post's answer its alert is in the streams it is for.

Each reader is a person with a session and a feed of their own, and some are at the desk that the alerts go to. The
posts of both sides are the same, in turns, in one run.
"""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from ledger.bench.bed import Bed
from ledger.bench.client import Client
from ledger.bench.delay import Delays, contradictable
from ledger.bench.effort import Effort
from ledger.bench.ingest import CONNECTIONS, Sides, Turn, take_turns
from ledger.bench.load import Load, LoadError
from ledger.bench.observation import father_stays, ordinary
from ledger.bench.peer import Driver
from ledger.bench.readers import Readers, Seen, as_json, from_json
from ledger.bench.standing import forgo_detection, observations, settle

OPEN, NONE = "streams open", "none open"
#: Posts a second, each of which raises an alert.
PACE = 50.0
#: A load's process takes this long to come up and go, at most.
_SPARE_S = 4.0
_MOST_S = 60.0
_LOOK_S = 0.02
_READERS = "ledger.bench.readers"
_ABOUT = b"SELECT alert_id, record_id::text FROM ledger.alerts WHERE to_agency = 'duty'"


@dataclass(frozen=True, slots=True)
class Streaming:
    """Posts a second beside so many open streams and beside none; and delays from a post's answer to its streams."""

    streams: int
    sides: Sides
    delays: Delays

    @property
    def kept(self) -> float:
        """What posts keep of their rate."""
        return self.sides.ratio(OPEN, NONE)

    def as_json(self) -> dict[str, Any]:
        return {"streams": self.streams, "posts": self.sides.as_json(), "delay": self.delays.as_json()}


def measure(bed: Bed, effort: Effort, children: tuple[str, ...]) -> Streaming:
    """Both; `children` are registered already. Raises LoadError where a stream broke, or an alert did not come."""
    bed.say(f"Streams: {effort.streams:,} open, and {effort.told:,} alerts at {PACE:.0f} a second")
    cookies = bed.sign_in(effort.streams)
    one = observations(bed, "hv", ordinary(bed.today), "", children)
    with bed.connect() as driver:
        sides = take_turns(
            bed, effort, "live", {NONE: _turn(bed, driver, one, []), OPEN: _turn(bed, driver, one, cookies)}
        )
    delays = _delays(bed, effort.told, cookies)
    bed.say(f"  post to stream: p50 {delays.p50_ms:.0f} ms, p99 {delays.p99_ms:.0f} ms")
    return Streaming(len(cookies), sides, delays)


def _turn(bed: Bed, driver: Driver, wanted: Load, cookies: list[str]) -> Turn:
    def turn(seconds: float, prefix: str) -> float:
        settle(driver)
        load = replace(wanted, seconds=seconds, event_prefix=prefix, connections=CONNECTIONS)
        with bed.without_detection():
            if cookies:
                with _held(bed, cookies, seconds + _SPARE_S):
                    rate = bed.load(load).rate
            else:
                rate = bed.load(load).rate
            forgo_detection(driver)
        return rate

    return turn


def _delays(bed: Bed, posts: int, cookies: list[str]) -> Delays:
    """At a steady pace, until the last of the streams that an alert is for has it."""
    children = contradictable(bed, "live", posts)
    wanted = replace(
        observations(bed, "hv", father_stays(bed.today), "live.alert.", children),
        requests_most=posts,
        seconds=posts / PACE + _MOST_S,
        pace=PACE,
        connections=CONNECTIONS,
        keep=True,
    )
    with _held(bed, cookies, posts / PACE + _MOST_S, posts) as seen:
        loaded = bed.load(wanted)
    with bed.connect() as driver:
        about = {alert: str(record) for alert, record in driver.execute(_ABOUT).fetchall()}
    came = {about[subject]: moment for subject, moment in seen[0].last.items() if subject in about}
    missing = sum(child not in came for child, _ in loaded.kept)
    if missing:
        raise LoadError(f"{missing} of {posts} alerts were in no stream when the readers had waited long enough")
    # Seen before the sender had read its answer is no delay at all.
    return Delays([max(came[child] - answered, 0.0) for child, answered in loaded.kept])


@contextmanager
def _held(bed: Bed, cookies: list[str], seconds: float, subjects: int | None = None) -> Iterator[list[Seen]]:
    """While entered all streams are open, and stay so for so many seconds, or until items of so many subjects came.

    What was seen is there once it is left.
    """
    seen: list[Seen] = []
    faults: list[Exception] = []

    def read() -> None:
        try:
            wanted = as_json(Readers(bed.live_port, cookies, seconds, subjects))
            seen.append(from_json(bed.run_module(_READERS, [wanted], seconds + _MOST_S)[0]))
        except (LoadError, OSError) as error:
            faults.append(error)

    reading = threading.Thread(target=read)
    reading.start()
    try:
        with Client(bed.live_port, "") as asking:
            until = time.monotonic() + _MOST_S
            while _open(asking) < len(cookies):
                if faults or time.monotonic() > until:
                    raise LoadError("the streams were not all opened")
                time.sleep(_LOOK_S)
            yield seen
    finally:
        reading.join()
    if faults:
        raise faults[0]
    if seen[0].streams != len(cookies):
        raise LoadError(f"{seen[0].streams} of {len(cookies)} streams were open to the end")


def _open(asking: Client) -> int:
    return int(json.loads(asking.send("GET", "/health/ready").body)["streams"])
