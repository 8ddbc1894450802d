"""Bearer keys of agency systems: issued once, kept as a hash, checked at each call.

`ledger.AGENCY.KEY.SECRET`: the agency stands in the key so that what an entry commits to can be computed before the
database is asked; the database then says whether the key really is that agency's. The secret has 256 random bits, so
one SHA-256 is the right hash for it: there is nothing to guess.
"""

import base64
import hashlib
import re
from collections.abc import Sequence

from sqlalchemy import Connection

from ledger.domain.entry import Chance
from ledger.services.refusal import NOT_AUTHENTICATED, RefusedError, scope_missing
from ledger.store.append import Caller, Credential
from ledger.store.party import authenticate_key

#: observe: post observations and one's own corrections. register: children and their details. read: others' entries.
#: work: involvement, leads, links, decisions, hand-overs and the other bodies about a child one works with.
SCOPES = ("observe", "register", "read", "work")

_BEARER = re.compile(r"ledger\.([a-z0-9][a-z0-9_-]{0,31})\.([a-z2-7]{8})\.([A-Za-z0-9_-]{43})\Z")


def new_key(agency: str, chance: Chance) -> tuple[str, Credential]:
    """A key's text, shown once, and what of it is kept."""
    name = base64.b32encode(chance(5)).decode().lower()
    secret = base64.urlsafe_b64encode(chance(32)).decode().rstrip("=")
    return f"ledger.{agency}.{name}.{secret}", _credential(agency, name, secret)


def read_bearer(header: str | None) -> Credential:
    """The credential in an Authorization header; RefusedError where there is none of our form."""
    scheme, _, token = (header or "").partition(" ")
    match = _BEARER.match(token.strip()) if scheme.lower() == "bearer" else None
    if not match:
        raise RefusedError(NOT_AUTHENTICATED.code, NOT_AUTHENTICATED.detail)
    return _credential(match[1], match[2], match[3])


def authenticate(connection: Connection, credential: Credential, scope: str) -> Caller:
    """Check a key within this transaction and act for its agency from here on.

    Raises RefusedError when the key does not hold or lacks the scope.
    """
    found = authenticate_key(connection, credential.key_id, credential.secret_sha256)
    caller = Caller(found[0], found[1], frozenset(found[2])) if found else None
    return require(caller, scope)


def require(caller: Caller | None, scope: str) -> Caller:
    """The caller, once it is known to be one and to carry the scope."""
    if caller is None:
        raise RefusedError(NOT_AUTHENTICATED.code, NOT_AUTHENTICATED.detail)
    if scope not in caller.scopes:
        missing = scope_missing(scope)
        raise RefusedError(missing.code, missing.detail)
    return caller


def unknown_scopes(scopes: Sequence[str]) -> list[str]:
    """Those that no route asks for."""
    return [scope for scope in scopes if scope not in SCOPES]


def _credential(agency: str, name: str, secret: str) -> Credential:
    return Credential(agency, f"{agency}.{name}", hashlib.sha256(secret.encode()).digest())
