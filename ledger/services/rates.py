"""How many requests one caller may make a minute: counted in this process's memory, so nothing is ever waited for.

Windows are a minute each, and the same for all callers: when one begins every count is dropped, which is all the
tidying that is needed. The library's own memory store tidies by a thread that it starts again and again, and goes over
every count each time; here a count costs a look-up.
"""

import ipaddress
import math
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Final, NamedTuple

from limits import RateLimitItemPerMinute
from limits.storage.base import Storage

WINDOW_S: Final = 60
#: More callers than this in one minute are nobody's callers but an attack: what was counted is dropped.
_CALLERS_MAX: Final = 100_000


@dataclass(frozen=True, slots=True)
class Quotas:
    """Requests a minute of one process, for each caller of a sort; 0 is as many as they like."""

    #: For each key or token of an agency.
    agency: int = 0
    #: For each session.
    person: int = 0
    #: For each address, on the ways in: signing in, and fetching tokens.
    address: int = 0

    def shared_by(self, processes: int) -> "Quotas":
        """What is left for each of so many processes, rounded up."""
        parts = (math.ceil(whole / processes) for whole in (self.agency, self.person, self.address))
        return Quotas(*parts)


#: Nobody is counted.
UNLIMITED: Final = Quotas()


class Standing(NamedTuple):
    """Where a caller stands: how many more requests in this window, and in how many seconds the next begins."""

    is_within: bool
    left: int
    reset_s: int


class Counters(Storage):
    """Counts in memory for the window that runs now."""

    def __init__(self, now: Callable[[], float]) -> None:
        super().__init__()
        self._now, self._lock = now, Lock()
        self._window, self._counts = 0, dict[str, int]()

    @property
    def base_exceptions(self) -> type[Exception]:
        return ValueError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count; what it comes to in the window of `expiry` seconds that runs now."""
        window = int(self._now() // expiry)
        with self._lock:
            if window != self._window or len(self._counts) > _CALLERS_MAX:
                self._window, self._counts = window, {}
            count = self._counts[key] = self._counts.get(key, 0) + amount
        return count

    def get(self, key: str) -> int:
        return self._counts.get(key, 0)

    def get_expiry(self, key: str) -> float:  # noqa: ARG002 - every count ends with the window
        """When the window ends, by the clock that was given."""
        return float((self._window + 1) * WINDOW_S)

    def check(self) -> bool:
        return True

    def reset(self) -> int:
        dropped, self._counts = len(self._counts), {}
        return dropped

    def clear(self, key: str) -> None:
        self._counts.pop(key, None)


class Rates:
    """The counting of one process."""

    def __init__(self, quotas: Quotas, now: Callable[[], float]) -> None:
        self._now = now
        self._counters = Counters(now)
        sorts = {"agency": quotas.agency, "person": quotas.person, "address": quotas.address}
        self._limits = {sort: RateLimitItemPerMinute(most) for sort, most in sorts.items() if most}

    def quota(self, sort: str) -> int | None:
        """How many a minute a caller of a sort may make; None for any number."""
        limit = self._limits.get(sort)
        return None if limit is None else int(limit.amount)

    def count(self, sort: str, caller: str) -> Standing | None:
        """Count one request; None where callers of this sort are not limited."""
        limit = self._limits.get(sort)
        if limit is None:
            return None
        # The library's strategy asks its store three times for what this knows after one.
        used = self._counters.incr(limit.key_for(sort, caller), limit.get_expiry())
        until = WINDOW_S - self._now() % WINDOW_S
        return Standing(used <= limit.amount, max(0, limit.amount - used), math.ceil(until))


def network_of(address: str) -> str:
    """What one caller's addresses have in common: of IPv6 the first 64 bits, for everybody has all the rest."""
    try:
        read = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(read, ipaddress.IPv6Address):
        if read.ipv4_mapped is not None:
            return str(read.ipv4_mapped)
        return str(ipaddress.IPv6Network((int(read) >> 64 << 64, 64)))
    return str(read)


def address_behind(remote: str, forwarded: str, proxies: int) -> str:
    """The caller's address: as so many proxies of our own wrote it into X-Forwarded-For, the last of them at its end.

    What stands before that anybody may have written, so it is not looked at.
    """
    written = [part.strip() for part in forwarded.split(",")] if forwarded else []
    return written[-proxies] if 0 < proxies <= len(written) else remote
