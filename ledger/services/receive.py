"""Receipts: what the ledger took in and when, as a signed note that its sender can show against the ledger's operator.

A receipt says nothing but the envelope, which the chain and the log hold as well, so whoever has one can show at any
later time that the ledger promised this entry at this number and time. It is signed by a key that is for receipts (and
for what the web processes hand out) alone: they are many, and stand where strangers call. The log's key is the
sealer's. Ed25519 has no chance in it (RFC 8032), so the same entry gets the same receipt at every retry.
"""

from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine, select

from ledger.domain.log.note import key_id, signature_line, vkey_of
from ledger.domain.log.receipt import receipt_name, receipt_text
from ledger.store.tables import ledger_state

SEED_BYTES = 32


class ReceiptSigner:
    """Signs with the receipt key of one ledger.

    `seed` is the key's 32 bytes; `origin` the ledger's name, or what finds it out, which is asked once, when it is
    first needed. Raises ValueError for a seed of another length.
    """

    def __init__(self, seed: bytes, origin: str | Callable[[], str]) -> None:
        if len(seed) != SEED_BYTES:
            raise ValueError(f"a key is {SEED_BYTES} bytes")
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self._public = self._key.public_key().public_bytes_raw()
        self._find_origin = origin if callable(origin) else lambda: origin
        # Two threads that ask at once find the same.
        self._origin: str | None = None

    @property
    def origin(self) -> str:
        """The ledger's name."""
        if self._origin is None:
            self._origin = self._find_origin()
        return self._origin

    @property
    def name(self) -> str:
        """The key's name, as signed notes give it."""
        return receipt_name(self.origin)

    @property
    def vkey(self) -> str:
        """The verifier key (c2sp.org/signed-note) by which receipts are checked."""
        return vkey_of(self.name, self._public)

    def sign(self, text: str) -> str:
        """A text as a signed note. ValueError unless it ends with a newline, as a note's text must."""
        if not text.endswith("\n"):
            raise ValueError("a note's text ends with a newline")
        name = self.name
        line = signature_line(name, key_id(name, 1, self._public), self._key.sign(text.encode()))
        return f"{text}\n{line}"

    def receipt(self, envelope: bytes) -> str:
        """The receipt of an entry, by the bytes of its envelope."""
        return self.sign(receipt_text(self.origin, envelope))


def signer_for(engine: Engine, seed: bytes) -> ReceiptSigner:
    """The signer of the ledger in a database, which is asked for its name when that is first needed."""

    def origin() -> str:
        with engine.connect() as connection:
            named: str = connection.execute(select(ledger_state.c.origin)).scalar_one()
        return named

    return ReceiptSigner(seed, origin)
