"""Who acts in a transaction: the one place in which `ledger.party` and `ledger.sought` are set, always for it alone.

A transaction that sets nothing sees no row of any content table. Nothing is ever set for a session's life, so a pooled
connection has no identity between requests.
"""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection

#: Checks a bearer key and, where it holds, acts for its agency: (key's id, its secret's SHA-256).
AUTHENTICATE: Final = """
    SELECT k.agency_id, a.partnership_id, k.scopes, a.kind, set_config('ledger.party', k.agency_id, true)
    FROM ledger.agency_keys k JOIN ledger.agencies a USING (agency_id)
    WHERE k.key_id = %s AND k.secret_sha256 = %b AND k.revoked_at IS NULL AND k.expires_at > clock_timestamp()"""
#: Acts for a party that has been checked already.
ACT: Final = "SELECT set_config('ledger.party', %s, true)"
#: Names the identifiers, one a line, that may be looked up; no other can be found.
SEEK: Final = "SELECT set_config('ledger.sought', %s, true)"


def act_for(connection: Connection, party: str) -> None:
    """Act for a party for the rest of this transaction."""
    connection.exec_driver_sql(ACT, (party,))


def seek(connection: Connection, sought: Sequence[str]) -> None:
    """Name the identifiers that this transaction may look up; it can find no other."""
    connection.exec_driver_sql(SEEK, ("\n".join(sought),))


def authenticate_key(
    connection: Connection, key_id: str, secret_sha256: bytes
) -> tuple[str, str, Sequence[str]] | None:
    """Act for a key's agency: its id, its partnership and the key's scopes; None where the key does not hold."""
    row = connection.exec_driver_sql(AUTHENTICATE, (key_id, secret_sha256)).one_or_none()
    return (row[0], row[1], row[2]) if row else None
