"""Who of a child's record may be in another one too, for those who may know of both records.

What comparing all records proposed says only where to look. Each pair is compared once more by what this reader sees of
both records: what only looks alike by something that is kept from them is not there.
"""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.adult_match import Adult, Alike, Who, compare_adults, names_of
from ledger.domain.entry import written_time
from ledger.domain.person import Links
from ledger.domain.role import Right
from ledger.services.context import Context
from ledger.services.find_as_of import PointAsked, find_as_of
from ledger.services.follow_adult import may_list
from ledger.services.gather_adults import adults_in, settled
from ledger.services.gather_people import KINDS, gather_people
from ledger.services.note_access import note_access
from ledger.services.past import Past, open_past
from ledger.services.propose_adults import COMPARISON
from ledger.services.reach import check_right, reaches
from ledger.services.ring_elsewhere import Rings, as_ring, auditing, rings_for
from ledger.services.see import Eyes, Reader, open_eyes
from ledger.store.adults import Proposed, last_compared, of_records, proposals_of
from ledger.store.identity import is_of_partnership
from ledger.store.timeline import heads_of, of_all

LOOK: Final = "adult proposals"
#: Of so many of the likeliest each is compared again; and so many are shown.
_LOOKED_AT_MOST: Final = 60
_SHOWN_MOST: Final = 20


@dataclass(frozen=True, slots=True)
class _Record:
    """One record as the reader sees it: its adults by name, and who is one there."""

    adults: dict[str, Adult]
    links: Links


def read_adult_proposals(context: Context, opened: tuple[Connection, Reader], record_id: UUID) -> dict[str, Any]:
    """The proposals, likeliest first. Writes the access record, and one in each record that is named besides.

    `opened` acts for the reader's agency. Raises RefusedError, NotKnownError among it.
    """
    return look_for_adults(context, opened, record_id)[1]


def look_for_adults(
    context: Context, opened: tuple[Connection, Reader], record_id: UUID
) -> tuple[Past | None, dict[str, Any]]:
    """The same, with the record as it was opened; None to whoever may not read it."""
    connection, reader = opened
    check_right(reader, Right.ADULTS)
    with auditing(connection, reader, context.auditor) as auditors:
        lists_all = auditors is not None and may_list(connection, reader)
        looking = auditors if auditors is not None and lists_all else connection
        past = _past(context, opened, record_id, looking, lists_all=lists_all)
        found = _Finding(context, past, looking, lists_all=lists_all).found()
        compared = last_compared(looking, record_id)
        rings = Rings({}, frozenset())
        if auditors is not None:
            rings = rings_for(auditors, context.pack, {other for _, other, _ in found})
    numbers = {other: head[1] for other, head in heads_of(connection, {other for _, other, _ in found}).items()}
    note_access(connection, reader, numbers, LOOK, context.chance)
    is_read = reaches(connection, reader, record_id, Right.READ)
    return past if is_read else None, past.head() | {
        "compared": None if compared is None else {"number": compared[0], "at": written_time(compared[1])},
        "proposals": [_rendered(alike, record_id, other, way, rings) for alike, other, way in found],
    }


def _past(
    context: Context, opened: tuple[Connection, Reader], record_id: UUID, looking: Connection, *, lists_all: bool
) -> Past:
    """The record now. The duty desk is told of any record of its partnership, as auditors are."""
    connection, reader = opened
    home = reader.home or reader.agency
    is_listed = lists_all and is_of_partnership(looking, record_id, home)
    if reaches(connection, reader, record_id, Right.READ) or not is_listed:
        return open_past(connection, reader, record_id, PointAsked(), what=LOOK, chance=context.chance)
    pseudonym, _ = heads_of(connection, [record_id])[record_id]
    point = find_as_of(looking, record_id)
    note_access(connection, reader, {record_id: point.number}, LOOK, context.chance)
    eyes = open_eyes(looking, reader, [record_id])
    return Past(looking, reader, record_id, pseudonym, point, PointAsked(), eyes)


class _Finding:
    def __init__(self, context: Context, past: Past, looking: Connection, *, lists_all: bool) -> None:
        self._pack, self._past, self._looking, self._lists_all = context.pack, past, looking, lists_all
        self._records: dict[UUID, _Record] = {past.record_id: self._record(past.record_id, past.eyes)}

    def found(self) -> list[tuple[Alike, UUID, str]]:
        """Each with the other record, and how it was found."""
        proposed = proposals_of(self._past.connection, self._past.record_id)
        shown = dict[frozenset[Who], tuple[Alike, UUID, str]]()
        for one in [one for one in proposed if self._may_know(one.other)][:_LOOKED_AT_MOST]:
            alike = self._compared(one)
            if alike is not None:
                shown.setdefault(frozenset({alike.one, alike.other}), (alike, one.other, one.way))
        said = of_records(self._looking, self._records.keys())
        known = settled(said, {record_id: record.links for record_id, record in self._records.items()})
        left = [told for pair, told in shown.items() if pair not in known]
        return sorted(left, key=lambda told: (-told[0].score, told[0].one, told[0].other))[:_SHOWN_MOST]

    def _may_know(self, other: UUID) -> bool:
        reader = self._past.reader
        if reaches(self._past.connection, reader, other, Right.READ):
            return True
        return self._lists_all and is_of_partnership(self._looking, other, reader.home or reader.agency)

    def _compared(self, one: Proposed) -> Alike | None:
        """What this reader sees of the two; None where that does not look alike, or of one of them they see no name."""
        if one.other not in self._records:
            self._records[one.other] = self._record(one.other, open_eyes(self._looking, self._past.reader, [one.other]))
        here, there = (self._records[record_id] for record_id in (self._past.record_id, one.other))
        mine = here.adults.get(here.links.name_of(one.person))
        theirs = there.adults.get(there.links.name_of(one.other_person))
        if mine is None or theirs is None or not (names_of(mine.known) and names_of(theirs.known)):
            return None
        alike = compare_adults(mine, theirs)
        if one.way == COMPARISON:
            return alike
        first, last = sorted((mine.who, theirs.who))
        return Alike(first, last, one.score, alike.why if alike else ("names, dates and places as Splink weighs them",))

    def _record(self, record_id: UUID, eyes: Eyes) -> _Record:
        if record_id == self._past.record_id:
            found = gather_people(self._past.seen(), self._pack)
        else:
            stored = of_all(self._looking, record_id, KINDS, 2**53)
            found = gather_people((eyes.look(entry) for entry in stored), self._pack)
        adults = {adult.known.key: adult for adult in adults_in(found, record_id, self._pack)}
        return _Record(adults, found.people_links)


def _rendered(alike: Alike, record_id: UUID, other: UUID, way: str, rings: Rings) -> dict[str, Any]:
    one, two = (alike.one, alike.other) if alike.one.record == str(record_id) else (alike.other, alike.one)
    ring = rings.agencies.get(other)
    return {
        "person": one.key,
        "other": {"child": two.record, "person": two.key},
        "level": alike.level,
        "score": alike.score,
        "why": list(alike.why),
        "found_by": way,
        "ring": [] if ring is None else [as_ring(ring)],
    }
