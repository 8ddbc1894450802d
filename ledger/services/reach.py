"""Whether somebody's right reaches a child's record: by what they lead, what their agency is involved with, or any.

What the reach asks is looked up here and nowhere else; what a right is to whom stands in `ledger.domain.role`. Where it
does not reach, the record does not exist for them: both are answered alike.
"""

from collections.abc import Mapping
from typing import Protocol
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.role import Reach, Right, Role, at_most, on_record, reach_of
from ledger.services.refusal import MAY_NOT_INVOLVE, NOT_KNOWN, ROLE_MISSING, RefusedError
from ledger.store.access import is_involved
from ledger.store.alerts import record_of_alert
from ledger.store.identity import is_of_partnership, named_lead


class Acting(Protocol):
    """Whoever acts: a caller or a reader."""

    @property
    def agency(self) -> str: ...
    @property
    def person_ref(self) -> str | None: ...
    @property
    def roles(self) -> frozenset[Role]: ...
    @property
    def home(self) -> str | None: ...


def check_right(who: Acting, right: Right) -> None:
    """Raise RefusedError where no record there is could be reached by this right."""
    if at_most(who.roles, right) is Reach.NONE:
        missing = MAY_NOT_INVOLVE if right is Right.INVOLVE else ROLE_MISSING
        raise RefusedError(missing.code, missing.detail)


def check_address(connection: Connection, who: Acting, right: Right, places: Mapping[str, object]) -> None:
    """Raise RefusedError unless somebody may come by an address that asks for a right; the connection acts for them.

    `places` is what the address names. Who has the right only where they lead must lead the record that it names, or
    that its alert is about; whether any other right reaches is asked by what is done there.
    """
    check_right(who, right)
    if reach_of(who.roles, right) is not Reach.NONE:
        return
    record_id = places.get("record_id") or record_of_alert(connection, str(places.get("alert_id")))
    if not isinstance(record_id, UUID):
        raise RefusedError(ROLE_MISSING.code, ROLE_MISSING.detail)
    check_reach(connection, who, record_id, right)


def roles_at(connection: Connection, who: Acting, record_id: UUID) -> frozenset[Role]:
    """Somebody's roles at one record: lead and deputy are added where they are named so there now."""
    if who.person_ref is None:
        return who.roles
    named = named_lead(connection, record_id)
    is_theirs = named is not None and named.agency == who.agency
    return on_record(
        who.roles,
        leads=is_theirs and named is not None and named.person == who.person_ref,
        deputises=is_theirs and named is not None and named.deputy == who.person_ref,
    )


def may_there(connection: Connection, who: Acting, record_id: UUID, right: Right) -> bool:
    """Whether somebody whom a record is open to has the right there, by their roles or by what they are named as.

    For what a page offers: it asks nothing of the record where their roles alone answer.
    """
    if reach_of(who.roles, right) is not Reach.NONE:
        return True
    could = at_most(who.roles, right) is not Reach.NONE
    return could and reach_of(roles_at(connection, who, record_id), right) is not Reach.NONE


def reaches(connection: Connection, who: Acting, record_id: UUID, right: Right) -> bool:
    """Whether the right reaches this child's record now; the connection acts for them already.

    An agency's system and a practitioner need their agency's involvement, a lead is that of an agency which is
    involved, and an auditor reaches every record of their own partnership.
    """
    reach = reach_of(who.roles, right)
    if reach is Reach.NONE:
        reach = reach_of(roles_at(connection, who, record_id), right)
    if reach is Reach.ANY:
        return is_of_partnership(connection, record_id, who.home or who.agency)
    return reach is not Reach.NONE and is_involved(connection, who.agency, record_id)


def check_reach(connection: Connection, who: Acting, record_id: UUID, right: Right) -> None:
    """Raise RefusedError (`not_known`) unless the right reaches this child's record now."""
    if not reaches(connection, who, record_id, right):
        raise RefusedError(NOT_KNOWN.code, NOT_KNOWN.detail, record_id=record_id)
