"""Professionals who sign in, and the agencies they can ring."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, func, select

from ledger.domain.record_state import Surroundings
from ledger.domain.role import Role
from ledger.store.moves import NOW, around_at
from ledger.store.tables import (
    agencies,
    heads,
    leavings,
    ledger_state,
    partnerships,
    people,
    person_roles,
)


@dataclass(frozen=True, slots=True)
class Agency:
    """An agency's name, and whom another professional rings there."""

    agency_id: str
    name: str
    contact: str


@dataclass(frozen=True, slots=True)
class Person:
    """A professional who signs in, acting as their agency."""

    person_id: UUID
    agency_id: str
    ref: str
    name: str
    role: str
    is_duty_desk: bool
    partnership: str
    agency_kind: str
    #: Those that they were given and that were not taken away.
    standing: frozenset[Role] = frozenset()


@dataclass(frozen=True, slots=True)
class LedgerState:
    """Whether this is a demonstration ledger, and where its clock was moved to."""

    demonstration: bool
    clock_at: datetime | None


def directory(connection: Connection) -> dict[str, Agency]:
    """Every agency by its id."""
    query = select(agencies.c.agency_id, agencies.c.name, agencies.c.contact)
    return {row.agency_id: Agency(*row) for row in connection.execute(query)}


def agency_kinds(connection: Connection) -> dict[str, str]:
    """What sort of agency each is, as health_visiting or police."""
    query = select(agencies.c.agency_id, agencies.c.kind)
    return {row.agency_id: row.kind for row in connection.execute(query)}


def desks_of(connection: Connection, record_ids: Collection[UUID]) -> dict[UUID, str]:
    """Of each record the duty desk of its partnership."""
    query = select(heads.c.record_id, partnerships.c.duty_desk).join_from(
        heads, partnerships, heads.c.partnership_id == partnerships.c.partnership_id
    )
    return {row.record_id: row.duty_desk for row in connection.execute(query.where(heads.c.record_id.in_(record_ids)))}


def is_desk(connection: Connection, agency: str) -> bool:
    """Whether an agency is a partnership's duty desk."""
    query = select(func.count()).where(partnerships.c.duty_desk == agency)
    return bool(connection.scalar(query))


def surroundings_of(
    connection: Connection, record_ids: Collection[UUID], *, at: int | None = None
) -> dict[UUID, Surroundings]:
    """Of each record the nation of its partnership, and what sort of agency each one of that is.

    `at`: as they were once the entry of this number stood; None: as they are now. Of a record that was in another
    partnership the agencies of that one, too.
    """
    statement, parameters = around_at(record_ids, NOW if at is None else at)
    found: dict[UUID, list[Sequence[Any]]] = {}
    for row in connection.exec_driver_sql(statement, tuple(parameters)):
        found.setdefault(row[5], []).append(row)
    return {record_id: Surroundings.read(rows) for record_id, rows in found.items()}


def names(connection: Connection, person_ids: Collection[UUID]) -> dict[UUID, str]:
    """The names of professionals by their ids."""
    query = select(people.c.person_id, people.c.name).where(people.c.person_id.in_(person_ids))
    return {row.person_id: row.name for row in connection.execute(query)}


def names_by_ref(connection: Connection, refs: Collection[str]) -> dict[tuple[str, str], str]:
    """The names of professionals by agency and by the reference that their agency uses."""
    query = select(people.c.agency_id, people.c.ref, people.c.name).where(people.c.ref.in_(refs))
    return {(row.agency_id, row.ref): row.name for row in connection.execute(query)}


def person(connection: Connection, person_id: UUID) -> Person | None:
    """One professional."""
    return _one_person(connection, people.c.person_id == person_id)


def people_by_id(connection: Connection, person_ids: Collection[UUID]) -> dict[UUID, Person]:
    """Several professionals, in one query."""
    return {found.person_id: found for found in _people(connection, people.c.person_id.in_(person_ids))}


def person_named(connection: Connection, agency: str, ref: str) -> Person | None:
    """One professional, by the reference that their agency uses."""
    return _one_person(connection, people.c.agency_id == agency, people.c.ref == ref)


def _one_person(connection: Connection, *which: ColumnElement[bool]) -> Person | None:
    found = _people(connection, *which)
    return found[0] if found else None


def _people(connection: Connection, *which: ColumnElement[bool]) -> list[Person]:
    given = (
        select(func.array_agg(person_roles.c.role))
        .where(person_roles.c.person_id == people.c.person_id, person_roles.c.taken_number.is_(None), _is_there())
        .scalar_subquery()
    )
    query = (
        select(
            people.c.person_id,
            people.c.agency_id,
            people.c.ref,
            people.c.name,
            people.c.role,
            (partnerships.c.duty_desk == people.c.agency_id).label("is_duty_desk"),
            partnerships.c.partnership_id.label("partnership"),
            agencies.c.kind.label("agency_kind"),
            given.label("standing"),
        )
        .join_from(people, agencies, agencies.c.agency_id == people.c.agency_id)
        .join(partnerships, partnerships.c.partnership_id == agencies.c.partnership_id)
        .where(*which)
    )
    return [
        Person(**{**row._asdict(), "standing": frozenset(Role(role) for role in row.standing or ())})
        for row in connection.execute(query)
    ]


def _is_there() -> ColumnElement[bool]:
    """Whoever has left, or whose agency has ended, may do nothing here: with a session of theirs neither."""
    left = select(leavings.c.number).where(
        leavings.c.agency_id == people.c.agency_id,
        leavings.c.person == people.c.ref,
        leavings.c.returned_number.is_(None),
    )
    ended = agencies.alias()
    over = select(ended.c.agency_id).where(ended.c.agency_id == people.c.agency_id, ended.c.ended_number.is_not(None))
    return and_(~left.correlate(people).exists(), ~over.correlate(people).exists())


def ledger_kind(connection: Connection) -> LedgerState | None:
    """What kind of ledger this is; None before it has been opened."""
    row = connection.execute(select(ledger_state.c.demonstration, ledger_state.c.clock_at)).one_or_none()
    return LedgerState(*row) if row else None
