"""Who is signed in: the session's cookie, the gate before every page, and the check of every form."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from ipaddress import ip_address

from flask import Response, g, request
from sqlalchemy import Connection
from werkzeug.exceptions import Forbidden, NotFound

from ledger.domain.role import Right, Role
from ledger.services.note_access import note_refusal
from ledger.services.reach import check_address
from ledger.services.reading import reading
from ledger.services.refusal import ROLE_MISSING, RefusedError
from ledger.services.see import Reader
from ledger.services.sign_in import SESSION_COOKIES, SESSION_MAX, HalfIn, SignedIn, find_signed_in, is_csrf
from ledger.store.append import Caller
from ledger.store.database import transaction
from ledger.store.party import AUDITOR, act_for
from ledger.web.words import context

_SECURE, _PLAIN = SESSION_COOKIES

#: The pages of auditors: their account, who looked at what, and reviews of that.
_OF_AUDITORS = frozenset({Right.ACCOUNT, Right.OVERSEE, Right.REVIEW, Right.RULES})
#: What an auditor reads as an auditor, once they have said why: pages about something that the address names.
_REPLAYED = frozenset({Right.READ, Right.ADULTS, Right.EXPORT})


class NotSignedInError(Exception):
    """The request carries no session that is still open."""


class NotYoursError(Exception):
    """The person is signed in, and their roles do not include this page."""


class NoPurposeError(Exception):
    """An auditor has not said in this session why they look."""


@contextmanager
def acting() -> Iterator[tuple[Connection, SignedIn]]:
    """One transaction acting for the signed-in person, whose roles must include the page's right (`g.right`).

    What others wrote an auditor reads as the role of auditors, for the purpose that they said for their session.
    Raises NotSignedInError, NotYoursError, and NoPurposeError where an auditor said none. A look at a record that is
    refused is recorded, once it has ended.
    """
    given, person = context(), None
    try:
        with transaction(given.engine, party=None) as connection:
            person = find_signed_in(connection, session_token(), given.real_now())
            if person is None:
                raise NotSignedInError
            g.person = person
            act_for(connection, person.agency, person.person_id)
            _check_right(connection, person.caller, g.get("right"))
            if not _is_replay(person):
                yield connection, person
                return
        if person.purpose is None:
            raise NoPurposeError
        with reading(given, person.caller, g.right, purpose=person.purpose) as (connection, _):
            yield connection, person
    except RefusedError as error:
        if person is not None and not _is_replay(person):  # of an auditor `reading` does it
            note_refusal(given, reader_of(person), error)
        raise


def _check_right(connection: Connection, caller: Caller, right: Right | None) -> None:
    """A page without a right is nobody's. An auditor has no list of their own: theirs is what an address names."""
    if right is None:
        raise NotFound
    if Role.AUDITOR in caller.roles and right not in _OF_AUDITORS and not (right in _REPLAYED and request.view_args):
        raise NotYoursError
    try:
        check_address(connection, caller, right, request.view_args or {})
    except RefusedError as error:
        if error.refusal.code == ROLE_MISSING.code:
            raise NotYoursError from None
        raise


def reader_of(person: SignedIn) -> Reader:
    """The person as a reader, for what they may see and for the access record."""
    if _is_replay(person):
        assert person.purpose is not None, "asked for before anything is read"
        return Reader(
            AUDITOR,
            person.person_id,
            person.ref,
            purpose=person.purpose,
            roles=person.roles,
            home=person.agency,
            caps=context().caps,
        )
    return Reader(
        person.agency,
        person.person_id,
        person.ref,
        purpose="lead professional's pages",
        roles=person.roles,
        caps=context().caps,
    )


def _is_replay(person: SignedIn) -> bool:
    """Whether this request reads what others wrote as an auditor does: of no agency, and so nobody's own."""
    return Role.AUDITOR in person.roles and g.get("right") in _REPLAYED


def check_form(person: SignedIn | HalfIn) -> None:
    """Refuse a form that did not come from this session's own pages."""
    check_same_site()
    if not is_csrf(person, request.form.get("csrf", "")):
        raise Forbidden


def check_same_site() -> None:
    """Refuse a form that a browser says was sent from another site."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise Forbidden


def session_token() -> str:
    """The session's token as the browser sent it, empty where it sent none."""
    return request.cookies.get(_SECURE) or request.cookies.get(_PLAIN) or ""


def set_session(response: Response, token: str) -> None:
    """Give the browser its session, out of reach of scripts and of other sites."""
    set_cookie(response, SESSION_COOKIES, token, SESSION_MAX)


def set_cookie(response: Response, names: tuple[str, str], token: str, lasts: timedelta) -> None:
    """Give the browser a token under the first name, or over plain http to this machine itself under the second."""
    secure = not _is_plain_loopback()
    response.set_cookie(
        names[0] if secure else names[1],
        token,
        max_age=int(lasts.total_seconds()),
        secure=secure,
        httponly=True,
        samesite="Lax",
        path="/",
    )


def forget_session(response: Response) -> None:
    """Take the session from the browser, and whatever a page had kept in its tabs."""
    response.headers["Clear-Site-Data"] = '"storage"'
    for name in (_SECURE, _PLAIN):
        response.delete_cookie(name, path="/", secure=name == _SECURE, httponly=True, samesite="Lax")


def _is_plain_loopback() -> bool:
    """Whether this is plain http to this machine itself, where a Secure cookie would not come back."""
    if request.is_secure:
        return False
    host = request.host.rsplit(":", 1)[0].strip("[]")
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
