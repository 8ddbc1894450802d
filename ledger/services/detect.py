"""Detect in one record: step through what is new, and write down what was found, in one transaction.

* One worker at a time has a record, by an advisory lock; posts to it and reads of it go on, for the head row is locked
  only when everything is computed.
* Entries and due moments are stepped in order of time and number, each at its own time under the pack then in force. So
  five runs or one, today or a day late, find the same under the same ids; only when it was written down differs.
* A moment is stepped only once no entry before it can still come: one that arrived while we computed is seen under the
  lock, and then it is all computed again.
* What a run takes is bounded. What it leaves is due still.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from heapq import heapify, heappop, heappush
from uuid import UUID

from sqlalchemy import Engine

from ledger.domain.entry import Chance, parse_entry_id
from ledger.domain.event import DueStep, EntryStep, Event
from ledger.domain.fold import DETECTION_READS, step
from ledger.domain.pack import Pack
from ledger.services.failed_checks import check_key
from ledger.services.load_state import StateLoader
from ledger.services.note_gaps import GapNotes
from ledger.services.say_findings import Sayings
from ledger.store.append import Draft, Driver, Head, Statement, Stored, appending, lock, write
from ledger.store.database import SYSTEM, driver_of
from ledger.store.detected import move_due, move_head
from ledger.store.detection import (
    DueMoment,
    ReadEntry,
    Reading,
    next_entry_after,
    read_open_findings,
    read_record,
)
from ledger.store.setbacks import forget
from ledger.store.trip import ask

#: Gives the rule pack of a digest.
Packs = Callable[[str], Pack]

#: How many entries and moments one transaction steps through at most.
STEPS_AT_ONCE = 200
#: After how long it ends with the step under way: the database cuts off a transaction that idles for much longer.
SECONDS_AT_ONCE = 3.0
_TRIES = 3
_NAMES_TARGET = {"correction": "corrects", "void": "voids"}


class NoPackError(Exception):
    """A record's partnership has never put a rule pack in force."""


@dataclass(frozen=True, slots=True)
class Detected:
    """What one run did. `busy`: another worker has the record, or entries kept arriving; nothing was done."""

    steps: int = 0
    outcomes: int = 0
    busy: bool = False


def detect(engine: Engine, record_id: UUID, packs: Packs, chance: Chance) -> Detected:
    """Detect in one record, as far as one run goes. Raises ContendedError when its head stays locked by others."""
    with driver_of(engine) as driver:
        return detect_with(driver, record_id, packs, chance)


def detect_with(driver: Driver, record_id: UUID, packs: Packs, chance: Chance) -> Detected:
    """The same on a connection that the caller holds; no transaction is open before or after."""
    with appending(driver):
        for _ in range(_TRIES):
            detected = _once(driver, record_id, packs, chance)
            if detected is not None:
                return detected
            driver.rollback()
    return Detected(busy=True)


def tell_of_failure(driver: Driver, record_id: UUID, chance: Chance, packs: Packs | None = None) -> None:
    """Say to whoever leads the record that detection cannot be run on it, once for as long as that is so.

    Without `packs`, or where they are what fails, the alert's clocks are the defaults.
    """
    with appending(driver):
        reading = read_record(driver, record_id, STEPS_AT_ONCE)
        event = _Walk(reading).next() if reading is not None else None
        if reading is None or event is None:
            driver.rollback()
            return
        sayings = _sayings(driver, reading)
        sayings.add_failure(event)
        # Nothing was stepped: a walk that has not begun leaves the record where it is.
        _write(driver, reading, _Walk(reading), sayings, GapNotes(reading.record_id), chance, packs=packs)


def _once(driver: Driver, record_id: UUID, packs: Packs, chance: Chance) -> Detected | None:
    """One try; None when an entry arrived that belongs before a moment already stepped."""
    reading = read_record(driver, record_id, STEPS_AT_ONCE)
    if reading is None:
        driver.rollback()
        return Detected(busy=True)
    sayings, walk, gaps = _sayings(driver, reading), _Walk(reading), GapNotes(reading.record_id)
    if reading.is_child:
        _step_through(driver, reading, walk, sayings, gaps, packs)
    return _write(driver, reading, walk, sayings, gaps, chance, packs=packs, more=[forget(record_id)])


def _sayings(driver: Driver, reading: Reading) -> Sayings:
    checks = {check_key(failed.rule) for failed in reading.failed}
    return Sayings(reading, read_open_findings(driver, reading.record_id, sorted(checks)) if checks else [])


def _step_through(
    driver: Driver, reading: Reading, walk: "_Walk", sayings: Sayings, gaps: GapNotes, packs: Packs
) -> None:
    def pack_at(event: Event) -> Pack:
        return packs(digest_at(reading.packs, event.at))

    loader = StateLoader(driver, reading, pack_at)
    state = loader.begin(walk.events())
    while (event := walk.next()) is not None:
        state = loader.complete(state, event)
        after, outcomes = step(state, event, pack_at(event))
        walk.ask(sayings.add(event, state, after, pack_at(event), outcomes))
        gaps.take(event, state, after, pack_at(event))
        walk.outcomes += len(outcomes)
        state = after


def _write(
    driver: Driver,
    reading: Reading,
    walk: "_Walk",
    sayings: Sayings,
    gaps: GapNotes,
    chance: Chance,
    *,
    packs: Packs | None,
    more: Sequence[Statement] = (),
) -> Detected | None:
    record_id, noted = reading.record_id, gaps.statements(lambda statement: ask(driver, *statement), walk.read_to)
    heads: dict[UUID, Head] = {}
    placed: list[tuple[Draft, Stored]] = []
    statements: list[Statement] = []
    if sayings or walk.stepped_to is not None:
        reads = [next_entry_after(record_id, reading.read_to), *sayings.reads()]
        locked = lock(driver, SYSTEM, records=[record_id], reads=reads)
        following, *answers = locked.answers
        if walk.stepped_to is not None and following and following[0][0] < walk.stepped_to:
            return None
        heads = locked.heads
        if walk.stepped_to is not None:
            heads[record_id].last_recorded_at = max(heads[record_id].last_recorded_at, walk.stepped_to)
        if sayings:
            placed, statements = sayings.place(locked, answers, _pack_now(reading, packs, locked.clock), chance)
    statements = [
        *statements,
        *sayings.statements(),
        *noted,
        *move_due(record_id, walk.done, walk.asked),
        move_head(record_id, walk.read_to, walk.stepped_to),
        *more,
    ]
    write(driver, heads, placed, statements=statements)
    return Detected(walk.steps, walk.outcomes)


def _pack_now(reading: Reading, packs: Packs | None, now: datetime) -> Pack | None:
    """The pack whose clocks count; None where there is none."""
    if packs is None or not reading.packs:
        return None
    return packs(digest_at(reading.packs, now))


@dataclass(slots=True)
class _Walk:
    """The order of one run: entries and moments by time and number, up to a horizon before which all is read."""

    reading: Reading
    steps: int = 0
    outcomes: int = 0
    #: The time of the last moment stepped.
    stepped_to: datetime | None = None
    #: Moments that were kept and are stepped now, and those that are asked for and lie ahead.
    done: list[DueMoment] = field(default_factory=list)
    _waiting: list[DueMoment] = field(default_factory=list)
    _known: set[DueMoment] = field(default_factory=set)
    _new: set[DueMoment] = field(default_factory=set)
    _entries: list[ReadEntry] = field(default_factory=list)
    _next: int = 0
    _began: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self._entries = self.reading.entries
        self._waiting = [moment for moment in self.reading.due if moment.at <= self.horizon]
        heapify(self._waiting)
        self._known = set(self._waiting)

    @property
    def horizon(self) -> datetime:
        last = self.reading.entries[-1].recorded_at if self.reading.entries else self.reading.clock
        return max(self.reading.clock, last) if self.reading.is_whole else last

    @property
    def read_to(self) -> int:
        """The number up to which every entry has been stepped, or is none that detection reads."""
        if self._next == len(self._entries):
            return self.reading.read_to
        return self._entries[self._next - 1].number if self._next else self.reading.detected_seq

    @property
    def asked(self) -> list[DueMoment]:
        return sorted(self._new)

    def events(self) -> list[Event]:
        """What is known beforehand of what will be stepped."""
        entries = (entry_step(entry) for entry in self._entries)
        return [*(entry for entry in entries if entry is not None), *map(due_step, self._waiting)]

    def next(self) -> Event | None:
        """The next in order; None at the horizon, or when the run has done enough."""
        while not self.steps or (self.steps < STEPS_AT_ONCE and time.monotonic() - self._began < SECONDS_AT_ONCE):
            entry = self._entries[self._next] if self._next < len(self._entries) else None
            moment = self._waiting[0] if self._waiting and self._waiting[0].at <= self.horizon else None
            if moment is not None and (entry is None or (moment.at, moment.number) < (entry.recorded_at, entry.number)):
                return self._take_moment()
            if entry is None:
                return None
            self._next += 1
            event = entry_step(entry)
            if event is not None:
                self.steps += 1
                return event
        return None

    def ask(self, moments: list[DueMoment]) -> None:
        """Keep moments that a step asked for, each once."""
        for moment in moments:
            if moment not in self._known:
                self._known.add(moment)
                self._new.add(moment)
                heappush(self._waiting, moment)

    def _take_moment(self) -> DueStep:
        moment = heappop(self._waiting)
        self.steps += 1
        self.stepped_to = moment.at if self.stepped_to is None else max(self.stepped_to, moment.at)
        if moment in self._new:
            self._new.discard(moment)
        else:
            self.done.append(moment)
        return due_step(moment)


def entry_step(entry: ReadEntry) -> EntryStep | None:
    """The step of an entry; None for one that detection does not read, and one whose content was erased."""
    if entry.kind not in DETECTION_READS or entry.body is None:
        return None
    named = parse_entry_id(entry.body.get(_NAMES_TARGET.get(entry.kind, ""), ""))
    target = named[1] if named else None
    return EntryStep(entry.number, entry.recorded_at, entry.kind, entry.agency, entry.body, target)


def due_step(moment: DueMoment) -> DueStep:
    """The step of a moment."""
    return DueStep(moment.at, moment.cause, moment.number, moment.index)


def digest_at(packs: Sequence[tuple[datetime, str]], at: datetime) -> str:
    """Of the packs put in force, by when they were, the one in force at a moment; before the first was, that one."""
    if not packs:
        raise NoPackError("no rule pack is in force")
    return next((digest for since, digest in reversed(packs) if since <= at), packs[0][1])
