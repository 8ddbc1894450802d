"""A client of tiled logs, written from the C2SP texts alone: it knows nothing of the ledger and imports nothing of it.

c2sp.org/tlog-tiles, c2sp.org/tlog-checkpoint, c2sp.org/signed-note, c2sp.org/tlog-proof, RFC 6962 section 2.1.
"""

import base64
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

#: Fetches what stands at a path below the log's prefix; raises where there is nothing.
Get = Callable[[str], bytes]


def opened(note: str, vkey: str) -> list[str]:
    """The lines of a note's text, once the key's signature is verified; LookupError where it did not sign."""
    text, _, signatures = note.rpartition("\n\n")
    name, key_id, encoded = vkey.split("+", 2)
    key = base64.b64decode(encoded, validate=True)
    assert key[0] == 1
    assert hashlib.sha256(name.encode() + b"\n" + key).hexdigest()[:8] == key_id
    for line in signatures.splitlines():
        dash, signer, blob = line.split(" ")
        signed = base64.b64decode(blob, validate=True)
        if dash == "—" and signer == name and signed[:4].hex() == key_id:
            Ed25519PublicKey.from_public_bytes(key[1:]).verify(signed[4:], f"{text}\n".encode())
            return text.split("\n")
    raise LookupError(name)


def tree_hash(leaves: Sequence[bytes]) -> bytes:
    """MTH of RFC 6962, over leaf hashes, as the text defines it."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + tree_hash(leaves[:split]) + tree_hash(leaves[split:])).digest()


def path_root(index: int, size: int, leaf: bytes, path: Sequence[bytes]) -> bytes:
    """The root that an audit path of RFC 6962 section 2.1.1 leads to."""
    if size == 1:
        assert not path
        return leaf
    split = 1 << (size - 1).bit_length() - 1
    if index < split:
        return hashlib.sha256(b"\x01" + path_root(index, split, leaf, path[:-1]) + path[-1]).digest()
    return hashlib.sha256(b"\x01" + path[-1] + path_root(index - split, size - split, leaf, path[:-1])).digest()


def check_proof(proof: str, leaf: bytes, vkey: str) -> tuple[int, int]:
    """Index and size of an offline proof of a leaf, c2sp.org/tlog-proof@v1, once it holds."""
    head, _, checkpoint = proof.partition("\n\n")
    first, index, *path = head.split("\n")
    assert first == "c2sp.org/tlog-proof@v1"
    word, _, number = index.partition(" ")
    assert word == "index"
    origin, size, root = opened(checkpoint, vkey)[:3]
    assert origin == vkey.partition("+")[0]
    hashes = [base64.b64decode(line, validate=True) for line in path]
    leaf_hash = hashlib.sha256(b"\x00" + leaf).digest()
    assert path_root(int(number), int(size), leaf_hash, hashes) == base64.b64decode(root)
    return int(number), int(size)


@dataclass
class TlogClient:
    """Follows one log by its prefix and its key."""

    get: Get
    vkey: str

    def checkpoint(self) -> tuple[int, bytes]:
        """Size and root of the newest checkpoint, once its signature is verified."""
        origin, size, root = opened(self.get("checkpoint").decode(), self.vkey)[:3]
        assert origin == self.vkey.partition("+")[0]
        return int(size), base64.b64decode(root, validate=True)

    def tiles(self, size: int) -> list[list[bytes]]:
        """The hashes of each level of tiles of a tree, every tile of it fetched."""
        levels: list[list[bytes]] = []
        while size:
            row = []
            for place, width in self._places(size):
                data = self.get(f"tile/{len(levels)}/{place}")
                assert len(data) == 32 * width
                row += [data[at : at + 32] for at in range(0, len(data), 32)]
            levels.append(row)
            size //= 256
        return levels

    def entries(self, size: int) -> list[bytes]:
        """Every entry of a tree, by its bundles."""
        found = []
        for place, width in self._places(size):
            data = self.get(f"tile/entries/{place}")
            count = 0
            while data:
                length = int.from_bytes(data[:2], "big")
                found.append(data[2 : 2 + length])
                assert len(found[-1]) == length
                data, count = data[2 + length :], count + 1
            assert count == width
        return found

    def follow(self) -> list[bytes]:
        """Every entry up to the newest checkpoint, once entries, tiles of all levels and root agree."""
        size, root = self.checkpoint()
        levels, entries = self.tiles(size), self.entries(size)
        assert [hashlib.sha256(b"\x00" + entry).digest() for entry in entries] == levels[0]
        for below, row in pairwise(levels):
            assert row == [tree_hash(below[at : at + 256]) for at in range(0, len(below) - 255, 256)]
        assert tree_hash(levels[0]) == root
        return entries

    def _places(self, size: int) -> list[tuple[str, int]]:
        """Where each tile of a row of so many hashes stands, below its level, and how wide it is."""
        whole, rest = divmod(size, 256)
        return [(_place(index), 256) for index in range(whole)] + (
            [(f"{_place(whole)}.p/{rest}", rest)] if rest else []
        )


def _place(index: int) -> str:
    parts = [f"{index % 1000:03}"]
    while index := index // 1000:
        parts.append(f"x{index % 1000:03}")
    return "/".join(reversed(parts))
