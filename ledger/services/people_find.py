"""Somebody of one's own agency, and the record in which what is said of them stands."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Engine

from ledger.services.refusal import RefusedError
from ledger.services.refuse_people import PERSON_NOT_THERE
from ledger.store.append import Caller
from ledger.store.party import act_for

_FIND: Final = """
    SELECT p.person_id, p.ref, s.record_id FROM ledger.people p
    JOIN ledger.agencies a USING (agency_id) JOIN ledger.partnerships s USING (partnership_id)
    WHERE p.agency_id = %s AND p.ref = %s"""


@dataclass(frozen=True, slots=True)
class Found:
    """A person of an agency, and their partnership's record."""

    person_id: UUID
    ref: str
    record_id: UUID


def find_person(engine: Engine, who: Caller, ref: str, pointer: str = "/person") -> Found:
    """Somebody of the caller's own agency. Raises RefusedError where it has nobody by this reference."""
    with engine.begin() as connection:
        act_for(connection, who.agency, who.person_id)
        return found_in(connection, who.agency, ref, pointer)


def found_in(connection: Connection, agency: str, ref: str, pointer: str = "/person") -> Found:
    """The same in an open transaction, of any agency."""
    row = connection.exec_driver_sql(_FIND, (agency, ref)).one_or_none()
    if row is None:
        raise RefusedError(PERSON_NOT_THERE.code, PERSON_NOT_THERE.detail, pointer)
    return Found(*row)


def body_of(who: Caller, found: Found, **more: Any) -> dict[str, Any]:
    """What an entry about one person says first: who they are, and who says it where a person does."""
    by = {} if who.person_id is None else {"by": str(who.person_id)}
    said = {name: value for name, value in more.items() if value is not None}
    return {"person": str(found.person_id), "agency": who.agency, "ref": found.ref, **by, **said}
