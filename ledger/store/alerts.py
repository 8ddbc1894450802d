"""Alerts as they stand now, newest first, for the agency and the person they were brought to."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, and_, exists, func, or_, select, tuple_
from sqlalchemy.sql.elements import ColumnElement

from ledger.store.tables import alerts, findings, leads, people

Cursor = tuple[datetime, str]


@dataclass(frozen=True, slots=True)
class StoredAlert:
    """One finding brought to one accountable person, or to an agency's duty desk where `to_person` is None."""

    alert_id: str
    record_id: UUID
    finding_id: str
    to_agency: str
    to_person: str | None
    raised_at: datetime
    raised_number: int
    acknowledged_number: int | None
    ended_number: int | None


_COLUMNS = (
    alerts.c.alert_id,
    alerts.c.record_id,
    alerts.c.finding_id,
    alerts.c.to_agency,
    alerts.c.to_person,
    alerts.c.raised_at,
    alerts.c.raised_number,
    alerts.c.acknowledged_number,
    alerts.c.ended_number,
)


def open_alerts(
    connection: Connection, agency: str, person_ref: str | None, *, after: Cursor | None, limit: int
) -> list[StoredAlert]:
    """Open alerts of an agency, newest first; of one person there when a reference is given (see `_theirs`)."""
    query = select(*_COLUMNS).where(alerts.c.to_agency == agency, alerts.c.ended_number.is_(None))
    if person_ref is not None:
        query = query.where(_theirs(agency, person_ref))
    if after is not None:
        query = query.where(tuple_(alerts.c.raised_at, alerts.c.alert_id) < after)
    query = query.order_by(alerts.c.raised_at.desc(), alerts.c.alert_id.desc()).limit(limit)
    return [StoredAlert(*row) for row in connection.execute(query)]


def one_alert(connection: Connection, agency: str, person_ref: str | None, alert_id: str) -> StoredAlert | None:
    """One alert of an agency (and person), open or ended."""
    query = select(*_COLUMNS).where(alerts.c.alert_id == alert_id, alerts.c.to_agency == agency)
    if person_ref is not None:
        query = query.where(_theirs(agency, person_ref))
    row = connection.execute(query).one_or_none()
    return StoredAlert(*row) if row else None


def record_of_alert(connection: Connection, alert_id: str) -> UUID | None:
    """The record that an alert is about, where the acting party may know of it."""
    found: UUID | None = connection.scalar(select(alerts.c.record_id).where(alerts.c.alert_id == alert_id))
    return found


def _theirs(agency: str, person_ref: str) -> ColumnElement[bool]:
    """Brought to this person, to the desk, or to a name that nobody signs in under: no alert goes unseen.

    A deputy's are their lead's, too.
    Where one of two people has signed, it is everybody's there: the second must be another.
    """
    known = select(func.count()).where(and_(people.c.agency_id == agency, people.c.ref == alerts.c.to_person))
    later = leads.alias()
    newest = select(func.max(later.c.number)).where(later.c.record_id == alerts.c.record_id).scalar_subquery()
    deputises = exists().where(
        leads.c.record_id == alerts.c.record_id,
        leads.c.number == newest,
        leads.c.agency_id == agency,
        leads.c.deputy == person_ref,
    )
    return or_(
        alerts.c.to_person == person_ref,
        deputises,
        alerts.c.to_person.is_(None),
        known.scalar_subquery() == 0,
        exists().where(findings.c.finding_id == alerts.c.finding_id, findings.c.marks.has_key("signed")),
    )
