"""Who somebody is at the OpenID provider, and visits to it that have not come back yet."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, delete, select

from ledger.store.tables import person_subjects, provider_visits


@dataclass(frozen=True, slots=True)
class Visit:
    """What was sent with somebody to the provider, to be held against what comes back."""

    nonce: str
    verifier: str


def person_of_subject(connection: Connection, issuer: str, subject: str) -> UUID | None:
    """The person whom an administrator tied to this subject."""
    found: UUID | None = connection.scalar(
        select(person_subjects.c.person_id).where(
            person_subjects.c.issuer == issuer, person_subjects.c.subject == subject
        )
    )
    return found


def is_tied(connection: Connection, issuer: str, person_id: UUID) -> bool:
    """Whether a person is tied to a subject of this issuer."""
    query = select(person_subjects.c.tied_at).where(
        person_subjects.c.issuer == issuer, person_subjects.c.person_id == person_id
    )
    return connection.execute(query).first() is not None


def untie(connection: Connection, issuer: str, person_id: UUID) -> int:
    """Untie a person from their subjects of this issuer; how many there were."""
    gone = connection.execute(
        delete(person_subjects).where(person_subjects.c.issuer == issuer, person_subjects.c.person_id == person_id)
    )
    return gone.rowcount


def insert_visit(
    connection: Connection,
    state_sha256: bytes,
    browser_sha256: bytes,
    visit: Visit,
    *,
    expires_at: datetime,
    now: datetime,
) -> None:
    """Note a visit that begins; those that ran out are forgotten."""
    connection.execute(delete(provider_visits).where(provider_visits.c.expires_at <= now))
    connection.execute(
        provider_visits.insert().values(
            state_sha256=state_sha256,
            browser_sha256=browser_sha256,
            nonce=visit.nonce,
            verifier=visit.verifier,
            expires_at=expires_at,
        )
    )


def take_visit(connection: Connection, state_sha256: bytes, browser_sha256: bytes, now: datetime) -> Visit | None:
    """The visit that comes back in the browser that began it, once."""
    row = connection.execute(
        delete(provider_visits)
        .where(
            provider_visits.c.state_sha256 == state_sha256,
            provider_visits.c.browser_sha256 == browser_sha256,
            provider_visits.c.expires_at > now,
        )
        .returning(provider_visits.c.nonce, provider_visits.c.verifier)
    ).one_or_none()
    return Visit(*row) if row else None
