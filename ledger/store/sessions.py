"""One-time links and sessions, by the hashes of their tokens.

A link is spent and a session touched by one statement each, so two requests at once cannot both win. The real clock is
always passed in.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, select

from ledger.store.tables import sessions, sign_in_links


@dataclass(frozen=True, slots=True)
class Session:
    """Whose session it is, by the real clock when it was begun and last used, how it began, and what it awaits.

    `way` is link, password or provider; `stage` is full, code or enrol: what a second factor is still wanted for.
    `offered` is the sealed secret of a second factor that was shown in it and has not been confirmed; `purpose` is why
    its person looks, where they said so for all of it.
    """

    person_id: UUID
    began_at: datetime
    seen_at: datetime
    way: str
    stage: str
    offered: bytes | None
    purpose: str | None = None


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One of a person's own sessions, as the account page lists it."""

    began_at: datetime
    seen_at: datetime
    way: str
    is_this: bool


def insert_link(connection: Connection, token_sha256: bytes, person_id: UUID, expires_at: datetime) -> None:
    """Keep a one-time link's hash."""
    connection.execute(
        sign_in_links.insert().values(token_sha256=token_sha256, person_id=person_id, expires_at=expires_at)
    )


def link_is_good(connection: Connection, token_sha256: bytes, now: datetime) -> bool:
    """Whether a link could still be spent; spends nothing."""
    query = select(sign_in_links.c.person_id).where(
        sign_in_links.c.token_sha256 == token_sha256,
        sign_in_links.c.used_at.is_(None),
        sign_in_links.c.expires_at > now,
    )
    return connection.execute(query).one_or_none() is not None


def spend_link(connection: Connection, token_sha256: bytes, now: datetime) -> UUID | None:
    """Use a link up: the person it signs in, or None when it is unknown, spent or too old."""
    person_id: UUID | None = connection.scalar(
        sign_in_links.update()
        .where(
            sign_in_links.c.token_sha256 == token_sha256,
            sign_in_links.c.used_at.is_(None),
            sign_in_links.c.expires_at > now,
        )
        .values(used_at=now)
        .returning(sign_in_links.c.person_id)
    )
    return person_id


def spend_links_of(connection: Connection, person_id: UUID, now: datetime) -> None:
    """Use up every link of a person that has not been."""
    connection.execute(
        sign_in_links.update()
        .where(sign_in_links.c.person_id == person_id, sign_in_links.c.used_at.is_(None))
        .values(used_at=now)
    )


def insert_session(connection: Connection, token_sha256: bytes, session: Session) -> None:
    """Begin a session."""
    connection.execute(
        sessions.insert().values(
            token_sha256=token_sha256,
            person_id=session.person_id,
            began_at=session.began_at,
            seen_at=session.seen_at,
            way=session.way,
            stage=session.stage,
        )
    )


def open_session(connection: Connection, token_sha256: bytes) -> Session | None:
    """A session that nobody ended; whether it is too old, and what it may do, is for the caller to say."""
    kept = sessions.c
    query = select(kept.person_id, kept.began_at, kept.seen_at, kept.way, kept.stage, kept.offered, kept.purpose).where(
        kept.token_sha256 == token_sha256, kept.ended_at.is_(None)
    )
    row = connection.execute(query).one_or_none()
    return Session(*row) if row else None


def open_among(connection: Connection, tokens_sha256: Collection[bytes]) -> dict[bytes, Session]:
    """Of these sessions those that nobody ended, in one query; what else is to be said of them as of one."""
    kept = sessions.c
    query = select(
        kept.token_sha256, kept.person_id, kept.began_at, kept.seen_at, kept.way, kept.stage, kept.offered
    ).where(kept.token_sha256.in_(tokens_sha256), kept.ended_at.is_(None))
    return {row[0]: Session(*row[1:]) for row in connection.execute(query)}


def open_sessions_of(
    connection: Connection, person_id: UUID, this_sha256: bytes, *, began_after: datetime, seen_after: datetime
) -> list[OpenSession]:
    """A person's full sessions that are open and have not run out, the newest first."""
    kept = sessions.c
    query = (
        select(kept.began_at, kept.seen_at, kept.way, kept.token_sha256 == this_sha256)
        .where(kept.person_id == person_id, kept.ended_at.is_(None), kept.stage == "full")
        .where(kept.began_at > began_after, kept.seen_at > seen_after)
        .order_by(kept.began_at.desc())
    )
    return [OpenSession(*row) for row in connection.execute(query)]


def touch_session(connection: Connection, token_sha256: bytes, now: datetime) -> None:
    """Note that a session was used."""
    connection.execute(sessions.update().where(sessions.c.token_sha256 == token_sha256).values(seen_at=now))


def keep_offer(connection: Connection, token_sha256: bytes, sealed: bytes) -> None:
    """Keep the sealed secret that a session was shown, in place of any before it."""
    connection.execute(sessions.update().where(sessions.c.token_sha256 == token_sha256).values(offered=sealed))


def keep_purpose(connection: Connection, token_sha256: bytes, purpose: str) -> None:
    """Keep why a session's person looks, in place of what they said before."""
    connection.execute(sessions.update().where(sessions.c.token_sha256 == token_sha256).values(purpose=purpose))


def end_session(connection: Connection, token_sha256: bytes, now: datetime) -> bool:
    """End a session for good; whether it was open."""
    ended = connection.execute(
        sessions.update()
        .where(sessions.c.token_sha256 == token_sha256, sessions.c.ended_at.is_(None))
        .values(ended_at=now)
    )
    return ended.rowcount == 1


def void_links_of(connection: Connection, person_id: UUID, now: datetime) -> None:
    """Spend every one-time link of a person that is still unused: whoever has one of them does not come in."""
    connection.execute(
        sign_in_links.update()
        .where(sign_in_links.c.person_id == person_id, sign_in_links.c.used_at.is_(None))
        .values(used_at=now)
    )


def end_sessions_of(connection: Connection, person_id: UUID, now: datetime) -> int:
    """End every session of a person; how many were open."""
    ended = connection.execute(
        sessions.update().where(sessions.c.person_id == person_id, sessions.c.ended_at.is_(None)).values(ended_at=now)
    )
    return ended.rowcount
