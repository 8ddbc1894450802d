"""Who opened one child's record, beside when what was recorded in it: by reader, and day by day. For auditors.

Only numbers, times and names of readers: nothing of what an entry says. That it was looked at is itself recorded.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.entry import Chance
from ledger.domain.role import Right
from ledger.services.check_proofs import LOOK
from ledger.services.note_access import LISTS, note_access
from ledger.services.reach import check_reach
from ledger.services.see import NotKnownError, Reader
from ledger.store.access_patterns import days_of, never_opened, readers_of
from ledger.store.people import directory
from ledger.store.timeline import heads_of

#: So many days on which anything happened are told at once, and so many readers.
DAYS: Final = 30
READERS: Final = 200
_WHAT: Final = "access records"


def audit_record(
    connection: Connection, reader: Reader, record_id: UUID, *, before: date | None, chance: Chance
) -> dict[str, Any]:
    """Its readers, and its last days before one. Runs as the auditors' role, for an auditor. Raises RefusedError."""
    check_reach(connection, reader, record_id, Right.READ)
    head = heads_of(connection, [record_id]).get(record_id)
    if head is None:
        raise NotKnownError(record_id)
    home = reader.home or reader.agency
    note_access(connection, reader, {record_id: head[1]}, _WHAT, chance)
    agencies = {name: agency.name for name, agency in directory(connection).items()}
    end = "infinity" if before is None else before.isoformat()
    rows = days_of(connection, home, record_id, end, DAYS + 1)
    days = [_day(day, list(of_day), agencies) for day, of_day in groupby(rows, key=lambda row: row.day)]
    return {
        "pseudonym": head[0],
        "entries": head[1],
        "readers": [
            _reader(row, head[1], agencies)
            for row in readers_of(connection, home, record_id, sorted({*LISTS, LOOK}), READERS)
        ],
        "never": [agencies.get(name, name) for name in never_opened(connection, record_id)],
        "days": days[:DAYS],
        "next": (days[DAYS]["day"] + timedelta(days=1)).isoformat() if len(days) > DAYS else None,
    }


def _reader(row: Any, entries: int, agencies: Mapping[str, str]) -> dict[str, Any]:
    return {
        "agency": row.agency_id,
        "agency_name": agencies.get(row.agency_id, row.agency_id),
        "person": None if row.person_id is None else {"id": str(row.person_id), "name": row.name},
        "times": row.times,
        "refused": row.refused,
        "by_glass": row.by_glass,
        "first_at": row.first_at,
        "last_at": row.last_at,
        "up_to": row.up_to or 0,
        "since": entries - (row.up_to or 0),
    }


def _day(day: date, rows: list[Any], agencies: Mapping[str, str]) -> dict[str, Any]:
    return {
        "day": day,
        "recorded": [
            {
                "agency_name": agencies.get(
                    row.agency_id, "the ledger" if row.agency_id == "ledger" else row.agency_id
                ),
                "entries": row.times,
                "first": row.first_number,
                "last": row.last_number,
            }
            for row in rows
            if row.what == "said"
        ],
        "opened": [
            {
                "agency_name": agencies.get(row.agency_id, row.agency_id),
                "name": row.name,
                "is_system": row.person_id is None,
                "times": row.times,
                "refused": row.refused,
            }
            for row in rows
            if row.what == "looked"
        ],
    }
