"""Who is signed in: the session's cookie, the gate before every page, and the check of every form."""

from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address

from flask import Response, g, request
from sqlalchemy import Connection
from werkzeug.exceptions import Forbidden

from ledger.services.see import Reader
from ledger.services.sign_in import SESSION_MAX, SignedIn, find_signed_in, is_csrf
from ledger.store.database import transaction
from ledger.store.party import act_for
from ledger.web.words import context

_SECURE, _PLAIN = "__Host-ledger", "ledger_session"


class NotSignedInError(Exception):
    """The request carries no session that is still open."""


@contextmanager
def acting() -> Iterator[tuple[Connection, SignedIn]]:
    """One transaction acting for the signed-in person's agency. Raises NotSignedInError."""
    given = context()
    with transaction(given.engine, party=None) as connection:
        person = find_signed_in(connection, session_token(), given.real_now())
        if person is None:
            raise NotSignedInError
        g.person = person
        act_for(connection, person.agency)
        yield connection, person


def reader_of(person: SignedIn) -> Reader:
    """The person as a reader, for what they may see and for the access record."""
    return Reader(person.agency, person.person_id, person.ref, purpose="lead professional's pages")


def check_form(person: SignedIn) -> None:
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
    secure = not _is_plain_loopback()
    response.set_cookie(
        _SECURE if secure else _PLAIN,
        token,
        max_age=int(SESSION_MAX.total_seconds()),
        secure=secure,
        httponly=True,
        samesite="Lax",
        path="/",
    )


def forget_session(response: Response) -> None:
    """Take the session from the browser."""
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
