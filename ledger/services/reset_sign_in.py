"""Take away what a person signs in with, by the command line: sessions alone, or every way in but a new link."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Engine

from ledger.domain.entry import Chance
from ledger.services.find_party import partnership_of, record_of
from ledger.services.refusal import RefusedError
from ledger.services.sign_in import sign_out_everywhere
from ledger.services.write_own import write_own
from ledger.store import sessions
from ledger.store.database import SYSTEM, transaction
from ledger.store.ways_in import person_by_reference, remove_ways_in


@dataclass(frozen=True, slots=True)
class Named:
    """A person by the references that people know them by."""

    person_id: UUID
    agency: str
    ref: str


def find_person(engine: Engine, agency: str, ref: str) -> Named:
    """The person of an agency by their reference there. Raises RefusedError."""
    with transaction(engine, party=SYSTEM) as connection:
        person_id = person_by_reference(connection, agency, ref)
    if person_id is None:
        raise RefusedError("person_not_enrolled", "there is nobody by this reference at this agency: ledger person add")
    return Named(person_id, agency, ref)


def end_sessions(engine: Engine, person: Named, now: datetime) -> int:
    """End every session of a person; how many were open. Their next request asks them to sign in."""
    with transaction(engine, party=SYSTEM) as connection:
        return sign_out_everywhere(connection, person.person_id, now)


def reset_sign_in(engine: Engine, chance: Chance, person: Named, now: datetime) -> int:
    """End every session of a person and take away password, second factor, known devices and unused links.

    How many sessions were open. It is an entry in the partnership's record; what was taken away stands nowhere.
    """
    record_id = record_of(engine, partnership_of(engine, person.agency))
    with transaction(engine, party=SYSTEM) as connection:
        ended = sign_out_everywhere(connection, person.person_id, now)
        remove_ways_in(connection, person.person_id)
        sessions.spend_links_of(connection, person.person_id, now)
    body = {"person": str(person.person_id), "agency": person.agency, "ref": person.ref}
    write_own(engine, record_id, "sign_in_reset", body, chance)
    return ended
