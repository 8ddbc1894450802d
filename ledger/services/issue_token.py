"""Give an agency's system a short-lived token for its key, and take one back before its end."""

from collections.abc import Collection
from dataclasses import dataclass, field

from ledger.services.authenticate import new_token, read_token
from ledger.services.context import Context
from ledger.services.refusal import NOT_AUTHENTICATED, RefusedError
from ledger.store.append import Credential
from ledger.store.party import authenticate_credential
from ledger.store.tokens import add_token, revoke_token


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A token as it is told, once."""

    text: str = field(repr=False)
    seconds: int
    scopes: tuple[str, ...]


def issue_token(context: Context, key: Credential, scopes: Collection[str] | None = None) -> IssuedToken:
    """A token for a key's scopes, or for those of them that are asked for.

    Raises RefusedError: not_authenticated, or scope_missing where the key does not carry all that is asked for; and
    NotHeldError where the key has ended or its certificate is not there.
    """
    with context.engine.begin() as connection:
        found = authenticate_credential(connection, key.check)
        if found is None:
            raise RefusedError(NOT_AUTHENTICATED.code, NOT_AUTHENTICATED.detail)
        agency, _, carried, _ = found
        if scopes is not None and not set(scopes) <= set(carried):
            raise RefusedError(
                "scope_missing", f"The key does not carry all of these. It carries: {' '.join(carried)}."
            )
        granted = tuple(scope for scope in carried if scopes is None or scope in scopes)
        token, credential = new_token(agency, context.chance)
        seconds = add_token(
            connection,
            token_id=credential.name,
            secret_sha256=credential.secret_sha256,
            key_id=key.name,
            scopes=granted,
            lifetime=context.token_lifetime,
        )
    return IssuedToken(token, seconds, granted)


def take_back_token(context: Context, key: Credential, token: str) -> None:
    """End a token of the key's agency at its next use. What is no such token is as ended as it can be.

    Raises RefusedError and NotHeldError as issue_token does.
    """
    sent = read_token(token)
    with context.engine.begin() as connection:
        found = authenticate_credential(connection, key.check)
        if found is None:
            raise RefusedError(NOT_AUTHENTICATED.code, NOT_AUTHENTICATED.detail)
        if sent is not None:
            revoke_token(connection, agency=found[0], token_id=sent.name, secret_sha256=sent.secret_sha256)
