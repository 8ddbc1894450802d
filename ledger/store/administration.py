"""Keys, people and sessions as metadata, and how the ledger runs, in counts. Nothing here reads content."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, func, select, text

from ledger.store import clock
from ledger.store.clock import SQL as CLOCK_NOW
from ledger.store.tables import agencies, agency_keys, check_failures, partnerships, people, person_roles, sessions

# By the heads' partial indexes, as workers look: what is not due is not gone through, however many records there are.
_DUE = text(f"""
    SELECT count(*), coalesce(extract(epoch FROM {CLOCK_NOW} - min(since)), 0) FROM (
        SELECT record_id, min(since) AS since FROM (
            SELECT record_id, last_recorded_at AS since FROM ledger.heads WHERE due_seq > detected_seq
            UNION ALL
            SELECT record_id, next_due_at FROM ledger.heads WHERE next_due_at <= (SELECT {CLOCK_NOW})
        ) each_cause GROUP BY record_id
    ) due""")  # noqa: S608 - the clock's name is ours


@dataclass(frozen=True, slots=True)
class Running:
    """How the ledger runs: its schema's revision, records that wait for detection, and for how long the first has."""

    revision: str | None
    records_due: int
    lag_s: float
    checks_failing: int
    clock: datetime


def running(connection: Connection) -> Running:
    """How the ledger runs now."""
    due, lag = connection.execute(_DUE).one()
    return Running(
        connection.scalar(text("SELECT version_num FROM ledger.alembic_version")),
        due,
        max(float(lag), 0.0),
        connection.scalar(select(func.count(check_failures.c.tries))) or 0,
        clock.now(connection),
    )


def partnership_record(connection: Connection, partnership: str) -> UUID:
    """The record that a partnership has of its own."""
    query = select(partnerships.c.record_id).where(partnerships.c.partnership_id == partnership)
    record_id: UUID = connection.execute(query).scalar_one()
    return record_id


def keys_of(connection: Connection, partnership: str, *, after: str | None, limit: int) -> Sequence[Row[Any]]:
    """The keys of a partnership's agencies by their ids, without their hashes."""
    kept = agency_keys.c
    query = (
        select(
            kept.key_id,
            kept.agency_id,
            kept.scopes,
            kept.issued_at,
            kept.expires_at,
            kept.revoked_at,
            kept.certificate_sha256.is_not(None).label("is_bound"),
        )
        .join(agencies, agencies.c.agency_id == kept.agency_id)
        .where(agencies.c.partnership_id == partnership)
        .order_by(kept.key_id)
        .limit(limit)
    )
    return connection.execute(query if after is None else query.where(kept.key_id > after)).all()


def key_of(connection: Connection, partnership: str, key_id: str) -> Row[Any] | None:
    """One key of a partnership's agencies, without its hash."""
    kept = agency_keys.c
    query: Select[Any] = (
        select(kept.key_id, kept.agency_id, kept.scopes, kept.issued_at, kept.expires_at, kept.revoked_at)
        .join(agencies, agencies.c.agency_id == kept.agency_id)
        .where(agencies.c.partnership_id == partnership, kept.key_id == key_id)
    )
    return connection.execute(query).one_or_none()


def agency_of_key(connection: Connection, partnership: str, key_id: str) -> str | None:
    """Whose key it is, within a partnership."""
    query = (
        select(agency_keys.c.agency_id)
        .join(agencies, agencies.c.agency_id == agency_keys.c.agency_id)
        .where(agencies.c.partnership_id == partnership, agency_keys.c.key_id == key_id)
    )
    return connection.scalar(query)


def partnership_of_agency(connection: Connection, agency: str) -> str | None:
    """The partnership that an agency belongs to; None where there is no such agency."""
    partnership: str | None = connection.scalar(select(agencies.c.partnership_id).where(agencies.c.agency_id == agency))
    return partnership


def people_of(
    connection: Connection, partnership: str, *, after: UUID | None, limit: int, agency: str | None = None
) -> Sequence[Row[Any]]:
    """The people of a partnership, or of one of its agencies, by their ids: their roles, and how many of their sessions
    nobody ended.
    """
    given = (
        select(func.array_agg(person_roles.c.role))
        .where(person_roles.c.person_id == people.c.person_id, person_roles.c.taken_number.is_(None))
        .scalar_subquery()
    )
    opened = (
        select(func.count())
        .where(sessions.c.person_id == people.c.person_id, sessions.c.ended_at.is_(None))
        .scalar_subquery()
    )
    seen = select(func.max(sessions.c.seen_at)).where(sessions.c.person_id == people.c.person_id).scalar_subquery()
    query = (
        _people(partnership)
        .add_columns(given.label("roles"), opened.label("sessions"), seen.label("seen_at"))
        .order_by(people.c.person_id)
        .limit(limit)
    )
    if agency is not None:
        query = query.where(people.c.agency_id == agency)
    return connection.execute(query if after is None else query.where(people.c.person_id > after)).all()


def person_of(connection: Connection, partnership: str, person_id: UUID) -> Row[Any] | None:
    """One person of a partnership."""
    return connection.execute(_people(partnership).where(people.c.person_id == person_id)).one_or_none()


def _people(partnership: str) -> Select[Any]:
    return (
        select(
            people.c.person_id,
            people.c.agency_id,
            people.c.ref,
            people.c.name,
            people.c.role,
            (partnerships.c.duty_desk == people.c.agency_id).label("is_duty_desk"),
        )
        .join_from(people, agencies, agencies.c.agency_id == people.c.agency_id)
        .join(partnerships, partnerships.c.partnership_id == agencies.c.partnership_id)
        .where(partnerships.c.partnership_id == partnership)
    )
