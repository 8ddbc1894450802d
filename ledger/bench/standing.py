"""What every measurement needs first: children on the ledger, and a ledger with nothing left to detect."""

import time
from dataclasses import replace

from ledger.bench.bed import Bed
from ledger.bench.load import Load, LoadError
from ledger.bench.observation import registration
from ledger.bench.peer import Driver

_UNDETECTED = b"""
    SELECT count(*) FROM ledger.heads
    WHERE due_seq > detected_seq OR next_due_at <= (SELECT ledger.clock_now())"""
_SETTLE_MOST_S = 180.0


def observations(bed: Bed, agency: str, template: str, event_prefix: str, children: tuple[str, ...]) -> Load:
    """A load of one agency's observations, one a request."""
    return Load(
        port=bed.port,
        path="/api/v1/observations",
        template=template,
        event_prefix=event_prefix,
        token=bed.keys[agency],
        children=children,
    )


def batches(single: Load, each: int) -> Load:
    """The same in batches."""
    return replace(single, path=f"{single.path}/batch", each=each, mark='"status":201')


def register(bed: Bed, event_prefix: str, number: int) -> tuple[str, ...]:
    """Register so many children through the interface, and return their records' ids."""
    loaded = bed.load(
        Load(
            port=bed.port,
            path="/api/v1/children",
            template=registration(bed.today),
            event_prefix=event_prefix,
            token=bed.keys["hv"],
            seconds=120.0,
            requests_most=number,
            keep=True,
        )
    )
    return tuple(child for child, _ in loaded.kept)


def settle(driver: Driver) -> float:
    """Wait until nothing is left to detect; the moment (monotonic) at which that was seen. Raises LoadError."""
    until = time.monotonic() + _SETTLE_MOST_S
    while time.monotonic() < until:
        row = driver.execute(_UNDETECTED).fetchone()
        if row is not None and row[0] == 0:
            return time.monotonic()
        time.sleep(0.02)
    raise LoadError(f"detection was not done after {_SETTLE_MOST_S:.0f} s")


def forgo_detection(driver: Driver) -> None:
    """Take what was posted while nothing was detected as detected, so that the next turn begins like the first."""
    driver.execute(b"UPDATE ledger.heads SET detected_seq = due_seq WHERE detected_seq < due_seq")
