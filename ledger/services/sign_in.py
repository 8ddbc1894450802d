"""One-time links, and the sessions that every way in begins.

* A link signs one person in once, within seven days. Looking at it spends nothing; only the button does, so a mail
  scanner that follows links cannot burn it.
* A session ends when signed out, thirty minutes after its last use, and twelve hours after it began. One that still
  waits for a second factor opens nothing and lasts ten minutes.
* Each rise in what a session may do gives it a new token and ends the old one.
* Only hashes of tokens are kept; the token against forged requests is derived from the session's and kept nowhere.
* Times are the real clock's, passed in: moving a demonstration ledger's clock signs nobody in or out.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.entry import Chance
from ledger.domain.role import Role, follow
from ledger.store import people, sessions
from ledger.store.append import Caller

LINK_LASTS = timedelta(days=7)
IDLE_MAX = timedelta(minutes=30)
SESSION_MAX = timedelta(hours=12)
#: How long a session may wait for its second factor.
STAGE_MAX = timedelta(minutes=10)
#: How stale a session's last use may be before it is written down again: not at each request.
_TOUCH_AFTER = timedelta(minutes=1)
#: What a browser keeps a session's token under: over TLS, and over plain HTTP to this machine itself.
SESSION_COOKIES = ("__Host-ledger", "ledger_session")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}\Z")


class Way(StrEnum):
    """How somebody signed in."""

    LINK = "link"
    PASSWORD = "password"  # noqa: S105 - a word for it, and none
    PROVIDER = "provider"


class Stage(StrEnum):
    """What a session may do: everything, or only give its code, or only set up a second factor."""

    FULL = "full"
    CODE = "code"
    ENROL = "enrol"


class LinkSpentError(Exception):
    """The link was never made, has been used, or is too old; nothing more is said of which."""


class SessionEndedError(Exception):
    """The session was ended while something was done in it."""


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
    partnership: str
    agency_kind: str
    #: As they are now: what is given or taken holds from the next request on.
    roles: frozenset[Role] = frozenset()
    way: Way = Way.LINK
    #: When this session began, by the real clock.
    began_at: datetime | None = None
    #: Why they look, where they said so for this session; auditors must.
    purpose: str | None = None

    @property
    def caller(self) -> Caller:
        """The person as services know who calls."""
        return Caller(
            self.agency,
            self.partnership,
            kind=self.agency_kind,
            person_id=self.person_id,
            person_ref=self.ref,
            roles=self.roles,
        )


@dataclass(frozen=True, slots=True)
class HalfIn:
    """A session whose password was right and whose second factor is wanted."""

    person_id: UUID
    stage: Stage
    #: The sealed secret that was shown in it.
    offered: bytes | None
    csrf: str


def make_link(connection: Connection, person_id: UUID, chance: Chance, now: datetime) -> str:
    """A new one-time token for a person; the address is the caller's to write. Shown once, kept as a hash."""
    token = new_token(chance)
    sessions.insert_link(connection, hash_of(token), person_id, now + LINK_LASTS)
    return token


def can_be_used(connection: Connection, token: str, now: datetime) -> bool:
    """Whether a link would still sign somebody in."""
    return is_token(token) and sessions.link_is_good(connection, hash_of(token), now)


def use_link(connection: Connection, token: str, chance: Chance, now: datetime) -> str:
    """Spend a link and begin its person's session, whose token is returned. Raises LinkSpentError."""
    return begin_session(connection, spend_link(connection, token, now), Way.LINK, chance, now)


def spend_link(connection: Connection, token: str, now: datetime) -> UUID:
    """Spend a link: whose it was. Raises LinkSpentError."""
    person_id = sessions.spend_link(connection, hash_of(token), now) if is_token(token) else None
    if person_id is None:
        raise LinkSpentError
    return person_id


def begin_session(
    connection: Connection, person_id: UUID, way: Way, chance: Chance, now: datetime, stage: Stage = Stage.FULL
) -> str:
    """Begin a person's session; its token."""
    token = new_token(chance)
    sessions.insert_session(connection, hash_of(token), sessions.Session(person_id, now, now, way, stage, None))
    return token


def renew_session(connection: Connection, session: str, chance: Chance, now: datetime, *, alone: bool = False) -> str:
    """A new token for a session that is open; the old one ends, and with `alone` every other of the person's too.

    When it began, and so when it ends at the latest, stays.
    """
    found = sessions.open_session(connection, hash_of(session))
    if found is None:  # signed out everywhere in the meantime
        raise SessionEndedError
    if not sessions.end_session(connection, hash_of(session), now):  # signed out everywhere at this very moment
        raise SessionEndedError
    if alone:
        sessions.end_sessions_of(connection, found.person_id, now)
    token = new_token(chance)
    renewed = sessions.Session(found.person_id, found.began_at, now, found.way, found.stage, None)
    sessions.insert_session(connection, hash_of(token), renewed)
    return token


def find_signed_in(connection: Connection, session: str, now: datetime, *, is_use: bool = True) -> SignedIn | None:
    """Whose session this token is, if it has not ended and waits for nothing; notes its use, where this is one."""
    found = _open(connection, session, now)
    if found is None or found.stage != Stage.FULL:
        return None
    person = people.person(connection, found.person_id)
    if person is None:
        return None
    if is_use and now - found.seen_at >= _TOUCH_AFTER:
        sessions.touch_session(connection, hash_of(session), now)
    return SignedIn(
        person.person_id,
        person.agency_id,
        person.ref,
        person.name,
        person.role,
        person.is_duty_desk,
        csrf_token(session),
        person.partnership,
        person.agency_kind,
        roles=follow(person.standing, at_desk=person.is_duty_desk),
        way=Way(found.way),
        began_at=found.began_at,
        purpose=found.purpose,
    )


def find_still_in(connection: Connection, tokens_sha256: Collection[bytes], now: datetime) -> dict[bytes, Caller]:
    """Of many sessions, by the hashes of their tokens, those that `find_signed_in` would find now, and whose they are.

    Two queries, however many sessions; nothing is noted as use.
    """
    found = sessions.open_among(connection, tokens_sha256)
    still = {token: one for token, one in found.items() if _lasts(one, now) and one.stage == Stage.FULL}
    whose = people.people_by_id(connection, {one.person_id for one in still.values()})
    return {token: caller_of(whose[one.person_id]) for token, one in still.items() if one.person_id in whose}


def caller_of(person: people.Person) -> Caller:
    """A person as who calls, in the roles that they have now."""
    return Caller(
        person.agency_id,
        person.partnership,
        kind=person.agency_kind,
        person_id=person.person_id,
        person_ref=person.ref,
        roles=follow(person.standing, at_desk=person.is_duty_desk),
    )


def find_half_in(connection: Connection, session: str, now: datetime) -> HalfIn | None:
    """Whose session this token is, if it has not ended and waits for a second factor."""
    found = _open(connection, session, now)
    if found is None or found.stage == Stage.FULL or now - found.began_at >= STAGE_MAX:
        return None
    return HalfIn(found.person_id, Stage(found.stage), found.offered, csrf_token(session))


def say_purpose(connection: Connection, session: str, purpose: str) -> None:
    """Say why one looks, for the rest of a session: what is looked at from now on is recorded with it."""
    sessions.keep_purpose(connection, hash_of(session), purpose)


def sign_out(connection: Connection, session: str, now: datetime) -> None:
    """End a session for good."""
    sessions.end_session(connection, hash_of(session), now)


def sign_out_everywhere(connection: Connection, person_id: UUID, now: datetime) -> int:
    """End every session of a person, on whatever device, and spend their unused links; how many sessions were open."""
    sessions.void_links_of(connection, person_id, now)
    return sessions.end_sessions_of(connection, person_id, now)


def own_sessions(connection: Connection, person_id: UUID, session: str, now: datetime) -> list[sessions.OpenSession]:
    """A person's open sessions, the newest first, with which of them this is."""
    return sessions.open_sessions_of(
        connection, person_id, hash_of(session), began_after=now - SESSION_MAX, seen_after=now - IDLE_MAX
    )


def csrf_token(session: str) -> str:
    """What a form of this session must carry: follows from the session's token and does not give it away."""
    return hashlib.sha256(b"form of session " + session.encode()).hexdigest()


def is_csrf(signed_in: SignedIn | HalfIn, sent: str) -> bool:
    """Whether a form came from this session's own pages."""
    return hmac.compare_digest(signed_in.csrf.encode(), sent.encode())


def new_token(chance: Chance) -> str:
    """43 characters that nobody can guess."""
    return base64.urlsafe_b64encode(chance(32)).decode().rstrip("=")


def is_token(text: str) -> bool:
    """Whether a text has the form of such a token; nothing else is looked for."""
    return bool(_TOKEN.match(text))


def hash_of(token: str) -> bytes:
    """Under what a token is kept."""
    return hashlib.sha256(token.encode()).digest()


def _open(connection: Connection, session: str, now: datetime) -> sessions.Session | None:
    found = sessions.open_session(connection, hash_of(session)) if is_token(session) else None
    return found if found is not None and _lasts(found, now) else None


def _lasts(found: sessions.Session, now: datetime) -> bool:
    return now - found.seen_at < IDLE_MAX and now - found.began_at < SESSION_MAX
