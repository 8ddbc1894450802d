"""What one reader may see of an entry: the only place that opens stored contents for somebody to read.

Every rendering (timeline, finding, alert, page, bundle) takes what `Eyes.look` gives and never touches stored bytes.

* The author's agency sees its own entries whole.
* What markings hold back (`ledger.services.marks`) is a pointer, that something is there and whom to ring, or nothing:
  then the entry is left out of every view and of every count.
* Of an entry of which a claim or a person is held back the rest is seen, without the narrative.
* A correction or void and what it withdraws carry each other's markings, whichever came first, so tightening a
  marking later holds for the past too.
* Erased content is a tombstone for everybody.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.adult import KINDS as ADULTS
from ledger.domain.adult import here_alone
from ledger.domain.cap import CAPS, Caps
from ledger.domain.entry import parse_entry_id
from ledger.domain.marking import Level
from ledger.domain.person import Links
from ledger.domain.redaction import without_places
from ledger.domain.role import Right, Role
from ledger.services.marked_for import Reads
from ledger.services.marked_parts import Redaction
from ledger.services.marks import Marks
from ledger.services.reach import reaches
from ledger.services.refusal import NOT_KNOWN, RefusedError
from ledger.services.rests_on import resting_of
from ledger.services.unopened import Unopened, may_carry_mark
from ledger.store.markings import MarkRow, holding_in, leading_of, marks_of, people_links, resting_in, ties_of
from ledger.store.timeline import StoredEntry, by_number, of_all, withdrawn

_NOTHING: Mapping[str, Any] = {}
_ITS_SENDERS = frozenset({"event_id", "also"})

Place = tuple[UUID, int]


class NotKnownError(RefusedError):
    """The reader may not know of this, or it does not exist: the two look the same."""

    def __init__(self, record_id: UUID | None = None) -> None:
        super().__init__(NOT_KNOWN.code, NOT_KNOWN.detail, record_id=record_id)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: an agency's system, or a person acting as their agency. `purpose` goes into the access record.

    ``audience``: the keys of people whom the answer could reach; what is `not_to` any of them is not in it at all.
    """

    agency: str
    person_id: UUID | None = None
    person_ref: str | None = None
    purpose: str = "work with the child"
    request_id: str = "-"
    roles: frozenset[Role] = frozenset()
    audience: frozenset[str] = frozenset()
    #: Of an auditor, who reads as no agency: the agency that they belong to.
    home: str | None = None
    #: How many children they may open.
    caps: Caps = CAPS


class Sight(StrEnum):
    """How much of an entry a reader sees."""

    FULL = "full"
    #: All but some claims, or some people.
    PART = "part"
    #: That it is there, and whose it is.
    WITHHELD = "withheld"
    #: Not even that: no view shows or counts it.
    NOTHING = "nothing"
    ERASED = "erased"


_HELD_BACK: Mapping[Level, Sight] = {Level.POINTER: Sight.WITHHELD, Level.NOTHING: Sight.NOTHING}


@dataclass(frozen=True, slots=True)
class Seen:
    """An entry as one reader sees it. Unless something of it is seen, `kind`, `event_id` and `body` say nothing.

    In a body seen in part an empty object stands where a claim or a person was, so that the others keep their places;
    `shown_body` is it as it is shown.
    """

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
    #: The places of the claims that are held back.
    hidden: frozenset[int] = frozenset()
    #: Of these those of which the reader may not even know that they are there.
    unknown: frozenset[int] = frozenset()
    #: Of an entry seen in part: the reader may know that there is more, and whom to ring.
    points: bool = False
    #: What stands against it, where that was gathered: disputes, and what came of asking to put it right.
    disputes: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)

    @property
    def is_visible(self) -> bool:
        """Whether anything that it says is seen."""
        return self.sight in (Sight.FULL, Sight.PART)

    def shows(self, index: int) -> bool:
        """Whether the claim at this place is seen, or what is read as one."""
        return self.sight is Sight.FULL or (self.sight is Sight.PART and index not in self.hidden)

    def shown_index(self, index: int) -> int:
        """The place of a claim among those that the reader sees: a gap would tell that there is one more."""
        return index - sum(one < index for one in self.hidden)

    @property
    def shown_sight(self) -> Sight:
        """How much the reader is told that they see: of what they may not know of, nothing tells."""
        return Sight.FULL if self.sight is Sight.PART and not self.points else self.sight

    @property
    def shown_body(self) -> dict[str, Any]:
        """The body as it is shown: to others without what its sender calls it, and the other children it is about."""
        told = without_places(self.kind or "", self.body) if self.sight is Sight.PART else dict(self.body)
        return told if self.event_id is not None else {name: told[name] for name in told if name not in _ITS_SENDERS}


@dataclass(frozen=True, slots=True)
class Eyes:
    """One reader's sight of some records. Made by `open_eyes`."""

    reader: Reader
    #: Where an entry was corrected or voided, by which entry (the latest).
    withdrawals: Mapping[Place, int] = field(default_factory=dict)
    marks: Marks = field(default_factory=lambda: Marks((), ()))
    #: Entries about an adult in two records, of both of which the reader may read.
    opened: Collection[Place] = field(default=frozenset(), kw_only=True)

    def look(self, entry: StoredEntry, *, up_to: int | None = None) -> Seen:
        """What this reader sees of an entry, as things stood at entry `up_to`; markings as of now, the stricter."""
        place = (entry.record_id, entry.number)
        by = self.withdrawals.get(place) if self.withdrawals else None
        if by is not None and up_to is not None and by > up_to:
            by = None
        own = entry.agency == self.reader.agency
        sight, left = self._sight(entry, place, up_to)
        is_seen = sight in (Sight.FULL, Sight.PART)
        if is_seen and entry.kind in ADULTS and self.reader.audience:
            # A family is told nothing of another child's record.
            sight, is_seen, left = Sight.NOTHING, False, Redaction(Level.NOTHING)
        elif is_seen and entry.kind in ADULTS and not own and place not in self.opened:
            # It says of that record what is for those alone who may read it.
            body = here_alone(entry.kind, entry.agency, left.body, entry.record_id)
            sight, left = Sight.PART, replace(left, body=body, points=True)
        return Seen(
            entry.record_id,
            entry.number,
            entry.recorded_at,
            entry.agency,
            entry.hash,
            sight,
            kind=entry.kind if is_seen else None,
            event_id=entry.event_id if own else None,
            body=left.body,
            withdrawn_by=by,
            hidden=left.hidden,
            unknown=left.unknown,
            points=left.points,
        )

    def sight_of(self, entry: StoredEntry, *, up_to: int | None = None) -> Sight:
        """How much of it they see: as `look` says it, for whoever asks no more."""
        if entry.sealed is not None and entry.kind not in ADULTS and self._is_plain(entry):
            return Sight.FULL
        return self.look(entry, up_to=up_to).sight

    def _sight(self, entry: StoredEntry, place: Place, up_to: int | None) -> tuple[Sight, Redaction]:
        if entry.sealed is not None and self._is_plain(entry):
            return Sight.FULL, Redaction(Level.FULL, Unopened(entry.sealed, _open))
        body = None if entry.sealed is None else _open(entry.sealed)
        if body is not None and entry.agency == self.reader.agency and not self.reader.audience:
            return Sight.FULL, Redaction(Level.FULL, body)
        reads = Reads(self.reader.agency, self.reader.person_ref, self.reader.roles, self.reader.audience)
        told = None if body is None else (entry.kind or "", entry.agency, body)
        own = entry.agency == self.reader.agency and not self.reader.audience
        left = Redaction(Level.FULL) if own else self.marks.look(place, reads, told, up_to)
        if left.level is not Level.FULL:
            return _HELD_BACK[left.level], left
        if body is None:
            return Sight.ERASED, left
        return (Sight.FULL if left.body is body else Sight.PART), left

    def _is_plain(self, entry: StoredEntry) -> bool:
        """Whether no mark can bear on an entry, told without weighing any: most are of records that have none."""
        if self.reader.audience or entry.agency == self.reader.agency:
            return not self.reader.audience
        return not may_carry_mark(entry.kind, entry.sealed) and self.marks.say_nothing_of(entry.record_id, entry.number)


def open_eyes(connection: Connection, reader: Reader, record_ids: Collection[UUID]) -> Eyes:
    """What is needed to look at these records, read once. Raises nothing: involvement is asked by `check_involved`."""
    pairs = withdrawn(connection, record_ids)
    rows = marks_of(connection, record_ids)
    if not rows:
        chained = by_number(connection, {(record, number) for record, one, two in pairs for number in (one, two)})
        return eyes_over(reader, pairs, chained)
    tied = ties_of(connection, record_ids)
    places = {(record, number) for record, one, two in pairs for number in (one, two)}
    places |= {(record, of) for (record, _), of in tied.items()}
    resting, lost = resting_of(resting_in(connection, record_ids))
    places |= {(one.record_id, number) for one in resting.values() for number in one.numbers}
    needs_links = reader.audience or any(row.mark.person for row in rows)
    if needs_links:
        places |= _relied_on(connection, {row.record_id for row in rows if row.mark.person})
    return Eyes(
        reader,
        _withdrawals(pairs),
        Marks(
            [*rows, *lost],
            pairs,
            ties=tied,
            resting=resting,
            leading=leading_of(connection, record_ids),
            holding=holding_in(connection, record_ids, reader.agency),
            links=people_links(connection, record_ids) if needs_links else {},
            bodies=_bodies(by_number(connection, places)),
        ),
    )


def eyes_over(
    reader: Reader,
    pairs: Collection[tuple[UUID, int, int]],
    chained: Iterable[StoredEntry],
    rows: Iterable[MarkRow] = (),
    links: Mapping[UUID, Links] | None = None,
    ties: Mapping[Place, int] | None = None,
    *,
    rested: Iterable[Sequence[Any]] = (),
) -> Eyes:
    """The same for who has read already what was withdrawn, as (record, number, by), the entries named there and the
    marks; `rested` are rows of `resting`. Whoever leads is taken for anybody else: that shows less, and never more.
    """
    resting, lost = resting_of(rested)
    marks = Marks([*rows, *lost], pairs, ties=ties, resting=resting, links=links, bodies=_bodies(chained))
    return Eyes(reader, _withdrawals(pairs), marks)


def _relied_on(connection: Connection, record_ids: Iterable[UUID]) -> set[Place]:
    """The entries on which decisions of these records rest: only their bodies tell whom they are about."""
    found = set[Place]()
    for record_id in record_ids:
        for decision in of_all(connection, record_id, ("decision",), 2**53):
            named = (parse_entry_id(str(one.get("entry"))) for one in opened(decision).get("relies_on", ()))
            found |= {(record_id, one[1]) for one in named if one is not None}
    return found


def check_involved(connection: Connection, reader: Reader, record_id: UUID) -> None:
    """Raise NotKnownError unless the reader may read of this child now: by involvement, or as an auditor."""
    if not reaches(connection, reader, record_id, Right.READ):
        raise NotKnownError(record_id)


def opened(entry: StoredEntry) -> Mapping[str, Any]:
    """An entry's body, to be judged by and never shown; nothing of one that was erased."""
    return _NOTHING if entry.sealed is None else _open(entry.sealed)


def _withdrawals(pairs: Iterable[tuple[UUID, int, int]]) -> dict[Place, int]:
    return {(record, number): by for record, number, by in sorted(pairs, key=lambda pair: pair[2])}


def _bodies(entries: Iterable[StoredEntry]) -> dict[Place, tuple[str, str, Mapping[str, Any]]]:
    return {
        (entry.record_id, entry.number): (entry.kind or "", entry.agency, _open(entry.sealed))
        for entry in entries
        if entry.sealed is not None
    }


def _open(sealed: bytes) -> Mapping[str, Any]:
    body = json.loads(sealed)["body"]
    return body if isinstance(body, Mapping) else _NOTHING
