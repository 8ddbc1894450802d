"""A partnership as its administrators see it on pages: counts, agencies, one person, and what an end would take.

Keys, people and sessions as metadata; of children's records nothing but how many things an agency would leave behind.
"""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from ledger.domain.entry import written_time
from ledger.domain.role import STANDING, Right
from ledger.services.authenticate import authenticate
from ledger.services.context import Context
from ledger.services.give import can_give
from ledger.services.refusal import NOT_HERE, RefusedError
from ledger.services.sign_in import IDLE_MAX, SESSION_MAX
from ledger.store import administering, administration
from ledger.store.append import Caller
from ledger.store.database import SYSTEM, transaction
from ledger.store.identity import roles_given

#: Keys that end within this are told.
SOON: Final = timedelta(days=30)


def read_agencies(context: Context, who: Caller) -> dict[str, Any]:
    """The partnership's agencies with counts, and how many keys end soon. Raises RefusedError."""
    now = context.real_now()
    with context.engine.begin() as connection:
        caller = authenticate(connection, who, Right.ADMINISTER)
        rows = administering.agencies_of(connection, caller.partnership, _moments(now))
        ending = administering.keys_ending(connection, caller.partnership, now, now + SOON)
    return {"agencies": [_agency(row) for row in rows], "keys_ending": ending, "can_give": can_give(context)}


def read_agency(context: Context, who: Caller, agency: str) -> dict[str, Any]:
    """One agency, and what its end would take: keys, sessions, and how many things of each sort it would leave.

    `left` is None where this process may not count that. Raises RefusedError where the partnership has no such agency.
    """
    now = context.real_now()
    with context.engine.begin() as connection:
        caller = authenticate(connection, who, Right.ADMINISTER)
        rows = administering.agencies_of(connection, caller.partnership, _moments(now), agency)
    if not rows:
        raise RefusedError(NOT_HERE.code, NOT_HERE.detail)
    left = None
    if context.admin is not None and can_give(context):
        with transaction(context.admin, party=SYSTEM) as connection:
            left = [
                {"what": what, "count": count} for what, count in administering.count_left_behind(connection, agency)
            ]
    return {**_agency(rows[0]), "left": left}


def read_person(context: Context, who: Caller, person_id: UUID) -> dict[str, Any]:
    """One person of the partnership: roles, ways in and sessions, as metadata. Raises RefusedError."""
    now = context.real_now()
    with context.engine.begin() as connection:
        caller = authenticate(connection, who, Right.ADMINISTER)
        person = administration.person_of(connection, caller.partnership, person_id)
        if person is None:
            raise RefusedError(NOT_HERE.code, NOT_HERE.detail)
        standing = administering.standing_of_person(connection, person_id, _moments(now))
        given = roles_given(connection, person_id)
    return {
        "person": str(person_id),
        "agency": person.agency_id,
        "ref": person.ref,
        "name": person.name,
        "office": person.role,
        "is_duty_desk": person.is_duty_desk,
        "roles": sorted(given),
        "others": sorted(STANDING - given),
        "is_own_agency": person.agency_id == caller.agency,
        "is_self": person_id == caller.person_id,
        "has_left": standing.has_left,
        "sessions": standing.sessions,
        "has_password": standing.has_password,
        "has_factor": standing.has_factor,
        "links": standing.links,
        "can_give": can_give(context),
    }


def read_key(context: Context, who: Caller, key_id: str) -> dict[str, Any]:
    """One key of the partnership as metadata, and how many tokens hold by it. Raises RefusedError."""
    now = context.real_now()
    with context.engine.begin() as connection:
        caller = authenticate(connection, who, Right.ADMINISTER)
        row = administration.key_of(connection, caller.partnership, key_id)
        if row is None:
            raise RefusedError(NOT_HERE.code, NOT_HERE.detail)
        tokens = administering.tokens_of_key(connection, key_id, now)
    return {
        "key": row.key_id,
        "agency": row.agency_id,
        "scopes": sorted(row.scopes),
        "issued_at": written_time(row.issued_at),
        "expires_at": written_time(row.expires_at),
        "is_in_use": row.revoked_at is None and row.expires_at > now,
        "tokens": tokens,
    }


def _moments(now: datetime) -> dict[str, datetime]:
    """Before which moments a session must not have begun, or been used last, to be open now."""
    return {"now": now, "began": now - SESSION_MAX, "seen": now - IDLE_MAX}


def _agency(row: Any) -> dict[str, Any]:
    return {
        "agency": row.agency_id,
        "kind": row.kind,
        "name": row.name,
        "contact": row.contact,
        "has_ended": row.has_ended,
        "is_desk": row.is_desk,
        "people": row.people,
        "keys": row.keys,
        "sessions": row.sessions,
    }
