"""A witness's key: its name and an Ed25519 seed, in one line, as note signers write theirs.

`PRIVATE+KEY+<name>+<key id in hex>+<base64 of the type byte 4 and the seed>`. The public half is the verifier key that
policies name (C2SP signed-note, type 4 of tlog-cosignature).
"""

from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ledger.domain.log.checkpoint import cosignature_blob, cosigned_message
from ledger.domain.log.note import COSIGNATURE, key_id, signature_line, vkey_of
from ledger.domain.log.strict import base64_of, bytes_of

SEED_BYTES = 32
_PREFIX = "PRIVATE+KEY"


@dataclass(frozen=True, slots=True)
class WitnessKey:
    """Signs as one witness. Raises ValueError for a name that no note can carry, or a seed that is not 32 bytes."""

    name: str
    seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.seed) != SEED_BYTES:
            raise ValueError("a key is made of 32 bytes")
        vkey_of(self.name, self.public, COSIGNATURE)

    @property
    def public(self) -> bytes:
        """The public half, 32 bytes."""
        return Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw()

    @property
    def vkey(self) -> str:
        """What logs and verifiers are given."""
        return vkey_of(self.name, self.public, COSIGNATURE)

    def cosign(self, timestamp: int, text: str) -> str:
        """The signature line over a checkpoint's text as of a POSIX time in seconds, its line end included."""
        key = Ed25519PrivateKey.from_private_bytes(self.seed)
        blob = cosignature_blob(timestamp, key.sign(cosigned_message(timestamp, text)))
        return signature_line(self.name, key_id(self.name, COSIGNATURE, self.public), blob)

    def to_text(self) -> str:
        """The one line of a key file; secret."""
        identifier = key_id(self.name, COSIGNATURE, self.public).hex()
        return f"{_PREFIX}+{self.name}+{identifier}+{base64_of(bytes([COSIGNATURE]) + self.seed)}\n"


def parse_key(text: str) -> WitnessKey:
    """The key of a key file. Raises ValueError, which repeats nothing of the file."""
    fault = ValueError("this is no witness's key: `ledger witness key new` writes one")
    if not text.startswith(f"{_PREFIX}+"):
        raise fault
    try:
        name, identifier, encoded = text.removesuffix("\n").removeprefix(f"{_PREFIX}+").split("+", 2)
        material = bytes_of(encoded)
    except ValueError:
        raise fault from None
    if material[:1] != bytes([COSIGNATURE]) or len(material) != 1 + SEED_BYTES:
        raise fault
    key = WitnessKey(name, material[1:])
    if key_id(name, COSIGNATURE, key.public).hex() != identifier:
        raise fault
    return key


def verify(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether an Ed25519 signature holds (RFC 8032)."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
