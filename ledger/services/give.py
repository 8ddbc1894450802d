"""What administrators give on pages: people, roles, ways in, agencies and keys; as the command line does.

It is done under the command line's own login, in a process that was given one, and within the administrator's own
partnership. Each is an entry of the ledger in the partnership's record that names who asked for it. Nobody changes
their own roles, and who gives a way in is named with it: an administrator sees no content, and does not come by any.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Engine, Row
from sqlalchemy.exc import OperationalError

from ledger.domain.role import Right, Role
from ledger.services import enrol, give_role, issue_key
from ledger.services.authenticate import SCOPES, authenticate
from ledger.services.context import Context
from ledger.services.refusal import NOT_HERE, Refusal, RefusedError
from ledger.services.sign_in import make_link
from ledger.services.write_own import write_own
from ledger.store import administration
from ledger.store.append import Caller
from ledger.store.database import SYSTEM, transaction

NOT_GIVEN_HERE: Final = Refusal(
    "not_given_here",
    "This process was started without the administrators' database login, so nothing is given through it. "
    "At the command line it is: ledger person, ledger agency, ledger key.",
)
OWN_ROLES: Final = Refusal("own_roles", "Nobody changes their own roles. Ask another administrator.", "/role")
KEY_DAYS_MAX: Final = 730
OVERLAP_DAYS_MAX: Final = 90


def can_give(context: Context) -> bool:
    """Whether this process was given the login that gives."""
    if context.admin is None:
        return False
    try:
        with context.admin.connect():
            return True
    except OperationalError:
        return False


def give_person(
    context: Context, who: Caller, *, agency: str, ref: str, name: str, office: str, roles: Sequence[Role]
) -> UUID:
    """Add somebody of an agency of the partnership, or find the one it knows by this reference. Raises RefusedError."""
    with _giving(context, who) as admin:
        _check_agency(context, who, agency)
        return enrol.add_person(
            admin, context.chance, agency=agency, ref=ref, name=name, role=office, roles=roles, by=who.person_id
        )


def give_agency(context: Context, who: Caller, agency: enrol.Agency) -> bool:
    """Add an agency to the administrator's partnership; False when it is there already. Raises RefusedError."""
    with _giving(context, who) as admin:
        return enrol.add_agency(admin, context.chance, partnership=who.partnership, agency=agency, by=who.person_id)


def change_role(context: Context, who: Caller, person_id: UUID, role: Role, *, is_given: bool) -> bool:
    """Give somebody a role or take it away, from their next call on; False where it was so. Raises RefusedError."""
    with _giving(context, who) as admin:
        person = _person(context, who, person_id)
        if person_id == who.person_id:
            raise _error(OWN_ROLES)
        change = give_role.give_role if is_given else give_role.take_role
        return change(admin, context.chance, agency=person.agency_id, ref=person.ref, role=role, by=who.person_id)


def give_link(context: Context, who: Caller, person_id: UUID) -> str:
    """A link with which somebody of the partnership signs in once, as a token: shown once. Raises RefusedError."""
    with _giving(context, who) as admin:
        person = _person(context, who, person_id)
        with context.engine.begin() as connection:
            record_id = administration.partnership_record(connection, who.partnership)
        body = {"person": str(person_id), "agency": person.agency_id, "ref": person.ref, "by": str(who.person_id)}
        # Said first: a way in that nobody is told of must not be there.
        write_own(admin, record_id, "sign_in_link_made", body, context.chance)
        with transaction(admin, party=SYSTEM) as connection:
            return make_link(connection, person_id, context.chance, context.real_now())


def give_key(context: Context, who: Caller, *, agency: str, scopes: Sequence[str], days: int) -> issue_key.IssuedKey:
    """Issue a key to an agency of the partnership: its text is shown once. Raises RefusedError."""
    with _giving(context, who) as admin:
        _check_agency(context, who, agency)
        now, lifetime = context.real_now(), timedelta(days=days)
        key_id, text = issue_key.issue_key(
            admin, context.chance, agency=agency, scopes=list(scopes or SCOPES), now=now, lifetime=lifetime,
            by=who.person_id,
        )  # fmt: skip
        return issue_key.IssuedKey(key_id, text, now + lifetime)


def replace_key(context: Context, who: Caller, key_id: str, overlap: timedelta) -> issue_key.IssuedKey:
    """Issue a key like another, which ends after the overlap; the new one's text is shown once. Raises RefusedError."""
    with _giving(context, who) as admin:
        with context.engine.begin() as connection:
            if administration.agency_of_key(connection, who.partnership, key_id) is None:
                raise _error(NOT_HERE)
        return issue_key.rotate_key(
            admin, context.chance, key_id=key_id, now=context.real_now(), overlap=overlap, by=who.person_id
        )


@contextmanager
def _giving(context: Context, who: Caller) -> Iterator[Engine]:
    """The engine that gives, for an administrator. Raises RefusedError where there is none, or it may not."""
    with context.engine.begin() as connection:
        authenticate(connection, who, Right.ADMINISTER)
    if context.admin is None or not can_give(context):
        raise _error(NOT_GIVEN_HERE)
    yield context.admin


def _check_agency(context: Context, who: Caller, agency: str) -> None:
    with context.engine.begin() as connection:
        if administration.partnership_of_agency(connection, agency) != who.partnership:
            raise RefusedError(NOT_HERE.code, NOT_HERE.detail, "/agency")


def _person(context: Context, who: Caller, person_id: UUID) -> Row[Any]:
    with context.engine.begin() as connection:
        person = administration.person_of(connection, who.partnership, person_id)
    if person is None:
        raise _error(NOT_HERE)
    return person


def _error(refusal: Refusal) -> RefusedError:
    return RefusedError(refusal.code, refusal.detail, refusal.pointer)
