"""A child's record as one reader may see it: as it was known at one point, and, if asked, of one moment in the world.

A point in time is a number of the record: `known_at` is resolved to it once and given back as `as_of`. Nothing in the
answer depends on when it is asked, so the same `as_of`, `valid_at` and rights give the same bytes for ever. Only what
the reader may see of an entry is taken as of now: today's markings, and a tombstone where content was erased.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.entry import Chance
from ledger.domain.pack import Pack
from ledger.domain.record_state import Surroundings
from ledger.services.find_as_of import PointAsked
from ledger.services.gather_disputes import with_disputes
from ledger.services.kept_words import wording_of_kept
from ledger.services.known_by import KnownBy
from ledger.services.past import Past, as_moment, names_in, open_past
from ledger.services.refusal import RefusedError
from ledger.services.render_entry import places_needed, render_entry
from ledger.services.render_view import View
from ledger.services.see import Reader, Seen, Sight
from ledger.services.warn import with_warnings
from ledger.store.findings import StoredFinding
from ledger.store.people import Agency, surroundings_of
from ledger.store.timeline import StoredEntry, by_number, page

LIMIT_MAX = 200
LIMIT = 100


@dataclass(frozen=True, slots=True)
class Question(PointAsked):
    """What is asked of a timeline: of which point, of which moment of the child's life, as known by whom."""

    valid_at: datetime | None = None
    after: int = 0
    limit: int = LIMIT
    known_by: KnownBy | None = None


def read_timeline(
    connection: Connection,
    reader: Reader,
    record_id: UUID,
    question: Question,
    *,
    pack: Pack,
    chance: Chance,
    directory: Mapping[str, Agency] | None = None,
) -> dict[str, Any]:
    """One page of a record's entries in order, and where the next begins. Writes the access record.

    The connection acts for the reader's agency. Raises NotKnownError, and RefusedError for a point that is not there.
    A page for people passes a directory for names and contacts; without one, agencies are named by their ids.
    """
    if not 1 <= question.limit <= LIMIT_MAX:
        raise RefusedError("limit_out_of_range", f"limit runs from 1 to {LIMIT_MAX}", "/limit")
    past = open_past(
        connection, reader, record_id, question, what="timeline", chance=chance, known_by=question.known_by
    )
    reading = Reading.of(past, pack, question.valid_at, directory or {})
    items, more = reading.items(question.after, question.limit)
    return past.head() | {
        "valid_at": as_moment(question.valid_at),
        "entries": items,
        "next": items[-1]["number"] if more else None,
    }


#: A rendered entry, and how much of it its reader sees.
Item = tuple[dict[str, Any], Sight]


@dataclass(frozen=True, slots=True)
class Reading:
    """One record read by one reader up to one number, a stretch of it at a time."""

    past: Past
    pack: Pack
    valid_at: datetime | None
    directory: Mapping[str, Agency]
    findings: Mapping[str, StoredFinding]
    around: Surroundings
    #: Further entries as the reader sees them, from which only who is who is taken, and what people are called.
    introducing: Sequence[Seen] = ()

    @classmethod
    def of(cls, past: Past, pack: Pack, valid_at: datetime | None, directory: Mapping[str, Agency]) -> "Reading":
        """A reading of all there is at a point."""
        around = surroundings_of(past.connection, [past.record_id])[past.record_id]
        return cls(past, pack, valid_at, directory, past.findings(), around)

    def items(self, after: int, limit: int) -> tuple[list[dict[str, Any]], bool]:
        """So many entries after a number as they are shown, and whether there are more."""
        found = list[Item]()
        following: int | None = after
        while following is not None and len(found) <= limit:
            batch, following = self.batch(following, limit + 1)
            found += batch
        return self._completed(found[:limit]), len(found) > limit

    def at(self, numbers: Collection[int]) -> list[dict[str, Any]]:
        """What there is to show of the entries of these numbers, in order."""
        past = self.past
        stored = by_number(past.connection, {(past.record_id, number) for number in numbers})
        return self._completed(self.rendered([entry for entry in stored if entry.number <= past.point.number]))

    def _completed(self, shown: Sequence[Item]) -> list[dict[str, Any]]:
        """With the warnings that were given, and of what one agency knew how it came to."""
        whole = {item["number"] for item, sight in shown if sight is Sight.FULL}
        past, items = self.past, [item for item, _ in shown]
        items = with_warnings(past.connection, past.record_id, past.eyes, items, whole)
        if past.knowledge is not None:
            items = [item | {"known": past.knowledge.of(item["number"])} for item in items]
        return items

    def batch(self, after: int, size: int) -> tuple[list[Item], int | None]:
        """What there is to show of so many entries, which may be less or none, and after which number there are more.

        So a page is filled from what its reader sees: how full it is tells nothing of what they do not.
        """
        past = self.past
        stored = page(past.connection, past.record_id, after=after, up_to=past.point.number, limit=size)
        return self.rendered(stored), stored[-1].number if len(stored) == size else None

    def rendered(self, stored: Sequence[StoredEntry]) -> list[Item]:
        """What there is to show of these entries, each at its own place, and how much of it is seen."""
        past, up_to = self.past, self.past.point.number
        connection, record_id = past.connection, past.record_id
        shown = [seen for entry in stored if (seen := past.look(entry)).sight is not Sight.NOTHING]
        glimpses = {entry.number: entry for entry in shown}
        missing = {(record_id, number) for number in places_needed(shown, self.findings) - glimpses.keys()}
        glimpses |= {entry.number: past.look(entry) for entry in by_number(connection, missing)}
        glimpses = with_disputes(connection, past.eyes, record_id, past.pseudonym, glimpses.values(), up_to)
        telling = {entry.number: entry for entry in self.introducing} | glimpses
        view = View(
            past.reader, past.pseudonym, self.valid_at, self.pack, self.directory, self.findings, glimpses,
            wording_of_kept(telling.values(), names_in(self.directory)), self.around,
        )  # fmt: skip
        rendered = ((render_entry(glimpses[entry.number], view), entry.sight) for entry in shown)
        return [(item, sight) for item, sight in rendered if item is not None]
