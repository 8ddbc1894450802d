"""Every child to whom an adult has ever been linked, as known at a moment, as far as one reader may know of it.

It goes from link to link: from a record to the other one of each link that is said of that person there, by whatever
name, and on from it. Links that were taken back are followed too: that they once stood is part of who knew what.

* Who may read a record is told its id, who the adult is there and since when; of one that they may not read, whom to
  ring. Beyond such a record nothing is followed: what leads on from there is for those who may read it.
* The duty desk, its managers and auditors are told the ids of all of them, with whom to ring.

Of each record whose id is told the reading is recorded there.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.entry import entry_id, written_time
from ledger.domain.person import Links
from ledger.domain.role import Reach, Right, Role, reach_of
from ledger.services.context import Context
from ledger.services.find_as_of import Point, find_as_of
from ledger.services.note_access import note_access
from ledger.services.reach import check_right, reaches
from ledger.services.ring_elsewhere import Rings, as_ring, auditing, rings_for, word_elsewhere
from ledger.services.see import NotKnownError, Reader, open_eyes
from ledger.store.adults import Said, of_records, records_of
from ledger.store.clock import now
from ledger.store.identity import is_of_partnership
from ledger.store.markings import people_links
from ledger.store.people import is_desk
from ledger.store.timeline import by_number, heads_of

#: What the access records call it. It opens no child: nothing that is held of one is told.
LOOK: Final = "adult"
#: In so many records at most somebody is looked for: who is in more is no one's family.
_RECORDS_MOST: Final = 200


def follow_adult(
    context: Context, opened: tuple[Connection, Reader], adult: str, known_at: datetime | None
) -> dict[str, Any]:
    """The children, by the oldest link first, and then whom to ring. Writes an access record in each that is named.

    `opened` acts for the reader's agency. Raises NotKnownError where the reader may not know of this adult.
    """
    connection, reader = opened
    check_right(reader, Right.ADULTS)
    present = now(connection)
    moment = min(known_at, present) if known_at is not None else present
    with auditing(connection, reader, context.auditor) as auditors:
        lists_all = auditors is not None and may_list(connection, reader)
        looking = auditors if auditors is not None and lists_all else connection
        walk = _Walk(_Sight(looking, connection, reader, lists_all=lists_all), moment)
        if not walk.go(adult):
            raise NotKnownError
        records = walk.in_order()
        points = {record_id: find_as_of(looking, record_id, known_at=moment) for record_id in records}
        names = {record_id: head[0] for record_id, head in heads_of(connection, records).items()}
        rings = Rings({}, frozenset())
        if auditors is not None:
            rings = rings_for(auditors, context.pack, {*records, *walk.beyond})
    note_access(connection, reader, {one: points[one].number for one in records}, LOOK, context.chance)
    children = [_child(record_id, walk, names[record_id], points[record_id]) for record_id in records]
    children = [one | _ring(rings, record_id) for record_id, one in zip(records, children, strict=True)]
    beyond = [{"stands": stands} | _ring(rings, record_id) for record_id, stands in walk.beyond.items()]
    return {"adult": adult, "known_at": written_time(moment), "children": [*children, *beyond]}


def may_list(connection: Connection, reader: Reader) -> bool:
    """Whether somebody is told of all records, read or not: the duty desk, its managers, auditors."""
    if reach_of(reader.roles, Right.ADULTS) is Reach.ANY:
        return True
    return Role.MANAGER in reader.roles and is_desk(connection, reader.agency)


@dataclass(frozen=True, slots=True)
class _Seen:
    """One link of a record, and what the reader sees of its entry."""

    said: Said
    body: Mapping[str, Any]


class _Sight:
    """What one reader may know of. `looking` reads the rows; `connection` acts for the reader's agency."""

    def __init__(self, looking: Connection, connection: Connection, reader: Reader, *, lists_all: bool) -> None:
        self._looking, self._connection, self._reader, self._lists_all = looking, connection, reader, lists_all
        self._read: dict[UUID, bool] = {}

    def reads(self, record_id: UUID) -> bool:
        """Whether the reader may read this record."""
        if record_id not in self._read:
            self._read[record_id] = reaches(self._connection, self._reader, record_id, Right.READ)
        return self._read[record_id]

    def knows(self, record_id: UUID) -> bool:
        """Whether the reader may be told its id."""
        home = self._reader.home or self._reader.agency
        return self.reads(record_id) or (self._lists_all and is_of_partnership(self._looking, record_id, home))

    def begins(self, adult: str) -> list[UUID]:
        """The records in which something is said under this name, and of which the reader may be told."""
        return [record_id for record_id in records_of(self._looking, adult) if self.knows(record_id)]

    def links(self, record_id: UUID) -> Links:
        """Who is one person there."""
        return people_links(self._looking, [record_id]).get(record_id, Links())

    def said(self, record_id: UUID) -> list[_Seen]:
        """The links of this record whose entries the reader sees."""
        said = [one for one in of_records(self._looking, [record_id]) if not one.is_apart]
        both = {(record_id, one.number) for one in said if self.reads(record_id) and self.reads(one.other)}
        eyes = replace(open_eyes(self._looking, self._reader, [record_id]), opened=both)
        stored = by_number(self._looking, {(record_id, one.number) for one in said})
        seen = {entry.number: eyes.look(entry) for entry in stored}
        return [_Seen(one, seen[one.number].body) for one in said if one.number in seen and seen[one.number].is_visible]


class _Walk:
    """From link to link, as known at one moment."""

    def __init__(self, sight: _Sight, moment: datetime) -> None:
        self._sight, self._moment = sight, moment
        self._records: dict[UUID, tuple[Links, list[_Seen]]] = {}
        #: The links of each record whose id may be told, and who is meant there.
        self.links: dict[UUID, list[_Seen]] = {}
        self.names: dict[UUID, set[str]] = {}
        #: The records of which whom to ring may be told alone, and whether a link to each stands.
        self.beyond: dict[UUID, bool] = {}

    def go(self, adult: str) -> bool:
        """Follow every link. False where the reader may not know that anything is said under this name."""
        waiting: deque[tuple[UUID, str]] = deque()
        for record_id in self._sight.begins(adult):
            links, said = self._record(record_id)
            waiting += [(record_id, links.name_of(one.said.person)) for one in said if one.said.adult == adult]
        is_known = bool(waiting)
        done = set[tuple[UUID, str]]()
        while waiting and len(self.links) < _RECORDS_MOST:
            node = waiting.popleft()
            if node not in done:
                done.add(node)
                waiting += self._from(*node)
        return is_known

    def stands(self, said: Said) -> bool:
        """Whether it was not taken back by then."""
        return said.ended_at is None or said.ended_at > self._moment

    def in_order(self) -> list[UUID]:
        """The records whose ids may be told, by the oldest link that each has."""
        return sorted(self.links, key=lambda record_id: (min(one.said.at for one in self.links[record_id]), record_id))

    def _from(self, record_id: UUID, name: str) -> Iterator[tuple[UUID, str]]:
        """Where the links of one person of a record lead, as far as the reader may follow."""
        links, said = self._record(record_id)
        for one in said:
            if links.name_of(one.said.person) != name or one.said.at > self._moment:
                continue
            self.links.setdefault(record_id, []).append(one)
            self.names.setdefault(record_id, set()).add(name)
            other = one.said.other
            if not self._sight.knows(other):
                self.beyond[other] = self.beyond.get(other, False) or self.stands(one.said)
                continue
            there, said_there = self._record(other)
            yield from (
                (other, there.name_of(two.said.person)) for two in said_there if two.said.adult == one.said.adult
            )

    def _record(self, record_id: UUID) -> tuple[Links, list[_Seen]]:
        if record_id not in self._records:
            self._records[record_id] = self._sight.links(record_id), self._sight.said(record_id)
        return self._records[record_id]


def _child(record_id: UUID, walk: _Walk, pseudonym: str, point: Point) -> dict[str, Any]:
    links = sorted(walk.links[record_id], key=lambda one: one.said.number)
    return {
        "child": str(record_id),
        "as_of": point.as_json(),
        "people": sorted(walk.names[record_id]),
        "links": [_link(one, walk, pseudonym) for one in links],
        "stands": any(walk.stands(one.said) for one in links),
    }


def _link(one: _Seen, walk: _Walk, pseudonym: str) -> dict[str, Any]:
    ended = one.said.ended_at if not walk.stands(one.said) else None
    return {
        "adult": one.said.adult,
        "entry": entry_id(pseudonym, one.said.number),
        "agency": one.said.agency,
        "since": written_time(one.said.at),
        "until": None if ended is None else written_time(ended),
        "reason": one.body.get("reason"),
    }


def _ring(rings: Rings, record_id: UUID) -> dict[str, Any]:
    agency = rings.agencies.get(record_id)
    if agency is None:
        return {"ring": [], "words": "Known in another child’s record."}
    return {"ring": [as_ring(agency)], "words": word_elsewhere(agency)}
