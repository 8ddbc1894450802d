"""All open streams, and the one query that looks for what is new for any of them.

Whatever wakes it, it looks at most twenty times a second; unwoken it looks all the same, and more often while nobody
would wake it. Streams' rights are asked for again every few seconds, for all of them at once. A database that is away
ends no stream: nothing comes from it, and when it is back each goes on where it was. The event loop alone touches it.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Final

import structlog

from ledger.domain.position import earliest, latest
from ledger.live.stream import Ending, Stream
from ledger.services.follow import Follower
from ledger.store.following import FeedRow

#: Looks are at least this far apart, however often something wakes it.
PACE_S: Final = 0.05
#: Unwoken, it looks this often: while it is told of what is new, and while it is not.
HEARING_S, DEAF_S = 5.0, 1.0
#: How often it asks whether those who follow still may.
CHECK_S: Final = 3.0
#: Items of one feed in one look; where there are more, it looks again at once.
EACH: Final = 100
_REST_S: Final = 1.0

_log = structlog.get_logger("ledger.live")

Fetch = Callable[[Mapping[str, int], int], Awaitable[Sequence[FeedRow]]]
Check = Callable[[Collection[Follower]], Awaitable[Collection[Follower]]]


@dataclass(frozen=True, slots=True)
class Limits:
    """Streams at once, in all and for one caller."""

    in_all: int
    each: int


class TooManyError(Exception):
    """No further stream: of this caller, or of anybody (`is_callers` is False)."""

    def __init__(self, *, is_callers: bool) -> None:
        super().__init__()
        self.is_callers = is_callers


class Hub:
    """`fetch` is what feeds hold, `check` who of those who follow still may; both leave the event loop free."""

    def __init__(self, fetch: Fetch, check: Check, limits: Limits) -> None:
        self._fetch, self._check, self._limits = fetch, check, limits
        self._of: dict[str, set[Stream]] = {}
        self._callers: Counter[str] = Counter()
        self._entering = 0
        self._woken = asyncio.Event()
        self._is_away = False
        self.streams: set[Stream] = set()
        self.is_hearing = False
        self.is_stopping = False

    def enter(self) -> None:
        """Take a place before it is known for whom; `leave_door` gives it back. Raises TooManyError."""
        if self.is_stopping or len(self.streams) + self._entering >= self._limits.in_all:
            raise TooManyError(is_callers=False)
        self._entering += 1

    def leave_door(self) -> None:
        """Whoever entered has joined, or was refused."""
        self._entering -= 1

    def join(self, stream: Stream) -> None:
        """Serve a stream from now on. Raises TooManyError."""
        caller = stream.follower.caller
        if self._callers[caller] >= self._limits.each:
            raise TooManyError(is_callers=True)
        self._callers[caller] += 1
        self.streams.add(stream)
        for party in stream.position:
            self._of.setdefault(party, set()).add(stream)
        if self.is_stopping:
            stream.end(Ending.STOPPING)
        self.wake()

    def leave(self, stream: Stream) -> None:
        """Serve it no longer."""
        self.streams.discard(stream)
        for party in stream.position:
            self._of[party].discard(stream)
            if not self._of[party]:
                del self._of[party]
        self._callers[stream.follower.caller] -= 1
        if not self._callers[stream.follower.caller]:
            del self._callers[stream.follower.caller]

    def wake(self) -> None:
        """Look soon: something is new, or somebody came, or has room again."""
        self._woken.set()

    def stop(self) -> None:
        """Take nobody in, and end every stream."""
        self.is_stopping = True
        for stream in self.streams:
            stream.end(Ending.STOPPING)

    async def look_on(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            try:
                async with asyncio.timeout(HEARING_S if self.is_hearing else DEAF_S):
                    await self._woken.wait()
            except TimeoutError:
                pass
            self._woken.clear()
            began = monotonic()
            await self._trying(self.look)
            await asyncio.sleep(max(0.0, PACE_S - (monotonic() - began)))

    async def check_on(self) -> None:
        """Ask again and again who still may follow, until cancelled."""
        while True:
            await asyncio.sleep(CHECK_S)
            await self._trying(self.check)

    async def look(self) -> None:
        """Once: hand on what is new. One query for all streams that have room; two where somebody is far behind."""
        wanted = earliest(stream.position for stream in self.streams if stream.has_room)
        if not wanted:
            return
        more = {party for party, count in (await self._hand_on(wanted)).items() if count >= EACH}
        if more:
            # Whoever comes back after long is read for by and by; those who are far ahead of them wait for none of it.
            ahead = latest(stream.position for stream in self.streams if stream.has_room)
            await self._hand_on({party: ahead[party] for party in more & ahead.keys()})
            self.wake()

    async def _hand_on(self, read: Mapping[str, int]) -> Counter[str]:
        """What follows these numbers; of each feed how much that was."""
        rows = await self._fetch(read, EACH) if read else ()
        for row in rows:
            for stream in self._of.get(row.party, ()):
                stream.offer(row)
        return Counter(row.party for row in rows)

    async def check(self) -> None:
        """Once: end the streams of those who may not follow any more."""
        asked = {stream.follower for stream in self.streams}
        still = await self._check(asked) if asked else ()
        for stream in self.streams:
            if stream.follower in asked and stream.follower not in still:
                stream.end(Ending.REVOKED)

    async def _trying(self, act: Callable[[], Awaitable[None]]) -> None:
        """Whatever goes wrong is told once, and tried again: a stream must not end for it, nor this."""
        try:
            await act()
        except Exception as error:  # noqa: BLE001 - any: it is tried again
            if not self._is_away:
                _log.warning("the feeds cannot be read; trying again", exc_info=error)
            self._is_away = True
            await asyncio.sleep(_REST_S)
        else:
            if self._is_away:
                _log.info("the feeds can be read again")
            self._is_away = False
