"""One open stream: where its reader is, what waits to be written, and why it ends. The event loop alone touches it.

What waits is bounded. A stream that is full takes nothing more and does not move on, so that nothing of it is lost:
what it did not take is read again when there is room.
"""

import asyncio
from enum import StrEnum
from typing import Final

from ledger.domain.position import Position
from ledger.live import events
from ledger.services.follow import Follower
from ledger.store.following import FeedRow

#: Events that wait to be written; some 200 bytes each.
WAITING_MOST: Final = 200


class Ending(StrEnum):
    """Why a stream ends."""

    GONE = "its reader went"
    REVOKED = "its session or key ended, or its person's roles changed"
    SLOW = "its reader does not read"
    STOPPING = "the process stops"


class Stream:
    """One reader's. `position` is how far it was handed over, which may be ahead of what has been written."""

    def __init__(self, follower: Follower, position: Position, *, retry_ms: int) -> None:
        self.follower = follower
        self.position = dict(position.read)
        self.ending: Ending | None = None
        self._waiting = [events.opening(self.position, is_sure=position.is_sure, retry_ms=retry_ms)]
        self._changed = asyncio.Event()
        self._changed.set()

    @property
    def has_room(self) -> bool:
        """Whether it takes another item."""
        return self.ending is None and len(self._waiting) < WAITING_MOST

    def offer(self, row: FeedRow) -> None:
        """Take an item, where it is the very next of its feed and there is room; anything else is no news, or waits."""
        if not self.has_room or self.position.get(row.party) != row.seq - 1:
            return
        self.position[row.party] = row.seq
        self._waiting.append(events.item(row, self.position))
        self._changed.set()

    def end(self, why: Ending) -> None:
        """End it, once what waits was written; nothing more goes to who may not have it. The first reason stands."""
        if self.ending is None:
            self.ending = why
        if why is Ending.REVOKED:
            self._waiting = []
        self._changed.set()

    async def take(self, most_s: float) -> bytes:
        """What is to be written next: all that waits, or a beat when nothing came for so long. Empty: it has ended."""
        try:
            async with asyncio.timeout(most_s):
                await self._changed.wait()
        except TimeoutError:
            return events.BEAT
        self._changed.clear()
        taken, self._waiting = b"".join(self._waiting), []
        if self.ending is not None:
            self._changed.set()  # the next call says that it has ended
        return taken
