"""Who acts in a transaction: the one place that sets `ledger.party`, `ledger.person` and `ledger.sought`, for it alone.

A transaction that sets nothing sees no row of any content table. Nothing is ever set for a session's life, so a pooled
connection has no identity between requests.
"""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

#: As whom an auditor reads: the party of no agency.
AUDITOR: Final = "auditor"
#: As whom the process that holds streams looks for what is new in all feeds.
LIVE: Final = "live"
#: As whom projections are made again.
REBUILD: Final = "rebuild"

# Of a credential whose secret is right: whose it is, and why it does not hold now, or that it does and acts for its
# agency from here on. A wrong secret and an id that was never given out answer alike, with nothing, and take as long.
_AUTHENTICATE = """
    SELECT c.agency_id, a.partnership_id, c.scopes, a.kind, c.why,
        CASE WHEN c.why IS NULL THEN set_config('ledger.party', c.agency_id, true) END
    FROM (
        SELECT k.agency_id, {c}.scopes, CASE {ended}
            WHEN k.revoked_at IS NOT NULL THEN 'key_revoked'
            WHEN k.expires_at <= clock_timestamp() THEN 'key_expired'
            WHEN k.certificate_sha256 IS NOT NULL AND k.certificate_sha256 IS DISTINCT FROM %b::bytea THEN 'certificate'
            END AS why
        FROM {found} WHERE {c}.{id} = %s AND {c}.secret_sha256 = %b
    ) c JOIN ledger.agencies a USING (agency_id)"""
#: Checks a bearer key: (SHA-256 of the client's certificate or None, key's id, its secret's SHA-256).
AUTHENTICATE_KEY: Final = _AUTHENTICATE.format(c="k", id="key_id", found="ledger.agency_keys k", ended="")
#: Checks a token and the key that it was got with: (the same, token's id, its secret's SHA-256).
AUTHENTICATE_TOKEN: Final = _AUTHENTICATE.format(
    c="t",
    id="token_id",
    found="ledger.access_tokens t JOIN ledger.agency_keys k USING (key_id)",
    ended="""
            WHEN t.revoked_at IS NOT NULL THEN 'token_revoked'
            WHEN t.expires_at <= clock_timestamp() THEN 'token_expired'""",
)
#: Acts for a party that has been checked already, and for one person of it or, by '', for none: both are always set.
ACT: Final = "SELECT set_config('ledger.party', %s, true), set_config('ledger.person', %s, true)"
#: Names the identifiers, one a line, that may be looked up; no other can be found.
SEEK: Final = "SELECT set_config('ledger.sought', %s, true)"


class NotHeldError(Exception):
    """A credential's secret is right and it does not hold.

    `why`: key_revoked, key_expired, certificate, token_revoked, token_expired.
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def act_for(connection: Connection, party: str, person: UUID | None = None) -> None:
    """Act for a party, and where a person acts for that person of it, for the rest of this transaction."""
    connection.exec_driver_sql(ACT, (party, written(person)))


def written(person: UUID | None) -> str:
    """A person as `ledger.person` holds them; '' is nobody."""
    return "" if person is None else str(person)


def seek(connection: Connection, sought: Sequence[str]) -> None:
    """Name the identifiers that this transaction may look up; it can find no other."""
    connection.exec_driver_sql(SEEK, ("\n".join(sought),))


def found_caller(rows: Sequence[Sequence[Any]]) -> tuple[str, str, Sequence[str], str] | None:
    """What an AUTHENTICATE answered: agency, partnership, scopes, kind; None where the credential is not known.

    Raises NotHeldError where its secret is right and it does not hold.
    """
    if not rows:
        return None
    [(agency, partnership, scopes, kind, why, _)] = rows
    if why is not None:
        raise NotHeldError(why)
    return agency, partnership, scopes, kind


def authenticate_credential(
    connection: Connection, check: tuple[str, Sequence[Any]]
) -> tuple[str, str, Sequence[str], str] | None:
    """Act for a key's or a token's agency, as found_caller; `check` is the credential's."""
    return found_caller(connection.exec_driver_sql(check[0], tuple(check[1])).all())
