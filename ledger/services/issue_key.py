"""Issue and revoke agencies' bearer keys; each is an entry with the key's fingerprint, never the key."""

from datetime import datetime, timedelta

from sqlalchemy import Engine, select

from ledger.domain.entry import Chance
from ledger.services.authenticate import new_key, unknown_scopes
from ledger.services.find_party import partnership_of, record_of
from ledger.services.refusal import RefusedError
from ledger.services.write_own import write_own
from ledger.store.database import SYSTEM, transaction
from ledger.store.tables import agency_keys


def issue_key(
    engine: Engine, chance: Chance, *, agency: str, scopes: list[str], now: datetime, lifetime: timedelta
) -> tuple[str, str]:
    """Make a bearer key: (its id, its text). The text is shown once; its hash is kept, its id is an entry."""
    if unknown := unknown_scopes(scopes):
        raise RefusedError("unknown_scope", f"{len(unknown)} of the scopes are not ones that keys can carry")
    record_id = record_of(engine, partnership_of(engine, agency))
    key, credential = new_key(agency, chance)
    write_own(
        engine,
        record_id,
        "key_issued",
        {
            "agency": agency,
            "key": credential.key_id,
            "fingerprint": credential.secret_sha256.hex(),
            "scopes": sorted(scopes),
            "expires_at": (now + lifetime).isoformat(),
        },
        chance,
        [
            (
                (
                    "INSERT INTO ledger.agency_keys (key_id, agency_id, secret_sha256, scopes, issued_at, expires_at) "
                    "VALUES (%s, %s, %s, %s, %s, %s)"
                ),
                (credential.key_id, agency, credential.secret_sha256, sorted(scopes), now, now + lifetime),
            )
        ],
    )
    return credential.key_id, key


def revoke_key(engine: Engine, chance: Chance, *, key_id: str, now: datetime) -> None:
    """End a key; its next use is refused. Raises RefusedError when there is no such key in use."""
    with transaction(engine, party=SYSTEM) as connection:
        agency: str | None = connection.scalar(
            select(agency_keys.c.agency_id).where(agency_keys.c.key_id == key_id, agency_keys.c.revoked_at.is_(None))
        )
    if agency is None:
        raise RefusedError("key_not_known", "there is no key in use by this id; ids look like AGENCY.xxxxxxxx")
    write_own(
        engine,
        record_of(engine, partnership_of(engine, agency)),
        "key_revoked",
        {"agency": agency, "key": key_id},
        chance,
        [("UPDATE ledger.agency_keys SET revoked_at = %s WHERE key_id = %s", (now, key_id))],
    )
