"""Following feeds: who may, which feeds are theirs, where they go on, and whether they still may.

A person follows their own feed, the desk's of their agency where their roles let them work on its alerts, and the
operators' where they are one; an agency's system its agency's. What goes out are names: what they stand for is read
through the interface and the pages, by whoever may. Following is no use of a session: one that nobody uses ends.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from ledger.domain.feed import OPERATOR, of_agency, of_desk, of_person
from ledger.domain.position import Position, resume, write_position
from ledger.domain.role import Reach, Right, at_most
from ledger.services.authenticate import authenticate
from ledger.services.refusal import NOT_AUTHENTICATED, ROLE_MISSING, RefusedError, scope_missing
from ledger.services.sign_in import find_signed_in, find_still_in, hash_of
from ledger.store.append import Caller, Credential
from ledger.store.following import credentials_held, last_seqs
from ledger.store.party import LIVE, act_for

#: A key or token needs one of these.
SCOPES: Final = ("read", "work")


@dataclass(frozen=True, slots=True)
class Follower:
    """Whoever follows, and by what they came: a session's hash, or the id of a key or token.

    `caller` tells callers apart, for limits: one person or one agency.
    """

    caller: str
    parties: tuple[str, ...]
    session: bytes | None = None
    credential: str | None = None


def feeds_of(caller: Caller) -> tuple[str, ...]:
    """Whose feeds a caller may follow; none where their roles were all taken away."""
    if caller.person_id is None:
        return (of_agency(caller.agency),)
    theirs = {
        of_person(caller.person_id): Right.ACCOUNT,
        of_desk(caller.agency): Right.WORK,
        OPERATOR: Right.OPERATE,
    }
    return tuple(sorted(party for party, right in theirs.items() if at_most(caller.roles, right) is not Reach.NONE))


def follow_by_session(connection: Connection, session: str, now: datetime) -> Follower:
    """Who follows by a session's token. Raises RefusedError: it is not full, or has ended, or its person may not."""
    person = find_signed_in(connection, session, now, is_use=False)
    if person is None:
        raise RefusedError(NOT_AUTHENTICATED.code, NOT_AUTHENTICATED.detail)
    parties = feeds_of(person.caller)
    if not parties:
        raise RefusedError(ROLE_MISSING.code, ROLE_MISSING.detail)
    return Follower(of_person(person.person_id), parties, session=hash_of(session))


def follow_by_credential(connection: Connection, credential: Credential) -> Follower:
    """Who follows by a key or token. Raises RefusedError, and NotHeldError where it has ended."""
    caller = _authenticated(connection, credential)
    return Follower(of_agency(caller.agency), feeds_of(caller), credential=credential.name)


def begin(connection: Connection, follower: Follower, name: str | None) -> Position:
    """Where a follower goes on who hands back a position's name, or none. Raises PositionError."""
    act_for(connection, LIVE)
    return resume(name, last_seqs(connection, follower.parties))


def position_now(connection: Connection, caller: Caller) -> str:
    """The position at which a page's stream begins; the connection acts for the caller.

    To be read before what the page shows: what comes between the two is then offered once more, and never missed.
    """
    return write_position(last_seqs(connection, feeds_of(caller)))


def still_follow(connection: Connection, followers: Collection[Follower], now: datetime) -> set[Follower]:
    """Of all who follow those who still may, with the very feeds that they follow; a few queries for all of them."""
    if not followers:
        return set()
    whose = find_still_in(connection, {one.session for one in followers if one.session is not None}, now)
    held = credentials_held(connection, {one.credential for one in followers if one.credential is not None})
    feeds = {token: feeds_of(caller) for token, caller in whose.items()}
    return {
        one
        for one in followers
        if one.credential in held or (one.session is not None and feeds.get(one.session) == one.parties)
    }


def _authenticated(connection: Connection, credential: Credential) -> Caller:
    read, work = SCOPES
    try:
        return authenticate(connection, credential, read)
    except RefusedError as error:
        if error.refusal.code != scope_missing(read).code:
            raise
    return authenticate(connection, credential, work)
