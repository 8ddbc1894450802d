"""Who is involved with a child, and the record of each look at what others wrote.

An access record goes into the transaction that does the reading, and that transaction commits before a byte is sent:
what cannot be recorded is not read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, or_, select, text

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
        }
        for look in looks
    ]
    connection.execute(access_records.insert().values(at=text(CLOCK_NOW)), rows)


def is_involved(connection: Connection, agency: str, record_id: UUID) -> bool:
    """Whether an agency is involved with a child now."""
    query = select(func.count()).where(
        involvements.c.agency_id == agency,
        involvements.c.record_id == record_id,
        or_(involvements.c.until.is_(None), involvements.c.until > text(CLOCK_NOW)),
    )
    return bool(connection.scalar(query))


def child_details(connection: Connection, record_ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """The newest details of children whom the acting party is involved with."""
    query = select(children.c.record_id, children.c.details).where(children.c.record_id.in_(record_ids))
    return {row.record_id: row.details for row in connection.execute(query)}
