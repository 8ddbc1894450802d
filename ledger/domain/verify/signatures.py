"""Whose code verifies signatures: the `cryptography` library where it is installed, else plain Python, more slowly."""

from ledger.domain.log.ed25519 import verify_ed25519
from ledger.domain.log.note import Verify


def best_verify() -> Verify:
    """The quickest way to verify Ed25519 that there is on this machine; both give the same answers."""
    try:
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - it may not be installed
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415 - likewise
    except ImportError:
        return verify_ed25519

    def verify(public: bytes, signature: bytes, message: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True

    return verify
