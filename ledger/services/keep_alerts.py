"""Keep alerts: pass on those on which nobody acted in time, wake those put off, move those whose line has changed.

* One keeper at a time has a record, by an advisory lock of its own; posts, reads and detection go on, for the head is
  locked last, when there is something to say, and everything is read and decided again under it.
* Who is next, and by when, is asked of the record's line at the moment at which the entry is recorded: nobody runs out
  of time because a machine was down.
* What is said is an entry, named by the alert and by the entry with which its clock began: said once, whoever tries.
* A record that cannot be kept holds up no other: it is set back, longer each time, and named in the log.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import structlog
from sqlalchemy import Engine

from ledger.domain import alert
from ledger.domain.alert_keeping import Lapsed, Moved, Standing, Step, step
from ledger.domain.entry import Chance, entry_id, written_time
from ledger.domain.line import Holder, Line
from ledger.domain.pack import Pack
from ledger.services.bring_waiting import bring_waiting, records_waiting
from ledger.services.detect import Packs
from ledger.services.detect_due import Setbacks
from ledger.services.line import line_of, line_reads
from ledger.services.project import project
from ledger.services.told import Told
from ledger.services.write_own import own_draft
from ledger.store.alert_keeping import (
    Kept,
    forget,
    keeping_reads,
    looked,
    read_kept,
    records_to_keep,
    take_record,
)
from ledger.store.append import (
    ClosedError,
    ContendedError,
    Draft,
    Driver,
    Locked,
    Statement,
    Stored,
    appending,
    lock,
    place,
    write,
)
from ledger.store.database import SYSTEM, driver_of

#: How many records are asked for at once.
CHUNK: Final = 100
#: A line changes with the clock too, as when an absence begins: so it is looked at again after this.
LOOK_AGAIN: Final = timedelta(minutes=5)
_TICK: Final = timedelta(microseconds=1)
#: Why an agency that held no part in a record is given one: whoever is to act must be able to read.
_REASON: Final = "an alert came to it in the line"

_log = structlog.get_logger("ledger.keep_alerts")


@dataclass(frozen=True, slots=True)
class Said:
    """An entry to be, of one alert."""

    kind: str
    event_id: str
    body: Mapping[str, Any]


def keep_alerts(
    engine: Engine,
    packs: Packs,
    chance: Chance,
    *,
    setbacks: Setbacks | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> int:
    """Look at every record whose alerts are due for it, among any number of keepers; how many entries were written.

    Raises what a database that is away raises.
    """
    setbacks, done, kept = setbacks or Setbacks(), set[UUID](), 0
    with driver_of(engine) as driver:
        while not stop():
            found = records_to_keep(driver, limit=CHUNK, without=done | setbacks.now())
            if not found:
                break
            for record_id in found:
                if stop():
                    break
                done.add(record_id)
                kept += _try(driver, record_id, lambda one: keep_record(driver, one, packs, chance), setbacks)
        # What cannot be kept for now holds up nothing that waits behind it.
        for record_id in records_waiting(driver, setbacks.now()):
            if stop():
                break
            kept += _try(driver, record_id, lambda one: bring_waiting(driver, one, packs, chance), setbacks)
    return kept


def _try(driver: Driver, record_id: UUID, act: Callable[[UUID], int], setbacks: Setbacks) -> int:
    try:
        kept = act(record_id)
    except (ContendedError, ClosedError):
        return 0  # another has it, or nothing is taken for now
    except Exception as error:
        tries = setbacks.add(record_id)
        _log.error("a record's alerts were not kept", record=str(record_id), attempt=tries, exc_info=error)
        if driver.closed:
            raise
        return 0
    setbacks.clear(record_id)
    return kept


def keep_record(driver: Driver, record_id: UUID, packs: Packs, chance: Chance) -> int:
    """Do what is to be done about one record's open alerts; how many entries that took.

    Raises ContendedError when its head stays locked by others.
    """
    with appending(driver):
        kept = take_record(driver, record_id, line_reads(record_id))
        if kept is None or kept.place.digest is None:
            driver.rollback()
            return 0
        pack = packs(kept.place.digest)
        if not any(_steps(kept, pack)[1]):
            write(driver, {}, [], statements=[_looked(record_id, kept, pack)])
            return 0
        reads = [*keeping_reads(record_id), *line_reads(record_id)]
        known = [said.event_id for said in _sayings(kept, pack)]
        locked = lock(driver, SYSTEM, records=[record_id], events=known, reads=reads)
        again = read_kept(locked.answers)
        assert again is not None, "a record does not go away"
        return _write(driver, record_id, again, packs, locked, chance)


def _write(driver: Driver, record_id: UUID, kept: Kept, packs: Packs, locked: Locked, chance: Chance) -> int:
    pack = packs(kept.place.digest or "")
    head = locked.heads[record_id]
    line, steps = _steps(kept, pack, at=max(locked.clock, head.last_recorded_at + _TICK))
    writing = _Writing(record_id, locked, chance)
    for one, done in zip(kept.standing, steps, strict=True):
        if done is not None:
            writing.put(one, done, line)
    # What follows from it is asked at once: a snooze that has ended may be another's by now.
    moved = [_looked(record_id, kept, pack)] if not writing.placed else []
    write(driver, locked.heads, writing.placed, statements=[*writing.statements, *moved])
    return len(writing.placed)


class _Writing:
    """The entries of one record and what they do, as they are placed under its head's lock."""

    def __init__(self, record_id: UUID, locked: Locked, chance: Chance) -> None:
        self._record_id, self._locked, self._chance = record_id, locked, chance
        self._head = locked.heads[record_id]
        self._new = set[str]()
        self.placed: list[tuple[Draft, Stored]] = []
        self.statements: list[Statement] = []

    def put(self, one: Standing, done: Step, line: Line) -> None:
        """Say what is done about an alert; whoever it comes to has a part in the record from then on."""
        to = done.to if isinstance(done, Lapsed | Moved) else one.holder
        self._say(say(one, done, self._head.pseudonym))
        if to.agency not in line.involved | self._new:
            self._new.add(to.agency)
            part = {"agency": to.agency, "role": to.stage, "reason": _REASON}
            self._say(Said("involvement", f"{one.alert}.involved.{self._head.number}", part))

    def _say(self, said: Said) -> None:
        event_id = said.event_id
        if event_id in self._locked.known:
            # It was said before and erased since: what follows from what is left is said anew.
            event_id = f"{event_id}.{self._head.number}"
        draft = own_draft(self._record_id, said.kind, event_id, said.body, self._chance)
        stored = place(self._head, draft, self._locked.clock)
        self.placed.append((draft, stored))
        self.statements += project(Told.of(stored, SYSTEM, said.kind, said.body))


def say(one: Standing, done: Step, pseudonym: str) -> Said:
    """The entry by which a step is told: who had it, who has it now, since when and until when."""
    if isinstance(done, Lapsed):
        kind, more = alert.LAPSED, _from(one.holder, done.to) | {"was_due": written_time(done.was_due)}
    elif isinstance(done, Moved):
        kind, more = alert.MOVED, {"why": done.why} | _from(one.holder, done.to)
    else:
        snooze = None if one.snooze is None else entry_id(pseudonym, one.snooze)
        kind, more = alert.WOKEN, _to(one.holder) | {"snooze": snooze}
    act_by = None if done.act_by is None else written_time(done.act_by)
    body = {"alert": one.alert, "tier": one.tier, **more, "act_by": act_by}
    return Said(kind, f"{one.alert}.{kind.removeprefix('alert_')}.{one.held_number}", body)


def _from(holder: Holder, to: Holder) -> dict[str, Any]:
    return {"from": {"stage": holder.stage, "agency": holder.agency, "person": holder.person}, **_to(to)}


def _to(to: Holder) -> dict[str, Any]:
    return {"to": {"agency": to.agency, "person": to.person}, "stage": to.stage}


def _steps(kept: Kept, pack: Pack, at: datetime | None = None) -> tuple[Line, list[Step | None]]:
    line = line_of(kept.rest, pack)
    moment = at or max(kept.place.clock, kept.place.last_recorded_at + _TICK)
    return line, [step(one, line, moment) for one in kept.standing]


def _sayings(kept: Kept, pack: Pack) -> Iterator[Said]:
    _, steps = _steps(kept, pack)
    return (say(one, done, "") for one, done in zip(kept.standing, steps, strict=True) if done is not None)


def _looked(record_id: UUID, kept: Kept, pack: Pack) -> Statement:
    """That nothing was to be done, and when to look again: when hours begin, and before long in any case."""
    if not kept.standing:
        return forget(record_id)
    line, clock = line_of(kept.rest, pack), kept.place.clock
    night = any(one.holder.stage == "out_of_hours" for one in kept.standing)
    again = clock + LOOK_AGAIN
    return looked(record_id, kept.place, min(again, line.next_hours(clock + _TICK)) if night else again)
