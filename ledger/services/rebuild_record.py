"""Make the projections of one record again from its entries: beside those that stand, or in their place.

What an entry did when it was appended is done again, by the same statements in the same order. What detection keeps
beside what it says (moments, failing checks, what is kept of gaps) comes from its steps, taken again in memory.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlalchemy import Engine

from ledger.domain.adult import UNLINK
from ledger.domain.entry import entry_id
from ledger.domain.record_state import Surroundings
from ledger.services.detect import Packs
from ledger.services.failed_checks import WHOLE
from ledger.services.fold_again import Folded, Position, fold_again
from ledger.services.keep_marks import keep_marks
from ledger.services.project import in_order, project
from ledger.services.project_adults import ADULTS
from ledger.services.project_detected import DETECTED
from ledger.services.project_record import glass_until, who_of
from ledger.services.say_findings import CHECK_FAILED
from ledger.services.submission import claim_places, declared_places
from ledger.services.told import NOTHING, Before, Told
from ledger.services.warn import landmark_statements
from ledger.store.append import Driver, Statement
from ledger.store.database import SYSTEM, driver_of
from ledger.store.detected import keep_failures, move_due
from ledger.store.detection import FailedCheck, ReadEntry
from ledger.store.landmarks import withdraw_landmarks
from ledger.store.moves import around_at, packs_of
from ledger.store.rebuilding import Schema, act_to_rebuild, clear
from ledger.store.tables import SCHEMA
from ledger.store.tables.sorts import OF_CHILDREN
from ledger.store.trip import ask

_HEAD: Final = """
    SELECT h.record_id, h.pseudonym, h.kind, h.partnership_id, h.head_seq, h.detected_seq, h.next_due_at,
        coalesce((SELECT min(d.due_at) FROM ledger.due_moments d WHERE d.record_id = h.record_id
            AND d.due_at <= greatest(n.now, h.last_recorded_at)), n.now + interval '1 microsecond')
    FROM ledger.heads h, (SELECT ledger.clock_now() AS now) n WHERE h.record_id = %s"""
_PAGE: Final = 500
_ENTRIES: Final = """
    SELECT e.number, e.recorded_at, e.agency_id, c.content FROM ledger.entries e
    LEFT JOIN ledger.contents c ON c.record_id = e.record_id AND c.number = e.number
    WHERE e.record_id = %s AND e.number > %s AND e.number <= %s ORDER BY e.number LIMIT %s"""
# The entry that was sent for several children, in this record.
_COPY: Final = """
    SELECT e.number FROM ledger.entries e WHERE e.record_id = %s AND (e.agency_id, e.event_id) = (
        SELECT o.agency_id, o.event_id FROM ledger.entries o JOIN ledger.heads h USING (record_id)
        WHERE h.pseudonym = %s AND o.number = %s)"""
# Where else the same was recorded.
_OTHER: Final = (
    "SELECT e.record_id FROM ledger.entries e WHERE (e.agency_id, e.event_id) = (%s, %s) AND record_id <> %s"
)
_WITHDREW: Final = """
    SELECT by_number, number FROM ledger.withdrawals WHERE record_id = %s AND by_number = ANY (%s::bigint[])
    ORDER BY by_number, number"""
_FIRST_MOVE: Final = """
    SELECT content FROM ledger.contents WHERE record_id = %s AND kind = 'record_moved' ORDER BY number LIMIT 1"""
_DESKS: Final = "SELECT partnership_id, duty_desk FROM ledger.partnerships"
_CLAIM: Final = """
    INSERT INTO ledger.claims (record_id, attribute, about, number, index, agency_id, gist)
    VALUES (%s, %s, %s, %s, %s, %s, %s)"""
# A registration whose content was erased leaves a child of whom nothing is known.
_BLANK: Final = "INSERT INTO ledger.children (record_id, details, number) VALUES (%s, %s, 1)"
_NEXT_DUE: Final = "UPDATE ledger.heads SET next_due_at = %s WHERE record_id = %s"
_HOLD: Final = "SELECT pg_advisory_xact_lock(hashtextextended(%s::text, 7205914))"
_LOCK: Final = "SELECT record_id FROM ledger.heads WHERE record_id = %s FOR NO KEY UPDATE"


@dataclass(frozen=True, slots=True)
class Place:
    """A record as it stands at one moment: its head, and how far detection has come."""

    record_id: UUID
    pseudonym: str
    kind: str
    partnership: str
    head_seq: int
    detected_seq: int
    next_due_at: datetime | None
    until: datetime


@dataclass(slots=True)
class Made:
    """What was made of a record beside rows: when it is due next. `is_folded`: the steps could be run."""

    next_due_at: datetime | None = None
    is_folded: bool = True


def rebuild_record(engine: Engine, record_id: UUID, packs: Packs) -> None:
    """Put the projections of one child's record in the place of those that stand, in one transaction.

    `engine` acts as `ledger_rebuild`. Posts to the record wait meanwhile, and so does its detection. Warnings that were
    given at the door stay. Raises what a step of detection raises that cannot be run; then nothing is changed.
    """
    with driver_of(engine) as driver, driver.transaction():
        act_to_rebuild(driver)
        ask(driver, "SET LOCAL statement_timeout = 0")
        place = hold(driver, record_id)
        if place is None:
            return
        erased = erased_of(driver, place)
        clear(driver, OF_CHILDREN, SCHEMA, record_id, erased)
        made = fill(driver, Schema(), place, packs)
        ask(driver, _NEXT_DUE, (made.next_due_at, record_id))


def hold(driver: Driver, record_id: UUID) -> Place | None:
    """Keep posts and detection away from a child's record for this transaction: as it stands; None where it is none."""
    ask(driver, _HOLD, (str(record_id),))
    ask(driver, _LOCK, (record_id,))
    place = place_of(driver, record_id)
    return place if place is not None and place.kind == "child" else None


def place_of(driver: Driver, record_id: UUID) -> Place | None:
    """A record as it stands now."""
    rows = ask(driver, _HEAD, (record_id,))
    return Place(*rows[0]) if rows else None


def erased_of(driver: Driver, place: Place) -> list[int]:
    """The numbers of the entries whose contents were erased."""
    query = """
        SELECT e.number FROM ledger.entries e LEFT JOIN ledger.contents c USING (record_id, number)
        WHERE e.record_id = %s AND e.number <= %s AND c.number IS NULL ORDER BY e.number"""
    return [number for (number,) in ask(driver, query, (place.record_id, place.head_seq))]


def fill(driver: Driver, schema: Schema, place: Place, packs: Packs) -> Made:
    """Make the projections of one record, up to its head, in a schema that has none of its rows yet.

    Of entries whose contents were erased, what stays of them is expected to stand there already.
    Raises what a step of detection raises that cannot be run.
    """
    record = _Record(driver, schema, place)
    read: list[ReadEntry] = []
    for page in left_of(driver, schema, place):
        record.withdrew |= page.withdrew
        schema.run(driver, record.statements(page.told, page.numbers))
        read += page.read
    if place.kind != "child":
        return Made()
    folded = folded_of(driver, schema, place, read, packs)
    if folded is None:
        return Made()
    failed = [one for ones in folded.failed.of_rules().values() for one in ones]
    schema.run(driver, folded.links)
    schema.run(driver, folded.gaps.statements(lambda one: schema.look(driver, one), place.detected_seq))
    schema.run(driver, keep_failures(place.record_id, [*failed, *record.whole_failures()], ()))
    schema.run(driver, move_due(place.record_id, (), folded.due))
    return Made(next_due_at=folded.due[0].at if folded.due else None)


def folded_of(driver: Driver, schema: Schema, place: Place, read: Sequence[ReadEntry], packs: Packs) -> Folded | None:
    """What the steps of detection leave of a child's record, as far as it has come; None where there is none."""
    in_force = schema.look(driver, packs_of(place.record_id))
    if not in_force or (not place.detected_seq and not read):
        return None
    around = Surroundings.read(schema.look(driver, around_at([place.record_id], 0)))
    position = Position(place.detected_seq, place.until)
    return fold_again(place.record_id, read, around, [(at, digest) for at, digest in in_force], packs, position)


@dataclass(frozen=True, slots=True)
class Left:
    """A page of entries: those that still say something, the numbers of all, what detection reads of them, and what was
    withdrawn by those that were erased.
    """

    told: Sequence[Told]
    numbers: set[int]
    read: Sequence[ReadEntry]
    withdrew: dict[int, list[int]]


def left_of(driver: Driver, schema: Schema, place: Place) -> Iterator[Left]:
    """A record's entries up to its head, in order."""
    for page in _pages(driver, place):
        erased = {row[0]: row for row in page if row[3] is None}
        withdrew = _withdrew(driver, schema, place, erased)
        told = [one for one in (_told(place, row) for row in page) if one is not None]
        read = [
            ReadEntry(one.number, one.recorded_at, one.agency, one.kind, dict(one.body))
            for one in told
            if one.agency != SYSTEM
        ]
        read += [_void(place, erased[by], number) for by, numbers in withdrew.items() for number in numbers]
        yield Left(told, {row[0] for row in page}, sorted(read, key=lambda one: one.number), withdrew)


def _withdrew(
    driver: Driver, schema: Schema, place: Place, erased: Mapping[int, tuple[Any, ...]]
) -> dict[int, list[int]]:
    """What entries withdrew whose own contents were erased, by their numbers: it stays withdrawn."""
    found: dict[int, list[int]] = {}
    if erased:
        for by, number in schema.look(driver, (_WITHDREW, (place.record_id, sorted(erased)))):
            found.setdefault(by, []).append(number)
    return found


def _void(place: Place, row: tuple[Any, ...], number: int) -> ReadEntry:
    """All that is left of an entry that withdrew another: that it did."""
    return ReadEntry(row[0], row[1], row[2], "void", {"voids": entry_id(place.pseudonym, number)})


def _pages(driver: Driver, place: Place) -> Iterator[list[tuple[Any, ...]]]:
    after = 0
    while rows := ask(driver, _ENTRIES, (place.record_id, after, place.head_seq, _PAGE)):
        yield rows
        after = rows[-1][0]


def _told(place: Place, row: tuple[Any, ...]) -> Told | None:
    number, recorded_at, agency, content = row
    if content is None:
        return None
    said = json.loads(content)
    return Told(place.record_id, place.pseudonym, number, recorded_at, agency, said["kind"], said["body"])


@dataclass(slots=True)
class _Record:
    """What the entries gone through so far say that later ones take from them."""

    driver: Driver
    schema: Schema
    place: Place
    #: The duty desk of each partnership, and of the one that the record is in at the entry gone through last.
    desks: dict[str, str] = field(default_factory=dict)
    partnership: str = ""
    _authors: dict[int, str] = field(default_factory=dict)
    #: Breakings of the glass: whose, from when, until when, why.
    _glass: list[tuple[tuple[str, UUID | None], datetime, datetime, str]] = field(default_factory=list)
    #: Findings that tell that a whole step could not be run, and stand: where.
    _whole: dict[str, int] = field(default_factory=dict)
    #: What erased entries withdrew, by their numbers.
    withdrew: dict[int, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.desks = dict(self.schema.look(self.driver, (_DESKS, ())))
        moved = ask(self.driver, _FIRST_MOVE, (self.place.record_id,))
        self.partnership = json.loads(moved[0][0])["body"]["from"]["partnership"] if moved else self.place.partnership

    def statements(self, entries: Sequence[Told], numbers: set[int]) -> Iterator[Statement]:
        """What these entries did when they were appended; `numbers` are those of the page, the erased ones' too."""
        if 1 in numbers and self.place.kind == "child" and not any(told.number == 1 for told in entries):
            yield _BLANK, (self.place.record_id, Jsonb({}))
        waiting = sorted(self.withdrew.keys() & numbers)
        for told in in_order_of_append(entries):
            while waiting and waiting[0] < told.number:
                yield from self._withdrawing(waiting.pop(0))
            self._authors[told.number] = told.agency
            claims = claim_places(told.kind, told.body, told.agency) if told.agency != SYSTEM else ()
            declared = declared_places(told.kind, told.body, told.agency) if told.agency != SYSTEM else ()
            for attribute, about, index, gist in (*claims, *declared):
                yield _CLAIM, (told.record_id, attribute, about, told.number, index, told.agency, gist)
            before = self._before(told)
            yield from project(told, before)
            self._remember(told, before)
            if told.agency != SYSTEM:
                yield from keep_marks(told)
                yield from landmark_statements(told)
        for by in waiting:
            yield from self._withdrawing(by)

    def _withdrawing(self, by: int) -> Iterator[Statement]:
        for number in self.withdrew[by]:
            yield withdraw_landmarks(self.place.record_id, number, by)

    def _before(self, told: Told) -> Before:
        if told.kind == "rectification":
            return Before(agency=self._author(told.named("of") or 0))
        if told.kind == "marking" and "of" in told.body:
            return Before(number=self._marked(told))
        if told.kind in ADULTS:
            return self._before_adult(told)
        if told.kind == "glass":
            whose = who_of(told)[:2]
            at = told.recorded_at
            standing = tuple((began, why) for of, began, until, why in self._glass if of == whose and until > at)
            return Before(standing=standing, desk=self.desks.get(self.partnership, ""))
        return NOTHING

    def _author(self, number: int) -> str:
        if number not in self._authors:  # its content was erased
            query = "SELECT agency_id FROM ledger.entries WHERE record_id = %s AND number = %s"
            rows = ask(self.driver, query, (self.place.record_id, number))
            return str(rows[0][0]) if rows else ""
        return self._authors[number]

    def _marked(self, told: Told) -> int:
        number = told.named("of")
        if number is not None:
            return number
        pseudonym, _, named = str(told.body["of"]).rpartition(".")
        rows = ask(self.driver, _COPY, (told.record_id, pseudonym, int(named)))
        return int(rows[0][0]) if rows else int(named)

    def _before_adult(self, told: Told) -> Before:
        """What is taken back, in this record; of what names two records the other one."""
        if told.kind == UNLINK:
            return Before(number=self._marked(told))
        rows = ask(self.driver, _OTHER, (told.agency, told.body["event_id"], told.record_id))
        return Before(other=rows[0][0] if rows else None)

    def _remember(self, told: Told, before: Before) -> None:
        if told.kind == "glass":
            until = glass_until(told, before)
            self._glass.append((who_of(told)[:2], told.recorded_at, until, str(told.body.get("reason", ""))))
        elif told.kind == "record_moved":
            self.partnership = told.body["to"]["partnership"]
        elif told.kind == CHECK_FAILED and told.body["rule"] == WHOLE:
            self._whole[told.body["finding"]] = int(told.body["sides"][0][0][0])
        elif told.kind == "finding_closed":
            self._whole.pop(told.body["finding"], None)

    def whole_failures(self) -> Iterable[FailedCheck]:
        """What says that a whole step could not be run, which steps taken again do not say."""
        return [FailedCheck(WHOLE, "", number=number, index=0, tries=0) for number in self._whole.values()]


def in_order_of_append(entries: Sequence[Told]) -> Iterator[Told]:
    """Entries by number, but those that detection wrote in a step in the order in which it keeps them."""
    waiting: list[Told] = []
    for told in entries:
        if told.agency == SYSTEM and told.kind in DETECTED:
            waiting.append(told)
            continue
        yield from in_order(waiting)
        waiting = []
        yield told
    yield from in_order(waiting)
