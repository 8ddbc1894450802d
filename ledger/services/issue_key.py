"""Issue, rotate and revoke agencies' bearer keys; each is an entry with the keys' fingerprints, never a key."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, select

from ledger.domain.entry import Chance
from ledger.services.authenticate import new_key, unknown_scopes
from ledger.services.find_party import partnership_of, record_of
from ledger.services.refusal import Refusal, RefusedError
from ledger.services.refuse_work import AGENCY_ENDED
from ledger.services.write_own import Own, said_by, write_own, write_together
from ledger.store.append import Caller, Credential, Statement
from ledger.store.database import SYSTEM, transaction
from ledger.store.tables import agency_keys

_INSERT = (
    "INSERT INTO ledger.agency_keys "
    "(key_id, agency_id, secret_sha256, scopes, issued_at, expires_at, certificate_sha256) "
    "VALUES (%s, %s, %b, %s, %s, %s, %b)"
)
_IN_USE = "SELECT 1 FROM ledger.agency_keys WHERE key_id = %s AND revoked_at IS NULL AND expires_at > %s"
_NOT_REVOKED = "SELECT 1 FROM ledger.agency_keys WHERE key_id = %s AND revoked_at IS NULL"
_IS_THERE = "SELECT 1 FROM ledger.agencies WHERE agency_id = %s AND ended_number IS NULL"
_KEY_NOT_KNOWN = Refusal(
    "key_not_known", "there is no key in use by this id; ids look like AGENCY.xxxxxxxx: ledger key list"
)


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """A new key. `text` is shown once and kept by nobody here; `ends` is when the key that it replaces does."""

    key_id: str
    text: str = field(repr=False)
    expires_at: datetime
    ends: datetime | None = None


def issue_key(
    engine: Engine,
    chance: Chance,
    *,
    agency: str,
    scopes: list[str],
    now: datetime,
    lifetime: timedelta,
    certificate_sha256: bytes | None = None,
    by: UUID | None = None,
) -> tuple[str, str]:
    """Make a bearer key: (its id, its text). The text is shown once; its hash is kept, its id is an entry.

    With `certificate_sha256` it holds only in requests that come with that client certificate. `by` is the
    administrator who issues it on a page.
    """
    if unknown := unknown_scopes(scopes):
        raise RefusedError("unknown_scope", f"{len(unknown)} of the scopes are not ones that keys can carry")
    record_id = record_of(engine, partnership_of(engine, agency))
    key, credential = new_key(agency, chance)
    told, insert = _told(credential, scopes, now, now + lifetime, certificate_sha256)
    only_if = ((_IS_THERE, (agency,)), AGENCY_ENDED)
    write_own(engine, record_id, "key_issued", told | said_by(by), chance, [insert], only_if=only_if)
    return credential.name, key


def rotate_key(
    engine: Engine,
    chance: Chance,
    *,
    key_id: str,
    now: datetime,
    overlap: timedelta,
    lifetime: timedelta | None = None,
    certificate_sha256: bytes | None = None,
    by: UUID | None = None,
) -> IssuedKey:
    """Make a key like another of the same agency, which ends after the overlap, or at its own end if that is sooner.

    Scopes are the other's; so are, unless given, its lifetime and the certificate that it is bound to. Raises
    RefusedError when there is no such key in use.
    """
    record_id, old = _key(engine, key_id)
    key, credential = new_key(old.agency_id, chance)
    expires_at = now + (lifetime or old.expires_at - old.issued_at)
    ends = min(now + overlap, old.expires_at)
    told, insert = _told(credential, old.scopes, now, expires_at, certificate_sha256 or old.certificate_sha256)
    told |= {"replaces": key_id, "replaced_ends_at": ends.isoformat(), **said_by(by)}
    shorten = ("UPDATE ledger.agency_keys SET expires_at = least(expires_at, %s) WHERE key_id = %s", (ends, key_id))
    # Asked again under the record's lock: a key that was revoked meanwhile must not live on in another.
    only_if = ((_IN_USE, (key_id, now)), _KEY_NOT_KNOWN)
    write_own(engine, record_id, "key_rotated", told, chance, [insert, shorten], only_if=only_if)
    return IssuedKey(credential.name, key, expires_at, ends)


def revoke_key(engine: Engine, chance: Chance, *, key_id: str, now: datetime, who: Caller | None = None) -> None:
    """End a key, and every token got with it, at their next use: at the command line, or by an administrator.

    Raises RefusedError when there is no such key that was not revoked, or none of this administrator's partnership.
    """
    record_id, key = _key(engine, key_id)
    if who is not None and partnership_of(engine, key.agency_id) != who.partnership:
        raise RefusedError(_KEY_NOT_KNOWN.code, _KEY_NOT_KNOWN.detail)
    body = {"agency": key.agency_id, "key": key_id}
    if who is not None:
        body |= {"by": str(who.person_ref)}
    ended: Statement = ("UPDATE ledger.agency_keys SET revoked_at = %s WHERE key_id = %s", (now, key_id))
    own = Own("key_revoked", body, [ended])
    only_if = ((_NOT_REVOKED, (key_id,)), _KEY_NOT_KNOWN)
    write_together(engine, record_id, [own], chance, who=who, only_if=only_if)


def _key(engine: Engine, key_id: str) -> tuple[UUID, Any]:
    """The record of a key's partnership, and the key."""
    with transaction(engine, party=SYSTEM) as connection:
        row = connection.execute(select(agency_keys).where(agency_keys.c.key_id == key_id)).one_or_none()
    if row is None:
        raise RefusedError(_KEY_NOT_KNOWN.code, _KEY_NOT_KNOWN.detail)
    return record_of(engine, partnership_of(engine, row.agency_id)), row


def _told(
    credential: Credential,
    scopes: Sequence[str],
    now: datetime,
    expires_at: datetime,
    certificate_sha256: bytes | None,
) -> tuple[dict[str, Any], Statement]:
    """What the entry tells of a new key, and the statement that keeps it."""
    told: dict[str, Any] = {
        "agency": credential.agency,
        "key": credential.name,
        "fingerprint": credential.secret_sha256.hex(),
        "scopes": sorted(scopes),
        "expires_at": expires_at.isoformat(),
    }
    if certificate_sha256 is not None:
        told["certificate"] = certificate_sha256.hex()
    kept = (
        credential.name, credential.agency, credential.secret_sha256, sorted(scopes), now, expires_at,
        certificate_sha256,
    )  # fmt: skip
    return told, (_INSERT, kept)
