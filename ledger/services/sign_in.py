"""Sign-in by one-time links, and the sessions that they begin. No password exists anywhere.

* A link signs one person in once, within seven days. Looking at it spends nothing; only the button does, so a mail
  scanner that follows links cannot burn it.
* A session ends when signed out, thirty minutes after its last use, and twelve hours after it began.
* Only hashes of tokens are kept; the token against forged requests is derived from the session's and kept nowhere.
* Times are the real clock's, passed in: moving a demonstration ledger's clock signs nobody in or out.
"""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.entry import Chance
from ledger.store import people

LINK_LASTS = timedelta(days=7)
IDLE_MAX = timedelta(minutes=30)
SESSION_MAX = timedelta(hours=12)
#: How stale a session's last use may be before it is written down again: not at each request.
_TOUCH_AFTER = timedelta(minutes=1)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}\Z")


class LinkSpentError(Exception):
    """The link was never made, has been used, or is too old; nothing more is said of which."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person in a session, acting as their agency."""

    person_id: UUID
    agency: str
    ref: str
    name: str
    role: str
    is_duty_desk: bool
    #: Goes into each form and is checked on each POST.
    csrf: str


def make_link(connection: Connection, person_id: UUID, chance: Chance, now: datetime) -> str:
    """A new one-time token for a person; the address is the caller's to write. Shown once, kept as a hash."""
    token = _new_token(chance)
    people.insert_link(connection, _hash(token), person_id, now + LINK_LASTS)
    return token


def can_be_used(connection: Connection, token: str, now: datetime) -> bool:
    """Whether a link would still sign somebody in."""
    return bool(_TOKEN.match(token)) and people.link_is_good(connection, _hash(token), now)


def use_link(connection: Connection, token: str, chance: Chance, now: datetime) -> str:
    """Spend a link and begin its person's session, whose token is returned. Raises LinkSpentError."""
    person_id = people.spend_link(connection, _hash(token), now) if _TOKEN.match(token) else None
    if person_id is None:
        raise LinkSpentError
    session = _new_token(chance)
    people.insert_session(connection, _hash(session), person_id, now)
    return session


def find_signed_in(connection: Connection, session: str, now: datetime) -> SignedIn | None:
    """Whose session this token is, if it has not ended; notes its use."""
    if not _TOKEN.match(session):
        return None
    digest = _hash(session)
    found = people.open_session(connection, digest)
    if found is None or now - found.seen_at >= IDLE_MAX or now - found.began_at >= SESSION_MAX:
        return None
    person = people.person(connection, found.person_id)
    if person is None:
        return None
    if now - found.seen_at >= _TOUCH_AFTER:
        people.touch_session(connection, digest, now)
    return SignedIn(
        person.person_id,
        person.agency_id,
        person.ref,
        person.name,
        person.role,
        person.is_duty_desk,
        csrf_token(session),
    )


def sign_out(connection: Connection, session: str, now: datetime) -> None:
    """End a session for good."""
    people.end_session(connection, _hash(session), now)


def csrf_token(session: str) -> str:
    """What a form of this session must carry: follows from the session's token and does not give it away."""
    return hashlib.sha256(b"form of session " + session.encode()).hexdigest()


def is_csrf(signed_in: SignedIn, sent: str) -> bool:
    """Whether a form came from this session's own pages."""
    return hmac.compare_digest(signed_in.csrf.encode(), sent.encode())


def _new_token(chance: Chance) -> str:
    return base64.urlsafe_b64encode(chance(32)).decode().rstrip("=")


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
