"""The OpenID provider where people of the agencies sign in: its addresses, its keys, and whom its tokens are about.

Authorization code with PKCE (RFC 7636), state and nonce; the token is checked after OpenID Connect Core 3.1.3.7. Only
the configured issuer is ever connected to: what it names as its addresses must be of its own origin. What it answers is
read to a limit, redirects are not followed, and nothing of it is logged.
"""

import base64
import json
import ssl
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import quote_plus, urlencode, urlsplit

import httpx
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from authlib.oidc.discovery import get_well_known_url
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import Key, KeySet

_TIMEOUT_S, _BYTES_MOST = 5.0, 512 * 1024
_METADATA_LASTS_S = 3600.0
#: Signatures that only the provider can make; `none` and those of a shared secret are not among them.
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA"]
#: Seconds by which the provider's clock and ours may differ.
_LEEWAY_S = 60
SUBJECT_CHARS_MOST = 255


class ProviderAwayError(Exception):
    """The provider does not answer, or not as one; signing in there is for later."""


class ProviderRefusedError(Exception):
    """What came back signs nobody in: the code, the token or what it says does not hold."""


@dataclass(frozen=True, slots=True)
class Registration:
    """How this ledger is registered at the provider. `acr` and `amr`: what a sign-in must have been, where asked."""

    issuer: str
    client_id: str
    client_secret: str | None = field(repr=False)
    name: str
    acr: frozenset[str] = frozenset()
    amr: frozenset[str] = frozenset()


class Provider:
    """One provider, as one process knows it. Its metadata is kept for an hour, its keys until one is missing."""

    def __init__(self, registration: Registration) -> None:
        self.registration = registration
        self.name, self.issuer = registration.name, registration.issuer
        self._metadata: tuple[float, Mapping[str, Any]] | None = None
        self._keys: Sequence[Key] = ()

    def authorization_address(self, *, state: str, nonce: str, verifier: str, back: str) -> str:
        """Where to send somebody to sign in. Raises ProviderAwayError."""
        mine = self.registration
        address = prepare_grant_uri(
            _endpoint(self._known(), "authorization_endpoint", self.issuer),
            mine.client_id,
            "code",
            redirect_uri=back,
            scope="openid",
            state=state,
            nonce=nonce,
            code_challenge=create_s256_code_challenge(verifier),
            code_challenge_method="S256",
            acr_values=" ".join(sorted(mine.acr)) or None,
        )
        return str(address)

    def subject_of(
        self, code: str, *, verifier: str, nonce: str, back: str, now: datetime, issuer: str | None = None
    ) -> str:
        """Whom a code is about, once all of its token holds. `issuer` is who the answer said it came from (RFC 9207).

        Raises ProviderAwayError or ProviderRefusedError.
        """
        known = self._known()
        must_say = bool(known.get("authorization_response_iss_parameter_supported"))
        if issuer != self.issuer and (issuer is not None or must_say):
            raise ProviderRefusedError
        answer = self._redeem(known, code, verifier, back)
        token, access = answer.get("id_token"), answer.get("access_token")
        if not isinstance(token, str):
            raise ProviderRefusedError
        return self._checked(token, access if isinstance(access, str) else None, nonce, now)

    def end_session_address(self, back: str) -> str | None:
        """Where somebody may sign out of the provider too, if it has said so; nothing is fetched for it."""
        if self._metadata is None or "end_session_endpoint" not in self._metadata[1]:
            return None
        try:
            address = _endpoint(self._metadata[1], "end_session_endpoint", self.issuer)
        except ProviderAwayError:
            return None
        asked = urlencode({"client_id": self.registration.client_id, "post_logout_redirect_uri": back})
        return f"{address}{'&' if '?' in address else '?'}{asked}"

    def _known(self) -> Mapping[str, Any]:
        if self._metadata is not None and time.monotonic() - self._metadata[0] < _METADATA_LASTS_S:
            return self._metadata[1]
        found = _as_json(_fetch("GET", get_well_known_url(self.issuer, external=True)))
        if found.get("issuer") != self.issuer:
            raise ProviderAwayError
        self._metadata = (time.monotonic(), found)
        return found

    def _redeem(self, known: Mapping[str, Any], code: str, verifier: str, back: str) -> Mapping[str, Any]:
        mine = self.registration
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        more: dict[str, str] = {}
        ways = known.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        if mine.client_secret is None:
            more = {"client_id": mine.client_id}
        elif "client_secret_basic" in ways or "client_secret_post" not in ways:
            pair = f"{quote_plus(mine.client_id)}:{quote_plus(mine.client_secret)}"
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        else:
            more = {"client_id": mine.client_id, "client_secret": mine.client_secret}
        body = prepare_token_request("authorization_code", redirect_uri=back, code=code, code_verifier=verifier, **more)
        address = _endpoint(known, "token_endpoint", self.issuer)
        return _as_json(_fetch("POST", address, content=str(body), headers=headers))

    def _checked(self, token: str, access: str | None, nonce: str, now: datetime) -> str:
        claims, header = self._read(token)
        mine = self.registration
        must: dict[str, Any] = {name: {"essential": True} for name in ("exp", "iat", "sub", "nonce")}
        must |= {"iss": {"essential": True, "value": mine.issuer}, "aud": {"essential": True, "value": mine.client_id}}
        told = {"nonce": nonce, "client_id": mine.client_id, "access_token": access}
        try:
            CodeIDToken(claims, header, must, told).validate(int(now.timestamp()), _LEEWAY_S)
        except (JoseError, TypeError, ValueError) as error:
            raise ProviderRefusedError from error
        amr = claims.get("amr") or []
        subject = claims["sub"]
        if (
            not isinstance(subject, str)
            or not 0 < len(subject) <= SUBJECT_CHARS_MOST
            or (mine.acr and claims.get("acr") not in mine.acr)
            or not mine.amr <= {one for one in amr if isinstance(one, str)}
        ):
            raise ProviderRefusedError
        return subject

    def _read(self, token: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """A token that the provider signed; its keys are asked for anew when none that we know did."""
        for keys in (self._keys, None):
            for key in keys if keys is not None else self._newest_keys():
                try:
                    found = jwt.decode(token, key, algorithms=_ALGORITHMS)
                except (JoseError, ValueError, TypeError):
                    continue
                return found.claims, found.header
        raise ProviderRefusedError

    def _newest_keys(self) -> Sequence[Key]:
        found = _as_json(_fetch("GET", _endpoint(self._known(), "jwks_uri", self.issuer)))
        try:
            keys = KeySet.import_key_set({"keys": found["keys"]}).keys
        except (JoseError, KeyError, TypeError, ValueError) as error:
            raise ProviderAwayError from error
        self._keys = [key for key in keys if key.get("use", "sig") == "sig" and key.key_type != "oct"]
        return self._keys


def is_safe_address(address: str) -> bool:
    """Whether an address may be connected to: https, or this machine itself."""
    parts = urlsplit(address)
    if parts.scheme == "https":
        return bool(parts.hostname)
    try:
        return parts.scheme == "http" and ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return parts.scheme == "http" and parts.hostname == "localhost"


def _endpoint(known: Mapping[str, Any], name: str, issuer: str) -> str:
    """An address that the provider names, if it is of its own origin. Raises ProviderAwayError."""
    address = known.get(name)
    if not isinstance(address, str) or urlsplit(address)[:2] != urlsplit(issuer)[:2] or not is_safe_address(address):
        raise ProviderAwayError
    return address


def _fetch(method: str, address: str, **more: Any) -> bytes:
    """What the provider answers: refused, when it says that we are wrong; away, when it says anything else."""
    try:
        with (
            httpx.Client(verify=ssl.create_default_context(), timeout=_TIMEOUT_S, trust_env=False) as client,
            client.stream(method, address, **more) as response,
        ):
            read = b""
            for piece in response.iter_bytes():
                read += piece
                if len(read) > _BYTES_MOST:
                    raise ProviderAwayError
            if method == "POST" and 400 <= response.status_code < 500:
                raise ProviderRefusedError
            if response.status_code != httpx.codes.OK:
                raise ProviderAwayError
            return read
    except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError) as error:
        raise ProviderAwayError from error


def _as_json(read: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(read)
    except ValueError as error:
        raise ProviderAwayError from error
    if not isinstance(found, dict):
        raise ProviderAwayError
    return found
