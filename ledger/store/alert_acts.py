"""What is read under a record's lock before somebody's act on an alert is taken. As the agency that acts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, text

from ledger.domain.alert import State
from ledger.domain.line import Someone
from ledger.store.append import Statement

_ONE: Final = """
    SELECT a.state, a.tier, a.to_agency, a.to_person, a.held, a.held_number, a.ended_number IS NOT NULL,
        EXISTS (SELECT FROM ledger.people p WHERE p.agency_id = a.to_agency AND p.ref = a.to_person),
        EXISTS (SELECT FROM ledger.contents c
            WHERE c.record_id = a.record_id AND c.number = a.held_number AND c.kind = 'alert_woken')
    FROM ledger.alerts a WHERE a.alert_id = %s"""
# Of whoever acts, or in whose name their agency's system does: whether the ledger knows them, as what, and whether
# they have left.
_ACTOR: Final = """
    SELECT EXISTS (SELECT FROM ledger.people p WHERE p.agency_id = ledger.party() AND p.ref = w.ref),
        ARRAY(SELECT r.role FROM ledger.person_roles r JOIN ledger.people p USING (person_id)
            WHERE p.agency_id = ledger.party() AND p.ref = w.ref AND r.taken_number IS NULL),
        EXISTS (SELECT FROM ledger.leavings v
            WHERE v.agency_id = ledger.party() AND v.person = w.ref AND v.returned_number IS NULL)
    FROM (SELECT %s::text AS ref) w"""
_PLACE: Final = text("SELECT record_id, finding_id, to_agency, held FROM ledger.alerts WHERE alert_id = :alert")


@dataclass(frozen=True, slots=True)
class ActedOn:
    """An alert as it stands under the lock: whose it is, and whose it was. `is_desks`: everybody's at that agency, for
    nobody is named, or somebody who signs in under no such name. `has_come_back`: they have put it off already.
    """

    state: State
    tier: str
    to: Someone
    before: tuple[Someone, ...]
    held_number: int
    has_ended: bool
    is_desks: bool
    has_come_back: bool = False


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever acts, by what the ledger knows of them."""

    is_known: bool
    roles: tuple[str, ...]
    has_left: bool


@dataclass(frozen=True, slots=True)
class AlertPlace:
    """Where an alert is, and whose agencies' it is or was."""

    record_id: UUID
    finding_id: str
    agencies: frozenset[str]


def place_of_alert(connection: Connection, alert: str) -> AlertPlace | None:
    """Where an alert is, where the acting party may know of the record."""
    row = connection.execute(_PLACE, {"alert": alert}).one_or_none()
    if row is None:
        return None
    return AlertPlace(row.record_id, row.finding_id, frozenset({row.to_agency, *(one["agency"] for one in row.held)}))


def acting_reads(alert: str, ref: str | None) -> list[Statement]:
    """The look-ups whose answers `read_acting` takes: the alert, and who acts on it."""
    return [(_ONE, (alert,)), (_ACTOR, (ref,))]


def read_acting(answers: Sequence[Sequence[Sequence[Any]]]) -> tuple[ActedOn, Actor]:
    """What `acting_reads` looked up."""
    (one,), ((known, roles, left),) = answers[:2]
    state, tier, agency, person, held, held_number, ended, is_known, came_back = one
    before = tuple(Someone(one["agency"], one["person"]) for one in held)
    is_desks = person is None or not is_known
    alert = ActedOn(State(state), tier, Someone(agency, person), before, held_number, ended, is_desks, came_back)
    return alert, Actor(known, tuple(roles), left)
