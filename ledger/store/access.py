"""Who is involved with a child, and the record of each look at what others wrote.

An access record goes into the transaction that does the reading, and that transaction commits before a byte is sent:
what cannot be recorded is not read. A look that is refused is recorded in a transaction of its own.

The first look of a reader at a record within an hour opens it. Openings are counted by the real clock, which moving a
demonstration's clock never touches.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Text, cast, func, or_, select, text

from ledger.domain.cap import Opened, Who
from ledger.store.clock import SQL as CLOCK_NOW
from ledger.store.tables import access_records, children, involvements


@dataclass(frozen=True, slots=True)
class Access:
    """One look at one record: by whom, at what, why, and how far they saw."""

    access_id: UUID
    agency: str
    person_id: UUID | None
    record_id: UUID
    what: str
    purpose: str
    up_to_number: int
    request_id: str
    is_opening: bool = False
    by_glass: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """Of some records, those that a reader opened within the hour, and those that only a broken glass ties them to."""

    opened: frozenset[UUID]
    by_glass: frozenset[UUID]


#: Sets these locks apart from others of the same database.
_LOCK_SPACE: Final = 7_205_915
_KNOWN: Final = text(f"""
    SELECT r.record_id,
        EXISTS (
            SELECT FROM ledger.access_records a
            WHERE a.record_id = r.record_id AND a.is_opening AND a.real_at > statement_timestamp() - interval '1 hour'
              AND a.agency_id = :agency AND a.person_id IS NOT DISTINCT FROM CAST(:person AS uuid)) AS opened,
        coalesce((
            SELECT bool_and(b.number IS NOT NULL)
            FROM ledger.involvements i LEFT JOIN ledger.glass_breakings b USING (record_id, number)
            WHERE i.record_id = r.record_id AND i.agency_id = ledger.party()
              AND (i.until IS NULL OR i.until > {CLOCK_NOW})
              AND (i.person_id IS NULL OR i.person_id::text = ledger.person())), false) AS by_glass
    FROM unnest(CAST(:records AS uuid[])) AS r (record_id)""")  # noqa: S608 - made of constants alone
_LOCK: Final = text("SELECT pg_advisory_xact_lock(hashtextextended(:who, :space))")
# By the statement's time, which an index can follow: by clock_timestamp() all openings there ever were would be read.
_OPENED: Final = """
    SELECT count(*) FILTER (WHERE last > statement_timestamp() - interval '1 hour'), count(*),
        ceil(extract(epoch FROM interval '1 hour' - (statement_timestamp()
            - min(last) FILTER (WHERE last > statement_timestamp() - interval '1 hour')))),
        ceil(extract(epoch FROM interval '1 day' - (statement_timestamp() - min(last))))
    FROM (
        SELECT record_id, max(real_at) AS last FROM ledger.access_records
        WHERE is_opening AND real_at > statement_timestamp() - interval '1 day'
          AND record_id <> ALL (CAST(:records AS uuid[])) AND agency_id = :agency {whose}
        GROUP BY record_id) o"""
_OPENED_BY_PERSON: Final = text(_OPENED.format(whose="AND person_id = :person"))
_OPENED_BY_AGENCY: Final = text(_OPENED.format(whose=""))
_REFUSED: Final = text(f"""
    INSERT INTO ledger.access_records (access_id, at, agency_id, person_id, record_id, what, purpose, up_to_number,
        request_id, outcome, refused_for)
    SELECT :access, {CLOCK_NOW}, :agency, :person, h.record_id, :what, :purpose, 0, :request, 'refused', :why
    FROM ledger.heads h WHERE h.record_id = :record AND h.kind = 'child'""")  # noqa: S608 - made of constants alone
_AN_HOUR_S, _A_DAY_S = 3_600, 86_400


def insert_access(connection: Connection, looks: Sequence[Access]) -> None:
    """Write access records, timed by the ledger's clock."""
    if not looks:
        return
    rows: list[dict[str, Any]] = [
        {
            "access_id": look.access_id,
            "agency_id": look.agency,
            "person_id": look.person_id,
            "record_id": look.record_id,
            "what": look.what,
            "purpose": look.purpose,
            "up_to_number": look.up_to_number,
            "request_id": look.request_id,
            "is_opening": look.is_opening,
            "by_glass": look.by_glass,
        }
        for look in looks
    ]
    connection.execute(access_records.insert().values(at=text(CLOCK_NOW)), rows)


def insert_refusal(connection: Connection, look: Access, why: str) -> None:
    """Write that a look was refused, if there is such a child's record; whether there is one is not told.

    The server does not wait for its disk here: how long an answer takes must not tell it either.
    """
    connection.execute(text("SET LOCAL synchronous_commit = off"))
    connection.execute(
        _REFUSED,
        {
            "access": look.access_id,
            "agency": look.agency,
            "person": look.person_id,
            "record": look.record_id,
            "what": look.what,
            "purpose": look.purpose,
            "request": look.request_id,
            "why": why,
        },
    )


def known_to(connection: Connection, agency: str, person_id: UUID | None, record_ids: Sequence[UUID]) -> Known:
    """What is known of a reader and some records. The connection acts for them."""
    rows = connection.execute(_KNOWN, {"agency": agency, "person": person_id, "records": list(record_ids)}).all()
    return Known(
        frozenset(row.record_id for row in rows if row.opened), frozenset(row.record_id for row in rows if row.by_glass)
    )


def count_opened(
    connection: Connection, agency: str, person_id: UUID | None, record_ids: Sequence[UUID]
) -> list[Opened]:
    """How many children a reader, and their agency, have opened together with these records.

    Until the transaction ends the reader opens no other record beside it, in whatever session: nobody passes a cap by
    asking for many at once. Of two people of one agency each counts what the other has committed.
    """
    connection.execute(_LOCK, {"who": f"{agency}/{person_id or ''}", "space": _LOCK_SPACE})
    found = []
    given = {"agency": agency, "records": list(record_ids)}
    if person_id is not None:
        found += _opened(connection.execute(_OPENED_BY_PERSON, {**given, "person": person_id}).one(), "person", given)
    return found + _opened(connection.execute(_OPENED_BY_AGENCY, given).one(), "agency", given)


def _opened(row: Sequence[Any], who: Who, given: Mapping[str, Any]) -> list[Opened]:
    hour, day, hour_frees, day_frees = row
    more = len(given["records"])
    return [
        Opened(who, "hour", hour + more, max(1, int(hour_frees if hour_frees is not None else _AN_HOUR_S))),
        Opened(who, "day", day + more, max(1, int(day_frees if day_frees is not None else _A_DAY_S))),
    ]


def is_involved(connection: Connection, agency: str, record_id: UUID) -> bool:
    """Whether an agency is involved with a child now, for all of it or for the acting person."""
    query = select(func.count()).where(
        involvements.c.agency_id == agency,
        involvements.c.record_id == record_id,
        or_(involvements.c.person_id.is_(None), cast(involvements.c.person_id, Text) == func.ledger.person()),
        or_(involvements.c.until.is_(None), involvements.c.until > text(CLOCK_NOW)),
    )
    return bool(connection.scalar(query))


def child_details(connection: Connection, record_ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """The newest details of children whom the acting party is involved with."""
    query = select(children.c.record_id, children.c.details).where(children.c.record_id.in_(record_ids))
    return {row.record_id: row.details for row in connection.execute(query)}
