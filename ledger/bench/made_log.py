"""An export of a log as large as wanted, made by arithmetic and put into a folder: what verifying is measured on."""

import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.domain.entry import Envelope, canonical, commitment_of, leaf_hash, new_pseudonym
from ledger.domain.log.checkpoint import Checkpoint, cosignature_blob, cosigned_message
from ledger.domain.log.merkle import Tree
from ledger.domain.log.note import COSIGNATURE, ED25519, key_id, signature_line, vkey_of
from ledger.domain.log.proof import TlogProof
from ledger.domain.log.tiles import bundle_of, bundles_of, tiles_of

ORIGIN: Final = "bench.example"
_START = datetime(2026, 1, 1, tzinfo=UTC)
#: Entries between two signed heads, and seconds between two entries.
_HEAD_EVERY, _PACE_S = 1_000, 0.5
_WITNESSES = ("witness.example/a", "witness.example/b")


class MadeLog:
    """Entries of records in turns, chained and hashed, with heads that two witnesses cosigned."""

    def __init__(self, entries: int, records: int) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(bytes(32))
        self.leaves: list[bytes] = []
        self.tree = Tree()
        names = [new_pseudonym(partial(_random_looking, at)) for at in range(records)]
        self.record = names[0]
        previous = [bytes(32)] * records
        for index in range(entries):
            number, which = divmod(index, records)
            salt = hashlib.sha256(index.to_bytes(8, "big")).digest()
            at = _START + timedelta(seconds=_PACE_S * index)
            commitment = commitment_of(salt, self.content(index))
            leaf = Envelope(names[which], number + 1, previous[which], at, commitment).to_bytes()
            previous[which] = leaf_hash(leaf)
            self.leaves.append(leaf)
            self.tree.append(previous[which])
        self._records = records

    @property
    def vkey(self) -> str:
        """The log's key."""
        return vkey_of(f"{ORIGIN}/log", self._key.public_key().public_bytes_raw())

    @property
    def witness_vkeys(self) -> list[str]:
        """The keys of the witnesses, one key pair under two names being enough to measure."""
        return [vkey_of(name, self._witness(name).public_key().public_bytes_raw(), COSIGNATURE) for name in _WITNESSES]

    @staticmethod
    def content(index: int) -> bytes:
        """What an entry commits to: as long as a short observation."""
        body = {"narrative": "x" * 300, "n": index}
        return canonical({"agency": "hv", "body": body, "event_id": f"{index}", "kind": "n"})

    @staticmethod
    def _witness(name: str) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(name.encode()).digest())

    def _checkpoint(self, size: int) -> str:
        text = Checkpoint(f"{ORIGIN}/log", size, self.tree.root(size)).to_text()
        public = self._key.public_key().public_bytes_raw()
        name, at = f"{ORIGIN}/log", int(_START.timestamp() + _PACE_S * size)
        lines = [signature_line(name, key_id(name, ED25519, public), self._key.sign(text.encode()))]
        for name in _WITNESSES:
            key = self._witness(name)
            blob = cosignature_blob(at, key.sign(cosigned_message(at, text)))
            lines.append(signature_line(name, key_id(name, COSIGNATURE, key.public_key().public_bytes_raw()), blob))
        return text + "\n" + "".join(lines)

    def write_log(self, folder: Path) -> None:
        """Put down an export of the whole log, with a head each thousand entries."""
        size, put = self.tree.size, _Putting(folder)
        heads = [*range(_HEAD_EVERY, size, _HEAD_EVERY), size]
        put("brackets.jsonl", b"".join(self._bracket(head) for head in heads))
        put("checkpoint", self._checkpoint(size).encode())
        for bundle in bundles_of(size):
            start = 256 * bundle.index
            put(bundle.path, bundle_of(self.leaves[start : start + bundle.width]))
        for tile in tiles_of(size):
            assert tile.level != "entries", "tiles_of gives tiles of hashes"
            rows = range(256 * tile.index, 256 * tile.index + tile.width)
            put(tile.path, b"".join(self.tree.read(8 * tile.level, row) for row in rows))
        put.describe({"kind": "log", "size": size})

    def write_record(self, folder: Path) -> None:
        """Put down an export of the first record, all of it shown whole."""
        size, put = self.tree.size, _Putting(folder)
        checkpoint, indexes = self._checkpoint(size), range(0, size, self._records)
        lines = []
        for number, index in enumerate(indexes, start=1):
            proof = self.tree.inclusion_proof(index)
            line = {
                "envelope": self.leaves[index].decode(),
                "index": index,
                "proof": [*map(_base64, proof)],
                "shown": "whole",
                "salt": hashlib.sha256(index.to_bytes(8, "big")).hexdigest(),
                "content": self.content(index).decode(),
            }
            lines.append(canonical(line) + b"\n")
            put(f"proofs/{number}.tlog-proof", TlogProof(index, tuple(proof), checkpoint).to_text().encode())
        put("entries.jsonl", b"".join(lines))
        put("brackets.jsonl", b"".join(self._bracket(head) for head in (*range(_HEAD_EVERY, size, _HEAD_EVERY), size)))
        put("checkpoint", checkpoint.encode())
        as_of = {"number": len(indexes), "hash": leaf_hash(self.leaves[indexes[-1]]).hex()}
        put.describe({"kind": "record", "size": size, "record": self.record, "as_of": as_of})

    def _bracket(self, size: int) -> bytes:
        proof = [*map(_base64, self.tree.consistency_proof(size))]
        return canonical({"checkpoint": self._checkpoint(size), "consistency": proof}) + b"\n"


class _Putting:
    """Writes files, and at the end the one that describes them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._hashes: dict[str, str] = {}

    def __call__(self, name: str, data: bytes) -> None:
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        self._hashes[name] = hashlib.sha256(data).hexdigest()

    def describe(self, about: Mapping[str, Any]) -> None:
        """Write `export.json` and a note that nobody signed."""
        manifest = {
            "format": "ledger-export/1",
            "log": "entries",
            "origin": ORIGIN,
            "keys": {},
            "record": None,
            "as_of": None,
            "made_at": "2026-12-01T00:00:00.000000Z",
            "for": "a measurement",
            **about,
            "files": self._hashes,
        }
        data = json.dumps(manifest, sort_keys=True, separators=(",", ":")).encode()
        (self._folder / "export.json").write_bytes(data)
        text = f"{ORIGIN}/exports\n{hashlib.sha256(data).hexdigest()}\n"
        (self._folder / "export.note").write_text(f"{text}\n{signature_line('nobody', bytes(4), bytes(64))}")


def _random_looking(at: int, count: int) -> bytes:
    return hashlib.sha256(b"%d" % at).digest()[:count]


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
