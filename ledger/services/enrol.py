"""Enrol agencies and their people in a partnership; each is an entry in the partnership's record."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Engine, select, text

from ledger.domain.entry import Chance
from ledger.domain.role import Role
from ledger.services.find_party import check_slug, partnership_of, record_of
from ledger.services.give_role import check_roles, own_role
from ledger.services.refusal import RefusedError
from ledger.services.write_own import Own, said_by, write_own, write_together
from ledger.store.database import RESERVED, SYSTEM, transaction
from ledger.store.tables import agencies


@dataclass(frozen=True, slots=True)
class Agency:
    """An agency of a partnership. `contact` is whom another professional rings, and how."""

    ref: str
    kind: str
    name: str
    contact: str


def add_agency(engine: Engine, chance: Chance, *, partnership: str, agency: Agency, by: UUID | None = None) -> bool:
    """Add an agency to a partnership; False when it is there already. Raises RefusedError on a bad or taken name.

    `by`: the administrator who adds it on a page; None at the command line.
    """
    check_slug(agency.ref)
    if agency.ref in RESERVED:
        raise RefusedError("agency_reserved", f"'{agency.ref}' names a part of the ledger itself; choose another")
    record_id = record_of(engine, partnership)
    with transaction(engine, party=SYSTEM) as connection:
        there = connection.execute(
            select(agencies.c.partnership_id, agencies.c.ended_number).where(agencies.c.agency_id == agency.ref)
        ).one_or_none()
    if there is not None and there.partnership_id == partnership:
        if there.ended_number is not None:
            raise RefusedError("agency_ended", "this agency has ended and does not begin again; choose another")
        return False
    if there is not None:
        raise RefusedError("agency_taken", "an agency of another partnership has this reference; choose another")
    write_own(
        engine,
        record_id,
        "agency_added",
        {"agency": agency.ref, "kind": agency.kind, "name": agency.name, "contact": agency.contact, **said_by(by)},
        chance,
    )
    return True


def add_person(
    engine: Engine,
    chance: Chance,
    *,
    agency: str,
    ref: str,
    name: str,
    role: str,
    roles: Sequence[Role] = (Role.PRACTITIONER,),
    by: UUID | None = None,
) -> UUID:
    """Add a person who signs in, or return the one whom the agency knows by this reference already, as they are.

    `role` is their office, in their agency's words; `roles` are what they may do here; `by` as with an agency.
    """
    check_roles(roles)
    with transaction(engine, party=SYSTEM) as connection:
        known: UUID | None = connection.scalar(
            text("SELECT person_id FROM ledger.people WHERE agency_id = :agency AND ref = :ref"),
            {"agency": agency, "ref": ref},
        )
    if known is not None:
        return known
    person_id = UUID(bytes=chance(16), version=4)
    added = Own(
        "person_added",
        {"person": str(person_id), "agency": agency, "ref": ref, "name": name, "role": role, **said_by(by)},
    )
    given = [own_role("role_given", person_id, agency, ref, one, by) for one in dict.fromkeys(roles)]
    write_together(engine, record_of(engine, partnership_of(engine, agency)), [added, *given], chance)
    return person_id
