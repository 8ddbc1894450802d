"""Breakings of the glass, for those who are told of them: whoever leads, managers, the duty desk, auditors, oneself.

Each is rendered from what its reader may see: a duty desk that is not involved is told who, when and by when to review,
and reads the reason once it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.entry import Chance, entry_id, written_time
from ledger.domain.role import Right, Role
from ledger.services.child_told import child_told
from ledger.services.name_child import name_child
from ledger.services.note_access import note_access
from ledger.services.reach import reaches
from ledger.services.see import Reader, open_eyes
from ledger.services.word_awaited import word_due, word_stretch
from ledger.services.word_verdict import VERDICT_WORDS
from ledger.store.clock import now
from ledger.store.glass import Breaking, Told, breakings
from ledger.store.people import Agency, directory, names
from ledger.store.timeline import by_number, heads_of

#: At most so many are listed; those not reviewed come first.
LIMIT: Final = 200
_ALL: Final = frozenset({Role.AUDITOR, Role.DUTY_DESK})
_OF_AGENCY: Final = frozenset({Role.MANAGER, Role.AGENCY_SYSTEM})


@dataclass(frozen=True, slots=True)
class _Loaded:
    reader: Reader
    reasons: Mapping[tuple[UUID, int], str]
    details: Mapping[UUID, Mapping[str, Any]]
    agencies: Mapping[str, Agency]
    people: Mapping[UUID, str]
    now: datetime
    #: The records at which the reader may review.
    reviewable: frozenset[UUID]


def read_glass(
    connection: Connection, reader: Reader, *, is_open: bool | None, chance: Chance, limit: int = LIMIT
) -> dict[str, Any]:
    """The breakings that the reader is told of; `is_open`: those that wait for a review, the others, or all.

    The connection acts for the reader. That they were listed is recorded in each record.
    """
    found = breakings(connection, reader.home or reader.agency, _told(reader), is_open=is_open, limit=limit)
    records = sorted({one.record_id for one in found})
    heads = heads_of(connection, records)
    note_access(connection, reader, {record: heads[record][1] for record in records}, "glass breakings", chance)
    eyes = open_eyes(connection, reader, records)
    entries = by_number(connection, {(one.record_id, one.number) for one in found})
    seen = [eyes.look(entry) for entry in entries]
    ids = {one for broken in found for one in (broken.person_id, broken.reviewer_id) if one is not None}
    loaded = _Loaded(
        reader,
        {
            (one.record_id, one.number): str(one.body["reason"])
            for one in seen
            if one.is_visible and "reason" in one.body
        },
        child_told(connection, eyes, records),
        directory(connection),
        names(connection, ids),
        now(connection),
        _reviewable(connection, reader, found),
    )
    rendered = [_rendered(one, loaded) for one in found]
    return {
        "breakings": rendered,
        "waiting": sum(one["review"] is None for one in rendered),
        "overdue": sum(one["overdue"] for one in rendered),
    }


def count_glass(connection: Connection, reader: Reader) -> tuple[int, int]:
    """How many breakings of others that the reader is told of wait for a review, and how many of them are overdue.

    Nothing of any child is read for it.
    """
    found = breakings(connection, reader.home or reader.agency, _told(reader), is_open=True, limit=LIMIT)
    of_others = [one for one in found if one.person_id is None or one.person_id != reader.person_id]
    at = now(connection)
    return len(of_others), sum(one.due_at <= at for one in of_others)


def _told(reader: Reader) -> Told:
    return Told(
        reader.agency,
        reader.person_id,
        reader.person_ref,
        is_everybody=bool(reader.roles & _ALL),
        is_for_agency=bool(reader.roles & _OF_AGENCY),
    )


def _rendered(one: Breaking, loaded: _Loaded) -> dict[str, Any]:
    is_overdue = one.review_number is None and one.due_at <= loaded.now
    is_yours = one.person_id is not None and one.person_id == loaded.reader.person_id
    return {
        "entry": entry_id(one.pseudonym, one.number),
        "child": {"id": str(one.record_id), "name": name_child(loaded.details.get(one.record_id, {}))},
        "by": _party(one.agency, one.person_id, one.author, loaded),
        "reviewable": one.review_number is None and not is_yours and one.record_id in loaded.reviewable,
        "yours": is_yours,
        "reason": loaded.reasons.get((one.record_id, one.number)),
        "broken_at": written_time(one.broken_at),
        "until": written_time(one.until),
        "open": one.until > loaded.now,
        "due": written_time(one.due_at),
        "overdue": is_overdue,
        "words": _words(one, loaded.now),
        "review": _review(one, loaded),
    }


def _reviewable(connection: Connection, reader: Reader, found: list[Breaking]) -> frozenset[UUID]:
    """Of a person, the records that their right to review reaches; a system is told when it tries."""
    if reader.person_id is None:
        return frozenset()
    waiting = {one.record_id for one in found if one.review_number is None}
    return frozenset(record for record in waiting if reaches(connection, reader, record, Right.REVIEW))


def _words(one: Breaking, at: datetime) -> str:
    """How the review's clock stands."""
    if one.review_number is not None:
        return VERDICT_WORDS.get(str(one.verdict), str(one.verdict))
    if one.due_at <= at:
        return f"Not reviewed. Overdue by {word_stretch(at - one.due_at)}."
    return f"Not reviewed. To be reviewed by {word_due(one.due_at)}, in {word_stretch(one.due_at - at)}."


def _review(one: Breaking, loaded: _Loaded) -> dict[str, Any] | None:
    if one.review_number is None or one.reviewed_at is None or one.reviewed_by is None:
        return None
    return {
        "entry": entry_id(one.pseudonym, one.review_number),
        "by": _party(one.reviewed_by, one.reviewer_id, one.reviewer, loaded),
        "verdict": one.verdict,
        "at": written_time(one.reviewed_at),
    }


def _party(agency: str, person_id: UUID | None, author: str | None, loaded: _Loaded) -> dict[str, Any]:
    """Who did it: a person by their name, or by the reference that their agency's system gave."""
    known = loaded.agencies.get(agency)
    return {
        "agency": agency,
        "agency_name": known.name if known else agency,
        "contact": known.contact if known else None,
        "person": loaded.people.get(person_id) if person_id is not None else author,
    }
