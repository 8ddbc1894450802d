"""A log in memory with its key: what honest and dishonest operators would send to a witness."""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.domain.log.checkpoint import Checkpoint
from ledger.domain.log.merkle import Tree, leaf_hash
from ledger.domain.log.note import Verifier, key_id, parse_vkey, signature_line, vkey_of


def seed_of(words: str) -> bytes:
    """A key's seed for tests, the same each time."""
    return hashlib.sha256(words.encode()).digest()


@dataclass
class SigningLog:
    """A tree over entries named by words, signed by one key; `forked` gives another history under the same key."""

    origin: str = "tests.example/log"
    seed: bytes = field(default_factory=lambda: seed_of("the log"))
    tree: Tree = field(default_factory=Tree)

    @property
    def public(self) -> bytes:
        return Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw()

    @property
    def vkey(self) -> str:
        return vkey_of(self.origin, self.public)

    @property
    def verifier(self) -> Verifier:
        return parse_vkey(self.vkey)

    def grow(self, count: int, story: str = "true") -> "SigningLog":
        """Append so many entries, told by this story."""
        for number in range(self.tree.size, self.tree.size + count):
            self.tree.append(leaf_hash(f"{story} {number}".encode()))
        return self

    def forked(self, at: int, count: int, story: str = "false") -> "SigningLog":
        """The same log up to a size, and another story from there."""
        other = SigningLog(self.origin, self.seed)
        for number in range(at):
            other.tree.append(self.tree.read(0, number))
        return other.grow(count, story)

    def note(self, size: int | None = None) -> str:
        """The signed checkpoint at a size, by default the present one."""
        size = self.tree.size if size is None else size
        return self.signed(Checkpoint(self.origin, size, self.tree.root(size)).to_text())

    def signed(self, text: str) -> str:
        """Any text as a note of this key's."""
        blob = Ed25519PrivateKey.from_private_bytes(self.seed).sign(text.encode())
        return f"{text}\n{signature_line(self.origin, key_id(self.origin, 1, self.public), blob)}"

    def proof(self, old: int, new: int | None = None) -> list[bytes]:
        """The consistency proof; empty from size 0."""
        return self.tree.consistency_proof(old, new) if old else []

    def body(self, old: int, size: int | None = None, proof: Sequence[bytes] | None = None) -> bytes:
        """A request for a cosignature."""
        lines = self.proof(old, size) if proof is None else proof
        head = "\n".join([f"old {old}", *(base64.b64encode(line).decode() for line in lines)])
        return f"{head}\n\n{self.note(size)}".encode()
