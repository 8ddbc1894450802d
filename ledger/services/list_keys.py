"""Which keys agencies have, and how each stands: nothing of a key itself."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, select

from ledger.store.tables import agency_keys

Standing = Literal["good", "expired", "revoked"]


@dataclass(frozen=True, slots=True)
class KeyListed:
    """A key as those who look after keys see it."""

    key_id: str
    agency: str
    scopes: tuple[str, ...]
    issued_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    #: Of the client certificate that it is bound to.
    certificate_sha256: bytes | None
    standing: Standing


def list_keys(connection: Connection, now: datetime, agency: str | None = None) -> list[KeyListed]:
    """The keys of one agency, or of all, each agency's newest first."""
    query = select(agency_keys).order_by(agency_keys.c.agency_id, agency_keys.c.issued_at.desc(), agency_keys.c.key_id)
    if agency is not None:
        query = query.where(agency_keys.c.agency_id == agency)
    return [
        KeyListed(
            row.key_id,
            row.agency_id,
            tuple(row.scopes),
            row.issued_at,
            row.expires_at,
            row.revoked_at,
            row.certificate_sha256,
            _standing(row.expires_at, row.revoked_at, now),
        )
        for row in connection.execute(query)
    ]


def _standing(expires_at: datetime, revoked_at: datetime | None, now: datetime) -> Standing:
    if revoked_at is not None:
        return "revoked"
    return "expired" if expires_at <= now else "good"
