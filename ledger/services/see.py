"""What one reader may see of an entry: the only place that opens stored contents for somebody to read.

Every rendering (timeline, finding, alert, page) takes what `Eyes.look` gives and never touches stored bytes itself.

* The author's agency sees its own entries whole.
* An entry marked anything but `shared` is withheld from everybody else: that it exists and whom to ring is all.
* A correction or void and what it withdraws carry each other's markings, whichever came first, so tightening a
  marking later holds for the past too.
* Erased content is a tombstone for everybody.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from ledger.services.refusal import NOT_KNOWN, RefusedError
from ledger.store.access import is_involved
from ledger.store.timeline import StoredEntry, by_number, withdrawn

SHARED = "shared"
_NOTHING: Mapping[str, Any] = {}

Place = tuple[UUID, int]


class NotKnownError(RefusedError):
    """The reader may not know of this, or it does not exist: the two look the same."""

    def __init__(self) -> None:
        super().__init__(NOT_KNOWN.code, NOT_KNOWN.detail)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: an agency's system, or a person acting as their agency. `purpose` goes into the access record."""

    agency: str
    person_id: UUID | None = None
    person_ref: str | None = None
    purpose: str = "work with the child"
    request_id: str = "-"


class Sight(StrEnum):
    """How much of an entry a reader sees."""

    FULL = "full"
    WITHHELD = "withheld"
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class Seen:
    """An entry as one reader sees it. Unless the sight is full, `kind`, `event_id` and `body` say nothing."""

    record_id: UUID
    number: int
    recorded_at: datetime
    agency: str
    hash: bytes
    sight: Sight
    kind: str | None = None
    event_id: str | None = None
    body: Mapping[str, Any] = field(default_factory=dict, repr=False)
    #: The entry that corrects or voids it, where there is one.
    withdrawn_by: int | None = None


@dataclass(frozen=True, slots=True)
class Eyes:
    """One reader's sight of some records. Made by `open_eyes`."""

    reader: Reader
    #: Where an entry was corrected or voided, by which entry (the latest).
    withdrawals: Mapping[Place, int]
    #: Entries withheld because of what they correct, or what corrects them: by which agencies' markings.
    held_back: Mapping[Place, frozenset[str]]

    def look(self, entry: StoredEntry, *, up_to: int | None = None) -> Seen:
        """What this reader sees of an entry, as things stood at entry `up_to`; its markings as they are now."""
        place = (entry.record_id, entry.number)
        by = self.withdrawals.get(place)
        if by is not None and up_to is not None and by > up_to:
            by = None
        sight, opened = self._sight(entry, place)
        is_full = sight is Sight.FULL
        own = entry.agency == self.reader.agency
        return Seen(
            entry.record_id,
            entry.number,
            entry.recorded_at,
            entry.agency,
            entry.hash,
            sight,
            kind=entry.kind if is_full else None,
            event_id=entry.event_id if own else None,
            body=opened if is_full else _NOTHING,
            withdrawn_by=by,
        )

    def _sight(self, entry: StoredEntry, place: Place) -> tuple[Sight, Mapping[str, Any]]:
        if entry.sealed is None:
            return Sight.ERASED, _NOTHING
        body = _open(entry.sealed)
        if entry.agency == self.reader.agency:
            return Sight.FULL, body
        if is_marked(body) or self.held_back.get(place, frozenset()) - {self.reader.agency}:
            return Sight.WITHHELD, _NOTHING
        return Sight.FULL, body


def open_eyes(connection: Connection, reader: Reader, record_ids: Collection[UUID]) -> Eyes:
    """What is needed to look at these records, read once. Raises nothing: involvement is asked by `check_involved`."""
    pairs = withdrawn(connection, record_ids)
    chained = {(record, number) for record, one, other in pairs for number in (one, other)}
    return eyes_over(reader, pairs, by_number(connection, chained))


def eyes_over(reader: Reader, pairs: Collection[tuple[UUID, int, int]], chained: Iterable[StoredEntry]) -> Eyes:
    """The same for who has read already what was withdrawn, as (record, number, by), and the entries named there."""
    marked = {
        (entry.record_id, entry.number): entry.agency
        for entry in chained
        if entry.sealed is not None and is_marked(_open(entry.sealed))
    }
    return Eyes(
        reader,
        {(record, number): by for record, number, by in sorted(pairs, key=lambda pair: pair[2])},
        spread(pairs, marked),
    )


def check_involved(connection: Connection, reader: Reader, record_id: UUID) -> None:
    """Raise NotKnownError unless the reader's agency is involved with this child now."""
    if not is_involved(connection, reader.agency, record_id):
        raise NotKnownError


def is_marked(body: Mapping[str, Any]) -> bool:
    """Whether a body, or the observation inside a correction, is marked for fewer eyes than the involved's."""
    inner = body.get("observation")
    return any(_is_marked(part) for part in (body, inner) if isinstance(part, Mapping))


def _is_marked(body: Mapping[str, Any]) -> bool:
    sharing = body.get("sharing")
    if sharing is None:
        return False
    return not isinstance(sharing, Mapping) or sharing.get("marking", SHARED) != SHARED


def spread(pairs: Iterable[tuple[UUID, int, int]], marked: Mapping[Place, str]) -> dict[Place, frozenset[str]]:
    """Every entry tied by correction, through however many steps, to one that an agency marked."""
    chains: dict[Place, set[Place]] = {}
    for record, one, other in pairs:
        joined = chains.get((record, one), {(record, one)}) | chains.get((record, other), {(record, other)})
        for place in joined:
            chains[place] = joined
    return {
        place: agencies
        for place, chain in chains.items()
        if (agencies := frozenset(marked[member] for member in chain if member in marked))
    }


def opened(entry: StoredEntry) -> Mapping[str, Any]:
    """An entry's body, to be judged by and never shown; nothing of one that was erased."""
    return _NOTHING if entry.sealed is None else _open(entry.sealed)


def _open(sealed: bytes) -> Mapping[str, Any]:
    body = json.loads(sealed)["body"]
    return body if isinstance(body, Mapping) else _NOTHING
