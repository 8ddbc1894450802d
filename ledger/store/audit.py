"""Who looked at what: access records as an auditor reads them, by the real clock, newest first.

All of it runs as the role of auditors; each question is about the partnership of one agency, the auditor's own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, or_, select, text, tuple_

from ledger.store.tables import access_records, agencies, partnerships, people, person_roles

#: Where a page ended: the real time and the name of its last access record.
Cursor = tuple[datetime, UUID]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which access records: each of these narrows them."""

    child: UUID | None = None
    agency: str | None = None
    person: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    after: Cursor | None = None
    limit: int = 100


@dataclass(frozen=True, slots=True)
class Look:
    """One access record, with the name of the person who looked, where it was one."""

    access_id: UUID
    at: datetime
    real_at: datetime
    agency: str
    person_id: UUID | None
    person_name: str | None
    record_id: UUID
    what: str
    purpose: str
    up_to_number: int
    request_id: str
    outcome: str
    refused_for: str | None
    by_glass: bool


def looks(connection: Connection, home: str, asked: Asked) -> list[Look]:
    """Access records of the partnership of an agency, `home`, newest first."""
    access = access_records.c
    wanted: list[ColumnElement[bool]] = [access.agency_id.in_(_agencies_of(home))]
    if asked.child is not None:
        wanted.append(access.record_id == asked.child)
    if asked.agency is not None:
        wanted.append(access.agency_id == asked.agency)
    if asked.person is not None:
        wanted.append(access.person_id == asked.person)
    if asked.since is not None:
        wanted.append(access.real_at >= asked.since)
    if asked.until is not None:
        wanted.append(access.real_at < asked.until)
    if asked.after is not None:
        wanted.append(tuple_(access.real_at, access.access_id) < asked.after)
    query = (
        select(
            access.access_id, access.at, access.real_at, access.agency_id, access.person_id, people.c.name,
            access.record_id, access.what, access.purpose, access.up_to_number, access.request_id, access.outcome,
            access.refused_for, access.by_glass,
        )
        .join_from(access_records, people, people.c.person_id == access.person_id, isouter=True)
        .where(*wanted)
        .order_by(access.real_at.desc(), access.access_id.desc())
        .limit(asked.limit)
    )  # fmt: skip
    rows: Iterable[Any] = connection.execute(query)
    return [Look(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class AgencyLook:
    """One reading by an agency: when by the ledger's clock, of what, and up to which number."""

    at: datetime
    what: str
    up_to: int


def looks_of_agency(connection: Connection, agency: str, record_id: UUID, until: datetime) -> list[AgencyLook]:
    """An agency's readings of one record up to a moment, in order; an auditor's are nobody's but the auditor's."""
    access = access_records.c
    auditors = select(person_roles.c.person_id).where(person_roles.c.role == "auditor")
    query = (
        select(access.at, access.what, access.up_to_number)
        .where(
            access.record_id == record_id,
            access.agency_id == agency,
            access.outcome == "answered",
            access.at <= until,
            or_(access.person_id.is_(None), access.person_id.not_in(auditors)),
        )
        .order_by(access.at, access.access_id)
    )
    rows: Iterable[Any] = connection.execute(query)
    return [AgencyLook(*row) for row in rows]


def record_of_partnership(connection: Connection, home: str) -> UUID:
    """The record of the partnership itself: in it stands that its access records were looked at."""
    query = (
        select(partnerships.c.record_id)
        .join(agencies, agencies.c.partnership_id == partnerships.c.partnership_id)
        .where(agencies.c.agency_id == home)
    )
    record_id: UUID = connection.execute(query).scalar_one()
    return record_id


def staff(connection: Connection, home: str) -> list[tuple[UUID, str, str]]:
    """(id, agency, name) of the professionals of the partnership of an agency, by agency and name."""
    query = select(people.c.person_id, people.c.agency_id, people.c.name).where(
        people.c.agency_id.in_(_agencies_of(home))
    )
    return [tuple(row) for row in connection.execute(query.order_by(people.c.agency_id, people.c.name))]


def _agencies_of(home: str) -> Any:
    of_home = select(agencies.c.partnership_id).where(agencies.c.agency_id == home).scalar_subquery()
    return select(agencies.c.agency_id).where(agencies.c.partnership_id == of_home)


# What follows tells apart by who looked: a person, or an agency's system where no person is named.
_LOOKS: Final = """
    SELECT a.agency_id, a.person_id, a.record_id, a.real_at, a.is_opening, a.by_glass, a.refused_for
    FROM ledger.access_records a
    WHERE a.real_at >= :since AND a.real_at < :until AND a.agency_id IN (
        SELECT agency_id FROM ledger.agencies
        WHERE partnership_id = (SELECT partnership_id FROM ledger.agencies WHERE agency_id = :home))"""
_BUSIEST: Final = text(f"""
    WITH hours AS (
        SELECT agency_id, person_id, date_trunc('hour', real_at) AS hour, count(DISTINCT record_id) AS children
        FROM ({_LOOKS}) l WHERE is_opening GROUP BY 1, 2, 3)
    SELECT agency_id, person_id, hour, children,
        (SELECT max(o.children) FROM hours o
         WHERE o.agency_id = h.agency_id AND o.person_id IS DISTINCT FROM h.person_id AND o.person_id IS NOT NULL)
    FROM hours h WHERE children >= :least ORDER BY hour DESC, children DESC""")  # noqa: S608 - made of constants
_DENIED: Final = text(f"""
    SELECT agency_id, person_id, min(real_at), max(real_at), count(*), count(DISTINCT record_id), refused_for
    FROM ({_LOOKS}) l WHERE refused_for IS NOT NULL
    GROUP BY agency_id, person_id, refused_for, date_trunc('day', real_at)
    HAVING refused_for = 'too_many_children' OR count(*) >= :least
    ORDER BY max(real_at) DESC""")  # noqa: S608 - made of constants
# Recorded nothing: no entry of the agency in the record but its having a part in it, nor in that of a sibling, which
# is one whom an entry was also about. What is asked is of a time that is over.
_IDLE: Final = text(f"""
    WITH opened AS (
        SELECT agency_id, person_id, record_id, min(real_at) AS first FROM ({_LOOKS}) l
        WHERE is_opening AND NOT by_glass AND real_at < :settled GROUP BY 1, 2, 3),
    siblings AS (
        SELECT o.record_id, b.record_id AS sibling FROM (SELECT DISTINCT record_id FROM opened) o
        JOIN ledger.entries a ON a.record_id = o.record_id
        JOIN ledger.entries b ON b.agency_id = a.agency_id AND b.event_id = a.event_id
        UNION SELECT record_id, record_id FROM opened)
    SELECT o.agency_id, o.person_id, min(o.first), max(o.first), array_agg(o.record_id ORDER BY o.first)
    FROM opened o
    WHERE NOT EXISTS (
        SELECT FROM siblings s JOIN ledger.contents c ON c.record_id = s.sibling
        WHERE s.record_id = o.record_id AND c.agency_id = o.agency_id AND c.kind NOT IN ('involvement', 'glass'))
    GROUP BY o.agency_id, o.person_id ORDER BY max(o.first) DESC""")  # noqa: S608 - made of constants
_HOURS: Final = text(f"""
    SELECT agency_id, person_id, (real_at AT TIME ZONE 'Europe/London')::timestamp, record_id, real_at
    FROM ({_LOOKS}) l WHERE is_opening AND person_id IS NOT NULL ORDER BY person_id, real_at""")  # noqa: S608 - constants


# An agency's own entry that began its part: not a broken glass, nor its being named lead. From envelopes and
# projections alone, which no marking hides; by the ledger's clock on both sides, which a demonstration can move.
_TAKEN: Final = text("""
    SELECT DISTINCT ON (i.agency_id, i.record_id)
        i.agency_id, a.person_id, i.record_id, h.pseudonym, i.number, a.at - e.recorded_at, a.real_at
    FROM ledger.access_records a
    JOIN ledger.involvements i ON i.record_id = a.record_id AND i.agency_id = a.agency_id AND i.person_id IS NULL
    JOIN ledger.entries e ON e.record_id = i.record_id AND e.number = i.number AND e.agency_id = i.agency_id
    JOIN ledger.heads h ON h.record_id = i.record_id AND h.kind = 'child'
    WHERE a.is_opening AND a.real_at >= :since AND a.real_at < :until
      AND a.at >= e.recorded_at AND a.at < e.recorded_at + CAST(:within AS interval)
      AND a.agency_id IN (
        SELECT agency_id FROM ledger.agencies
        WHERE partnership_id = (SELECT partnership_id FROM ledger.agencies WHERE agency_id = :home))
      AND NOT EXISTS (
        SELECT FROM ledger.glass_breakings b WHERE b.record_id = i.record_id AND b.number = i.number)
      AND NOT EXISTS (SELECT FROM ledger.leads l WHERE l.record_id = i.record_id AND l.number = i.number)
      AND NOT EXISTS (
        SELECT FROM ledger.entries o WHERE o.record_id = i.record_id AND o.agency_id = i.agency_id
        AND o.recorded_at < date_trunc('day', e.recorded_at, 'Europe/London'))
    ORDER BY i.agency_id, i.record_id, a.real_at, i.number DESC""")


def busiest_hours(connection: Connection, home: str, span: tuple[datetime, datetime], least: int) -> Sequence[Any]:
    """(agency, person, hour, children, the most of anybody else there) of hours with at least so many children."""
    return connection.execute(_BUSIEST, {**_span(home, span), "least": least}).all()


def refusals(connection: Connection, home: str, span: tuple[datetime, datetime], least: int) -> Sequence[Any]:
    """(agency, person, first, last, how many, of how many children, why) of days with so many, or with one by a cap."""
    return connection.execute(_DENIED, {**_span(home, span), "least": least}).all()


def opened_for_nothing(
    connection: Connection, home: str, span: tuple[datetime, datetime], settled: datetime
) -> Sequence[Any]:
    """(agency, person, first, last, children) of who opened children before then of whom their agency wrote nothing."""
    return connection.execute(_IDLE, {**_span(home, span), "settled": settled}).all()


def taken_and_opened(
    connection: Connection, home: str, span: tuple[datetime, datetime], within: timedelta
) -> Sequence[Any]:
    """(agency, person, child, pseudonym, number, how long after, when) of each agency's first opening of a child of
    whom it had recorded nothing before the day on which it recorded its part, within so long of that.
    """
    return connection.execute(_TAKEN, {**_span(home, span), "within": within}).all()


def openings(connection: Connection, home: str, span: tuple[datetime, datetime]) -> Sequence[Any]:
    """(agency, person, London's wall time, child, when) of each opening by a person, by person and time."""
    return connection.execute(_HOURS, _span(home, span)).all()


def _span(home: str, span: tuple[datetime, datetime]) -> dict[str, Any]:
    return {"home": home, "since": span[0], "until": span[1]}
