"""What the environment says of how people sign in. Secrets that stand in files have been read into it before."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Self
from urllib.parse import urlsplit

KEY_BYTES = 32
_FACTORS = ("required", "optional")


class SignInSettingsError(ValueError):
    """A setting is missing or wrong; the text names the variable and what it should be, and repeats nothing."""


@dataclass(frozen=True, slots=True)
class OidcSettings:
    """How this ledger is registered at an OpenID provider."""

    issuer: str
    client_id: str
    client_secret: str | None = field(repr=False)
    name: str
    acr: frozenset[str]
    amr: frozenset[str]


@dataclass(frozen=True, slots=True)
class SignInSettings:
    """How people sign in. `secret_keys`: the first seals second factors, all of them open; none: none can be kept."""

    secret_keys: tuple[bytes, ...] = field(default=(), repr=False)
    is_factor_required: bool = True
    oidc: OidcSettings | None = None
    proxies: int = 0

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Self:
        """Read the settings; everything has a default. Raises SignInSettingsError."""
        factor, proxies = env.get("LEDGER_SECOND_FACTOR") or "required", env.get("LEDGER_PROXIES") or "0"
        if factor not in _FACTORS:
            raise SignInSettingsError("LEDGER_SECOND_FACTOR must be required or optional")
        if not (proxies.isascii() and proxies.isdigit() and int(proxies) <= 9):
            raise SignInSettingsError("LEDGER_PROXIES must be a whole number from 0 to 9")
        return cls(_keys(env.get("LEDGER_SECRET_KEY")), factor == "required", _oidc(env), int(proxies))


def _keys(text: str | None) -> tuple[bytes, ...]:
    keys = []
    for word in (text or "").split():
        try:
            key = base64.b64decode(word + "=" * (-len(word) % 4), altchars=b"-_", validate=True)
        except binascii.Error:
            key = b""
        if len(key) != KEY_BYTES:
            raise SignInSettingsError(
                f"LEDGER_SECRET_KEY must be {KEY_BYTES} random bytes in URL-safe base64 (to change it: the new one, a "
                "space, the old one)"
            )
        keys.append(key)
    return tuple(keys)


def _oidc(env: Mapping[str, str]) -> OidcSettings | None:
    issuer, client = env.get("LEDGER_OIDC_ISSUER"), env.get("LEDGER_OIDC_CLIENT_ID")
    if not issuer and not client:
        return None
    if not issuer or not client:
        raise SignInSettingsError("LEDGER_OIDC_ISSUER and LEDGER_OIDC_CLIENT_ID must both be set, or neither")
    if not _is_issuer(issuer):
        raise SignInSettingsError(
            "LEDGER_OIDC_ISSUER must begin with https:// and be the provider's issuer, letter by letter"
        )
    return OidcSettings(
        issuer,
        client,
        env.get("LEDGER_OIDC_CLIENT_SECRET") or None,
        env.get("LEDGER_OIDC_NAME") or "your organisation’s account",
        frozenset((env.get("LEDGER_OIDC_ACR") or "").split()),
        frozenset((env.get("LEDGER_OIDC_AMR") or "").split()),
    )


def _is_issuer(text: str) -> bool:
    """Whether this may be an issuer: https, or plain http to this machine itself."""
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.query or parts.fragment or parts.username or not host:
        return False
    if parts.scheme != "http":
        return parts.scheme == "https"
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
