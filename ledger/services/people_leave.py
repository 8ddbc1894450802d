"""Somebody leaves their agency, and with that every lead they held ends; or they come back.

One append, for a person who has left can do nothing for a child: their leaving stands in the partnership's record, the
end of each lead in that child's, and their sessions are over. Nothing is handed to anybody by it: the deputy acts, else
the duty desk, and a rule of the pack asks for a new lead.
"""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Engine

from ledger.domain.entry import Chance, entry_id
from ledger.services.people_find import body_of, find_person
from ledger.services.project import project
from ledger.services.refusal import Refusal, RefusedError
from ledger.services.submission import Submission, prepare
from ledger.services.told import Told
from ledger.services.write_own import Own, new_event, own_draft, write_together
from ledger.store.append import Caller, Draft, Driver, Locked, Stored, TakenError, append_with, lock, place, write
from ledger.store.line import leaving
from ledger.store.party import ACT, act_for, written
from ledger.store.trip import ask

_LED: Final = """
    SELECT l.record_id, h.pseudonym, l.number, l.deputy FROM ledger.leads l JOIN ledger.heads h USING (record_id)
    WHERE l.agency_id = %s AND l.person = %s AND l.ended_number IS NULL
    AND NOT EXISTS (SELECT FROM ledger.leads n WHERE n.record_id = l.record_id AND n.number > l.number)
    ORDER BY l.record_id"""
#: How often it is tried anew while they are being named, of so many children: who leaves must not be kept by it.
_AGAIN: Final = 8
_SIGN_OUT: Final = "UPDATE ledger.sessions SET ended_at = %s WHERE person_id = %s AND ended_at IS NULL"
_IS_AWAY: Final = "SELECT 1 FROM ledger.leavings WHERE agency_id = %s AND person = %s AND returned_number IS NULL"

LEFT_ALREADY: Final = Refusal("left_already", "This person has left already.", "/person")
NOT_LEFT: Final = Refusal("not_left", "This person has not left.", "/person")


@dataclass(frozen=True, slots=True)
class Left:
    """A leaving, and how many leads ended with it."""

    entry: Stored
    leads: int


@dataclass(frozen=True, slots=True)
class _Leaving:
    """All of one leaving that is the same each time it is tried."""

    who: Caller
    record_id: UUID
    body: dict[str, Any]
    person_id: UUID
    chance: Chance
    now: datetime

    @property
    def whose(self) -> tuple[str, str]:
        return self.body["agency"], self.body["ref"]

    def once(self, driver: Driver) -> Left:
        """One try. Raises TakenError where they are named lead, or hand on what they lead, meanwhile."""
        ask(driver, ACT, (self.who.agency, written(self.who.person_id)))
        led = ask(driver, _LED, self.whose)
        reads = [*leaving(*self.whose), (_LED, self.whose)]
        locked = lock(driver, self.who, records=[self.record_id, *(row[0] for row in led)], reads=reads)
        if locked.answers[1]:
            raise _error(LEFT_ALREADY)
        if locked.answers[2] != led:
            raise TakenError
        own = own_draft(
            self.record_id,
            "person_left",
            new_event("person_left", self.chance),
            self.body,
            self.chance,
            agency=self.who.agency,
        )
        placed = [(own, place(locked.heads[self.record_id], own, locked.clock))]
        statements = project(Told.of(placed[0][1], self.who.agency, "person_left", self.body))
        statements.append((_SIGN_OUT, (self.now, self.person_id)))
        for row in led:
            draft, told = self._end(locked, row)
            placed.append(draft)
            statements += project(told)
        write(driver, locked.heads, placed, statements=statements)
        return Left(placed[0][1], len(led))

    def _end(self, locked: Locked, led: Sequence[Any]) -> tuple[tuple[Draft, Stored], Told]:
        """The end of one lead, in that child's record: of the lead's own agency, and read by detection."""
        record_id, pseudonym, number, deputy = led
        agency, ref = self.whose
        body = {"of": entry_id(pseudonym, number), "agency": agency, "person": ref, "why": "left"}
        body |= {} if deputy is None else {"deputy": deputy}
        event_id = f"lead_ended.{entry_id(pseudonym, number)}"
        draft = prepare(Submission("lead_ended", event_id, body, names=(record_id,)), agency, self.chance).draft(
            record_id
        )
        stored = place(locked.heads[record_id], draft, locked.clock)
        return (draft, stored), Told.of(stored, agency, "lead_ended", body)


def leads_held(engine: Engine, who: Caller, ref: str) -> int:
    """Of how many children somebody of the caller's agency is the lead, who would be without one if they left."""
    with engine.begin() as connection:
        act_for(connection, who.agency, who.person_id)
        return len(connection.exec_driver_sql(_LED, (who.agency, ref)).all())


def leave(engine: Engine, who: Caller, ref: str, *, chance: Chance, now: datetime, reason: str | None = None) -> Left:
    """Somebody of the caller's agency leaves it, from now on; `engine` acts as the web's role, `now` is the real time.

    Raises RefusedError where there is nobody by this reference, and where they have left already.
    """
    found = find_person(engine, who, ref)
    body = body_of(who, found, reason=reason)
    act = _Leaving(who, found.record_id, body, found.person_id, chance, now)
    for _ in range(_AGAIN):
        with contextlib.suppress(TakenError):
            return append_with(engine, act.once)
    return append_with(engine, act.once)


def come_back(engine: Engine, who: Caller, ref: str, *, chance: Chance) -> Stored:
    """Somebody who left is there again, with the roles they had; they lead nothing until they are named."""
    found = find_person(engine, who, ref)
    own = Own("person_returned", body_of(who, found))
    only_if = (_IS_AWAY, (who.agency, ref)), NOT_LEFT
    return write_together(engine, found.record_id, [own], chance, who=who, only_if=only_if)[0]


def _error(refusal: Refusal) -> RefusedError:
    return RefusedError(refusal.code, refusal.detail, refusal.pointer)
