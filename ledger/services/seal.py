"""Sealing what must be read again and never be read from the database alone: AES-GCM with a key from the settings.

The first key seals; all of them open, so a key can be changed while what the old one sealed is still in use. Sealed
text is bound to what it is for: moved to another row it does not open.
"""

import hmac
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ledger.domain.entry import Chance

KEY_BYTES = 32
_NONCE_BYTES = 12


class SealBrokenError(Exception):
    """No key opens it: it was sealed with another, for something else, or was changed."""


class Sealer:
    """Seals and opens with the given keys of 32 bytes, the first of which seals."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._keys = [AESGCM(key) for key in keys]
        self._names = keys[0]

    def seal(self, secret: bytes, purpose: bytes, chance: Chance) -> bytes:
        """The secret sealed for a purpose."""
        nonce = chance(_NONCE_BYTES)
        return nonce + self._keys[0].encrypt(nonce, secret, purpose)

    def open(self, sealed: bytes, purpose: bytes) -> bytes:
        """What was sealed for this purpose. Raises SealBrokenError."""
        for key in self._keys:
            try:
                return key.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], purpose)
            except (InvalidTag, ValueError):
                continue
        raise SealBrokenError

    def name(self, text: bytes) -> bytes:
        """A name for a text that does not give it away: the same each time, and of use to no one without the key."""
        return hmac.digest(self._names, b"name of " + text, "sha256")
