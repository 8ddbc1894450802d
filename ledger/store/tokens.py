"""Agencies' tokens: made, revoked and swept. Their times are the database's, by which they are checked too."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Connection, text

#: For how long a token that ended is kept, so that whoever still sends it is told that it ended.
_KEPT = timedelta(hours=1)
#: How many are swept at a time; each one that is made sweeps.
_SWEPT_MOST = 100

# No token outlives its key; that the key may be revoked meanwhile is asked at each call.
_INSERT = text("""
    INSERT INTO ledger.access_tokens (token_id, key_id, secret_sha256, scopes, issued_at, expires_at)
    SELECT :token_id, k.key_id, :secret_sha256, :scopes, n.now, least(n.now + :lifetime, k.expires_at)
    FROM ledger.agency_keys k, (SELECT clock_timestamp() AS now) n WHERE k.key_id = :key_id
    RETURNING floor(extract(epoch FROM expires_at - issued_at))::int""")
_REVOKE = text("""
    UPDATE ledger.access_tokens t SET revoked_at = clock_timestamp() FROM ledger.agency_keys k
    WHERE k.key_id = t.key_id AND k.agency_id = :agency
      AND t.token_id = :token_id AND t.secret_sha256 = :secret_sha256 AND t.revoked_at IS NULL""")
# Two that sweep at once take different ones, and neither waits.
_SWEEP = text("""
    DELETE FROM ledger.access_tokens WHERE token_id = ANY (ARRAY(
        SELECT token_id FROM ledger.access_tokens WHERE expires_at < clock_timestamp() - :kept
        ORDER BY expires_at LIMIT :most FOR UPDATE SKIP LOCKED))""")


def add_token(
    connection: Connection,
    *,
    token_id: str,
    secret_sha256: bytes,
    key_id: str,
    scopes: Sequence[str],
    lifetime: timedelta,
) -> int:
    """Keep a token that was got with a key; for how many whole seconds it is good. Sweeps some of those that ended."""
    connection.execute(_SWEEP, {"kept": _KEPT, "most": _SWEPT_MOST})
    kept = {"token_id": token_id, "key_id": key_id, "secret_sha256": secret_sha256, "scopes": list(scopes)}
    seconds: int = connection.execute(_INSERT, {**kept, "lifetime": lifetime}).scalar_one()
    return seconds


def revoke_token(connection: Connection, *, agency: str, token_id: str, secret_sha256: bytes) -> None:
    """End a token of this agency, if it is one."""
    connection.execute(_REVOKE, {"agency": agency, "token_id": token_id, "secret_sha256": secret_sha256})
