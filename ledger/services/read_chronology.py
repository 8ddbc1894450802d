"""A child's chronology for people: every entry as a row to draw and to count, and those that were asked for in words.

It is one reading of the record at one point, as the timeline is, whose rendering it shares. What is left out by a
filter is counted, so nobody takes a part for the whole.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.entry import Chance
from ledger.domain.pack import Pack
from ledger.services.find_as_of import Point, PointAsked
from ledger.services.index_chronology import Index, Row, index_chronology
from ledger.services.kept_words import KEPT
from ledger.services.known_by import KnownBy
from ledger.services.past import Past, open_past
from ledger.services.read_timeline import Reading
from ledger.services.see import Reader, Seen
from ledger.store.parts import Part, parts_of
from ledger.store.people import Agency, surroundings_of
from ledger.store.timeline import heads_of, page

#: So many entries are shown in words at a time.
PAGE: Final = 50
#: What the access record says was read.
LOOK: Final = "timeline"
Axis = Literal["seen", "recorded"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries of a chronology are asked for; what is not said leaves none out.

    ``axis`` says of which of its days ``first`` and ``last`` are: on which it was seen or said, or recorded.
    """

    agency: str | None = None
    kind: str | None = None
    about: str | None = None
    first: date | None = None
    last: date | None = None
    axis: Axis = "seen"
    only_significant: bool = False

    def takes(self, row: Row) -> bool:
        """Whether an entry is asked for."""
        day = self.day_of(row)
        return (
            self.agency in (None, row.agency)
            and self.kind in (None, row.kind)
            and (self.about is None or self.about in row.about)
            and (self.first is None or self.first <= day)
            and (self.last is None or day <= self.last)
            and (bool(row.stands_out) or not self.only_significant)
        )

    def day_of(self, row: Row) -> date:
        """An entry's day on the axis that is asked for."""
        return row.seen_on if self.axis == "seen" else row.recorded_on


@dataclass(frozen=True, slots=True)
class Leaf:
    """Which page of those asked for: what follows an entry, or that on which one stands; ``latest``: newest first."""

    after: int = 0
    entry: int | None = None
    latest: bool = False

    def cut(self, rows: Sequence[Row]) -> tuple[int, Sequence[Row]]:
        """How many of these rows stand before the page, in its order, and the rows of the page."""
        ordered = [*reversed(rows)] if self.latest else [*rows]
        start = 0
        if self.entry is not None:
            start = next((place for place, row in enumerate(ordered) if row.number == self.entry), 0)
            start -= start % PAGE
        elif self.after:
            start = sum((row.number >= self.after) if self.latest else (row.number <= self.after) for row in ordered)
        return start, ordered[start : start + PAGE]


@dataclass(frozen=True)
class Chronology:
    """A reading of a record: its index, and the page of it that was asked for in words.

    ``chosen`` are the rows that the filter takes; ``before`` how many of them stand before the page.
    """

    past: Past
    index: Index
    parts: Sequence[Part]
    chosen: Sequence[Row]
    before: int
    page: Sequence[Row]
    items: Sequence[Mapping[str, Any]]

    @property
    def point(self) -> Point:
        """The point of the record that is told of."""
        return self.past.point

    @property
    def moment(self) -> datetime:
        """The present of that point."""
        return self.past.moment

    @property
    def following(self) -> int | None:
        """The number after which the next page begins; None where this is the last."""
        return self.page[-1].number if self.page and self.before + len(self.page) < len(self.chosen) else None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a chronology is asked of: at which point, of which moment of the child's life, and as known by whom."""

    point: PointAsked
    valid_at: datetime | None = None
    known_by: KnownBy | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A record that was opened to be told as a chronology: its rows, of which nothing has been put in words yet."""

    reading: Reading
    index: Index

    @property
    def rows(self) -> Sequence[Row]:
        """The rows that say anything of the moment that was asked for."""
        return [row for row in self.index.rows if row.holds]

    def show(self, wanted: Wanted, leaf: Leaf) -> Chronology:
        """One page of those that are asked for. Cost: rendering the entries of the page."""
        chosen = [row for row in self.rows if wanted.takes(row)]
        return self.with_page(chosen, *leaf.cut(chosen))

    def with_page(self, chosen: Sequence[Row], before: int, shown: Sequence[Row]) -> Chronology:
        """The chronology with these rows of it in words, in this order."""
        past = self.reading.past
        items = {item["number"]: item for item in self.reading.at([row.number for row in shown])}
        parts = parts_of(past.connection, past.record_id, past.point.number)
        told = [items[row.number] for row in shown if row.number in items]
        return Chronology(past, self.index, parts, chosen, before, shown, told)


def open_chronology(
    connection: Connection,
    reader: Reader,
    record_id: UUID,
    asked: Asked,
    *,
    pack: Pack,
    chance: Chance,
    directory: Mapping[str, Agency],
    what: str = LOOK,
) -> Opened:
    """Open a record under the name of ``what`` is read. Writes the access record. Cost: opening every entry once.

    The connection acts for the reader's agency. Raises NotKnownError, and RefusedError for a point that is not there.
    """
    past = open_past(connection, reader, record_id, asked.point, what=what, chance=chance, known_by=asked.known_by)
    head = heads_of(connection, [record_id])[record_id][1]
    stored = page(connection, record_id, after=0, up_to=head, limit=max(head, 1))
    around = surroundings_of(connection, [record_id])[record_id]
    reading = Reading(past, pack, asked.valid_at, directory, past.findings_over(stored), around)
    index, seen = index_chronology(reading, stored)
    return Opened(replace(reading, introducing=[one for one in seen if _introduces(one)]), index)


def _introduces(entry: Seen) -> bool:
    """Whether it says who somebody is: else people would be called otherwise on another page of the same record."""
    gist = KEPT.gist_of(entry)
    return bool(gist.links or gist.called)
