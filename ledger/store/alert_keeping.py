"""Which records' alerts are to be looked at, and what is read of them. As the worker's role.

Clocks are found by an index on their moment, without a lower bound: none is too old to be found. Whether a line has
changed is asked of records that have an open alert, by how far it was looked at last.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from ledger.domain.alert import State
from ledger.domain.alert_keeping import Standing
from ledger.domain.line import Holder, Someone
from ledger.store.append import Driver, Statement
from ledger.store.database import SYSTEM
from ledger.store.party import ACT
from ledger.store.rules import IS_LIVE, unbrought
from ledger.store.trip import Trip, ask

#: Sets these locks apart from detection's and from others of the same database.
_LOCK_SPACE = 7_205_919

_LED = "(SELECT max(greatest(l.number, l.ended_number)) FROM ledger.leads l WHERE l.record_id = a.record_id)"
# Who is there, who is next and by which pack: what else the partnership's record holds, as the self-audit's entry of
# every minute, moves nobody's alert.
_PEOPLE_MOVE: Final = (
    ("leavings", "number"),
    ("leavings", "returned_number"),
    ("absences", "number"),
    ("absences", "ended_number"),
    ("teams", "number"),
    ("ladders", "number"),
    ("working_hours", "number"),
    ("agencies", "ended_number"),
    ("pack_activations", "number"),
)
_MOVED = ", ".join(
    f"(SELECT max({column}) FROM ledger.{table} WHERE partnership_id = p.partnership_id)"  # noqa: S608 - constants
    for table, column in _PEOPLE_MOVE
)
_PEOPLE = f"greatest(0, {_MOVED})"
# The clock stands in a sub-select, so that it is asked once and the index can be used.
_DUE = f"""
    WITH moved AS MATERIALIZED (SELECT p.partnership_id, {_PEOPLE} AS number FROM ledger.partnerships p)
    (SELECT record_id FROM ledger.alerts
     WHERE ended_number IS NULL AND act_by <= (SELECT ledger.clock_now()) AND record_id <> ALL (%s)
     ORDER BY act_by LIMIT %s)
    UNION ALL
    (SELECT a.record_id FROM (SELECT DISTINCT record_id FROM ledger.alerts WHERE ended_number IS NULL) a
     JOIN ledger.heads h USING (record_id)
     JOIN moved m USING (partnership_id)
     LEFT JOIN ledger.alert_looks k ON k.record_id = a.record_id
     WHERE a.record_id <> ALL (%s) AND (k.record_id IS NULL OR k.look_at <= (SELECT ledger.clock_now())
        OR k.people_number < m.number OR k.lead_number < coalesce({_LED}, 0))
     LIMIT %s)"""  # noqa: S608 - constants alone
_TRY = "SELECT pg_try_advisory_xact_lock(hashtextextended(%s::text, %s))"
_PLACE = f"""
    SELECT ledger.clock_now(), a.last_recorded_at, {_PEOPLE}, coalesce({_LED}, 0), (
        SELECT digest FROM ledger.pack_activations c WHERE c.partnership_id = a.partnership_id
        ORDER BY number DESC LIMIT 1)
    FROM ledger.heads a JOIN ledger.partnerships p USING (partnership_id)
    WHERE a.record_id = %s"""  # noqa: S608 - constants alone
_STANDING = """
    SELECT a.alert_id, a.tier, a.state, a.stage, a.to_agency, a.to_person, a.act_by, a.held_number, a.lapses,
        a.snoozed_number, l.agency_id, l.person
    FROM ledger.alerts a LEFT JOIN LATERAL (
        SELECT agency_id, person, ended_number FROM ledger.leads l
        WHERE l.record_id = a.record_id AND l.number <= a.held_number ORDER BY number DESC LIMIT 1) l
        ON l.ended_number IS NULL OR l.ended_number > a.held_number
    WHERE a.record_id = %s AND a.ended_number IS NULL ORDER BY a.alert_id"""
_LOOKED = """
    INSERT INTO ledger.alert_looks (record_id, lead_number, people_number, look_at) VALUES (%s, %s, %s, %s)
    ON CONFLICT (record_id) DO UPDATE SET lead_number = excluded.lead_number,
        people_number = excluded.people_number, look_at = excluded.look_at"""
# As long as no rule ever came live again, nothing waits.
_CAME_LIVE = "SELECT EXISTS (SELECT FROM ledger.rule_states WHERE is_live)"
_WAITING = f"""
    SELECT f.finding_id, f.rule, f.kind, f.sides, f.evidence, f.certain, f.change_since, f.is_stale, f.marks,
        f.raised_at
    FROM ledger.findings f JOIN ledger.heads h USING (record_id)
    WHERE f.record_id = %s AND f.closed_number IS NULL AND f.marks->>'tier' IS DISTINCT FROM 'prompt'
        AND NOT EXISTS (SELECT FROM ledger.alerts a WHERE a.finding_id = f.finding_id) AND {IS_LIVE}
    ORDER BY f.raised_at, f.finding_id"""  # noqa: S608 - constants alone
_FORGET = "DELETE FROM ledger.alert_looks WHERE record_id = %s"


@dataclass(frozen=True, slots=True)
class Place:
    """A record and its partnership at one moment: the clock, the newest entry's time, the numbers of what last
    changed who is there (in the partnership's record) and who leads, and the pack in force.
    """

    clock: datetime
    last_recorded_at: datetime
    people_number: int
    lead_number: int
    digest: str | None


@dataclass(frozen=True, slots=True)
class Kept:
    """What is read of one record: its place and open alerts; `rest` are the answers to what else was asked."""

    place: Place
    standing: list[Standing]
    rest: list[list[tuple[Any, ...]]]


def records_to_keep(driver: Driver, *, limit: int, without: Collection[UUID]) -> list[UUID]:
    """Records whose alerts are to be looked at, those with the longest overdue clocks first. Ends its transaction."""
    trip, left_out = Trip(driver), list(without)
    trip.add(ACT, (SYSTEM, ""))
    trip.add(_DUE, (left_out, limit, left_out, limit))
    _, rows = trip.go(commit=True)
    return list(dict.fromkeys(record_id for (record_id,) in rows))


def waiting_records(driver: Driver, limit: int, without: Collection[UUID] = ()) -> list[UUID]:
    """Records with open findings that are to be brought to somebody and were not. Ends its transaction."""
    trip = Trip(driver)
    trip.add(ACT, (SYSTEM, ""))
    trip.add(_CAME_LIVE)
    _, [(came,)] = trip.go()
    rows = ask(driver, *unbrought(limit, without)) if came else []
    driver.commit()
    return list(dict.fromkeys(record_id for record_id, _ in rows))


def waiting_in(record_id: UUID) -> Statement:
    """The look-up of those findings of one record: id, rule, what it rests on, when it was raised; oldest first."""
    return _WAITING, (record_id,)


def keeping_reads(record_id: UUID) -> list[Statement]:
    """The look-ups that `read_kept` takes first."""
    return [(_PLACE, (record_id,)), (_STANDING, (record_id,))]


def take_record(driver: Driver, record_id: UUID, reads: Sequence[Statement]) -> Kept | None:
    """Take a record for this transaction and read it: None where another keeper has it, or it is none."""
    trip = Trip(driver)
    trip.add(ACT, (SYSTEM, ""))
    trip.add(_TRY, (str(record_id), _LOCK_SPACE))
    for statement, parameters in (*keeping_reads(record_id), *reads):
        trip.add(statement, parameters)
    _, trying, *answers = trip.go()
    return read_kept(answers) if trying == [(True,)] else None


def read_kept(answers: list[list[tuple[Any, ...]]]) -> Kept | None:
    """What the answers of `keeping_reads`, and of what was asked after them, say."""
    places, standing, *rest = answers
    if not places:
        return None
    return Kept(Place(*places[0]), [_standing(row) for row in standing], rest)


def looked(record_id: UUID, place: Place, look_at: datetime) -> Statement:
    """That the record's open alerts were held against its line, and when that is to be done again."""
    return _LOOKED, (record_id, place.lead_number, place.people_number, look_at)


def forget(record_id: UUID) -> Statement:
    """The record has no open alert."""
    return _FORGET, (record_id,)


def _standing(row: Sequence[Any]) -> Standing:
    alert, tier, state, stage, agency, person, act_by, held_number, lapses, snooze, led_agency, led_person = row
    return Standing(
        alert,
        tier,
        State(state),
        Holder(cast("Any", stage), agency, person),
        act_by,
        held_number,
        lapses,
        snooze,
        None if led_agency is None else Someone(led_agency, led_person),
    )
