"""Webhooks' secrets and signatures, after the specification of Standard Webhooks.

`v1` is HMAC-SHA256 with a secret that both sides hold (`whsec_`). `v1a` is Ed25519: the ledger alone holds the private
key (`whsk_`), and whoever has the public one (`whpk_`) can check and not forge. What is signed is `id.timestamp.body`.
https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ledger.domain.entry import Chance

Signing = Literal["hmac", "ed25519"]
SIGNINGS: Final[tuple[Signing, ...]] = ("hmac", "ed25519")
#: The specification has 24 to 64 bytes for HMAC; Ed25519 has 32.
SECRET_BYTES: Final = 32
#: For how many seconds a receiver takes a message for fresh.
TOLERANCE_S: Final = 300
_SYMMETRIC, _PRIVATE, _PUBLIC = "whsec_", "whsk_", "whpk_"


class BadSecretError(ValueError):
    """A secret's text has not the form of one; it is not repeated."""


@dataclass(frozen=True, slots=True)
class Secret:
    """What signs. `raw` is sealed wherever it is kept."""

    signing: Signing
    raw: bytes = field(repr=False)

    @property
    def text(self) -> str:
        """As it is shown: of HMAC the secret itself, once; of Ed25519 never."""
        return (_SYMMETRIC if self.signing == "hmac" else _PRIVATE) + base64.b64encode(self.raw).decode()

    @property
    def public(self) -> str | None:
        """The public key as it is shown, as often as asked; None of HMAC, which has none."""
        if self.signing == "hmac":
            return None
        raw = Ed25519PrivateKey.from_private_bytes(self.raw).public_key().public_bytes_raw()
        return _PUBLIC + base64.b64encode(raw).decode()

    def sign(self, message_id: str, timestamp_s: int, body: bytes) -> str:
        """One signature: its version, a comma, and base64."""
        signed = signed_text(message_id, timestamp_s, body)
        if self.signing == "hmac":
            return "v1," + base64.b64encode(hmac.digest(self.raw, signed, hashlib.sha256)).decode()
        return "v1a," + base64.b64encode(Ed25519PrivateKey.from_private_bytes(self.raw).sign(signed)).decode()


def new_secret(signing: Signing, chance: Chance) -> Secret:
    """A secret that was never before."""
    return Secret(signing, chance(SECRET_BYTES))


def read_secret(text: str) -> Secret:
    """A secret from its text; without a prefix it is one of HMAC. Raises BadSecretError."""
    signing: Signing = "ed25519" if text.startswith(_PRIVATE) else "hmac"
    raw = _decoded(text.removeprefix(_PRIVATE).removeprefix(_SYMMETRIC))
    if not raw or (signing == "ed25519" and len(raw) != SECRET_BYTES):
        raise BadSecretError("a secret is whsec_ or whsk_ and base64")
    return Secret(signing, raw)


def signed_text(message_id: str, timestamp_s: int, body: bytes) -> bytes:
    """What is signed. Raises ValueError where the parts could be read otherwise when they are joined."""
    if not message_id or "." in message_id or not message_id.isascii() or timestamp_s < 0:
        raise ValueError("a message's id is ASCII without a full stop, and its time is not before 1970")
    return b".".join([message_id.encode(), str(timestamp_s).encode(), body])


def sign(secrets: Sequence[Secret], message_id: str, timestamp_s: int, body: bytes) -> dict[str, str]:
    """The three headers of a message, signed with each secret that is in use: while one is rotated, with both."""
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp_s),
        "webhook-signature": " ".join(secret.sign(message_id, timestamp_s, body) for secret in secrets),
    }


def is_signed(secret: str, headers: dict[str, str], body: bytes, now_s: int) -> bool:
    """Whether one of the signatures is of this secret, or of this public key, and the message is of these minutes.

    What a receiver does, here so that the vectors can be held against it. Raises BadSecretError.
    """
    message_id, written = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not (written.isascii() and written.isdigit()) or abs(now_s - int(written)) > TOLERANCE_S:
        return False
    try:
        signed = signed_text(message_id, int(written), body)
    except ValueError:
        return False
    found = [one.partition(",") for one in headers.get("webhook-signature", "").split(" ")]
    if secret.startswith(_PUBLIC):
        key = Ed25519PublicKey.from_public_bytes(_decoded(secret.removeprefix(_PUBLIC)))
        return any(_holds(key, text, signed) for version, _, text in found if version == "v1a")
    right = read_secret(secret).sign(message_id, int(written), body)
    return any(hmac.compare_digest(right.encode(), f"{version},{text}".encode()) for version, _, text in found if text)


def _holds(key: Ed25519PublicKey, text: str, signed: bytes) -> bool:
    try:
        key.verify(base64.b64decode(text, validate=True), signed)
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise BadSecretError("a secret is a prefix and base64") from None
