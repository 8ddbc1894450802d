"""A child's record as one reader may see it: as it was known at one point, and, if asked, of one moment in the world.

A point in time is a number of the record: `known_at` is resolved to it once and given back as `as_of`. Nothing in the
answer depends on when it is asked, so the same `as_of`, `valid_at` and rights give the same bytes for ever. Only what
the reader may see of an entry is taken as of now: today's markings, and a tombstone where content was erased.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.entry import Chance, written_time
from ledger.domain.pack import Pack
from ledger.domain.record_state import Surroundings
from ledger.services.find_as_of import find_as_of, findings_as_of
from ledger.services.gather_disputes import with_disputes
from ledger.services.note_access import note_access
from ledger.services.refusal import RefusedError
from ledger.services.render_entry import places_needed, render_entry
from ledger.services.render_view import View
from ledger.services.see import Eyes, NotKnownError, Reader, Seen, Sight, check_involved, open_eyes
from ledger.services.warn import with_warnings
from ledger.services.word_claim import wording_of
from ledger.store.findings import StoredFinding
from ledger.store.people import Agency, surroundings_of
from ledger.store.timeline import StoredEntry, by_number, heads_of, page

LIMIT_MAX = 200
LIMIT = 100


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a timeline. At most one of `known_at` and `number`; `hash` only with a number."""

    known_at: datetime | None = None
    number: int | None = None
    hash: str | None = None
    valid_at: datetime | None = None
    after: int = 0
    limit: int = LIMIT


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
    check_involved(connection, reader, record_id)
    head = heads_of(connection, [record_id]).get(record_id)
    if head is None:
        raise NotKnownError
    pseudonym, _ = head
    point = find_as_of(connection, record_id, known_at=question.known_at, number=question.number, hash_=question.hash)
    if not 1 <= question.limit <= LIMIT_MAX:
        raise RefusedError("limit_out_of_range", f"limit runs from 1 to {LIMIT_MAX}", "/limit")
    note_access(connection, reader, {record_id: point.number}, "timeline", chance)
    eyes = open_eyes(connection, reader, [record_id])
    findings = findings_as_of(connection, record_id, point.number)
    around = surroundings_of(connection, [record_id])[record_id]
    reading = _Reading(connection, eyes, record_id, pseudonym, point.number, question, pack, directory or {}, findings,
                       around)  # fmt: skip
    items = list[_Item]()
    after: int | None = question.after
    while after is not None and len(items) <= question.limit:
        found, after = reading.batch(after, question.limit + 1)
        items += found
    shown = items[: question.limit]
    whole = {item["number"] for item, sight in shown if sight is Sight.FULL}
    return {
        "child": str(record_id),
        "as_of": {"number": point.number, "hash": point.hash.hex()},
        "valid_at": written_time(question.valid_at) if question.valid_at else None,
        "entries": with_warnings(connection, record_id, eyes, [item for item, _ in shown], whole),
        "next": shown[-1][0]["number"] if len(items) > question.limit else None,
    }


#: A rendered entry, and how much of it its reader sees.
_Item = tuple[dict[str, Any], Sight]


@dataclass(frozen=True, slots=True)
class _Reading:
    """One record read by one reader up to one number, a stretch of it at a time."""

    connection: Connection
    eyes: Eyes
    record_id: UUID
    pseudonym: str
    up_to: int
    question: Question
    pack: Pack
    directory: Mapping[str, Agency]
    findings: Mapping[str, StoredFinding]
    around: Surroundings

    def batch(self, after: int, size: int) -> tuple[list[_Item], int | None]:
        """What there is to show of so many entries, which may be less or none, and after which number there are more.

        So a page is filled from what its reader sees: how full it is tells nothing of what they do not.
        """
        stored = page(self.connection, self.record_id, after=after, up_to=self.up_to, limit=size)
        shown = [seen for entry in stored if (seen := self._look(entry)).sight is not Sight.NOTHING]
        glimpses = {entry.number: entry for entry in shown}
        missing = {(self.record_id, number) for number in places_needed(shown, self.findings) - glimpses.keys()}
        glimpses |= {entry.number: self._look(entry) for entry in by_number(self.connection, missing)}
        glimpses = with_disputes(
            self.connection, self.eyes, self.record_id, self.pseudonym, glimpses.values(), self.up_to
        )
        names = {name: agency.name for name, agency in self.directory.items()}
        view = View(
            self.eyes.reader, self.pseudonym, self.question.valid_at, self.pack, self.directory, self.findings,
            glimpses, wording_of(glimpses.values(), names), self.around,
        )  # fmt: skip
        rendered = ((render_entry(glimpses[entry.number], view), entry.sight) for entry in shown)
        items = [(item, sight) for item, sight in rendered if item is not None]
        return items, stored[-1].number if len(stored) == size else None

    def _look(self, entry: StoredEntry) -> Seen:
        return self.eyes.look(entry, up_to=self.up_to)
