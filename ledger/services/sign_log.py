"""Signing with the log's key, Ed25519: checkpoints as signed notes, under the names of the two logs."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ledger.domain.log.checkpoint import Checkpoint
from ledger.domain.log.note import Verifier, key_id, opened, parse_note, parse_vkey, signature_line, vkey_of
from ledger.store.log import Log

SEED_BYTES = 32


def origin_of_log(origin: str, log: Log) -> str:
    """The name of one of a ledger's two logs, which is also its key's."""
    return f"{origin}/log" if log == "entries" else f"{origin}/log/access"


def verified(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether an Ed25519 signature holds (RFC 8032)."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


class LogSigner:
    """Signs the checkpoints of one ledger's logs. Raises ValueError for a seed that is not 32 bytes.

    The same checkpoint gets the same signature each time (RFC 8032), so signing again after a crash makes nothing new.
    """

    def __init__(self, seed: bytes) -> None:
        if len(seed) != SEED_BYTES:
            raise ValueError(f"a key is {SEED_BYTES} bytes")
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self._public = self._key.public_key().public_bytes_raw()

    def vkey(self, log_origin: str) -> str:
        """What whoever checks a log of this name is given."""
        return vkey_of(log_origin, self._public)

    def verifier(self, log_origin: str) -> Verifier:
        """The same, taken apart."""
        return parse_vkey(self.vkey(log_origin))

    def sign(self, checkpoint: Checkpoint) -> str:
        """The checkpoint as a note with this log's signature."""
        signed = checkpoint.to_text()
        name = checkpoint.origin
        line = signature_line(name, key_id(name, 1, self._public), self._key.sign(signed.encode()))
        return f"{signed}\n{line}"

    def has_signed(self, note: str, checkpoint: Checkpoint) -> bool:
        """Whether a note is this checkpoint, under a signature of this key."""
        try:
            parsed = parse_note(note)
            return parsed.text == checkpoint.to_text() and bool(
                opened(parsed, [self.verifier(checkpoint.origin)], verified)
            )
        except ValueError:
            return False
