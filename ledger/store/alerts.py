"""Alerts as they stand now, newest first, for the agency and the person they were brought to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
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
    #: How far it has come: `ledger.domain.alert`. `act_by`: until when somebody has to act, or it rests.
    tier: str
    stage: str
    state: str
    act_by: datetime | None
    #: Who held it before, in order.
    held: list[dict[str, Any]]
    held_number: int
    acted_number: int | None
    snoozed_number: int | None


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
    alerts.c.tier,
    alerts.c.stage,
    alerts.c.state,
    alerts.c.act_by,
    alerts.c.held,
    alerts.c.held_number,
    alerts.c.acted_number,
    alerts.c.snoozed_number,
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which alerts are asked for, where not all are: of one tier, in one state."""

    tier: str | None = None
    state: str | None = None


def open_alerts(
    connection: Connection,
    agency: str,
    person_ref: str | None,
    *,
    after: Cursor | None,
    limit: int,
    wanted: Wanted | None = None,
) -> list[StoredAlert]:
    """Open alerts of an agency, newest first; of one person there when a reference is given (see `_theirs`)."""
    query = select(*_COLUMNS).where(alerts.c.to_agency == agency, alerts.c.ended_number.is_(None))
    if person_ref is not None:
        query = query.where(_theirs(agency, person_ref))
    if wanted is not None and wanted.tier is not None:
        query = query.where(alerts.c.tier == wanted.tier)
    if wanted is not None and wanted.state is not None:
        query = query.where(alerts.c.state == wanted.state)
    if after is not None:
        query = query.where(tuple_(alerts.c.raised_at, alerts.c.alert_id) < after)
    query = query.order_by(alerts.c.raised_at.desc(), alerts.c.alert_id.desc()).limit(limit)
    return [_stored(row) for row in connection.execute(query)]


def most_pressing(connection: Connection, agency: str, person_ref: str | None, *, limit: int) -> list[StoredAlert]:
    """Open alerts of an agency (or person there): what waits before what rests, by tier, the soonest clock first."""
    query = select(*_COLUMNS).where(_theirs_now(agency, person_ref), alerts.c.ended_number.is_(None))
    rests = alerts.c.state.in_(("acted_on", "snoozed"))
    # `interrupt` stands before `queue` in the alphabet, too.
    order = (rests, alerts.c.tier, alerts.c.act_by.asc().nulls_last(), alerts.c.raised_at, alerts.c.alert_id)
    return [_stored(row) for row in connection.execute(query.order_by(*order).limit(limit))]


def passed_on(
    connection: Connection, agency: str, person_ref: str | None, *, limit: int, of_led: bool = False
) -> list[StoredAlert]:
    """Open alerts that this agency (or person there) held and that are another's now, the newest first.

    With `of_led` also those of records that the person leads which somebody in their place had from the beginning.
    """
    held = _held_before(agency, person_ref)
    if of_led and person_ref is not None:
        held = or_(held, and_(alerts.c.stage.in_(("deputy", "cover")), _led_by(agency, person_ref)))
    query = select(*_COLUMNS).where(held, alerts.c.ended_number.is_(None), ~_theirs_now(agency, person_ref))
    query = query.order_by(alerts.c.raised_at.desc(), alerts.c.alert_id.desc()).limit(limit)
    return [_stored(row) for row in connection.execute(query)]


def one_alert(
    connection: Connection, agency: str, person_ref: str | None, alert_id: str, *, formerly: bool = False
) -> StoredAlert | None:
    """One alert of an agency (and person), open or ended; with `formerly` also one that they held before."""
    theirs = _theirs_now(agency, person_ref)
    query = select(*_COLUMNS).where(alerts.c.alert_id == alert_id)
    query = query.where(or_(theirs, _held_before(agency, person_ref)) if formerly else theirs)
    row = connection.execute(query).one_or_none()
    return _stored(row) if row else None


def any_alert(connection: Connection, alert_id: str) -> StoredAlert | None:
    """One alert of a record that the acting party may know of, whosever it is."""
    row = connection.execute(select(*_COLUMNS).where(alerts.c.alert_id == alert_id)).one_or_none()
    return _stored(row) if row else None


def record_of_alert(connection: Connection, alert_id: str) -> UUID | None:
    """The record that an alert is about, where the acting party may know of it."""
    found: UUID | None = connection.scalar(select(alerts.c.record_id).where(alerts.c.alert_id == alert_id))
    return found


def _stored(row: Sequence[Any]) -> StoredAlert:
    return StoredAlert(*row)


def _held_before(agency: str, person_ref: str | None) -> ColumnElement[bool]:
    return alerts.c.held.contains([{"agency": agency} | ({} if person_ref is None else {"person": person_ref})])


def _led_by(agency: str, person_ref: str) -> ColumnElement[bool]:
    """Of a record that this person leads now."""
    later = leads.alias("later")
    newest = select(func.max(later.c.number)).where(later.c.record_id == alerts.c.record_id).scalar_subquery()
    return exists().where(
        leads.c.record_id == alerts.c.record_id,
        leads.c.agency_id == agency,
        leads.c.person == person_ref,
        leads.c.ended_number.is_(None),
        leads.c.number == newest,
    )


def _theirs_now(agency: str, person_ref: str | None) -> ColumnElement[bool]:
    of_agency = alerts.c.to_agency == agency
    return of_agency if person_ref is None else and_(of_agency, _theirs(agency, person_ref))


def _theirs(agency: str, person_ref: str) -> ColumnElement[bool]:
    """Brought to this person, to the desk, or to a name that nobody signs in under: no alert goes unseen.

    A deputy's only once it has come to them. Where one of two people has signed, it is everybody's there: the second
    must be another.
    """
    known = select(func.count()).where(and_(people.c.agency_id == agency, people.c.ref == alerts.c.to_person))
    return or_(
        alerts.c.to_person == person_ref,
        alerts.c.to_person.is_(None),
        known.scalar_subquery() == 0,
        exists().where(findings.c.finding_id == alerts.c.finding_id, findings.c.marks.has_key("signed")),
    )
