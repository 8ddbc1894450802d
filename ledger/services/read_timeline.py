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
from ledger.services.find_as_of import find_as_of, findings_as_of
from ledger.services.note_access import note_access
from ledger.services.refusal import RefusedError
from ledger.services.render_entry import View, places_needed, render_entry
from ledger.services.see import NotKnownError, Reader, check_involved, open_eyes
from ledger.services.warn import with_warnings
from ledger.services.word_claim import wording_of
from ledger.store.people import Agency, surroundings_of
from ledger.store.timeline import by_number, heads_of, page

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
    stored = page(connection, record_id, after=question.after, up_to=point.number, limit=question.limit + 1)
    shown = [eyes.look(entry, up_to=point.number) for entry in stored[: question.limit]]
    findings = findings_as_of(connection, record_id, point.number)
    needed = places_needed(shown, findings)
    glimpses = {entry.number: entry for entry in shown}
    missing = {(record_id, number) for number in needed - glimpses.keys()}
    glimpses |= {entry.number: eyes.look(entry, up_to=point.number) for entry in by_number(connection, missing)}
    known = directory or {}
    wording = wording_of(glimpses.values(), {name: agency.name for name, agency in known.items()})
    around = surroundings_of(connection, [record_id])
    view = View(reader, pseudonym, question.valid_at, pack, known, findings, glimpses, wording, around[record_id])
    items = [item for entry in shown if (item := render_entry(entry, view)) is not None]
    return {
        "child": str(record_id),
        "as_of": {"number": point.number, "hash": point.hash.hex()},
        "valid_at": written_time(question.valid_at) if question.valid_at else None,
        "entries": with_warnings(connection, record_id, eyes, items),
        "next": shown[-1].number if len(stored) > question.limit else None,
    }
