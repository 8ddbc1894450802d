"""A child's record played back for one reader, step by step: how it came to be known, as lines that follow each other.

The look is recorded, once, and committed before the first line. Each stretch is then read in a transaction of its own,
in which the reader's rights are asked again, so that a reader who is slow holds nothing open. What is kept meanwhile is
the record's claims and findings by reference, however long its entries are.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.entry import Chance
from ledger.domain.pack import Pack
from ledger.services.find_as_of import PointAsked
from ledger.services.past import Past, open_past, reopen
from ledger.services.refusal import RefusedError
from ledger.services.replay_frames import Frames
from ledger.services.see import Reader
from ledger.store.people import Agency, surroundings_of
from ledger.store.timeline import page

#: Opens a transaction in which the caller reads, and says as whom.
Opening = Callable[[], AbstractContextManager[tuple[Connection, Reader]]]
#: How many entries one transaction reads.
ENTRIES_AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True)
class ReplayAsked(PointAsked):
    """Up to which point; from which number on, or after which; how many frames; of which moment what is held is told.

    Without a ``valid_at`` each frame tells what was held of its own time.
    """

    start: int = 0
    after: int = 0
    limit: int | None = None
    valid_at: datetime | None = None


def replay(
    opening: Opening,
    record_id: UUID,
    asked: ReplayAsked,
    *,
    pack: Pack,
    chance: Chance,
    directory: Mapping[str, Agency] | None = None,
) -> Iterator[dict[str, Any]]:
    """The frames, and a last line ``end`` with the point and where to go on. Writes the access record first, by itself.

    Raises NotKnownError and RefusedError before the first frame. Once frames are out, a right that ends is told as a
    line ``stopped``, in place of the last one. What is for people passes a directory, by which agencies are named;
    without one they are named by their ids.
    """
    with opening() as (connection, reader):
        past = open_past(connection, reader, record_id, asked, what="replay", chance=chance)
        around = surroundings_of(connection, [record_id], at=0)[record_id]
    return _lines(opening, past, Frames(past, pack, around, asked.valid_at, directory or {}), asked)


def _lines(opening: Opening, past: Past, frames: Frames, asked: ReplayAsked) -> Iterator[dict[str, Any]]:
    count, last = 0, max(asked.after, asked.start - 1)
    end: dict[str, Any] = {"child": str(past.record_id), "as_of": past.point.as_json(), "next": None}
    try:
        for frame in _frames(opening, past, frames, last):
            if count == asked.limit:
                yield {"end": end | {"next": last}}
                return
            count, last = count + 1, frame["number"]
            yield frame
    except RefusedError as error:
        yield {"stopped": {"code": error.refusal.code, "detail": error.refusal.detail}}
        return
    yield {"end": end}


def _frames(opening: Opening, past: Past, frames: Frames, after: int) -> Iterator[dict[str, Any]]:
    """The frames that end after a number; what comes before is read too, for what is held and open rests on it."""
    read, up_to = 0, past.point.number
    while read < up_to:
        with opening() as (connection, reader):
            here = reopen(past, connection, reader)
            frames.reading_by(here)
            stored = page(connection, past.record_id, after=read, up_to=up_to, limit=ENTRIES_AT_ONCE)
            read = stored[-1].number if stored else up_to
            made = [*frames.take(stored), *(frames.finish() if read >= up_to else ())]
            made = frames.with_warnings([frame for frame in made if frame["number"] > after])
        yield from made
