"""What administrators see of keys and people, and take away: never content, and never something given.

Each thing taken away is an entry of the administrator's agency in the partnership's record, and takes effect at the
next call of whoever had it.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from ledger.domain.entry import written_time
from ledger.domain.role import Right, Role, follow
from ledger.services.authenticate import authenticate
from ledger.services.context import Context
from ledger.services.end_agency import end_agency
from ledger.services.read_audits import read_audits
from ledger.services.read_machinery import read_machinery
from ledger.services.read_sealing import read_sealing
from ledger.services.refusal import NOT_HERE, RefusedError
from ledger.services.write_own import Own, write_together
from ledger.store import administration
from ledger.store.append import Caller, Credential, Stored

LIMIT, LIMIT_MAX = 100, 500
#: So many of the last looks of the ledger through itself are told.
AUDITS = 10
_REVOKE = "UPDATE ledger.agency_keys SET revoked_at = %s WHERE key_id = %s AND revoked_at IS NULL"
_SIGN_OUT = "UPDATE ledger.sessions SET ended_at = %s WHERE person_id = %s AND ended_at IS NULL"


def read_keys(context: Context, who: Credential | Caller, *, after: str | None, limit: int) -> dict[str, Any]:
    """A page of the keys of the administrator's partnership: whose, for what, until when."""
    with context.engine.begin() as connection:
        caller = authenticate(connection, who, Right.ADMINISTER)
        rows = administration.keys_of(connection, caller.partnership, after=after, limit=limit + 1)
    keys = [
        {
            "key": row.key_id,
            "agency": row.agency_id,
            "scopes": sorted(row.scopes),
            "issued_at": written_time(row.issued_at),
            "expires_at": written_time(row.expires_at),
            "revoked_at": _written(row.revoked_at),
            "is_bound": row.is_bound,
        }
        for row in rows[:limit]
    ]
    return {"keys": keys, "next": keys[-1]["key"] if len(rows) > limit else None}


def read_people(
    context: Context, who: Credential | Caller, *, after: UUID | None, limit: int, agency: str | None = None
) -> dict[str, Any]:
    """A page of the people of the administrator's partnership: their roles, and whether they are signed in."""
    with context.engine.begin() as connection:
        caller = authenticate(connection, who, Right.ADMINISTER)
        rows = administration.people_of(connection, caller.partnership, after=after, limit=limit + 1, agency=agency)
    people = [
        {
            "person": str(row.person_id),
            "agency": row.agency_id,
            "ref": row.ref,
            "name": row.name,
            "office": row.role,
            "roles": sorted(follow([Role(role) for role in row.roles or ()], at_desk=row.is_duty_desk)),
            "sessions": row.sessions,
            "seen_at": _written(row.seen_at),
        }
        for row in rows[:limit]
    ]
    return {"people": people, "next": people[-1]["person"] if len(rows) > limit else None}


def revoke(context: Context, who: Credential | Caller, key_id: str, reason: str) -> Stored:
    """End a key of the partnership. Raises RefusedError where there is none by this id."""
    with context.engine.begin() as connection:
        caller = authenticate(connection, who, Right.ADMINISTER)
        agency = administration.agency_of_key(connection, caller.partnership, key_id)
        if agency is None:
            raise RefusedError(NOT_HERE.code, NOT_HERE.detail)
        record_id = administration.partnership_record(connection, caller.partnership)
    body = {"agency": agency, "key": key_id, "by": str(caller.person_id), "reason": reason}
    revoked = Own("key_revoked", body, [(_REVOKE, (context.real_now(), key_id))])
    return write_together(context.engine, record_id, [revoked], context.chance, who=caller)[0]


def sign_out_everywhere(context: Context, who: Credential | Caller, person_id: UUID, reason: str) -> Stored:
    """End every session of a person of the partnership. Raises RefusedError where there is nobody by this id."""
    with context.engine.begin() as connection:
        caller = authenticate(connection, who, Right.ADMINISTER)
        person = administration.person_of(connection, caller.partnership, person_id)
        if person is None:
            raise RefusedError(NOT_HERE.code, NOT_HERE.detail)
        record_id = administration.partnership_record(connection, caller.partnership)
    body = {"agency": person.agency_id, "person": str(person_id), "by": str(caller.person_id), "reason": reason}
    ended = Own("signed_out", body, [(_SIGN_OUT, (context.real_now(), person_id))])
    return write_together(context.engine, record_id, [ended], context.chance, who=caller)[0]


def end(context: Context, who: Credential | Caller, agency: str, reason: str) -> Stored:
    """End an agency of the partnership. Raises RefusedError where there is none, or it cannot end."""
    with context.engine.begin() as connection:
        caller = authenticate(connection, who, Right.ADMINISTER)
    now = context.real_now()
    return end_agency(context.engine, context.chance, agency=agency, reason=reason, now=now, who=caller).entry


def read_operation(context: Context, who: Credential | Caller, newest: str) -> dict[str, Any]:
    """How the ledger runs, for operators: counts, a lag and a revision, and nothing of anybody."""
    with context.engine.begin() as connection:
        authenticate(connection, who, Right.OPERATE)
        found = administration.running(connection)
        sealing = read_sealing(connection)
        audited = read_audits(connection, context.real_now(), AUDITS)
    return {
        "schema": {"revision": found.revision, "newest": newest},
        "detection": {"records_due": found.records_due, "lag_s": found.lag_s},
        "checks_failing": found.checks_failing,
        "sealing": sealing,
        "self_audits": audited,
        "clock": written_time(found.clock),
        "machinery": read_machinery(context.engine),
    }


def _written(moment: datetime | None) -> str | None:
    return None if moment is None else written_time(moment)
