"""Professionals who sign in, their one-time links and sessions, and the agencies they can ring.

Tokens are kept as SHA-256 only. A link is spent and a session touched by one statement each, so two requests at once
cannot both win. The real clock is always passed in.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, select

from ledger.domain.calendar import Nation
from ledger.domain.record_state import Surroundings
from ledger.store.tables import agencies, heads, ledger_state, partnerships, people, sessions, sign_in_links


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


@dataclass(frozen=True, slots=True)
class Session:
    """Whose session it is and when it was begun and last used, by the real clock."""

    person_id: UUID
    began_at: datetime
    seen_at: datetime


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


def surroundings_of(connection: Connection, record_ids: Collection[UUID]) -> dict[UUID, Surroundings]:
    """Of each record the nation of its partnership, and what sort of agency each one of that is."""
    query = (
        select(heads.c.record_id, partnerships.c.nation, agencies.c.agency_id, agencies.c.kind)
        .join_from(heads, partnerships, heads.c.partnership_id == partnerships.c.partnership_id)
        .outerjoin(agencies, agencies.c.partnership_id == partnerships.c.partnership_id)
        .where(heads.c.record_id.in_(record_ids))
    )
    found: dict[UUID, tuple[Nation, dict[str, str]]] = {}
    for row in connection.execute(query):
        _, kinds = found.setdefault(row.record_id, (row.nation, {}))
        if row.agency_id is not None:
            kinds[row.agency_id] = row.kind
    return {record_id: Surroundings(nation, kinds) for record_id, (nation, kinds) in found.items()}


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
    desk = (
        select(partnerships.c.duty_desk)
        .join_from(agencies, partnerships, agencies.c.partnership_id == partnerships.c.partnership_id)
        .where(agencies.c.agency_id == people.c.agency_id)
        .scalar_subquery()
    )
    query = select(
        people.c.person_id,
        people.c.agency_id,
        people.c.ref,
        people.c.name,
        people.c.role,
        (desk == people.c.agency_id).label("is_duty_desk"),
    ).where(people.c.person_id == person_id)
    row = connection.execute(query).one_or_none()
    return Person(*row) if row else None


def ledger_kind(connection: Connection) -> LedgerState | None:
    """What kind of ledger this is; None before it has been opened."""
    row = connection.execute(select(ledger_state.c.demonstration, ledger_state.c.clock_at)).one_or_none()
    return LedgerState(*row) if row else None


def insert_link(connection: Connection, token_sha256: bytes, person_id: UUID, expires_at: datetime) -> None:
    """Keep a one-time link's hash."""
    connection.execute(
        sign_in_links.insert().values(token_sha256=token_sha256, person_id=person_id, expires_at=expires_at)
    )


def link_is_good(connection: Connection, token_sha256: bytes, now: datetime) -> bool:
    """Whether a link could still be spent; spends nothing."""
    query = select(sign_in_links.c.person_id).where(
        sign_in_links.c.token_sha256 == token_sha256,
        sign_in_links.c.used_at.is_(None),
        sign_in_links.c.expires_at > now,
    )
    return connection.execute(query).one_or_none() is not None


def spend_link(connection: Connection, token_sha256: bytes, now: datetime) -> UUID | None:
    """Use a link up: the person it signs in, or None when it is unknown, spent or too old."""
    person_id: UUID | None = connection.scalar(
        sign_in_links.update()
        .where(
            sign_in_links.c.token_sha256 == token_sha256,
            sign_in_links.c.used_at.is_(None),
            sign_in_links.c.expires_at > now,
        )
        .values(used_at=now)
        .returning(sign_in_links.c.person_id)
    )
    return person_id


def insert_session(connection: Connection, token_sha256: bytes, person_id: UUID, now: datetime) -> None:
    """Begin a session."""
    connection.execute(
        sessions.insert().values(token_sha256=token_sha256, person_id=person_id, began_at=now, seen_at=now)
    )


def open_session(connection: Connection, token_sha256: bytes) -> Session | None:
    """A session that nobody ended; whether it is too old is for the caller to say."""
    query = select(sessions.c.person_id, sessions.c.began_at, sessions.c.seen_at).where(
        sessions.c.token_sha256 == token_sha256, sessions.c.ended_at.is_(None)
    )
    row = connection.execute(query).one_or_none()
    return Session(*row) if row else None


def touch_session(connection: Connection, token_sha256: bytes, now: datetime) -> None:
    """Note that a session was used."""
    connection.execute(sessions.update().where(sessions.c.token_sha256 == token_sha256).values(seen_at=now))


def end_session(connection: Connection, token_sha256: bytes, now: datetime) -> None:
    """End a session for good."""
    connection.execute(
        sessions.update()
        .where(sessions.c.token_sha256 == token_sha256, sessions.c.ended_at.is_(None))
        .values(ended_at=now)
    )
