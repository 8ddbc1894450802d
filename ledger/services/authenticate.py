"""Bearer keys and tokens of agency systems: kept as hashes, checked at each call.

A key is `ledger.AGENCY.KEY.SECRET`, a token that was got with it `ledger-token.AGENCY.TOKEN.SECRET`. The agency stands
in both so that what an entry commits to can be computed before the database is asked; the database then says whether
the credential really is that agency's. The secret has 256 random bits, so one SHA-256 is the right hash for it: there
is nothing to guess.
"""

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection

from ledger.domain.entry import Chance
from ledger.domain.role import Right
from ledger.services.reach import check_right
from ledger.services.refusal import NOT_AUTHENTICATED, NOT_HELD, Refusal, RefusedError, scope_missing
from ledger.store.append import SYSTEM_ROLES, Caller, Credential
from ledger.store.party import NotHeldError, act_for, authenticate_credential

#: observe: post observations and one's own corrections. register: children and their details. read: others' entries.
#: work: involvement, leads, links, decisions, hand-overs and the other bodies about a child one works with.
SCOPES = ("observe", "register", "read", "work")
#: monitor: all of the log, to whoever runs a witness or keeps watch over it. No key has it unless it is named.
ALL_SCOPES = (*SCOPES, "monitor")

_AGENCY, _SECRET = r"([a-z0-9][a-z0-9_-]{0,31})", r"([A-Za-z0-9_-]{43})"
_KEY = re.compile(rf"ledger\.{_AGENCY}\.([a-z2-7]{{8}})\.{_SECRET}\Z")
_TOKEN = re.compile(rf"ledger-token\.{_AGENCY}\.([a-z2-7]{{16}})\.{_SECRET}\Z")


def new_key(agency: str, chance: Chance) -> tuple[str, Credential]:
    """A key's text, shown once, and what of it is kept."""
    return _new("ledger", agency, 5, chance)


def new_token(agency: str, chance: Chance) -> tuple[str, Credential]:
    """A token's text, told once, and what of it is kept."""
    text, credential = _new("ledger-token", agency, 10, chance)
    return text, replace(credential, is_token=True)


def read_bearer(header: str | None, certificate_sha256: bytes | None = None) -> Credential:
    """The credential in an Authorization header; RefusedError where there is none of our form.

    `certificate_sha256` is that of the certificate that the request came with, where it did.
    """
    scheme, _, text = (header or "").partition(" ")
    text = text.strip() if scheme.lower() == "bearer" else ""
    credential = read_key(text) or read_token(text)
    if credential is None:
        raise RefusedError(NOT_AUTHENTICATED.code, NOT_AUTHENTICATED.detail)
    return replace(credential, certificate_sha256=certificate_sha256)


def read_key(text: str) -> Credential | None:
    """What a key's text proves, if it has the form of one."""
    match = _KEY.match(text)
    return _credential(match[1], match[2], match[3]) if match else None


def read_token(text: str) -> Credential | None:
    """What a token's text proves, if it has the form of one."""
    match = _TOKEN.match(text)
    return replace(_credential(match[1], match[2], match[3]), is_token=True) if match else None


def authenticate(connection: Connection, credential: Credential | Caller, scope: str) -> Caller:
    """Check a key or token within this transaction and act for its agency from here on; a caller was checked already.

    Raises RefusedError when it is not known or lacks the scope, or a person's roles lack the right; NotHeldError when
    it has ended.
    """
    if isinstance(credential, Caller):
        act_for(connection, credential.agency, credential.person_id)
        return require(credential, scope)
    found = authenticate_credential(connection, credential.check)
    caller = Caller(found[0], found[1], frozenset(found[2]), roles=SYSTEM_ROLES) if found else None
    return require(caller, scope)


def require(caller: Caller | None, scope: str) -> Caller:
    """The caller, once it is known to be one and to carry the scope; of a person, that their roles have the right."""
    if caller is None:
        raise RefusedError(NOT_AUTHENTICATED.code, NOT_AUTHENTICATED.detail)
    check_right(caller, Right(scope))
    if caller.person_id is None and scope not in caller.scopes:
        missing = scope_missing(scope)
        raise RefusedError(missing.code, missing.detail)
    return caller


def unknown_scopes(scopes: Sequence[str]) -> list[str]:
    """Those that no route asks for."""
    return [scope for scope in scopes if scope not in ALL_SCOPES]


def refusal_of(error: NotHeldError) -> Refusal:
    """What to say to whoever holds a credential that was good: only they know its secret, so it tells nobody else."""
    return NOT_HELD[error.why]


def _new(prefix: str, agency: str, length: int, chance: Chance) -> tuple[str, Credential]:
    name = base64.b32encode(chance(length)).decode().lower()
    secret = base64.urlsafe_b64encode(chance(32)).decode().rstrip("=")
    return f"{prefix}.{agency}.{name}.{secret}", _credential(agency, name, secret)


def _credential(agency: str, name: str, secret: str) -> Credential:
    return Credential(agency, f"{agency}.{name}", hashlib.sha256(secret.encode()).digest())
