"""Give a person a role and take it away again: entries in the partnership's record, in force from the next call on.

Roles are given under the administrators' own login alone: at the command line, or on a page of a process that was given
that login too. See docs/decisions/0014-roles-and-callers.md and 0048.
"""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Engine, select

from ledger.domain.entry import Chance
from ledger.domain.role import STANDING, Role, stands_against
from ledger.services.find_party import partnership_of, record_of
from ledger.services.refusal import Refusal, RefusedError
from ledger.services.write_own import Condition, Own, said_by, write_together
from ledger.store.database import SYSTEM, transaction
from ledger.store.identity import roles_given
from ledger.store.tables import people

_ALONE = (
    "SELECT 1 WHERE NOT EXISTS (SELECT FROM ledger.person_roles "
    "WHERE person_id = %s AND role = ANY (%s) AND taken_number IS NULL)"
)


def give_role(engine: Engine, chance: Chance, *, agency: str, ref: str, role: Role, by: UUID | None = None) -> bool:
    """Give a role; False when they have it already. Raises RefusedError on one that another of theirs rules out."""
    person_id, held = find_roles(engine, agency, ref)
    check_roles([*held, role])
    if role in held:
        return False
    # Asked again under the lock: another may be giving the other role just now.
    others = [one for one in STANDING if stands_against([one], role)]
    refusal = Refusal("roles_exclude", "another role was given meanwhile that rules this one out")
    alone = (_ALONE, (person_id, [*others, role])), refusal
    _write(engine, chance, agency, own_role("role_given", person_id, agency, ref, role, by), alone)
    return True


def take_role(engine: Engine, chance: Chance, *, agency: str, ref: str, role: Role, by: UUID | None = None) -> bool:
    """Take a role away; False when they do not have it. Their next call is answered without it."""
    person_id, held = find_roles(engine, agency, ref)
    if role not in held:
        return False
    _write(engine, chance, agency, own_role("role_taken", person_id, agency, ref, role, by))
    return True


def find_roles(engine: Engine, agency: str, ref: str) -> tuple[UUID, frozenset[Role]]:
    """A person and the roles that they were given. Raises RefusedError where the agency knows nobody by this name."""
    with transaction(engine, party=SYSTEM) as connection:
        person_id: UUID | None = connection.scalar(
            select(people.c.person_id).where(people.c.agency_id == agency, people.c.ref == ref)
        )
        if person_id is None:
            raise RefusedError(
                "person_not_enrolled", "there is nobody by this reference at this agency: ledger person add"
            )
        return person_id, roles_given(connection, person_id)


def check_roles(roles: Collection[Role]) -> None:
    """Raise RefusedError unless one person may have all of these."""
    for role in roles:
        if role not in STANDING:
            raise RefusedError("role_follows", f"the role {role} follows from what somebody does and is not given")
        if other := stands_against(roles, role):
            raise RefusedError(
                "roles_exclude", f"one person is not both {role} and {other}: who audits does nothing else here"
            )


def own_role(kind: str, person_id: UUID, agency: str, ref: str, role: Role, by: UUID | None = None) -> Own:
    """The entry `role_given` or `role_taken`; `by` is the administrator who did it on a page."""
    return Own(kind, {"person": str(person_id), "agency": agency, "ref": ref, "role": role, **said_by(by)})


def _write(engine: Engine, chance: Chance, agency: str, own: Own, only_if: Condition | None = None) -> None:
    write_together(engine, record_of(engine, partnership_of(engine, agency)), [own], chance, only_if=only_if)
