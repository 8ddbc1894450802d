"""Breakings of the glass and their reviews: look-ups and statements of an append, and the list of them.

A broken glass is an involvement with an end, made by the entry of the same number, of one person or, where an agency's
system broke it, of the agency.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, true

from ledger.store.append import Statement
from ledger.store.tables import agencies, glass_breakings, glass_reviews, heads, leads

# A child may be named by an identifier, which is resolved in the same trip: so both ways to a record stand here.
_NAMED: Final = "ANY (%s::uuid[] || ARRAY(SELECT record_id FROM ledger.identifiers WHERE sought = ANY (%s::text[])))"
_INVOLVED: Final = """
    SELECT 1 FROM ledger.involvements i
    WHERE i.agency_id = ledger.party() AND i.person_id IS NULL AND (i.until IS NULL OR i.until > ledger.clock_now())
      AND NOT EXISTS (SELECT FROM ledger.glass_breakings b WHERE b.record_id = i.record_id AND b.number = i.number)
      AND i.record_id = """
_STANDING: Final = """
    SELECT b.broken_at, b.until, c.content
    FROM ledger.glass_breakings b JOIN ledger.contents c USING (record_id, number)
    WHERE b.agency_id = ledger.party() AND b.person_id IS NOT DISTINCT FROM %s::uuid AND b.until > ledger.clock_now()
      AND b.record_id = """
_DESK: Final = """
    SELECT p.duty_desk FROM ledger.partnerships p JOIN ledger.agencies a USING (partnership_id)
    WHERE a.agency_id = ledger.party()"""
_INVOLVE: Final = """
    INSERT INTO ledger.involvements (record_id, agency_id, number, until, person_id) VALUES (%s, %s, %s, %s, %s)"""
_BREAK: Final = """
    INSERT INTO ledger.glass_breakings (record_id, number, agency_id, person_id, author, broken_at, until, due_at,
        desk_agency)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"""
_BREAKING: Final = """
    SELECT b.agency_id, b.person_id::text, b.author, h.pseudonym,
        (SELECT r.number FROM ledger.glass_reviews r WHERE r.record_id = b.record_id AND r.of_number = b.number)
    FROM ledger.glass_breakings b JOIN ledger.heads h USING (record_id) WHERE b.record_id = %s AND b.number = %s"""
_LEAD: Final = """
    SELECT agency_id, person, deputy, number FROM ledger.leads WHERE record_id = %s ORDER BY number DESC LIMIT 1"""
_REVIEW: Final = """
    INSERT INTO ledger.glass_reviews (record_id, number, of_number, agency_id, person_id, author, verdict, reviewed_at)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"""


@dataclass(frozen=True, slots=True)
class Breaking:
    """One breaking, with who leads the child now and its review, where there is one."""

    record_id: UUID
    number: int
    agency: str
    person_id: UUID | None
    author: str | None
    broken_at: datetime
    until: datetime
    due_at: datetime
    desk_agency: str
    pseudonym: str
    lead_agency: str | None
    lead_person: str | None
    lead_deputy: str | None
    review_number: int | None
    reviewed_by: str | None
    reviewer_id: UUID | None
    reviewer: str | None
    verdict: str | None
    reviewed_at: datetime | None


def reads_of_breaking(names: tuple[Sequence[UUID], Sequence[str]], person_id: UUID | None) -> list[Statement]:
    """What a breaking is judged by: whether the party is involved anyway, its open ones, the partnership's desk.

    The open ones are (time, end, content). `names` are record ids and identifiers, of which one names the child.
    """
    named = [list(names[0]), list(names[1])]
    return [
        (f"{_INVOLVED}{_NAMED} LIMIT 1", named),
        (f"{_STANDING}{_NAMED}", [person_id, *named]),
        (_DESK, ()),
    ]


def reads_of_review(record_id: UUID, number: int) -> list[Statement]:
    """What a review is judged by: the breaking with its review, whether the party is involved, and who leads."""
    return [
        (_BREAKING, (record_id, number)),
        (f"{_INVOLVED}%s LIMIT 1", (record_id,)),
        (_LEAD, (record_id,)),
        (_DESK, ()),
    ]


def involve_until(place: tuple[UUID, int], agency: str, person_id: UUID | None, until: datetime) -> Statement:
    """An involvement that ends by itself."""
    return _INVOLVE, (place[0], agency, place[1], until, person_id)


def insert_breaking(
    place: tuple[UUID, int],
    who: tuple[str, UUID | None, str | None],
    times: tuple[datetime, datetime, datetime],
    desk_agency: str,
) -> Statement:
    """A breaking, by (agency, person, author); `times` are of the breaking, its end and the end of its review's."""
    return _BREAK, (*place, *who, *times, desk_agency)


def insert_review(
    place: tuple[UUID, int], of_number: int, who: tuple[str, UUID | None, str | None], verdict: str, at: datetime
) -> Statement:
    """A review of a breaking, by (agency, person, author)."""
    return _REVIEW, (*place, of_number, *who, verdict, at)


@dataclass(frozen=True, slots=True)
class Told:
    """To whom the list is: breakings are told to those who lead the child, and to what else is true of the reader."""

    agency: str
    person_id: UUID | None = None
    person_ref: str | None = None
    #: Every breaking of the partnership.
    is_everybody: bool = False
    #: Those of their agency's people, of records that their agency leads, and all where it is the duty desk.
    is_for_agency: bool = False


def breakings(connection: Connection, home: str, told: Told, *, is_open: bool | None, limit: int) -> list[Breaking]:
    """Breakings in the partnership of an agency, `home`, that a reader is told of.

    Those not reviewed come first, of them those that are due the longest; then the newest reviews.
    """
    named = leads.alias("named")
    of_home = select(agencies.c.partnership_id).where(agencies.c.agency_id == home).scalar_subquery()
    newest = select(func.max(leads.c.number)).where(leads.c.record_id == named.c.record_id).scalar_subquery()
    broken, reviewed = glass_breakings.c, glass_reviews.c
    query = (
        select(
            broken.record_id, broken.number, broken.agency_id, broken.person_id, broken.author,
            broken.broken_at, broken.until, broken.due_at, broken.desk_agency, heads.c.pseudonym,
            named.c.agency_id, named.c.person, named.c.deputy,
            reviewed.number, reviewed.agency_id, reviewed.person_id, reviewed.author, reviewed.verdict,
            reviewed.reviewed_at,
        )
        .join_from(glass_breakings, heads, heads.c.record_id == broken.record_id)
        .outerjoin(named, and_(named.c.record_id == broken.record_id, named.c.number == newest))
        .outerjoin(
            glass_reviews, and_(reviewed.record_id == broken.record_id, reviewed.of_number == broken.number)
        )
        .where(heads.c.partnership_id == of_home, or_(_is_told(told, named.c), _led_then(told)))
        .order_by(reviewed.number.is_not(None), reviewed.reviewed_at.desc(), broken.due_at, broken.record_id)
        .limit(limit)
    )  # fmt: skip
    if is_open is not None:
        query = query.where(reviewed.number.is_(None) if is_open else reviewed.number.is_not(None))
    rows: Iterable[Any] = connection.execute(query)
    return [Breaking(*row) for row in rows]


def _led_then(told: Told) -> ColumnElement[bool]:
    """Whoever led when it was broken stays told of it, whoever was named lead since."""
    then, led, broken = leads.alias("then"), leads.alias("led"), glass_breakings.c
    before = and_(then.c.record_id == broken.record_id, then.c.number < broken.number)
    newest = select(func.max(then.c.number)).where(before).correlate(glass_breakings).scalar_subquery()
    theirs = true() if told.is_for_agency else or_(led.c.person == told.person_ref, led.c.deputy == told.person_ref)
    here = and_(led.c.record_id == broken.record_id, led.c.number == newest, led.c.agency_id == told.agency, theirs)
    return select(led.c.number).where(here).correlate(glass_breakings).exists()


def _is_told(told: Told, named: Any) -> ColumnElement[bool]:
    if told.is_everybody:
        return true()
    broken = glass_breakings.c
    ways = [and_(named.agency_id == told.agency, or_(named.person == told.person_ref, named.deputy == told.person_ref))]
    if told.person_id is not None:
        ways.append(broken.person_id == told.person_id)
    if told.is_for_agency:
        ways += [way == told.agency for way in (broken.agency_id, broken.desk_agency, named.agency_id)]
    return or_(*ways)
