"""Who leads a child's record, which partnership it is of, and the roles that people were given."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, exists, select

from ledger.domain.role import Role
from ledger.store.tables import agencies, heads, leads, person_roles


@dataclass(frozen=True, slots=True)
class NamedLead:
    """Who leads, and their deputy, by the references of the lead's agency; of one who has left the deputy alone."""

    agency: str
    person: str | None
    deputy: str | None


def named_lead(connection: Connection, record_id: UUID) -> NamedLead | None:
    """The lead and deputy of a record now; None where there is neither, or the acting party may not know."""
    query = (
        select(leads.c.agency_id, leads.c.person, leads.c.deputy, leads.c.ended_number)
        .where(leads.c.record_id == record_id)
        .order_by(leads.c.number.desc())
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    if row is None or (row.ended_number is not None and row.deputy is None):
        return None
    return NamedLead(row.agency_id, row.person if row.ended_number is None else None, row.deputy)


def is_of_partnership(connection: Connection, record_id: UUID, agency: str) -> bool:
    """Whether this is a child's record of the partnership that an agency belongs to."""
    query = (
        select(heads.c.record_id)
        .join(agencies, agencies.c.partnership_id == heads.c.partnership_id)
        .where(heads.c.record_id == record_id, heads.c.kind == "child", agencies.c.agency_id == agency)
    )
    return connection.execute(query).one_or_none() is not None


def holds(connection: Connection, person_id: UUID, role: Role) -> bool:
    """Whether a person was given a role that was not taken away since."""
    query = exists().where(
        person_roles.c.person_id == person_id, person_roles.c.role == role, person_roles.c.taken_number.is_(None)
    )
    return bool(connection.scalar(select(query)))


def roles_given(connection: Connection, person_id: UUID) -> frozenset[Role]:
    """The standing roles of a person now."""
    query = select(person_roles.c.role).where(
        person_roles.c.person_id == person_id, person_roles.c.taken_number.is_(None)
    )
    return frozenset(Role(role) for role in connection.scalars(query))
