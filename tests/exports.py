"""Exports of a ledger that never was, made in memory and quickly, honest or not: what `ledger verify` is tested on.

Keys are real Ed25519. What an export holds is made from plain lists (`Kept`), so that a test changes the lists as a
superuser would change tables, and makes the files again, with whatever keys the one who tampers is taken to hold.
"""

import base64
import hashlib
import io
import json
import random
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import IO, Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.domain.entry import Envelope, canonical, commitment_of, leaf_hash, new_pseudonym
from ledger.domain.log.access import access_commitment, access_content, access_leaf
from ledger.domain.log.checkpoint import Checkpoint, cosignature_blob, cosigned_message, parse_checkpoint
from ledger.domain.log.merkle import Tree
from ledger.domain.log.note import COSIGNATURE, ED25519, key_id, parse_note, signature_line, vkey_of
from ledger.domain.log.proof import TlogProof
from ledger.domain.log.receipt import receipt_name, receipt_text
from ledger.domain.log.tiles import bundle_of, bundles_of, tiles_of

ORIGIN = "ledger.example"
START = datetime(2026, 1, 5, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Key:
    """A key pair under a name, for texts (kind 1) or as a witness (kind 4)."""

    name: str
    seed: int
    kind: int = ED25519

    @property
    def private(self) -> Ed25519PrivateKey:
        return _private(self.seed)

    @property
    def public(self) -> bytes:
        return _public(self.seed)

    @property
    def vkey(self) -> str:
        return vkey_of(self.name, self.public, self.kind)

    def line(self, text: str, at: int | None = None) -> str:
        """The signature line under a text; a witness's at a time in seconds."""
        if at is None:
            blob = self.private.sign(text.encode())
        else:
            blob = cosignature_blob(at, self.private.sign(cosigned_message(at, text)))
        return signature_line(self.name, key_id(self.name, self.kind, self.public), blob)


@cache
def _private(seed: int) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(seed.to_bytes(32, "big"))


@cache
def _public(seed: int) -> bytes:
    return _private(seed).public_key().public_bytes_raw()


LOG = Key(f"{ORIGIN}/log", 1)
ACCESS = Key(f"{ORIGIN}/log/access", 1)
RECEIPTS = Key(receipt_name(ORIGIN), 2)
WITNESSES = [
    Key(f"witness.example/{name}", 10 + at, COSIGNATURE) for at, name in enumerate(("police", "health", "school"))
]
POLICY = "".join(
    [
        f"log {LOG.vkey}\n",
        *(f"witness {key.name.rpartition('/')[2]} {key.vkey}\n" for key in WITNESSES),
        "group two 2 police health school\nquorum two\n",
    ]
)


@dataclass(frozen=True)
class Signed:
    """A head of the log as it was signed: its size, and the checkpoint with whatever signatures."""

    size: int
    note: str


@dataclass
class Kept:
    """A log as tables hold it: leaves in order, salt and content of each, and the signed heads, the last one newest."""

    leaves: list[bytes] = field(default_factory=list)
    contents: list[tuple[bytes, bytes]] = field(default_factory=list)
    heads: list[Signed] = field(default_factory=list)
    key: Key = LOG

    def copy(self) -> "Kept":
        return replace(self, leaves=[*self.leaves], contents=[*self.contents], heads=[*self.heads])

    def tree(self) -> Tree:
        return Tree(map(leaf_hash, self.leaves))


class Ledger:
    """A ledger that grows: records, entries, reads, and heads that are signed and cosigned as they come."""

    def __init__(self, seed: int, records: int = 3) -> None:
        self.chance = random.Random(seed)
        self.records = [new_pseudonym(self.chance.randbytes) for _ in range(records)]
        self.kept = Kept()
        self.now = START
        self._tree = Tree()
        self._last: dict[str, tuple[int, bytes, datetime]] = {}

    def append(self, record: str, recorded_at: datetime | None = None) -> None:
        """One more entry of a record, by default at the present time."""
        number, previous, _ = self._last.get(record, (0, bytes(32), self.now))
        salt, at = self.chance.randbytes(32), recorded_at or self.now
        content = canonical({"agency": "hv", "body": {"n": number}, "event_id": str(number), "kind": "note"})
        leaf = Envelope(record, number + 1, previous, at, commitment_of(salt, content)).to_bytes()
        self._add(leaf, salt, content)
        self._last[record] = (number + 1, leaf_hash(leaf), at)

    def read(self) -> None:
        """One more read, for a log of reads."""
        written = self.now.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        members = dict.fromkeys(("access", "agency", "at", "outcome", "purpose", "record", "request", "what"), "x")
        content = access_content(
            {**members, "real_at": written, "person": None, "refused_for": None, "by_glass": False, "up_to": 1}
        )
        salt = self.chance.randbytes(32)
        self._add(access_leaf(written, access_commitment(salt, content)), salt, content)

    def _add(self, leaf: bytes, salt: bytes, content: bytes) -> None:
        self.kept.leaves.append(leaf)
        self.kept.contents.append((salt, content))
        self._tree.append(leaf_hash(leaf))

    def wait(self, most_s: float) -> None:
        """Let some time go by."""
        self.now += timedelta(seconds=round(self.chance.random() * most_s, 6))

    def sign(self, witnesses: Sequence[Key] = tuple(WITNESSES)) -> Signed:
        """Sign the present head, and let witnesses cosign it within seconds."""
        checkpoint = Checkpoint(self.kept.key.name, self._tree.size, self._tree.root())
        times = [int(self.now.timestamp()) + self.chance.randrange(3) for _ in witnesses]
        head = Signed(self._tree.size, sign_head(checkpoint, self.kept.key, dict(zip(witnesses, times, strict=True))))
        self.kept.heads.append(head)
        return head

    def grow(self, entries: int, heads: int = 4) -> None:
        """Add entries of random records with some heads among them, and one at the end."""
        marks = {self.chance.randrange(1, entries + 1) for _ in range(heads)} | {entries}
        for done in range(1, entries + 1):
            self.wait(30)
            self.append(self.chance.choice(self.records))
            if done in marks:
                self.sign()


def sign_head(checkpoint: Checkpoint, key: Key, times: Mapping[Key, int]) -> str:
    """A checkpoint's note, signed by the log and by each witness at its time in seconds."""
    text = checkpoint.to_text()
    return text + "\n" + key.line(text) + "".join(witness.line(text, at) for witness, at in times.items())


def resigned(kept: Kept) -> Kept:
    """The same with every head signed anew by the real log key over what the leaves are now; no witness cosigns."""
    tree = kept.tree()
    sizes = sorted({min(head.size, tree.size) for head in kept.heads[:-1]} | {tree.size})
    notes = [sign_head(Checkpoint(kept.key.name, size, tree.root(size)), kept.key, {}) for size in sizes]
    return replace(kept, heads=[Signed(size, note) for size, note in zip(sizes, notes, strict=True)])


def envelope_at(kept: Kept, index: int) -> Envelope:
    """The entry at an index, taken apart."""
    return Envelope.from_members(json.loads(kept.leaves[index]))


def indexes_of(kept: Kept, record: str) -> list[int]:
    """Where a record's entries stand, in the log's order."""
    name = f'"record":"{record}"'.encode()
    return [index for index, leaf in enumerate(kept.leaves) if name in leaf]


def rechained(kept: Kept, record: str) -> None:
    """Number and chain a record's entries again from the first on, as somebody would who covers a change up."""
    previous = bytes(32)
    for number, index in enumerate(indexes_of(kept, record), start=1):
        leaf = replace(envelope_at(kept, index), number=number, previous=previous).to_bytes()
        kept.leaves[index] = leaf
        previous = leaf_hash(leaf)


def receipt_of(leaf: bytes) -> str:
    """The receipt that the ledger gave for an entry."""
    text = receipt_text(ORIGIN, leaf)
    return text + "\n" + RECEIPTS.line(text)


# ── files ────────────────────────────────────────────────────────────────────────────────────────────────

Exported = dict[str, bytes]


def export_log(kept: Kept, reads: Iterable[int] = ()) -> Exported:
    """The files of an export of the whole log, or of that of reads with the contents of some of them."""
    tree, size = kept.tree(), parse_checkpoint(parse_note(kept.heads[-1].note).text).size
    files = _heads(kept, tree, kept.heads)
    for bundle in bundles_of(tree.size):
        start = 256 * bundle.index
        files[bundle.path] = bundle_of(kept.leaves[start : start + bundle.width])
    for tile in tiles_of(tree.size):
        rows = range(256 * tile.index, 256 * tile.index + tile.width)
        assert tile.level != "entries"
        files[tile.path] = b"".join(tree.read(8 * tile.level, row) for row in rows)
    if kept.key is ACCESS:
        lines = [(index, *kept.contents[index]) for index in reads]
        files["reads.jsonl"] = b"".join(
            _line({"index": index, "salt": salt.hex(), "content": content.decode()}) for index, salt, content in lines
        )
    return sealed(files, {"kind": "log", "log": "access" if kept.key is ACCESS else "entries", "size": size})


def export_record(kept: Kept, record: str, up_to: int | None = None, shown: str = "whole") -> Exported:
    """The files of an export of one record up to a number; all of its entries are shown alike."""
    tree, checkpoint = kept.tree(), kept.heads[-1]
    indexes = indexes_of(kept, record)[:up_to]
    files = _heads(kept, tree, _bracketing(kept.heads, indexes))
    lines = []
    for number, index in enumerate(indexes, start=1):
        proof = tree.inclusion_proof(index)
        line = {
            "envelope": kept.leaves[index].decode(),
            "index": index,
            "proof": [base64.b64encode(value).decode() for value in proof],
            "shown": shown,
        }
        if shown == "whole":
            salt, content = kept.contents[index]
            line |= {"salt": salt.hex(), "content": content.decode()}
        lines.append(_line(line))
        files[f"proofs/{number}.tlog-proof"] = TlogProof(index, tuple(proof), checkpoint.note).to_text().encode()
    files |= {"entries.jsonl": b"".join(lines), "entries.csv": b"number\r\n", "chronology.html": b"<!doctype html>\n"}
    last = leaf_hash(kept.leaves[indexes[-1]]).hex() if indexes else ""
    about = {"kind": "record", "log": "entries", "size": checkpoint.size, "record": record}
    return sealed(files, about | {"as_of": {"number": len(indexes), "hash": last}})


def _heads(kept: Kept, tree: Tree, heads: Sequence[Signed]) -> Exported:
    lines = []
    for head in heads:
        is_within = 0 < head.size <= tree.size
        proof = tree.consistency_proof(head.size) if is_within else []
        lines.append(
            _line({"checkpoint": head.note, "consistency": [base64.b64encode(value).decode() for value in proof]})
        )
    return {
        "checkpoint": kept.heads[-1].note.encode(),
        "brackets.jsonl": b"".join(lines),
        "policy": POLICY.encode(),
        "READ-ME.txt": b"What this is.\n",
    }


def _bracketing(heads: Sequence[Signed], indexes: Sequence[int]) -> list[Signed]:
    """Of each index the last head without it and the first with it."""
    wanted = set()
    for index in indexes:
        wanted |= set([at for at, head in enumerate(heads) if head.size <= index][-1:])
        wanted |= set([at for at, head in enumerate(heads) if head.size > index][:1])
    return [heads[at] for at in sorted(wanted)]


def _line(value: Any) -> bytes:
    return canonical(value) + b"\n"


def sealed(files: Exported, about: Mapping[str, Any]) -> Exported:
    """The files with `export.json` and its signed note, made for the files as they are."""
    own = ("export.json", "export.note")
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in files.items() if name not in own}
    manifest = canonical(
        {
            "format": "ledger-export/1",
            "origin": ORIGIN,
            "keys": {"log": LOG.vkey, "receipts": RECEIPTS.vkey},
            "made_at": "2026-03-01T12:00:00.000000Z",
            "record": None,
            "as_of": None,
            "for": "the reviewer",
            **about,
            "files": hashes,
        }
    )
    text = f"{ORIGIN}/exports\n{hashlib.sha256(manifest).hexdigest()}\n"
    return files | {"export.json": manifest, "export.note": f"{text}\n{RECEIPTS.line(text)}".encode()}


def resealed(files: Exported) -> Exported:
    """The same files described and signed anew, as whoever holds the receipt key can."""
    about = json.loads(files["export.json"])
    return sealed(files, {name: value for name, value in about.items() if name != "files"})


class MemoryFiles:
    """An export's files without a disk."""

    def __init__(self, files: Exported) -> None:
        self._files = files
        self.sizes = {name: len(data) for name, data in files.items()}

    def open(self, name: str) -> IO[bytes]:
        return io.BytesIO(self._files[name])

    def close(self) -> None:
        """Nothing is open."""


def write_folder(files: Exported, folder: Path) -> Path:
    """Write an export's files into a folder."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def write_zip(files: Exported, path: Path, around: str = "") -> Path:
    """Write an export's files into a zip, if wanted within a folder such as `export/`."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(around + name, data)
    return path
