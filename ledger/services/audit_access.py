"""Who looked at what: for auditors, any access record of their partnership; for whoever leads, those of the child.

It is read as the role of auditors, whoever asks; that it was read is itself recorded, before anything is answered.
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.entry import Chance, written_time
from ledger.domain.role import Right, Role
from ledger.services.context import Context
from ledger.services.note_access import note_access
from ledger.services.reach import check_reach, roles_at
from ledger.services.refusal import NOT_AUDITED_HERE, NOT_FOR_WHO_DOES_NOT_LEAD, RefusedError
from ledger.services.see import NotKnownError, Reader
from ledger.store.audit import Asked, Cursor, Look, looks, record_of_partnership
from ledger.store.identity import named_lead
from ledger.store.party import AUDITOR, act_for
from ledger.store.people import Agency, directory
from ledger.store.timeline import heads_of

LIMIT: Final = 100
LIMIT_MAX: Final = 500
_WHAT: Final = "access records"
_LEADING: Final = frozenset({Role.LEAD, Role.DEPUTY, Role.AUDITOR})


def audit_access(
    connection: Connection, reader: Reader, asked: Asked, *, after: str | None, chance: Chance
) -> dict[str, Any]:
    """A page of access records, newest first, and the cursor of the next. Runs as the auditors' role, for an auditor.

    `asked.after` is not read: `after` is the cursor as it was given. Raises RefusedError.
    """
    home = reader.home or reader.agency
    number = heads_of(connection, [asked.child]).get(asked.child) if asked.child is not None else None
    # Of a child that is not there nothing is found, and the look stands in the partnership's record.
    place = asked.child if asked.child is not None and number is not None else record_of_partnership(connection, home)
    note_access(connection, reader, {place: number[1] if number else 0}, _WHAT, chance)
    return _page(connection, home, asked, after)


def audit_child(
    context: Context, opened: tuple[Connection, Reader], record_id: UUID, *, after: str | None, limit: int
) -> dict[str, Any]:
    """Who has looked at one child, for whoever leads and for auditors; the connection acts for the reader.

    Raises RefusedError: for others of an involved agency `not_the_lead`, for anybody else `not_known`.
    """
    connection, reader = opened
    check_reach(connection, reader, record_id, Right.READ)
    if not _may(connection, reader, record_id):
        raise RefusedError(NOT_FOR_WHO_DOES_NOT_LEAD.code, NOT_FOR_WHO_DOES_NOT_LEAD.detail)
    head = heads_of(connection, [record_id]).get(record_id)
    if head is None:
        raise NotKnownError(record_id)
    note_access(connection, reader, {record_id: head[1]}, _WHAT, context.chance)
    asked, home = Asked(child=record_id, limit=limit), reader.home or reader.agency
    if reader.agency == AUDITOR:
        return _page(connection, home, asked, after)
    if context.auditor is None:
        raise RefusedError(NOT_AUDITED_HERE.code, NOT_AUDITED_HERE.detail)
    with context.auditor.begin() as auditing:
        act_for(auditing, AUDITOR)
        return _page(auditing, home, asked, after)


def _may(connection: Connection, reader: Reader, record_id: UUID) -> bool:
    """Whether the reader leads this child; of a child whom nobody leads, whether they are the duty desk."""
    lead = named_lead(connection, record_id)
    if reader.person_id is None:
        return lead is not None and lead.agency == reader.agency
    roles = roles_at(connection, reader, record_id)
    return bool(roles & _LEADING) or (lead is None and Role.DUTY_DESK in roles)


def _page(connection: Connection, home: str, asked: Asked, after: str | None) -> dict[str, Any]:
    if not 1 <= asked.limit <= LIMIT_MAX:
        raise RefusedError("limit_out_of_range", f"limit runs from 1 to {LIMIT_MAX}", "/limit")
    cursor = None if after is None else _read_cursor(after)
    found = looks(connection, home, replace(asked, after=cursor, limit=asked.limit + 1))
    agencies = directory(connection)
    shown = found[: asked.limit]
    return {
        "access": [_rendered(look, agencies) for look in shown],
        "next": _write_cursor(shown[-1]) if len(found) > asked.limit else None,
    }


def _rendered(look: Look, agencies: Mapping[str, Agency]) -> dict[str, Any]:
    known = agencies.get(look.agency)
    return {
        "id": str(look.access_id),
        "at": written_time(look.at),
        "real_at": written_time(look.real_at),
        "agency": look.agency,
        "agency_name": known.name if known else look.agency,
        "person": {"id": str(look.person_id), "name": look.person_name} if look.person_id else None,
        "record": str(look.record_id),
        "what": look.what,
        "purpose": look.purpose,
        "up_to": look.up_to_number,
        "outcome": look.outcome,
        "refused_for": look.refused_for,
        "by_glass": look.by_glass,
        "request_id": look.request_id,
    }


def _write_cursor(look: Look) -> str:
    return base64.urlsafe_b64encode(f"{look.real_at.isoformat()}|{look.access_id}".encode()).decode().rstrip("=")


def _read_cursor(text: str) -> Cursor:
    try:
        moment, _, name = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().partition("|")
        read, access_id = datetime.fromisoformat(moment), UUID(name)
    except (ValueError, binascii.Error):
        raise RefusedError("bad_cursor", "after is not a cursor that this ledger gave", "/after") from None
    if read.tzinfo is None:
        raise RefusedError("bad_cursor", "after is not a cursor that this ledger gave", "/after")
    return read, access_id
