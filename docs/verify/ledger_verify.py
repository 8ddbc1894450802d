#!/usr/bin/env python3
"""Check an export of the ledger, offline and without trusting whoever made it: `python3 ledger_verify.py --help`.

One file, Python 3.11 or newer, nothing to install: it uses the `cryptography` library for signatures where that is
there, and its own arithmetic, which is slower, where it is not. It opens no connection and writes no file.

Joined out of the modules named below by docs/maintaining/join_verifier.py; change those and join again. MIT licence.
"""

import argparse
import base64
import binascii
import hashlib
import json
import os
import re
import stat
import struct
import sys
import time
import zipfile
import zlib
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from textwrap import wrap
from typing import Any, IO, Literal, NoReturn, Protocol, Self, TextIO


# ─── ledger.domain.log.strict ────────────────────────────────────────────────────────────────────────────


# Numbers, hashes and bytes as the log's texts write them: each value has one spelling, and no other is read.
#
# A second spelling of the same value would be a second text with the same meaning, and a signed text must have one.


HASH_BYTES = 32
#: What C2SP allows a timestamp to be, and far beyond any log's size.
LARGEST = 2**63 - 1


def base64_of(data: bytes) -> str:
    """Standard base64 with padding (RFC 4648 section 4)."""
    return base64.b64encode(data).decode("ascii")


def loose_bytes_of(text: str) -> bytes:
    """The bytes that base64 stands for, whatever stands in the bits behind the last of them; else `ValueError`."""
    try:
        return base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        raise ValueError("not base64") from None


def bytes_of(text: str) -> bytes:
    """The bytes that standard base64 stands for; `ValueError` for any other spelling of them."""
    data = loose_bytes_of(text)
    if base64_of(data) != text:
        raise ValueError("base64 in another spelling than the standard one")
    return data


def hash_of(text: str) -> bytes:
    """The 32 bytes that a line of base64 stands for, else `ValueError`."""
    data = bytes_of(text)
    if len(data) != HASH_BYTES:
        raise ValueError("a hash is 32 bytes")
    return data


def number_of(text: str) -> int:
    """A whole number from 0 in ASCII digits without leading zeroes, at most 2⁶³ - 1; else `ValueError`."""
    if not (text.isascii() and text.isdigit()) or (text[0] == "0" and text != "0"):
        raise ValueError("not a whole number in plain digits")
    # Nineteen digits hold every number up to the largest; more are not worth converting.
    if len(text) > len(str(LARGEST)) or int(text) > LARGEST:
        raise ValueError("the number is too large")
    return int(text)


def checked(value: bytes) -> bytes:
    """The hash itself; `ValueError` for what is not 32 bytes."""
    if len(value) != HASH_BYTES:
        raise ValueError("a hash is 32 bytes")
    return value

# ─── ledger.domain.log.proof ─────────────────────────────────────────────────────────────────────────────


# The text of an offline proof, c2sp.org/tlog-proof@v1: where an entry stands, its path, and a signed checkpoint.


_HEADER = "c2sp.org/tlog-proof@v1"
#: A path in a tree of 2⁶³ leaves.
_LONGEST = 63


@dataclass(frozen=True, slots=True)
class TlogProof:
    """One entry's index from 0, its inclusion proof from the leaf up, and the checkpoint with its signatures."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: str
    #: Bytes that nobody signed; None where there are none.
    extra: bytes | None = None

    def to_text(self) -> str:
        """The proof as it is handed out."""
        extra = [] if self.extra is None else [f"extra {base64_of(self.extra)}"]
        lines = [_HEADER, *extra, f"index {self.index}", *(base64_of(checked(value)) for value in self.hashes)]
        return "".join(f"{line}\n" for line in lines) + "\n" + self.checkpoint


def parse_proof(text: str) -> TlogProof:
    """The proof that a text is; `ValueError` for any other spelling. Neither path nor checkpoint is verified."""
    head, blank, checkpoint = text.partition("\n\n")
    lines = head.split("\n")
    if not blank or lines.pop(0) != _HEADER:
        raise ValueError("not an offline proof of this version")
    extra = bytes_of(lines.pop(0).removeprefix("extra ")) if lines and lines[0].startswith("extra ") else None
    if not lines or not lines[0].startswith("index "):
        raise ValueError("the proof does not say which index it is for")
    index = number_of(lines.pop(0).removeprefix("index "))
    if len(lines) > _LONGEST or not checkpoint:
        raise ValueError("a proof has at most 63 hashes, and a checkpoint")
    return TlogProof(index, tuple(map(hash_of, lines)), checkpoint, extra)

# ─── ledger.domain.log.merkle ────────────────────────────────────────────────────────────────────────────


# The Merkle tree of RFC 9162 section 2.1 over SHA-256: roots, proofs and their verification.
#
# A tree is addressed by its complete subtrees: (level, index) is the one over 2^level leaves, the first of them leaf
# index·2^level. What a tree of any size needs is made from these, and tiles store them. Indexes count from 0, sizes are
# counts of leaves, hashes are 32 bytes.


#: The root of the tree without leaves: SHA-256 of nothing.
EMPTY_ROOT = hashlib.sha256(b"").digest()

#: Reads the hash of the complete subtree at (level, index).
HashReader = Callable[[int, int], bytes]

_sha256 = hashlib.sha256


def leaf_hash(leaf: bytes) -> bytes:
    """The hash of one leaf (RFC 9162 section 2.1.1)."""
    return _sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node over its two children; `ValueError` for children that are not 32 bytes."""
    if len(left) != HASH_BYTES or len(right) != HASH_BYTES:
        raise ValueError("a hash is 32 bytes")
    return _sha256(b"\x01" + left + right).digest()


def root_of_run(hashes: Sequence[bytes]) -> bytes:
    """The root over 1, 2, 4 … hashes of equal subtrees that lie side by side, as a part of a tile does."""
    if not hashes or len(hashes) & (len(hashes) - 1):
        raise ValueError("a complete subtree has a power of two of hashes")
    level = hashes
    while len(level) > 1:
        pairs = iter(level)
        level = [_sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=True)]
    return level[0]


class Frontier:
    """The right edge of a tree: enough to append, and to know the root, without the rest of it."""

    __slots__ = ("_hashes", "size")

    def __init__(self) -> None:
        self.size = 0
        self._hashes: list[bytes] = []

    @property
    def hashes(self) -> tuple[bytes, ...]:
        """The roots of the complete subtrees that the size is the sum of, the largest first."""
        return tuple(self._hashes)

    @classmethod
    def of(cls, size: int, hashes: Iterable[bytes]) -> "Frontier":
        """The edge that was kept; `ValueError` when there are not as many hashes as the size has ones."""
        frontier = cls()
        frontier._hashes = [checked(value) for value in hashes]
        if size < 0 or len(frontier._hashes) != size.bit_count():
            raise ValueError("the size asks for another count of hashes")
        frontier.size = size
        return frontier

    def append(self, leaf: bytes) -> None:
        """Add one leaf by its hash; O(log n), and about one hash on average."""
        self.extend((leaf,))

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add leaves by their hashes, in order; `ValueError` at the first that is not 32 bytes."""
        edge, size = self._hashes, self.size
        for leaf in leaves:
            if len(leaf) != HASH_BYTES:
                raise ValueError("a hash is 32 bytes")
            whole, carry = leaf, size
            while carry & 1:
                whole = _sha256(b"\x01" + edge.pop() + whole).digest()
                carry >>= 1
            edge.append(whole)
            size += 1
            self.size = size

    def root(self) -> bytes:
        """The root at the present size."""
        return root_of_edge(self._hashes)

    def copy(self) -> "Frontier":
        """Another edge of the same size that goes its own way from here."""
        return Frontier.of(self.size, self._hashes)


def root_of_edge(edge: Sequence[bytes]) -> bytes:
    """The root over complete subtrees side by side, the largest first, as `Frontier.hashes` has them."""
    if not edge:
        return EMPTY_ROOT
    whole = edge[-1]
    for left in reversed(edge[:-1]):
        whole = _sha256(b"\x01" + left + whole).digest()
    return whole


def _edge(start: int, size: int, read: HashReader) -> bytes:
    """The root over the leaves from `start` to the end, where `start` is a multiple of more than there are."""
    left = size - start
    return root_of_edge(
        [read(level, (size >> level) - 1) for level in reversed(range(left.bit_length())) if left >> level & 1]
    )


def root_of(size: int, read: HashReader) -> bytes:
    """The root of the tree of this size."""
    if size < 0:
        raise ValueError("a size is not negative")
    return _edge(0, size, read)


def _path(level: int, index: int, size: int, read: HashReader) -> list[bytes]:
    """The siblings from the complete subtree (level, index) up to the root of the tree of this size.

    Up to where the way of the last leaf joins, siblings lie on either side, and the last of them may be ragged; from
    there on only those on the left are left.
    """
    inner = (index ^ ((size - 1) >> level)).bit_length()
    path = []
    for at in range(level, level + inner):
        sibling = index ^ 1
        is_whole = (sibling + 1) << at <= size
        path.append(read(at, sibling) if is_whole else _edge(sibling << at, size, read))
        index >>= 1
    at = level + inner
    while index:
        if index & 1:
            path.append(read(at, index - 1))
        index >>= 1
        at += 1
    return path


def inclusion_proof(index: int, size: int, read: HashReader) -> list[bytes]:
    """The proof that the leaf at `index` is in the tree of `size`, from its sibling up (RFC 9162 section 2.1.3.1)."""
    if not 0 <= index < size:
        raise ValueError("the index is not within the tree")
    return _path(0, index, size, read)


def consistency_proof(old: int, new: int, read: HashReader) -> list[bytes]:
    """The proof that the tree of `new` leaves begins with that of `old`, 0 < old <= new (RFC 9162 section 2.1.4.1)."""
    if not 0 < old <= new:
        raise ValueError("consistency is between a size above 0 and one that is not smaller")
    if old == new:
        return []
    level = (old & -old).bit_length() - 1
    index = (old - 1) >> level
    path = _path(level, index, new, read)
    # A complete old tree is its own first hash, which the verifier already has.
    return path if index == 0 else [read(level, index), *path]


def verify_inclusion(index: int, size: int, leaf_hash: bytes, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof leads from the leaf's hash to the root (RFC 9162 section 2.1.3.2); never raises."""
    if not 0 <= index < size or not _are_hashes((leaf_hash, root, *proof)):
        return False
    inner = (index ^ (size - 1)).bit_length()
    if len(proof) != inner + (index >> inner).bit_count():
        return False
    return _up(leaf_hash, index, inner, proof) == root


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows the new tree to begin with the old (RFC 9162 section 2.1.4.2); never raises.

    From the empty tree nothing is shown, so `old` 0 is False: who begins with an empty tree says so elsewhere. Of two
    trees of one size nothing is hashed: their roots are the same bytes, or not.
    """
    if old == new and old > 0:
        return not proof and old_root == new_root
    if not 0 < old < new or not _are_hashes((old_root, new_root, *proof)):
        return False
    level = (old & -old).bit_length() - 1
    index = (old - 1) >> level
    # A complete old tree is the subtree that the path begins with; of any other the proof's first hash is the last one.
    path = [old_root, *proof] if index == 0 else proof
    inner = (index ^ ((new - 1) >> level)).bit_length()
    if len(path) != 1 + inner + (index >> inner).bit_count():
        return False
    first, siblings = path[0], path[1:]
    older = first
    for step, sibling in enumerate(siblings):
        # To the right of its way the old tree has nothing.
        if step >= inner or index >> step & 1:
            older = _sha256(b"\x01" + sibling + older).digest()
    return older == old_root and _up(first, index, inner, siblings) == new_root


def _up(whole: bytes, index: int, inner: int, siblings: Sequence[bytes]) -> bytes:
    """The root that a subtree's hash and its siblings make: on either side for `inner` steps, then on the left."""
    for sibling in siblings[:inner]:
        if index & 1:
            whole = _sha256(b"\x01" + sibling + whole).digest()
        else:
            whole = _sha256(b"\x01" + whole + sibling).digest()
        index >>= 1
    for sibling in siblings[inner:]:
        whole = _sha256(b"\x01" + sibling + whole).digest()
    return whole


def _are_hashes(values: Iterable[object]) -> bool:
    for value in values:  # noqa: SIM110 - proofs are checked by the million, and this is twice as quick
        if not isinstance(value, bytes) or len(value) != HASH_BYTES:
            return False
    return True


class Tree:
    """A whole tree in memory: every complete subtree's hash, level by level; some 150 bytes a leaf."""

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        self._levels: list[list[bytes]] = [[]]
        for leaf in leaves:
            self.append(leaf)

    @property
    def size(self) -> int:
        return len(self._levels[0])

    def append(self, leaf: bytes) -> None:
        """Add one leaf by its hash, and every subtree that it completes."""
        whole = checked(leaf)
        for level in self._levels:
            level.append(whole)
            if len(level) & 1:
                return
            whole = _sha256(b"\x01" + level[-2] + whole).digest()
        self._levels.append([whole])

    def read(self, level: int, index: int) -> bytes:
        """The complete subtree's hash; `IndexError` where it is not complete yet."""
        return self._levels[level][index]

    def root(self, size: int | None = None) -> bytes:
        """The root at a size, by default the present one."""
        return root_of(self.size if size is None else self._within(size), self.read)

    def inclusion_proof(self, index: int, size: int | None = None) -> list[bytes]:
        """As the function of this name, at a size, by default the present one."""
        return inclusion_proof(index, self.size if size is None else self._within(size), self.read)

    def consistency_proof(self, old: int, new: int | None = None) -> list[bytes]:
        """As the function of this name, to a size, by default the present one."""
        return consistency_proof(old, self.size if new is None else self._within(new), self.read)

    def _within(self, size: int) -> int:
        if size > self.size:
            raise ValueError("the tree is not that large")
        return size

# ─── ledger.domain.verify.fault ──────────────────────────────────────────────────────────────────────────


# What may be wrong with an export, and which entry is the first that fails.
#
# A fault says where a bad entry lies: at one index of the log, or within a range. The first that fails is the one whose
# range ends first, for before its end something is certainly wrong.


#: So many faults of entries are told one by one; beyond them checking goes no further, for the export is broken.
MOST_FAULTS = 20
#: Of files that no entry can be named for, so many are told; the others are counted.
MOST_FILE_FAULTS = 10


class UnreadableError(Exception):
    """This is no export, or the request makes no sense: nothing can be said about the ledger."""


class FileFaultError(Exception):
    """A file of the export is missing or damaged; `name` is the file."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(why)
        self.name = name
        self.why = why


class TooManyFaultsError(Exception):
    """There is no use in going on."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: why, and where as far as known (indexes of the log from 0, both ends included)."""

    why: str
    first: int | None = None
    last: int | None = None
    record: str | None = None
    number: int | None = None
    file: str | None = None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def where(self) -> str:
        """The place in words, without a full stop; empty where there is none."""
        parts = []
        if self.record is not None and self.number is not None:
            parts.append(f"entry {self.record}.{self.number}")
        if self.first is not None and self.first == self.last:
            parts.append(f"index {self.first:,} of the log")
        elif self.first is not None and self.last is not None:
            parts.append(f"somewhere from index {self.first:,} to {self.last:,} of the log")
        if self.file is not None:
            parts.append(f"file {self.file[:200]}")
        return ", ".join(parts)


class Faults:
    """Everything that was found wrong so far."""

    def __init__(self) -> None:
        self.found: list[Fault] = []
        self.files_untold = 0
        self._files = self._entries = 0

    def add(self, why: str, **where: Any) -> None:
        """Note a fault; raises TooManyFaultsError where enough entries are known to fail."""
        fault = _upright(Fault(why, **where))
        if fault.first is None and self._files >= MOST_FILE_FAULTS:
            self.files_untold += 1
            return
        self.found.append(fault)
        if fault.first is None:
            self._files += 1
            return
        self._entries += 1
        if self._entries >= MOST_FAULTS:
            raise TooManyFaultsError

    def add_file(self, error: FileFaultError, **where: Any) -> None:
        """Note that a file is missing or damaged."""
        self.add(error.why, file=error.name, **where)

    @property
    def first(self) -> Fault | None:
        """The fault that comes first in the log; those without an index after those with one; None without any."""
        return min(self.found, key=_place, default=None)

    def in_order(self) -> list[Fault]:
        """All of them, in the order of the log."""
        return sorted(self.found, key=_place)


def _upright(fault: Fault) -> Fault:
    """The same with the lower index first, whichever way the export has the two."""
    if fault.first is None or fault.last is None or fault.first <= fault.last:
        return fault
    return replace(fault, first=fault.last, last=fault.first)


def _place(fault: Fault) -> tuple[int, int, int]:
    if fault.last is None:
        return (1, 0, 0)
    return (0, fault.last, -(fault.first or 0))

# ─── ledger.domain.log.checkpoint ────────────────────────────────────────────────────────────────────────


# Checkpoints (c2sp.org/tlog-checkpoint) and what a witness signs of them (c2sp.org/tlog-cosignature, Ed25519).


_TIME_BYTES = 8
_SIGNATURE_BYTES = 64


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A tree's head: whose log, how many leaves, and the 32 bytes of its root."""

    origin: str
    size: int
    root: bytes
    #: Lines that no monitor can check; kept so that another log's checkpoint is read as it was signed.
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.origin or "\n" in self.origin or not 0 <= self.size <= LARGEST or len(self.root) != HASH_BYTES:
            raise ValueError("a checkpoint has an origin of one line, a size and a root of 32 bytes")
        if any(not line or "\n" in line for line in self.extensions):
            raise ValueError("an extension of a checkpoint is one line that is not empty")

    def to_text(self) -> str:
        """The text that is signed, its last newline included."""
        return "".join(f"{line}\n" for line in (self.origin, self.size, base64_of(self.root), *self.extensions))


def split_checkpoint(text: str) -> tuple[str, int, bytes, tuple[str, ...]]:
    """Origin, size, root of any length, and extension lines of a checkpoint's text, else `ValueError`."""
    if not text.endswith("\n"):
        raise ValueError("a checkpoint's text ends with a newline")
    lines = text[:-1].split("\n")
    if len(lines) < 3 or not all(lines):
        raise ValueError("a checkpoint has three lines or more, none of them empty")
    return lines[0], number_of(lines[1]), bytes_of(lines[2]), tuple(lines[3:])


def parse_checkpoint(text: str) -> Checkpoint:
    """The checkpoint that a note's text is, without its signatures; `ValueError` for anything else."""
    return Checkpoint(*split_checkpoint(text))


def cosigned_message(timestamp: int, text: str) -> bytes:
    """What a witness signs: that it saw this text as the log's largest, at so many seconds since 1970."""
    return f"cosignature/v1\ntime {timestamp}\n{text}".encode()


def cosignature_blob(timestamp: int, signature: bytes) -> bytes:
    """What stands in a witness's signature line behind the key id: the time in eight bytes, then the signature."""
    if not 0 <= timestamp <= LARGEST or len(signature) != _SIGNATURE_BYTES:
        raise ValueError("a cosignature is a time and 64 bytes")
    return timestamp.to_bytes(_TIME_BYTES, "big") + signature


def parse_cosignature(blob: bytes) -> tuple[int, bytes]:
    """The time and the signature of a witness's blob, else `ValueError`."""
    timestamp = int.from_bytes(blob[:_TIME_BYTES], "big")
    if len(blob) != _TIME_BYTES + _SIGNATURE_BYTES or timestamp > LARGEST:
        raise ValueError("a cosignature is a time and 64 bytes")
    return timestamp, blob[_TIME_BYTES:]

# ─── ledger.domain.log.note ──────────────────────────────────────────────────────────────────────────────


# Signed notes (c2sp.org/signed-note): a text, and who signed it, with Ed25519.
#
# A key is known by its name and id together. Known keys are held to strictly, unknown ones are passed over: that is how a
# log changes its key, and how a checkpoint carries the cosignatures of witnesses that a reader has never heard of.


#: The types of key that are read: a log's or author's Ed25519 key, and that of a witness.
ED25519, COSIGNATURE = 1, 4
KEY_BYTES = 32
_ID_BYTES = 4
#: C2SP asks that sixteen be read; a hundred is what other readers stop at.
MOST_SIGNATURES = 100
#: A note longer than this is none of ours; checkpoints are a few hundred bytes, receipts not much more.
LARGEST_NOTE = 1_000_000

#: Says whether a signature of 64 bytes is that of the public key, 32 bytes, over the message.
Verify = Callable[[bytes, bytes, bytes], bool]

_CONTROL = re.compile("[\x00-\x09\x0b-\x1f]")
_DASH = "— "


class BadSignature(ValueError):  # noqa: N818 - the name by which everybody who opens notes knows it
    """A signature of a known key does not fit the text; `name` is the key's."""

    def __init__(self, name: str) -> None:
        super().__init__("a signature of a known key does not fit the text")
        self.name = name


@dataclass(frozen=True, slots=True)
class Verifier:
    """A key that signatures are checked by: `kind` 1 signs texts, 4 cosigns checkpoints; `public` is 32 bytes."""

    name: str
    key_id: bytes
    kind: int
    public: bytes


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: the key's name and id, what was signed with it, and the line with its newline."""

    name: str
    key_id: bytes
    blob: bytes
    line: str


@dataclass(frozen=True, slots=True)
class Note:
    """A text, its last newline included, and its signature lines in order."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        return self.text + "\n" + "".join(signature.line for signature in self.signatures)


def key_id(name: str, kind: int, public: bytes) -> bytes:
    """The four bytes that stand for a key of this name and type."""
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:_ID_BYTES]


def vkey_of(name: str, public: bytes, kind: int = ED25519) -> str:
    """The text by which a key is handed out; `ValueError` for a name that no note can carry."""
    if not _is_name(name) or kind not in (ED25519, COSIGNATURE) or len(public) != KEY_BYTES:
        raise ValueError("a key has a name without spaces and plus signs, a known type, and 32 bytes")
    return f"{name}+{key_id(name, kind, public).hex()}+{base64_of(bytes([kind]) + public)}"


def parse_vkey(text: str) -> Verifier:
    """The key that such a text stands for; `ValueError` where it is malformed, of another type, or its id is wrong."""
    name, plus, rest = text.partition("+")
    written_id, second, encoded = rest.partition("+")
    if not plus or not second or not _is_name(name):
        raise ValueError("a verifier key is written name+id+key")
    data = bytes_of(encoded)
    if len(data) != 1 + KEY_BYTES or data[0] not in (ED25519, COSIGNATURE):
        raise ValueError("the key is not an Ed25519 key of a log or of a witness")
    verifier = Verifier(name, key_id(name, data[0], data[1:]), data[0], data[1:])
    if verifier.key_id.hex() != written_id:
        raise ValueError("the key's id is not that of its name and bytes")
    return verifier


def parse_note(text: str) -> Note:
    """A note taken apart, nothing verified; `ValueError` where it is not in the form of one."""
    if len(text) > LARGEST_NOTE:
        raise ValueError("the note is too long")
    text.encode()  # a lone surrogate is no text: UnicodeEncodeError is a ValueError
    if _CONTROL.search(text):
        raise ValueError("a note has no control characters but newlines")
    body, blank, lines = text.rpartition("\n\n")
    if not blank or not lines.endswith("\n"):
        raise ValueError("a note is a text, an empty line and signature lines")
    signatures = lines[:-1].split("\n")
    if len(signatures) > MOST_SIGNATURES:
        raise ValueError("the note has too many signatures")
    return Note(body + "\n", tuple(map(_parse_line, signatures)))


def _parse_line(line: str) -> Signature:
    name, space, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not space or not _is_name(name):
        raise ValueError("a signature line is a dash, a name and a signature")
    # Spelt otherwise it may be a stranger's, which is passed over; of a known key `opened` refuses it.
    data = loose_bytes_of(encoded)
    if len(data) <= _ID_BYTES:
        raise ValueError("a signature has a key id and something behind it")
    return Signature(name, data[:_ID_BYTES], data[_ID_BYTES:], line + "\n")


def signature_line(name: str, key_id: bytes, blob: bytes) -> str:
    """One line to put under a text, with its newline."""
    if not _is_name(name) or len(key_id) != _ID_BYTES or not blob:
        raise ValueError("a signature line has a name without spaces and plus signs, a key id and a signature")
    return f"{_DASH}{name} {base64_of(key_id + blob)}\n"


def opened(note: Note, verifiers: Iterable[Verifier], verify: Verify) -> list[Signature]:
    """The note's signatures by these keys, each verified, every line once; the others are passed over.

    An empty list says that nobody known signed: the text is then nobody's word, and must be refused by whoever needed
    one. Raises BadSignature when a line of a known key does not fit, whatever else does.
    """
    known = {(verifier.name, verifier.key_id): verifier for verifier in verifiers}
    found: dict[str, Signature] = {}
    for signature in note.signatures:
        verifier = known.get((signature.name, signature.key_id))
        if verifier is None or signature.line in found:
            continue
        is_spelt = signature.line == signature_line(signature.name, signature.key_id, signature.blob)
        if not is_spelt or not _fits(verifier, signature.blob, note.text, verify):
            raise BadSignature(signature.name)
        found[signature.line] = signature
    return list(found.values())


def _fits(verifier: Verifier, blob: bytes, text: str, verify: Verify) -> bool:
    if verifier.kind == ED25519:
        return verify(verifier.public, blob, text.encode())
    try:
        timestamp, signature = parse_cosignature(blob)
    except ValueError:
        return False
    return verify(verifier.public, signature, cosigned_message(timestamp, text))


def _is_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(map(str.isspace, name)) and not _CONTROL.search(name)

# ─── ledger.domain.log.policy ────────────────────────────────────────────────────────────────────────────


# Whose cosignatures are enough (c2sp.org/tlog-policy): logs, witnesses, groups of them, and one quorum.


#: The quorum that asks for no cosignature.
NONE = "none"
#: More lines than any partnership needs; a longer text is refused.
_MOST_LINES = 1_000
_SPACE = re.compile(r"[ \t]+")
_CONTROL_IN_POLICY = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Group:
    """It has cosigned when at least `threshold` of its members, witnesses or groups, have."""

    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True)
class Policy:
    """Logs and witnesses as keys with an address or None; `quorum` names a witness or a group, or is "none"."""

    logs: tuple[tuple[Verifier, str | None], ...] = ()
    witnesses: Mapping[str, tuple[Verifier, str | None]] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    quorum: str = NONE


def is_met(policy: Policy, names_that_cosigned: Collection[str]) -> bool:
    """Whether the witnesses of these names, as the policy names them, are a quorum."""
    cosigned = {name for name in names_that_cosigned if name in policy.witnesses}
    # A group names only what stands before it, so one pass in order decides them all.
    for name, group in policy.groups.items():
        if sum(member in cosigned for member in group.members) >= group.threshold:
            cosigned.add(name)
    return policy.quorum == NONE or policy.quorum in cosigned


def cosigned_at(policy: Policy, note: Note, verify: Verify, *, first: bool = False) -> dict[str, int]:
    """Which witnesses cosigned this checkpoint, by the policy's names for them, each with the latest time that it says,
    or the first: a log that rests is cosigned again.

    Times are seconds since 1970 by the witness's clock. Raises BadSignature when a known witness's line does not fit.
    """
    names = {(verifier.name, verifier.key_id): name for name, (verifier, _) in policy.witnesses.items()}
    times: dict[str, int] = {}
    for signature in opened(note, (verifier for verifier, _ in policy.witnesses.values()), verify):
        name = names[signature.name, signature.key_id]
        at = parse_cosignature(signature.blob)[0]
        times[name] = (min if first else max)(times.get(name, at), at)
    return times


def parse_policy(text: str) -> Policy:
    """The policy that a text is; `ValueError` naming the line that does not hold."""
    draft = _Draft()
    lines = text.split("\n")
    if len(lines) > _MOST_LINES:
        raise ValueError("the policy has too many lines")
    for number, line in enumerate(lines, start=1):
        try:
            draft.read(line)
        except ValueError as error:
            raise ValueError(f"line {number} of the policy: {error}") from None
    if draft.quorum is None:
        raise ValueError("the policy has no quorum line")
    return Policy(tuple(draft.logs), draft.witnesses, draft.groups, draft.quorum)


class _Draft:
    """A policy that is being read, line by line."""

    def __init__(self) -> None:
        self.logs: list[tuple[Verifier, str | None]] = []
        self.witnesses: dict[str, tuple[Verifier, str | None]] = {}
        self.groups: dict[str, Group] = {}
        self.quorum: str | None = None
        self._members: set[str] = set()

    def read(self, line: str) -> None:
        if _CONTROL_IN_POLICY.search(line):
            raise ValueError("it has a control character")
        words = _SPACE.split(line.strip(" \t"))
        if not words[0] or words[0].startswith("#"):
            return
        match words:
            case ["log", vkey, *url] if len(url) <= 1:
                self._add_log(vkey, url)
            case ["witness", name, vkey, *url] if len(url) <= 1:
                self._add_witness(name, vkey, url)
            case ["group", name, threshold, *members] if members:
                self._add_group(name, threshold, members)
            case ["quorum", name]:
                self._set_quorum(name)
            case _:
                raise ValueError("it defines no log, witness, group or quorum")

    def _add_log(self, vkey: str, url: list[str]) -> None:
        verifier = parse_vkey(vkey)
        if verifier.kind != ED25519 or any(known.public == verifier.public for known, _ in self.logs):
            raise ValueError("the key is not a log's, or is listed twice")
        self.logs.append((verifier, url[0] if url else None))

    def _add_witness(self, name: str, vkey: str, url: list[str]) -> None:
        verifier = parse_vkey(vkey)
        known = (other.public for other, _ in self.witnesses.values())
        if verifier.kind != COSIGNATURE or verifier.public in known:
            raise ValueError("the key is not a witness's, or is listed twice")
        self._name(name)
        self.witnesses[name] = (verifier, url[0] if url else None)

    def _add_group(self, name: str, threshold: str, members: list[str]) -> None:
        for member in members:
            if not self._is_defined(member) or member in self._members:
                raise ValueError("a member is not defined above, or is a member already")
            self._members.add(member)
        self._name(name)
        self.groups[name] = Group(_threshold(threshold, len(members)), tuple(members))

    def _set_quorum(self, name: str) -> None:
        if self.quorum is not None or not (name == NONE or self._is_defined(name)):
            raise ValueError("there is a quorum already, or its name is not defined above")
        self.quorum = name

    def _name(self, name: str) -> None:
        if name == NONE or self._is_defined(name):
            raise ValueError("the name is taken")

    def _is_defined(self, name: str) -> bool:
        return name in self.witnesses or name in self.groups


def _threshold(word: str, members: int) -> int:
    if word in ("any", "all"):
        return 1 if word == "any" else members
    if not (word.isascii() and word.isdigit() and len(word) <= 4 and 1 <= int(word) <= members):
        raise ValueError("a group asks for all, any, or a number of its members")
    return int(word)


def text_of(policy: Policy) -> str:
    """The policy written out, as `parse_policy` reads it."""
    lines = [f"log {vkey_of(log.name, log.public, log.kind)}{_url(url)}" for log, url in policy.logs]
    for name, (witness, url) in policy.witnesses.items():
        lines.append(f"witness {name} {vkey_of(witness.name, witness.public, witness.kind)}{_url(url)}")
    for name, group in policy.groups.items():
        lines.append(f"group {name} {group.threshold} {' '.join(group.members)}")
    return "".join(f"{line}\n" for line in (*lines, f"quorum {policy.quorum}"))


def _url(url: str | None) -> str:
    return "" if url is None else f" {url}"

# ─── ledger.domain.verify.trust ──────────────────────────────────────────────────────────────────────────


# What the checker brings: keys, witnesses, and what they or others kept. Nothing of it comes out of the export.


#: What clocks of witnesses and ledger may differ by, and sealing may take, in seconds.
SKEW_S = 60
_ALL_ASKED = "all that was asked for"


@dataclass(frozen=True)
class Kept:
    """A text that the checker brought, and where from."""

    name: str
    text: str


@dataclass(frozen=True)
class Trust:
    """The keys of the log and of receipts, the witnesses, and what was kept; times in seconds."""

    log_keys: Sequence[Verifier]
    policy: Policy | None
    receipt_keys: Sequence[Verifier]
    checkpoints: Sequence[Kept]
    receipts: Sequence[Kept]
    verify: Verify
    skew_s: int = SKEW_S

    @property
    def asks_for_witnesses(self) -> bool:
        return self.policy is not None and self.policy.quorum != NONE

    def cosigned(self, note: Note, *, first: bool = False) -> dict[str, int]:
        """Which witnesses cosigned a checkpoint and when last, or first; BadSignature where a line does not fit."""
        return {} if self.policy is None else cosigned_at(self.policy, note, self.verify, first=first)

    def is_quorum(self, names: Sequence[str] | Mapping[str, int]) -> bool:
        """Whether these witnesses are as many as were asked for; never where none were."""
        return self.policy is not None and self.asks_for_witnesses and is_met(self.policy, list(names))

    def seen_between(self, times: Mapping[str, int]) -> tuple[int, int] | None:
        """Since when, and by when at the latest, a quorum had seen a checkpoint; None where it is no quorum.

        Of any quorum at least one witness is taken to be honest. The latest moment after which a quorum signed is
        therefore no later than an honest witness's time, and the earliest by which one had is no earlier.
        """
        if not self.is_quorum(times):
            return None
        moments = sorted(set(times.values()))
        since = max(t for t in moments if self.is_quorum([name for name, at in times.items() if at >= t]))
        by = min(t for t in moments if self.is_quorum([name for name, at in times.items() if at <= t]))
        return min(since, by), max(since, by)


def asked_policy(text: str | None, vkeys: Sequence[str]) -> Policy | None:
    """The policy of the command line: that of the file, and each of these witnesses besides; None without either.

    UnreadableError where the file or a key is not what it should be.
    """
    try:
        policy = Policy() if text is None else parse_policy(text)
        witnesses = dict(policy.witnesses)
        asked = [] if policy.quorum == NONE else [policy.quorum]
        asked += [_add_witness(vkey, witnesses, policy.groups) for vkey in vkeys]
    except ValueError as error:
        raise UnreadableError(f"the policy or a witness's key cannot be used: {error}") from None
    if text is None and not vkeys:
        return None
    groups = dict(policy.groups)
    if len(asked) > 1:
        groups[_ALL_ASKED] = Group(len(asked), tuple(asked))
    quorum = NONE if not asked else asked[0] if len(asked) == 1 else _ALL_ASKED
    return Policy(policy.logs, witnesses, groups, quorum)


def _add_witness(vkey: str, witnesses: dict[str, tuple[Verifier, str | None]], groups: Mapping[str, Group]) -> str:
    """The name under which a witness is known, added where it was not."""
    verifier = parse_vkey(vkey)
    if verifier.kind != COSIGNATURE:
        raise ValueError("a witness's key is of type 4 (c2sp.org/tlog-cosignature)")
    for name, (known, _) in witnesses.items():
        if known.public == verifier.public:
            return name
    if verifier.name in (*witnesses, *groups):
        raise ValueError("two witnesses have the same name")
    witnesses[verifier.name] = (verifier, None)
    return verifier.name


def keys_of(vkeys: Sequence[str], what: str) -> list[Verifier]:
    """Keys that sign texts, as they were given; UnreadableError for any other."""
    keys = []
    for vkey in vkeys:
        try:
            verifier = parse_vkey(vkey)
        except ValueError as error:
            raise UnreadableError(f"a {what} cannot be used: {error}") from None
        if verifier.kind != ED25519:
            raise UnreadableError(f"a {what} is of the type of a witness")
        keys.append(verifier)
    return keys

# ─── ledger.domain.verify.head ───────────────────────────────────────────────────────────────────────────


# Signed heads of the log: the export's checkpoint, those that bracket its entries, those that the checker kept.


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_MOMENT_S = 253_402_300_799
_MONTH_WORDS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
#: What sorts before and after every time as envelopes write it.
BEFORE_ALL, AFTER_ALL = "0", "9~"


#: Shared by the many heads of which nobody asks who cosigned when.
NO_TIMES: Mapping[str, int] = {}


@dataclass(frozen=True, slots=True)
class Head:
    """A size and root that the log's key signed; `seen` is since when and by when a quorum had seen it, in seconds."""

    size: int
    root: bytes
    #: In words, for a report.
    name: str
    seen: tuple[int, int] | None = None
    times: Mapping[str, int] = field(default_factory=lambda: NO_TIMES)
    #: Whether the checker kept it.
    is_kept: bool = False

    @property
    def is_outside(self) -> bool:
        """Whether somebody but the operator holds it: whoever checks, or a quorum of witnesses."""
        return self.is_kept or self.seen is not None


def read_head(text: str, origin: str, trust: Trust, name: str, *, is_kept: bool = False) -> Head:
    """The head that a signed checkpoint is; `ValueError` in words where it is not this log's or not signed rightly."""
    note = parse_note(text)
    checkpoint = parse_checkpoint(note.text)
    if checkpoint.origin != origin:
        raise ValueError("it is a checkpoint of another log")
    try:
        is_signed = bool(opened(note, trust.log_keys, trust.verify))
    except BadSignature:
        raise ValueError("the signature of the log's key does not fit it") from None
    if not is_signed:
        raise ValueError("it is not signed by the log key that you gave")
    try:
        times, first = trust.cosigned(note), trust.cosigned(note, first=True)
    except BadSignature as error:
        raise ValueError(f"the cosignature of {error.name} does not fit it") from None
    seen, by = trust.seen_between(times), trust.seen_between(first)
    # What came after it came after its last cosignatures; what it covers was there by its first ones.
    between = None if seen is None or by is None else (seen[0], by[1])
    return Head(checkpoint.size, checkpoint.root, name, between, times, is_kept)


def moment_text(seconds: int) -> str:
    """A moment as envelopes write it, whatever the number."""
    return (_EPOCH + timedelta(seconds=min(max(seconds, 0), _LAST_MOMENT_S))).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def moment_words(seconds: int) -> str:
    """A moment as a person reads it."""
    moment = _EPOCH + timedelta(seconds=min(max(seconds, 0), _LAST_MOMENT_S))
    return f"{moment.day} {_MONTH_WORDS[moment.month - 1]} {moment:%Y %H:%M:%S} UTC"


@dataclass(frozen=True, slots=True)
class Bracket:
    """When an index came into the log, as witnesses say: after `low`, before `high`, in seconds; None is not known."""

    low: int | None
    high: int | None

    @property
    def words(self) -> str:
        """The bracket as a person reads it."""
        if self.low is None:
            return "at some time" if self.high is None else f"before {moment_words(self.high)}"
        after = moment_words(self.low)
        return f"after {after}" if self.high is None else f"between {after} and {moment_words(self.high)}"


class Brackets:
    """Between which cosigned heads each index came into the log; `skew_s` is allowed on either side."""

    def __init__(self, heads: Iterable[Head], skew_s: int) -> None:
        timed = sorted((head.size, *head.seen) for head in heads if head.seen is not None)
        self._sizes = [size for size, _, _ in timed]
        self._seen = [(low, high) for _, low, high in timed]
        self._skew_s = skew_s
        #: How many indexes lay between two cosigned heads, and the widest of these brackets.
        self.closed = 0
        self.widest: Bracket | None = None

    @property
    def is_empty(self) -> bool:
        return not self._sizes

    def of(self, index: int) -> Bracket:
        """The narrowest bracket of an index: the last head without it, the first with it."""
        at = bisect_right(self._sizes, index)
        low = self._seen[at - 1][0] if at else None
        return Bracket(low, self._seen[at][1] if at < len(self._seen) else None)

    def limits(self, bracket: Bracket) -> tuple[str, str]:
        """The first and the last time, as written, that an entry within the bracket may carry."""
        low = BEFORE_ALL if bracket.low is None else moment_text(bracket.low - self._skew_s)
        # A cosignature's time is in whole seconds: the one that it names runs to its end.
        return low, AFTER_ALL if bracket.high is None else moment_text(bracket.high + self._skew_s + 1)

    def count(self, bracket: Bracket, entries: int) -> None:
        """Note that so many entries lie in the bracket."""
        if bracket.low is None or bracket.high is None or not entries:
            return
        self.closed += entries
        if self.widest is None or bracket.high - bracket.low > _width(self.widest):
            self.widest = bracket


def _width(bracket: Bracket) -> int:
    return (bracket.high or 0) - (bracket.low or 0)


def why_outside(written: str, bracket: Bracket) -> str:
    """Why a time that an entry carries cannot be, in words."""
    side = "Back-dated" if bracket.low is not None and written < moment_text(bracket.low) else "Post-dated"
    return f"{side}: it says that it was recorded at {written}, but witnesses show that it was recorded {bracket.words}"

# ─── ledger.domain.verify.source ─────────────────────────────────────────────────────────────────────────


# The files of an export, in a folder or a zip, read as if whoever made it meant harm.
#
# No name leads out of the export, no link is followed, no file is read beyond what it may be, and a zip that would grow
# out of all proportion is refused before any of it is read.


_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
_LONGEST_NAME = 200
MOST_FILES = 20_000_000
#: Text and hashes deflate to a tenth at best; a zip that grows more than this is made to harm.
_GROWTH = 100
_SMALL = 64 * 1024**2
_CHUNK = 1024**2
#: What reading a zip's member may raise beside errors of the disk.
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError)


class Files(Protocol):
    """Where files are: their names with sizes, and a way to open each."""

    @property
    def sizes(self) -> Mapping[str, int]: ...

    def open(self, name: str) -> IO[bytes]: ...

    def close(self) -> None: ...


class FolderFiles:
    """The files of a folder and of those in it."""

    def __init__(self, path: str) -> None:
        self._path = path
        self.sizes: dict[str, int] = {}
        for folder, folders, files in os.walk(path):
            for name in (*folders, *files):
                place = Path(folder) / name
                about = place.lstat()
                inner = place.relative_to(path).as_posix()
                if stat.S_ISDIR(about.st_mode):
                    continue
                if not stat.S_ISREG(about.st_mode):
                    raise UnreadableError("the folder holds a link or a special file: an export is plain files")
                _add_file(self.sizes, inner, about.st_size)

    def open(self, name: str) -> IO[bytes]:
        return (Path(self._path) / name).open("rb")

    def close(self) -> None:
        """Nothing is kept open."""


class ZipFiles:
    """The files of a zip; a single folder around them all is passed over."""

    def __init__(self, path: str) -> None:
        try:
            self._zip = zipfile.ZipFile(path)
        except _DAMAGED as error:
            raise UnreadableError("the file is not a zip, or is damaged") from error
        members: dict[str, int] = {}
        self._members: dict[str, zipfile.ZipInfo] = {}
        for member in self._zip.infolist():
            if member.is_dir():
                continue
            if member.flag_bits & 1 or member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise UnreadableError("the zip is encrypted, or packed in a way that is not read here")
            if stat.S_ISLNK(member.external_attr >> 16):
                raise UnreadableError("the zip holds a link: an export is plain files")
            _add_file(members, member.filename, member.file_size)
            self._members[member.filename] = member
        if sum(members.values()) > max(_SMALL, _GROWTH * Path(path).stat().st_size):
            raise UnreadableError("the zip would grow out of all proportion; it was not unpacked")
        around = _folder_around(members)
        self._members = {name.removeprefix(around): member for name, member in self._members.items()}
        self.sizes: dict[str, int] = {name: member.file_size for name, member in self._members.items()}

    def open(self, name: str) -> IO[bytes]:
        return self._zip.open(self._members[name])

    def close(self) -> None:
        self._zip.close()


def _add_file(sizes: dict[str, int], name: str, size: int) -> None:
    if len(name) > _LONGEST_NAME or not _NAME.fullmatch(name):
        raise UnreadableError("a file of the export has a name that no export gives, or one that leads out of it")
    if name in sizes:
        raise UnreadableError("two files of the export have the same name")
    if len(sizes) >= MOST_FILES:
        raise UnreadableError("the export has too many files")
    sizes[name] = size


def _folder_around(names: Mapping[str, int]) -> str:
    if "export.json" in names:
        return ""
    folders = {name.partition("/")[0] + "/" for name in names}
    return folders.pop() if len(folders) == 1 else ""


class Source:
    """An export's files with their SHA-256, each worked out while the file is read, once."""

    def __init__(self, files: Files) -> None:
        self._files = files
        #: In hexadecimal, of the files that were read to their end.
        self.hashes: dict[str, str] = {}

    @property
    def names(self) -> Mapping[str, int]:
        return self._files.sizes

    def read(self, name: str, most: int) -> bytes:
        """A whole file of at most so many bytes; FileFaultError where it is missing, larger or damaged."""
        if self.names.get(name, 0) > most:
            raise FileFaultError(name, "the file is larger than it can be")
        content = b"".join(self.chunks(name))
        if len(content) > most:
            raise FileFaultError(name, "the file is larger than it can be")
        return content

    def text(self, name: str, most: int) -> str:
        """A whole file as text; FileFaultError besides where it is not UTF-8."""
        try:
            return self.read(name, most).decode()
        except UnicodeDecodeError:
            raise FileFaultError(name, "the file is not UTF-8 text") from None

    def chunks(self, name: str) -> Iterator[bytes]:
        """A file piece by piece; FileFaultError where it is missing or damaged."""
        if name not in self.names:
            raise FileFaultError(name, "the file is missing from the export")
        digest = hashlib.sha256()
        try:
            with self._files.open(name) as opened:
                while chunk := opened.read(_CHUNK):
                    digest.update(chunk)
                    yield chunk
        except (*_DAMAGED, OSError):
            raise FileFaultError(name, "the file is damaged and cannot be read") from None
        self.hashes[name] = digest.hexdigest()

    def lines(self, name: str, most: int) -> Iterator[bytes]:
        """A file's lines without their newlines; FileFaultError for one that is too long or has no newline."""
        rest = b""
        for chunk in self.chunks(name):
            *whole, rest = (rest + chunk).split(b"\n")
            if len(rest) > most or any(len(line) > most for line in whole):
                raise FileFaultError(name, "a line of the file is longer than it can be")
            yield from whole
        if rest:
            raise FileFaultError(name, "the file ends in the middle of a line")

    def finish(self, name: str) -> str:
        """The file's SHA-256 in hexadecimal, from what was read before or by reading it now."""
        if name not in self.hashes:
            for _ in self.chunks(name):
                pass
        return self.hashes[name]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the files."""
        self._files.close()


def open_source(path: str) -> Source:
    """The export at a path, a folder or a zip; UnreadableError where there is neither."""
    try:
        return Source(FolderFiles(path) if Path(path).is_dir() else ZipFiles(path))
    except OSError:
        raise UnreadableError("there is no export at this path, or it may not be read") from None

# ─── ledger.domain.verify.strict_json ────────────────────────────────────────────────────────────────────


# JSON as exports carry it, read strictly: each name once, no NaN, no deep nesting, and members of the right types.


#: Exports nest three deep; the parser's own limit is above this.
_DEEPEST = 8


def strict_object(data: bytes) -> dict[str, Any]:
    """A JSON object; `ValueError` in words for anything else."""
    try:
        text = data.decode()
        value = json.loads(text, object_pairs_hook=_once, parse_constant=_refuse)
        text.encode()
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    except UnicodeDecodeError:
        raise ValueError("it is not UTF-8") from None
    except json.JSONDecodeError:
        raise ValueError("it is not JSON") from None
    if type(value) is not dict:
        raise ValueError("it is not a JSON object")
    if not _is_shallow(value, _DEEPEST):
        raise ValueError("it is nested too deep")
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("it has a member twice")
    return members


def _refuse(_constant: str) -> NoReturn:
    raise ValueError("it has a number that is none")


def _is_shallow(value: Any, depth: int) -> bool:
    if type(value) is dict:
        return depth > 0 and all(_is_shallow(member, depth - 1) for member in value.values())
    if type(value) is list:
        return depth > 0 and all(_is_shallow(member, depth - 1) for member in value)
    return True


def string_of(members: Mapping[str, Any], name: str) -> str:
    """A member that is text, else `ValueError`."""
    value = members.get(name)
    if type(value) is not str:
        raise ValueError(f"its member {name} is missing or not text")
    return value


def whole_of(members: Mapping[str, Any], name: str) -> int:
    """A member that is a whole number from 0, else `ValueError`."""
    value = members.get(name)
    if type(value) is not int or value < 0:
        raise ValueError(f"its member {name} is missing or not a whole number")
    return value


def strings_of(members: Mapping[str, Any], name: str, most: int) -> list[str]:
    """A member that is a list of at most so many texts, else `ValueError`."""
    value = members.get(name)
    if type(value) is not list or len(value) > most or any(type(item) is not str for item in value):
        raise ValueError(f"its member {name} is missing or not a list of texts")
    return value


def bytes_of_hex(text: str) -> bytes:
    """The bytes that lower-case hexadecimal stands for, else `ValueError`."""
    data = bytes.fromhex(text) if text.isascii() else b""
    if data.hex() != text:
        raise ValueError("it has bytes that are not in hexadecimal")
    return data

# ─── ledger.domain.verify.manifest ───────────────────────────────────────────────────────────────────────


# `export.json`: what an export says of itself, and the SHA-256 of every other file.


EXPORT_FORMAT = "ledger-export/1"
MANIFEST, MANIFEST_NOTE, POLICY = "export.json", "export.note", "policy"
#: Some 120 bytes a file, and a log of ten million entries has 80,000.
_LARGEST_MANIFEST = 256 * 1024**2
LARGEST_TEXT = 1_000_000


@dataclass(frozen=True, slots=True)
class Manifest:
    """An export as it says that it is; nothing here is believed before it is checked."""

    kind: str
    log: str
    origin: str
    keys: Mapping[str, str]
    made_at: str
    record: str | None
    up_to: int | None
    last_hash: str | None
    size: int
    recipient: str
    files: Mapping[str, str]
    sha256: str

    @property
    def log_origin(self) -> str:
        """The first line of its log's checkpoints."""
        return f"{self.origin}/log" if self.log == "entries" else f"{self.origin}/log/access"


def read_manifest(source: Source) -> Manifest:
    """The export's own description; UnreadableError where there is none that can be read."""
    try:
        data = source.read(MANIFEST, _LARGEST_MANIFEST)
        return _manifest_of(strict_object(data), hashlib.sha256(data).hexdigest())
    except FileFaultError as error:
        raise UnreadableError(f"{error.name}: {error.why}") from None
    except ValueError as error:
        raise UnreadableError(f"{MANIFEST} does not describe an export: {error}") from None


def _manifest_of(members: Mapping[str, Any], sha256: str) -> Manifest:
    if members.get("format") != EXPORT_FORMAT:
        raise ValueError(f"its format is not {EXPORT_FORMAT}")
    kind, log = string_of(members, "kind"), string_of(members, "log")
    if (kind, log) not in {("record", "entries"), ("log", "entries"), ("log", "access")}:
        raise ValueError("it is of a kind or a log that is not known here")
    as_of = _members(members, "as_of") if kind == "record" else {}
    return Manifest(
        kind=kind,
        log=log,
        origin=string_of(members, "origin"),
        keys=_texts(members, "keys"),
        made_at=string_of(members, "made_at"),
        record=string_of(members, "record") if kind == "record" else None,
        up_to=whole_of(as_of, "number") if kind == "record" else None,
        last_hash=string_of(as_of, "hash") if kind == "record" else None,
        size=whole_of(members, "size"),
        recipient=string_of(members, "for"),
        files=_texts(members, "files"),
        sha256=sha256,
    )


def _members(members: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = members.get(name)
    if type(value) is not dict:
        raise ValueError(f"its member {name} is missing or not an object")
    return value


def _texts(members: Mapping[str, Any], name: str) -> dict[str, str]:
    value = _members(members, name)
    if any(type(item) is not str for item in value.values()):
        raise ValueError(f"its member {name} holds something else than texts")
    return value


def check_manifest_note(
    source: Source, manifest: Manifest, keys: list[Verifier], verify: Verify, faults: Faults
) -> bool:
    """Whether the note over `export.json` is signed by one of the receipt keys; a fault where it is of another."""
    text = source.text(MANIFEST_NOTE, LARGEST_TEXT)
    try:
        note = parse_note(text)
        is_signed = bool(opened(note, keys, verify))
    except BadSignature:
        faults.add("its signature by the receipt key does not fit", file=MANIFEST_NOTE)
        return False
    except ValueError as error:
        faults.add(f"it is not a signed note: {error}", file=MANIFEST_NOTE)
        return False
    if note.text != f"{manifest.origin}/exports\n{manifest.sha256}\n":
        faults.add("it was signed for another export.json than the one that lies beside it", file=MANIFEST_NOTE)
        return False
    if keys and not is_signed:
        faults.add("it is not signed by a receipt key that you gave", file=MANIFEST_NOTE)
    return is_signed


def claims_of(source: Source, manifest: Manifest) -> list[str]:
    """What the export says of keys and witnesses, in words that leave no doubt about whose word that is."""
    known = {name: manifest.keys[name][:200] for name in ("log", "receipts") if name in manifest.keys}
    said = [f"of its own accord, and not believed here: the {name} key is {vkey}" for name, vkey in known.items()]
    try:
        policy = parse_policy(source.text(POLICY, LARGEST_TEXT))
    except (ValueError, FileFaultError):
        return said
    names = ", ".join(policy.witnesses) or "none"
    return [*said, f"and its policy asks for {policy.quorum}, its witnesses being: {names}"]


def check_files(source: Source, manifest: Manifest, faults: Faults) -> None:
    """Every file is named in `export.json` with the SHA-256 that it has, and none is missing."""
    for name in sorted(manifest.files.keys() | source.names.keys()):
        if name in (MANIFEST, MANIFEST_NOTE):
            continue
        try:
            if name not in manifest.files:
                faults.add("the file is not named in export.json", file=name)
            elif source.finish(name) != manifest.files[name]:
                faults.add("the file is not the one whose SHA-256 export.json gives", file=name)
        except FileFaultError as error:
            faults.add_file(error)
        except TooManyFaultsError:
            return

# ─── ledger.domain.verify.bracketing ─────────────────────────────────────────────────────────────────────


# Reading `brackets.jsonl`: earlier signed heads, each with the proof that the log only grew from it.


BRACKETS = "brackets.jsonl"
_LINE_BYTES_OF_HEAD = 1024**2
_LONGEST_CONSISTENCY = 64


def read_brackets(
    source: Source, manifest: Manifest, head: Head, trust: Trust, faults: Faults, progress: Callable[[int, int], None]
) -> Iterator[Head]:
    """The heads that bracket entries, in order of size, those left out that are not what they must be.

    `progress` is told bytes read and in all: how many heads there are is known when the last has been read.
    """
    if BRACKETS not in source.names:
        faults.add_file(FileFaultError(BRACKETS, "the file is missing from the export"))
        return
    size = done = 0
    for number, line in enumerate(source.lines(BRACKETS, _LINE_BYTES_OF_HEAD), start=1):
        done += len(line) + 1
        progress(done, source.names[BRACKETS])
        try:
            members = strict_object(line)
            name = f"line {number} of {BRACKETS}"
            bracket = read_head(string_of(members, "checkpoint"), manifest.log_origin, trust, name)
            proof = [hash_of(text) for text in strings_of(members, "consistency", _LONGEST_CONSISTENCY)]
            _require_between(size, bracket.size, head.size)
        except ValueError as error:
            faults.add(f"line {number} cannot be used: {error}", file=BRACKETS)
            continue
        if not leads_to(bracket, head, proof):
            why = f"the log did not only grow from the head of size {bracket.size:,} in line {number} to the checkpoint"
            first, last = (size, bracket.size - 1) if bracket.size else (0, 0)
            # In a log's export the entries themselves show where; a record's has nothing but this proof.
            where = {"first": min(first, last), "last": last} if manifest.kind == "record" else {}
            faults.add(why, file=BRACKETS, **where)
            continue
        size = bracket.size
        yield replace(bracket, times=NO_TIMES)


def _require_between(before: int, size: int, last: int) -> None:
    if not before <= size <= last:
        raise ValueError("its size is not between that of the line before it and that of the checkpoint")


def leads_to(old: Head, new: Head, proof: list[bytes]) -> bool:
    """Whether the proof shows the newer head's log to begin with the older's; from an empty log there is no proof."""
    if old.size == 0:
        return not proof and old.root == EMPTY_ROOT
    return verify_consistency(old.size, new.size, old.root, new.root, proof)

# ─── ledger.domain.log.access ────────────────────────────────────────────────────────────────────────────


# A read as the second log holds it: the leaf has a time and a commitment, everything else is content.
#
# As with entries, whoever lacks salt and content learns from the leaf that something was read at a time, and no more. The
# database makes the same bytes in a trigger; a property test holds the two together.


ACCESS_FORMAT = "ledger-access/1"
SALT_BYTES = 32

_TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z"
_LEAF = re.compile(rf'\{{"at":"({_TIME})","commitment":"([0-9a-f]{{64}})","format":"ledger-access/1"\}}'.encode())
#: The content's members and what each may be; nothing may be missing or beside them.
_MEMBERS: Mapping[str, tuple[type, ...]] = {
    "access": (str,),
    "agency": (str,),
    "at": (str,),
    "by_glass": (bool,),
    "outcome": (str,),
    "person": (str, type(None)),
    "purpose": (str,),
    "real_at": (str,),
    "record": (str,),
    "refused_for": (str, type(None)),
    "request": (str,),
    "up_to": (int,),
    "what": (str,),
}


@dataclass(frozen=True, slots=True)
class AccessFields:
    """A read's leaf as it is written: the real clock's time in UTC to six places, the commitment in hexadecimal."""

    at: str
    commitment: str


def access_leaf(at: str, commitment: bytes) -> bytes:
    """The leaf of a read; `at` is written as in `2026-11-22T01:25:09.000000Z`, the commitment is 32 bytes."""
    leaf = f'{{"at":"{at}","commitment":"{commitment.hex()}","format":"{ACCESS_FORMAT}"}}'.encode()
    parse_access_leaf(leaf)
    return leaf


def parse_access_leaf(leaf: bytes) -> AccessFields:
    """The members of a read's leaf in its canonical bytes; `ValueError` for any other bytes."""
    match = _LEAF.fullmatch(leaf)
    if match is None:
        raise ValueError("not the canonical bytes of a read")
    at = match[1].decode("ascii")
    datetime.fromisoformat(at)
    return AccessFields(at, match[2].decode("ascii"))


def access_content(members: Mapping[str, Any]) -> bytes:
    """The canonical bytes (RFC 8785) of what was read, by whom and why; `ValueError` for other members than these."""
    if members.keys() != _MEMBERS.keys() or any(type(members[name]) not in kinds for name, kinds in _MEMBERS.items()):
        raise ValueError("a read has other members than these")
    if not 0 <= members["up_to"] < 2**53:
        raise ValueError("a number beyond what JSON holds exactly")
    # Names are ASCII and numbers whole, for which the standard encoder writes what RFC 8785 asks.
    return json.dumps(dict(members), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def access_commitment(salt: bytes, content: bytes) -> bytes:
    """SHA-256(salt ‖ content), as for entries; the salt is 32 bytes."""
    if len(salt) != SALT_BYTES:
        raise ValueError("a salt is 32 bytes")
    return hashlib.sha256(salt + content).digest()

# ─── ledger.domain.log.envelope ──────────────────────────────────────────────────────────────────────────


# The published half of an entry as an outsider reads it: one spelling, checked as it is taken apart.
#
# `ledger.domain.entry` writes these bytes; a property test holds the two together. They carry no personal data: a random
# pseudonym, a number, a time and two hashes (decision 1).


#: `previous` of a record's first entry, as it is written.
GENESIS_HEX = "00" * 32
_ENVELOPE = re.compile(
    rb'\{"commitment":"([0-9a-f]{64})","format":"ledger-entry/1","number":([1-9][0-9]{0,14}),'
    rb'"previous":"([0-9a-f]{64})","record":"([a-z2-7]{26})",'
    rb'"recorded_at":"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z)"\}'
)


@dataclass(frozen=True, slots=True)
class EnvelopeFields:
    """An envelope's members as written: hashes in hexadecimal, the time in UTC, so that its texts sort as times."""

    record: str
    number: int
    previous: str
    recorded_at: str
    commitment: str


def parse_envelope(envelope: bytes) -> EnvelopeFields:
    """The members of an envelope in its canonical bytes; `ValueError` for any other bytes."""
    match = _ENVELOPE.fullmatch(envelope)
    if match is None:
        raise ValueError("not the canonical bytes of an envelope")
    commitment, number, previous, record, recorded_at = match.groups()
    written = recorded_at.decode("ascii")
    datetime.fromisoformat(written)  # the thirtieth of February has the form of a day, and is none
    return EnvelopeFields(
        record.decode("ascii"), int(number), previous.decode("ascii"), written, commitment.decode("ascii")
    )

# ─── ledger.domain.log.tiles ─────────────────────────────────────────────────────────────────────────────


# Tiles and entry bundles as c2sp.org/tlog-tiles lays them out: where they stand, and what is in them.


#: A tile holds eight levels of the tree: 256 hashes, of which it writes the lowest row.
HEIGHT = 8
WIDTH = 256
#: Levels of tiles: eight to a tile of a tree of 2⁶³ leaves is fewer, C2SP allows these.
_LEVELS = 64
#: An entry's length is written in two bytes.
LARGEST_LEAF = 65_535

Level = int | Literal["entries"]

_PATH = re.compile(r"tile/(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")
_LONGEST_PATH = 64


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile, or one bundle where the level is `entries`; `width` hashes or entries, 256 when whole."""

    level: Level
    index: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        return tile_path(self.level, self.index, self.width)


def tile_path(level: Level, index: int, width: int = WIDTH) -> str:
    """Where it stands below the log's prefix, such as `tile/0/x001/x234/067.p/89`."""
    if not 0 <= index <= LARGEST or not 1 <= width <= WIDTH:
        raise ValueError("a tile counts from 0 and is 1 to 256 wide")
    if level != "entries" and not 0 <= level < _LEVELS:
        raise ValueError("a tile's level is 0 to 63")
    index, last = divmod(index, 1000)
    parts = [f"{last:03d}"]
    while index:
        index, part = divmod(index, 1000)
        parts.append(f"x{part:03d}")
    ending = "" if width == WIDTH else f".p/{width}"
    return f"tile/{level}/{'/'.join(reversed(parts))}{ending}"


def parse_tile_path(path: str) -> Tile:
    """The tile that a path names; `ValueError` for any other spelling."""
    match = _PATH.fullmatch(path) if len(path) <= _LONGEST_PATH else None
    if match is None:
        raise ValueError("not the path of a tile")
    level: Level = "entries" if match[1] == "entries" else int(match[1])
    tile = Tile(level, int(match[2].replace("x", "").replace("/", "")), int(match[3]) if match[3] else WIDTH)
    if tile.path != path:
        raise ValueError("not the path of a tile in its one spelling")
    return tile


def tile_of_node(level: int, index: int) -> tuple[int, int, int, int]:
    """Where the hash of the complete subtree (level, index) lies: tile level, tile index, first hash, count of hashes.

    With a count of 1 the tile holds the hash; else it is `merkle.root_of_run` of so many hashes from the first on.
    """
    tile_level, within = divmod(level, HEIGHT)
    tile_index, first = divmod(index << within, WIDTH)
    return tile_level, tile_index, first, 1 << within


def tiles_of(size: int) -> Iterable[Tile]:
    """Every tile of hashes that a tree of this size has, the partial ones at its edge included."""
    level = 0
    while size >> (HEIGHT * level):
        whole, width = divmod(size >> (HEIGHT * level), WIDTH)
        yield from (Tile(level, index) for index in range(whole))
        if width:
            yield Tile(level, whole, width)
        level += 1


def bundles_of(size: int) -> Iterable[Tile]:
    """Every bundle of entries of a tree of this size."""
    whole, width = divmod(size, WIDTH)
    yield from (Tile("entries", index) for index in range(whole))
    if width:
        yield Tile("entries", whole, width)


def bundle_of(leaves: Iterable[bytes]) -> bytes:
    """Entries as a bundle: each with its length before it, in two bytes, the larger first."""
    parts = []
    for leaf in leaves:
        if len(leaf) > LARGEST_LEAF:
            raise ValueError("an entry is at most 65,535 bytes")
        parts += [struct.pack(">H", len(leaf)), leaf]
    return b"".join(parts)


def leaves_of(bundle: bytes) -> list[bytes]:
    """The entries of a bundle, in order; `ValueError` where it ends in the middle of one."""
    leaves, at, end = [], 0, len(bundle)
    while at < end:
        start = at + 2
        if start > end:
            raise ValueError("the bundle ends in the middle of a length")
        at = start + (bundle[start - 2] << 8 | bundle[start - 1])
        if at > end:
            raise ValueError("the bundle ends in the middle of an entry")
        leaves.append(bundle[start:at])
    return leaves

# ─── ledger.domain.verify.chain ──────────────────────────────────────────────────────────────────────────


# Each record's chain: numbers without a gap, each entry naming the one before it, time not running backwards.


@dataclass(frozen=True, slots=True)
class End:
    """The last entry of a record that was met: its number, its hash in hexadecimal, its time as written."""

    record: str
    number: int
    hash: str
    recorded_at: str


class Chains:
    """The last entry of every record that was met: number, hash in hexadecimal, time as written, index in the log."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._last: dict[str, tuple[int, str, str, int]] = {}

    @property
    def records(self) -> int:
        return len(self._last)

    def end(self, record: str) -> End | None:
        """The last entry met of a record; None where none was."""
        known = self._last.get(record)
        return End(record, *known[:3]) if known else None

    def follow(self, leaf: bytes, leaf_hash: bytes, index: int) -> EnvelopeFields | None:
        """The entry at an index, noted as its record's last, with faults; None where the bytes are no entry."""
        try:
            entry = parse_envelope(leaf)
        except ValueError:
            self._faults.add("its bytes are not those of an entry's envelope", first=index, last=index)
            return None
        record, number = entry.record, entry.number
        known = self._last.get(record)
        # Noted before it is judged, so that one fault is told once and not again at each entry that follows.
        self._last[record] = (number, leaf_hash.hex(), entry.recorded_at, index)
        if known is None:
            known = (0, GENESIS_HEX, "", -1)
        if number != known[0] + 1 or entry.previous != known[1] or entry.recorded_at < known[2]:
            self._tell(entry, known, index)
        return entry

    def _tell(self, entry: EnvelopeFields, known: tuple[int, str, str, int], index: int) -> None:
        number, before = known[0], max(known[3], 0)
        if entry.number > number + 1:
            # The first that fails is the first that is not there.
            why = f"it is missing: the record goes on with number {entry.number}"
            where = {"record": entry.record, "number": number + 1}
            self._faults.add(why, first=known[3] + 1, last=index, **where)
            return
        if entry.number <= number:
            why = "its number was there before, in the same record"
        elif entry.previous != known[1]:
            why = "it does not follow the entry before it in the record: one of the two was changed"
        else:
            why = f"it says that it was recorded at {entry.recorded_at}, and the entry before it at {known[2]}"
        self._faults.add(why, first=before, last=index, record=entry.record, number=entry.number)

# ─── ledger.domain.verify.growth ─────────────────────────────────────────────────────────────────────────


# The log's tree as it grows leaf by leaf, compared with every tile of the export on the way.


_TILE_BYTES = WIDTH * HASH_BYTES


class Growth:
    """A tree of some size, of which only the right edge is held."""

    def __init__(self, source: Source, faults: Faults) -> None:
        self._source = source
        self._faults = faults
        self.size = 0
        #: Whole bundles as leaves of a tree of their own, and the leaves of the bundle that is not whole yet.
        self._whole, self._open = Frontier(), Frontier()
        #: Of each level above 0 the hashes of its tile that is not whole yet, and how many of its tiles are.
        self._rows: list[list[bytes]] = []
        self._tiles: list[int] = []

    def root(self) -> bytes:
        """The root at the present size."""
        return root_of_edge((*self._whole.hashes, *self._open.hashes))

    def extend(self, hashes: Sequence[bytes]) -> None:
        """Add leaves of one bundle by their hashes."""
        self._open.extend(hashes)
        self.size += len(hashes)
        if self._open.size == WIDTH:
            [whole] = self._open.hashes
            self._whole.append(whole)
            self._open = Frontier()
            self._add(0, whole)

    def _add(self, row: int, whole: bytes) -> None:
        """Add a hash to the tile of level `row` + 1."""
        if row == len(self._rows):
            self._rows.append([])
            self._tiles.append(0)
        hashes = self._rows[row]
        hashes.append(whole)
        if len(hashes) == WIDTH:
            self.compare(Tile(row + 1, self._tiles[row]), hashes)
            self._rows[row] = []
            self._tiles[row] += 1
            self._add(row + 1, root_of_run(hashes))

    def finish(self) -> None:
        """Compare the tiles at the edge, which are not whole."""
        for row, hashes in enumerate(self._rows):
            if hashes:
                self.compare(Tile(row + 1, self._tiles[row], len(hashes)), hashes)

    def compare(self, tile: Tile, hashes: Sequence[bytes]) -> None:
        """Note a fault at the first hash in which the export's tile differs from the entries."""
        assert tile.level != "entries", "bundles are read, not compared"
        # A hash of this level stands for so many entries.
        span = WIDTH**tile.level
        start = tile.index * WIDTH * span
        try:
            stored = self._source.read(tile.path, _TILE_BYTES)
        except FileFaultError as error:
            self._faults.add_file(error, first=start, last=start + len(hashes) * span - 1)
            return
        made = b"".join(hashes)
        if stored == made:
            return
        at = next((i for i, value in enumerate(hashes) if stored[32 * i : 32 * i + 32] != value), None)
        if at is None:
            self._faults.add("the tile has more hashes than there are entries", file=tile.path)
            return
        why = (
            "the entry is not the one that the log's own tree has here"
            if span == 1
            else "the entries do not make the hash in this tile"
        )
        self._faults.add(why, first=start + at * span, last=start + (at + 1) * span - 1, file=tile.path)

# ─── ledger.domain.log.receipt ───────────────────────────────────────────────────────────────────────────


# The text of a receipt: what the ledger says that it has recorded, signed by its receipt key as a note.
#
# The first line names the ledger and that this is a receipt, so no such signature can be taken for one over a checkpoint;
# the second is the envelope as it was stored.


_ENDING = "/receipts"


@dataclass(frozen=True, slots=True)
class ReceiptText:
    """What a receipt says: the ledger's origin, the envelope's bytes, and its members."""

    origin: str
    envelope: bytes
    fields: EnvelopeFields


def receipt_name(origin: str) -> str:
    """The name of the key that signs receipts of the ledger of this origin."""
    return origin + _ENDING


def receipt_text(origin: str, envelope: bytes) -> str:
    """The text to sign for an envelope's canonical bytes; `ValueError` for any others."""
    parse_envelope(envelope)
    return f"{receipt_name(origin)}\n{envelope.decode('ascii')}\n"


def parse_receipt(text: str) -> ReceiptText:
    """What a receipt's text says, without its signatures; `ValueError` where it is not one."""
    lines = text.split("\n")
    if len(lines) != 3 or lines[2] or not lines[0].endswith(_ENDING) or lines[0] == _ENDING:
        raise ValueError("a receipt is a line that names the ledger and a line with the envelope")
    envelope = lines[1].encode()
    return ReceiptText(lines[0].removesuffix(_ENDING), envelope, parse_envelope(envelope))

# ─── ledger.domain.verify.kept ───────────────────────────────────────────────────────────────────────────


# Receipts that somebody kept: each promises an entry, and the export must hold exactly that one.


#: A log that goes on for this long beyond a receipt's time has had the entry to seal.
_SEALED_WITHIN_S = 60


class KeptReceipts:
    """The receipts by record and number, what became of them, and those that this export cannot speak of."""

    def __init__(self, trust: Trust, origin: str, faults: Faults) -> None:
        self._faults = faults
        self._waiting: dict[tuple[str, int], list[tuple[str, ReceiptText]]] = {}
        for kept in trust.receipts:
            receipt = _read_receipt(kept, trust, origin)
            key = (receipt.fields.record, receipt.fields.number)
            self._waiting.setdefault(key, []).append((kept.name, receipt))
        #: Where each receipt that fits came from, with its entry.
        self.met: list[tuple[str, EnvelopeFields]] = []

    @property
    def is_empty(self) -> bool:
        return not self._waiting

    def meet(self, entry: EnvelopeFields, leaf: bytes, index: int) -> None:
        """Compare an entry with the receipts for its number."""
        for name, receipt in self._waiting.pop((entry.record, entry.number), ()):
            if receipt.envelope == leaf:
                self.met.append((name, entry))
                continue
            why = (
                f"it is not the entry that the receipt {name} promises under this number: the ledger signed two "
                "different entries, and the receipt proves it"
            )
            self._faults.add(why, first=index, last=index, record=entry.record, number=entry.number)

    def end_log(self, latest: str, size: int, end_of: Callable[[str], End | None], what: str) -> list[str]:
        """What to say of receipts that the log lacks, `what` being its export.

        A fault where the log goes on well after their time, or they contradict what it has last of their record.
        """
        sentences = []
        before = _earlier(latest) if latest else ""
        for name, entry in self.judge(size, end_of):
            if entry.recorded_at < before:
                why = f"the receipt {name} promises this entry, and the log goes on without it"
                self._add(why, entry, size)
            else:
                sentences.append(f"The receipt {name} is of an entry that {what} is too old to hold.")
        return sentences

    def end_record(self, head: Head, end: End | None, about: Manifest, skew_s: int) -> tuple[list[str], list[str]]:
        """What to say of receipts that a record's export lacks: loudly, where it may leave them out, and as notes.

        A fault where they contradict the record's last entry, or where witnesses saw the log that the export is of well
        after their time. That an export was made later proves nothing: making it takes as long as it takes.
        """
        loud, notes = list[str](), list[str]()
        number = 0 if end is None else end.number
        seen = None if head.seen is None else head.seen[0]
        for name, entry in self.judge(head.size, lambda record: end if record == about.record else None):
            if entry.record != about.record:
                notes.append(f"The receipt {name} is of another record than this export.")
            elif seen is not None and entry.recorded_at < moment_text(seen - skew_s - _SEALED_WITHIN_S):
                why = (
                    f"the receipt {name} promises this entry, and the export ends at number {number}, though witnesses "
                    f"saw its log as late as {moment_words(seen)}: it was asked for as of an earlier time, or it "
                    "leaves the entry out"
                )
                self._add(why, entry, head.size)
            elif entry.recorded_at < about.made_at:
                loud.append(
                    f"The receipt {name} is of entry {entry.number}, recorded at {entry.recorded_at}. This export was "
                    f"made later, at {about.made_at[:40]}, and ends at number {number}: it was asked for as of an "
                    "earlier time, or it leaves entries out. An export of the log beside it (--log) shows which "
                    "entries there are."
                )
            else:
                notes.append(f"The receipt {name} is of an entry beyond number {number}, to which this export goes.")
        return loud, notes

    def judge(self, size: int, end_of: Callable[[str], End | None]) -> list[tuple[str, EnvelopeFields]]:
        """The receipts of entries that were not met; a fault for each that contradicts its record's last entry."""
        left = []
        for name, receipt in [item for items in self._waiting.values() for item in items]:
            why = _why_contradicted(name, receipt.fields, end_of(receipt.fields.record))
            if why is None:
                left.append((name, receipt.fields))
            else:
                self._add(why, receipt.fields, size)
        return left

    def _add(self, why: str, entry: EnvelopeFields, size: int) -> None:
        self._faults.add(why, first=0, last=max(size - 1, 0), record=entry.record, number=entry.number)

    def sentences(self) -> list[str]:
        """What the receipts that fit vouch for."""
        return [_promised(name, entry, "here") for name, entry in self.met]

    def sentences_beside(self, record: "KeptReceipts") -> list[tuple[str, str]]:
        """The same of a log beside a record, of those that the record does not have: of which record, and what."""
        return [
            (entry.record, _promised(name, entry, "in the export of the log"))
            for name, entry in self.met
            if (name, entry) not in record.met
        ]


def _promised(name: str, entry: EnvelopeFields, where: str) -> str:
    return (
        f"The receipt {name} promises entry {entry.record}.{entry.number}, and it is {where} as it was promised, with "
        "those before it in its record."
    )


def _why_contradicted(name: str, entry: EnvelopeFields, end: End | None) -> str | None:
    """Why a receipt's entry cannot come after the last one that is there of its record; None where it can."""
    if end is None or entry.number <= end.number:
        return None
    if entry.number == end.number + 1 and entry.previous != end.hash:
        return (
            f"the receipt {name} promises this entry after another entry {end.number} than the one that is here: the "
            "ledger signed two histories, and the receipt proves it"
        )
    if entry.recorded_at < end.recorded_at:
        return (
            f"the receipt {name} promises it as recorded at {entry.recorded_at}, and entry {end.number}, which came "
            f"before it, was recorded at {end.recorded_at} here: the ledger signed two histories, and the receipt "
            "proves it"
        )
    return None


def _earlier(written: str) -> str:
    moment = datetime.fromisoformat(written) - timedelta(seconds=_SEALED_WITHIN_S)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _read_receipt(kept: Kept, trust: Trust, origin: str) -> ReceiptText:
    """The receipt in a text, alone or within the API's answer; UnreadableError where there is none."""
    text = kept.text
    try:
        if text.lstrip().startswith("{"):
            text = strict_object(text.encode())["receipt"]
        note = parse_note(text)
        is_signed = bool(opened(note, trust.receipt_keys, trust.verify))
        receipt = parse_receipt(note.text)
    except BadSignature:
        raise UnreadableError(f"the receipt {kept.name}: the signature of the receipt key does not fit it") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableError(f"the receipt {kept.name} cannot be used: {error}") from None
    if not is_signed:
        raise UnreadableError(f"the receipt {kept.name} is not signed by a receipt key that you gave")
    if receipt.origin != origin:
        raise UnreadableError(f"the receipt {kept.name} is of another ledger")
    return receipt

# ─── ledger.domain.verify.check_log ──────────────────────────────────────────────────────────────────────


# Checking a whole log: every entry, every tile, every signed head, in one pass from the first entry to the last.


_BUNDLE_BYTES = WIDTH * (LARGEST_LEAF + 2)
READS = "reads.jsonl"
#: A read's content is a few hundred bytes of names.
_READ_BYTES = 1024**2

Progress = Callable[[int, int], None]


@dataclass
class LogWatch:
    """What a pass over the log looks out for, and what it has seen when it ends."""

    heads: Sequence[Head]
    brackets: Brackets
    receipts: KeptReceipts | None = None
    #: A record whose entries are handed over as they pass: number, index, leaf.
    record: str | None = None
    entries_of_record: dict[int, tuple[int, bytes]] = field(default_factory=dict)
    #: The size and root at heads that fitted, and the time of the latest entry.
    fitted: list[Head] = field(default_factory=list)
    latest: str = ""
    #: Of each record the last entry met.
    chains: Chains | None = None

    @property
    def records(self) -> int:
        return 0 if self.chains is None else self.chains.records


def check_entries(source: Source, size: int, watch: LogWatch, faults: Faults, progress: Progress) -> None:
    """Check the log of entries against its tiles, heads, brackets and receipts."""
    watch.chains = chains = Chains(faults)

    def check(leaf: bytes, hashed: bytes, index: int) -> str | None:
        entry = chains.follow(leaf, hashed, index)
        if entry is None:
            return None
        if watch.receipts is not None and not watch.receipts.is_empty:
            watch.receipts.meet(entry, leaf, index)
        if entry.record == watch.record:
            watch.entries_of_record.setdefault(entry.number, (index, leaf))
        return entry.recorded_at

    _Pass(source, size, watch, faults, progress).run(check)


def check_reads(source: Source, size: int, watch: LogWatch, faults: Faults, progress: Progress) -> None:
    """Check the log of reads likewise, and that each read's content is what its leaf commits to."""
    contents = _contents(source, faults)
    waiting: list[tuple[int, bytes, str] | None] = [next(contents, None)]

    def check(leaf: bytes, _hashed: bytes, index: int) -> str | None:
        try:
            read = parse_access_leaf(leaf)
        except ValueError:
            faults.add("its bytes are not those of a read's leaf", first=index, last=index)
            return None
        if (told := waiting[0]) is not None and told[0] == index:
            waiting[0] = next(contents, None)
            if hashlib.sha256(told[1]).hexdigest() != read.commitment or told[2] != read.at:
                faults.add("what is told of this read is not what the log committed to", first=index, last=index)
        return read.at

    _Pass(source, size, watch, faults, progress).run(check)
    if waiting[0] is not None:
        faults.add("it tells of reads that the log does not have", file=READS)


def _contents(source: Source, faults: Faults) -> Iterator[tuple[int, bytes, str]]:
    """Of each read that is told: index, salt with content, and the time within it; indexes ascend."""
    if READS not in source.names:
        return
    last = -1
    for number, line in enumerate(source.lines(READS, _READ_BYTES), start=1):
        try:
            members = strict_object(line)
            index, content = _index_after(last, members), string_of(members, "content").encode()
            at = string_of(strict_object(content), "real_at")
            yield index, bytes_of_hex(string_of(members, "salt")) + content, at
            last = index
        except ValueError as error:
            faults.add(f"line {number} cannot be used: {error}", file=READS)
            return


def _index_after(last: int, members: Mapping[str, Any]) -> int:
    index = whole_of(members, "index")
    if index <= last:
        raise ValueError("its indexes do not ascend")
    return index


class _Pass:
    """One pass over the bundles of a log."""

    def __init__(self, source: Source, size: int, watch: LogWatch, faults: Faults, progress: Progress) -> None:
        self._source, self._size, self._watch = source, size, watch
        self._faults, self._progress = faults, progress
        self._growth = Growth(source, faults)
        self._heads = sorted((head for head in watch.heads if head.size <= size), key=lambda head: head.size)
        self._next = 0
        self._is_forked = False
        #: Up to which sizes the entries make a signed head, and one that stands outside the operator's hands.
        self._sound, self._sound_outside = 0, 0

    def run(self, check: Callable[[bytes, bytes, int], str | None]) -> None:
        self._meet_heads()
        for bundle in bundles_of(self._size):
            leaves = self._leaves(bundle)
            if leaves is None:
                return
            hashes = [leaf_hash(leaf) for leaf in leaves]
            self._growth.compare(Tile(0, bundle.index, len(hashes)), hashes)
            start = self._growth.size
            while (done := self._growth.size - start) < len(leaves):
                end = min(self._next_size() - start, len(leaves))
                self._check_part(check, leaves[done:end], hashes[done:end])
                self._growth.extend(hashes[done:end])
                self._meet_heads()
            self._progress(self._growth.size, self._size)
        self._growth.finish()

    def _check_part(
        self, check: Callable[[bytes, bytes, int], str | None], leaves: list[bytes], hashes: list[bytes]
    ) -> None:
        """Check entries between two heads, which share a bracket."""
        start = self._growth.size
        brackets, latest = self._watch.brackets, self._watch.latest
        bracket = brackets.of(start)
        low, high = brackets.limits(bracket)
        for index, (leaf, hashed) in enumerate(zip(leaves, hashes, strict=True), start=start):
            written = check(leaf, hashed, index)
            if written is None:
                continue
            latest = max(latest, written)
            if not low <= written <= high:
                self._faults.add(why_outside(written, bracket), first=index, last=index, **_named(leaf))
        self._watch.latest = latest
        brackets.count(bracket, len(leaves))

    def _leaves(self, bundle: Tile) -> list[bytes] | None:
        """The entries of a bundle; None, with a fault, where it is not to be had whole."""
        try:
            leaves = leaves_of(self._source.read(bundle.path, _BUNDLE_BYTES))
        except FileFaultError as error:
            why, entries = error.why, bundle.width
        except ValueError as error:
            why, entries = str(error), bundle.width
        else:
            if len(leaves) == bundle.width:
                return leaves
            why = f"it has {len(leaves)} entries where the checkpoint asks for {bundle.width}"
            entries = min(len(leaves) + 1, bundle.width)
        self._stop(why, bundle, entries)
        return None

    def _stop(self, why: str, bundle: Tile, entries: int) -> None:
        """Note why the pass ends at a bundle: nothing since the last signed head is held against a head any more."""
        last = bundle.index * WIDTH + entries - 1
        self._faults.add(why, first=self._sound, last=last, file=bundle.path)

    def _next_size(self) -> int:
        return self._heads[self._next].size if self._next < len(self._heads) else self._size

    def _meet_heads(self) -> None:
        """Compare the tree with the signed heads of its present size."""
        while self._next < len(self._heads) and self._heads[self._next].size == self._growth.size:
            head = self._heads[self._next]
            self._next += 1
            if self._growth.root() == head.root:
                self._watch.fitted.append(head)
                self._sound = head.size
                self._sound_outside = head.size if head.is_outside else self._sound_outside
            elif not self._is_forked or head.is_outside:
                self._is_forked = True
                # Who can sign anew signs every head anew: only what lies outside says what is still as it was.
                first = self._sound_outside if head.is_outside else self._sound
                # Where another head of this very size fits, none before it says where the two part.
                first = first if first < head.size else 0
                self._faults.add(why_forked(head), first=first, last=max(head.size - 1, 0))


def why_forked(head: Head) -> str:
    if head.is_kept:
        return (
            f"up to size {head.size:,} this is not the log that {head.name} is a signed head of: history was "
            "rewritten, and the two signatures together prove it"
        )
    return f"the entries up to size {head.size:,} do not make the root that was signed in {head.name}"


def _named(leaf: bytes) -> Mapping[str, Any]:
    """Record and number of an entry's leaf; nothing for a read's."""
    try:
        entry = parse_envelope(leaf)
    except ValueError:
        return {}
    return {"record": entry.record, "number": entry.number}

# ─── ledger.domain.verify.check_record ───────────────────────────────────────────────────────────────────


# Checking the export of one record: every entry from the first on, its proof in the log, its content where shown.


ENTRIES = "entries.jsonl"
#: An entry with its content and proof: a batch's largest item with every character escaped comes nowhere near.
_LINE_BYTES = 8 * 1024**2
_LONGEST_PROOF = 63
_SALT_BYTES = 32
_SHOWN = ("whole", "part", "withheld", "erased")


@dataclass
class RecordWatch:
    """What the pass over a record needs, and what it has seen when it ends."""

    head: Head
    checkpoint: str
    brackets: Brackets
    receipts: KeptReceipts
    shown: Counter[str] = field(default_factory=Counter)
    #: Of every number the index in the log and the envelope's bytes.
    entries: dict[int, tuple[int, bytes]] = field(default_factory=dict)
    first: Bracket | None = None
    last: Bracket | None = None
    #: The record's last entry here.
    end: End | None = None


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of the export, taken apart and not checked."""

    envelope: bytes
    index: int
    proof: Sequence[bytes]
    shown: str
    salt: bytes | None
    content: bytes | None


def check_record(
    source: Source, manifest: Manifest, watch: RecordWatch, faults: Faults, progress: Callable[[int, int], None]
) -> int:
    """Check every entry of the record's export; returns how many there were."""
    up_to = manifest.up_to or 0
    chains, last_hash, last_index = Chains(faults), b"", -1
    count = 0
    for number, data in enumerate(source.lines(ENTRIES, _LINE_BYTES), start=1):
        count = number
        try:
            line = _line_of(data)
        except ValueError as error:
            faults.add(f"line {number} cannot be used: {error}", file=ENTRIES, record=manifest.record, number=number)
            return count
        _check_line(line, number, manifest, watch, chains, faults)
        watch.end = chains.end(manifest.record or "")
        if line.index <= last_index:
            why = "it stands in the log before the entry that it follows"
            faults.add(why, first=line.index, last=last_index, record=manifest.record, number=number)
        _check_proof_file(source, line, number, watch, faults)
        last_hash, last_index = leaf_hash(line.envelope), line.index
        progress(number, up_to)
    _check_end(count, last_hash, last_index, manifest, faults)
    return count


def _check_end(count: int, last_hash: bytes, last_index: int, manifest: Manifest, faults: Faults) -> None:
    up_to = manifest.up_to or 0
    if count < up_to:
        missing = f"entry {up_to} is" if count == up_to - 1 else f"entries {count + 1} to {up_to} are"
        why = f"{missing} missing: the export says that it goes up to number {up_to}"
        where = {"first": last_index + 1, "last": max(manifest.size - 1, last_index + 1)}
        faults.add(why, record=manifest.record, number=count + 1, **where)
    elif count > up_to:
        faults.add(f"it has more entries than the {up_to} that export.json speaks of", file=ENTRIES)
    elif last_hash.hex() != manifest.last_hash:
        where = {"first": max(last_index, 0), "last": max(last_index, 0)}
        faults.add("its hash is not the one that export.json gives", record=manifest.record, number=count, **where)


def _line_of(data: bytes) -> _Line:
    members = strict_object(data)
    if members.keys() - {"envelope", "index", "proof", "shown", "salt", "content"}:
        raise ValueError("it has members that are not known here")
    shown = string_of(members, "shown")
    if shown not in _SHOWN or (shown == "whole") != ("salt" in members) or (shown == "whole") != ("content" in members):
        raise ValueError("salt and content go with an entry that is shown whole, and with no other")
    salt = bytes_of_hex(string_of(members, "salt")) if shown == "whole" else None
    if salt is not None and len(salt) != _SALT_BYTES:
        raise ValueError("a salt is 32 bytes")
    return _Line(
        envelope=string_of(members, "envelope").encode(),
        index=whole_of(members, "index"),
        proof=[hash_of(text) for text in strings_of(members, "proof", _LONGEST_PROOF)],
        shown=shown,
        salt=salt,
        content=string_of(members, "content").encode() if shown == "whole" else None,
    )


def _check_line(
    line: _Line, number: int, manifest: Manifest, watch: RecordWatch, chains: Chains, faults: Faults
) -> None:
    head, index = watch.head, line.index
    where: dict[str, Any] = {"first": index, "last": index, "record": manifest.record, "number": number}
    if not verify_inclusion(index, head.size, leaf_hash(line.envelope), line.proof, head.root):
        faults.add("the log does not hold this entry at this place: its proof does not lead to the checkpoint", **where)
    entry = chains.follow(line.envelope, leaf_hash(line.envelope), index)
    if entry is None:
        return
    if entry.record != manifest.record:
        faults.add("it is of another record than the one that is exported", **where)
    commitment = hashlib.sha256((line.salt or b"") + (line.content or b"")).hexdigest()
    if line.content is not None and commitment != entry.commitment:
        faults.add("its content is not what the entry committed to", **where)
    bracket = watch.brackets.of(index)
    low, high = watch.brackets.limits(bracket)
    if not low <= entry.recorded_at <= high:
        faults.add(why_outside(entry.recorded_at, bracket), **where)
    watch.brackets.count(bracket, 1)
    watch.receipts.meet(entry, line.envelope, index)
    watch.shown[line.shown] += 1
    watch.entries[number] = (index, line.envelope)
    watch.first, watch.last = watch.first or bracket, bracket


def _check_proof_file(source: Source, line: _Line, number: int, watch: RecordWatch, faults: Faults) -> None:
    """The offline proof of the same entry says the same as the line."""
    name = f"proofs/{number}.tlog-proof"
    try:
        text = source.text(name, LARGEST_TEXT)
    except FileFaultError as error:
        faults.add_file(error)
        return
    if text != TlogProof(line.index, tuple(line.proof), watch.checkpoint).to_text():
        faults.add(f"it is not the proof that {ENTRIES} has for entry {number}", file=name)

# ─── ledger.domain.verify.report ─────────────────────────────────────────────────────────────────────────


# What came of checking an export.


#: Exit codes: whole and vouched for from outside; broken; unreadable; whole, but nobody outside vouches for it.
VOUCHED, BROKEN, UNREADABLE, UNVOUCHED = 0, 1, 2, 3
_RESULTS = {VOUCHED: "vouched", BROKEN: "broken", UNVOUCHED: "unvouched"}


@dataclass
class Report:
    """Everything there is to say, in the order in which it was found; sentences are for a person."""

    kind: str
    log: str
    origin: str
    recipient: str
    made_at: str
    size: int
    record: str | None = None
    up_to: int | None = None
    entries: int = 0
    records: int = 0
    faults: list[Fault] = field(default_factory=list)
    #: Who stands outside the operator and vouches, each in a sentence.
    vouched: list[str] = field(default_factory=list)
    brackets: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    #: What must be read together with the verdict: how far this export goes, where something brought goes further.
    warnings: list[str] = field(default_factory=list)
    #: Whether a receipt key that was given signed `export.json`, and so every file; else only the log was checked.
    signed: bool = False
    #: What the export says of keys and witnesses, which is shown and was not believed.
    claims: list[str] = field(default_factory=list)
    #: Of a record: how many entries are shown whole, in part, withheld, erased.
    shown: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def exit_code(self) -> int:
        if self.faults:
            return BROKEN
        return VOUCHED if self.vouched else UNVOUCHED

    def as_json(self) -> dict[str, Any]:
        """The report for a program; `first` is the first fault in the order of the log, or null."""
        members = asdict(self) | {"faults": [fault.as_json() for fault in self.faults]}
        first = self.faults[0].as_json() if self.faults else None
        return {"result": _RESULTS[self.exit_code], "exit": self.exit_code, "first": first, **members}

# ─── ledger.domain.verify.saying ─────────────────────────────────────────────────────────────────────────


# What follows from the heads and brackets that fitted: who vouches, up to where, and for which times.


def compare_kept(kept: Sequence[Head], known: Sequence[Head], faults: Faults) -> list[Head]:
    """Those of the kept heads that are among the known ones; a fault where one of a size has another root."""
    roots = {head.size: head.root for head in known if not head.is_kept}
    for head in kept:
        if roots.get(head.size, head.root) != head.root:
            faults.add(why_forked(head), first=0, last=max(head.size - 1, 0))
    return [head for head in kept if roots.get(head.size) == head.root]


def find_shrunk(report: Report, kept: Sequence[Head], last: Head, skew_s: int, faults: Faults) -> None:
    """A fault for a head that witnesses saw before this export was made, and that it does not reach."""
    for head in kept:
        if head.size > last.size and head.seen is not None and moment_text(head.seen[1] + skew_s) < report.made_at:
            why = (
                f"witnesses saw {head.name}, of size {head.size:,}, by {moment_words(head.seen[1])}; this export was "
                f"made later and ends at size {last.size:,}: the end of the log is missing"
            )
            faults.add(why, first=last.size, last=head.size - 1)


def say_kept(report: Report, kept: Sequence[Head], fitted: Sequence[Head], size: int) -> None:
    """What each checkpoint that was kept shows, or why it shows nothing, of a log that was looked at up to a size."""
    for head in kept:
        name = head.name[:1].upper() + head.name[1:]
        if head in fitted and head.size:
            report.vouched.append(
                f"{name}, of size {head.size:,}, is a head of this very log: up to there nothing was changed since."
            )
        elif head.size > size:
            report.warnings.append(
                f"{name}, signed by the log's key, is of size {head.size:,}, and what was checked here ends at size "
                f"{size:,}. This export was made before that head was signed, or the end of the log is kept from you; "
                "and nothing was compared with that head."
            )
        elif head not in fitted and report.kind == "record":
            report.notes.append(
                f"{name}, of size {head.size:,}, could not be compared with this export; an export of the log beside "
                "it (--log) makes it comparable."
            )


def say_quorum(report: Report, trust: Trust, head: Head, brackets: Sequence[Head], faults: Faults) -> None:
    """Who of those asked for cosigned the checkpoint; a fault where they are too few."""
    if not trust.asks_for_witnesses:
        return
    if head.seen is not None:
        who = " and ".join(f"{name} ({moment_words(at)})" for name, at in sorted(head.times.items()))
        report.vouched.append(f"The quorum that you asked for cosigned the checkpoint of size {head.size:,}: {who}.")
        return
    since = max((bracket.size for bracket in brackets if bracket.seen is not None), default=0)
    who = f"only {', '.join(sorted(head.times))} did" if head.times else "none of them did"
    why = f"the witnesses that you asked for have not cosigned the checkpoint: {who}"
    where = {"first": since, "last": head.size - 1} if since < head.size else {}
    faults.add(why, file="checkpoint", **where)


def say_brackets(report: Report, brackets: Brackets, first: Bracket | None = None, last: Bracket | None = None) -> None:
    """Between which times witnesses place the entries."""
    said = report.brackets
    if brackets.is_empty:
        said.append("No time is vouched for: that takes the keys of witnesses, or a policy that names them.")
        return
    if first is not None and last is not None:
        said.append(f"Entry 1 was recorded {first.words}, by the clocks of the witnesses.")
        said.append(f"Entry {report.entries:,} was recorded {last.words}.")
    said.append(f"Of {report.entries:,} entries, {brackets.closed:,} lie between two cosigned checkpoints.")
    if brackets.widest is not None:
        said.append(f"The widest bracket: recorded {brackets.widest.words}.")

# ─── ledger.domain.verify.check ──────────────────────────────────────────────────────────────────────────


# Checking one export from end to end: what it says of itself, its signed heads, its entries, its other files.


CHECKPOINT = "checkpoint"


def check_export(
    source: Source, trust: Trust, progress: Callable[[str], Progress], log: Source | None = None
) -> Report:
    """Check an export, and with that of a record the export of the log where one is given.

    UnreadableError where it is no export, or what was brought does not belong to it. `progress` is given a word for
    what is checked, and returns what is told how much of it is done.
    """
    check = _Check(source, trust, progress)
    beside = None if log is None else _Beside(log, trust, progress)
    return check.run(beside)


class _Check:
    """One export that is being checked."""

    def __init__(self, source: Source, trust: Trust, progress: Callable[[str], Progress]) -> None:
        self.source, self.trust, self.progress = source, trust, progress
        self.manifest = manifest = read_manifest(source)
        self.faults = Faults()
        if manifest.log_origin not in {key.name for key in trust.log_keys}:
            raise UnreadableError("the log key that you gave is of another log than the one in this export")
        self.receipts = KeptReceipts(trust, manifest.origin, self.faults)
        self.kept = [self._kept_head(kept.name, kept.text) for kept in trust.checkpoints]
        self.report = Report(
            kind=manifest.kind,
            log=manifest.log,
            origin=manifest.origin,
            recipient=manifest.recipient,
            made_at=manifest.made_at,
            size=manifest.size,
            record=manifest.record,
            up_to=manifest.up_to,
        )

    def _kept_head(self, name: str, text: str) -> Head:
        try:
            return read_head(text, self.manifest.log_origin, self.trust, f"the checkpoint {name}", is_kept=True)
        except ValueError as error:
            raise UnreadableError(f"the checkpoint {name} cannot be used: {error}") from None

    def run(self, beside: "_Beside | None") -> Report:
        """Check it all."""
        if beside is not None and self.manifest.kind != "record":
            raise UnreadableError("an export of the log is given beside that of a record, not of another log")
        self.guarded(lambda: self._check_all(beside))
        self.report.faults = self.faults.in_order()
        if self.faults.files_untold:
            self.report.notes.append(
                f"{self.faults.files_untold:,} more files are missing, damaged or not as described."
            )
        return self.report

    def guarded(self, act: Callable[[], None]) -> None:
        """Do something until too much is wrong, or a file that it needs is missing."""
        try:
            act()
        except TooManyFaultsError:
            self.report.notes.append("So much is wrong that checking went no further.")
        except FileFaultError as error:
            self.faults.found.append(Fault(error.why, file=error.name))

    def _check_all(self, beside: "_Beside | None") -> None:
        text, head = self.checkpoint()
        if head is not None:
            brackets = self.brackets(head)
            if self.manifest.kind == "record":
                self._check_record(text, head, brackets, beside)
            else:
                self._check_log(head, brackets)
            say_quorum(self.report, self.trust, head, brackets, self.faults)
        self._check_note()
        self.report.claims += claims_of(self.source, self.manifest)
        check_files(self.source, self.manifest, self.faults)

    def checkpoint(self) -> tuple[str, Head | None]:
        """The export's own checkpoint; None, with a fault, where it is not what it must be."""
        text = self.source.text(CHECKPOINT, LARGEST_TEXT)
        try:
            head = read_head(text, self.manifest.log_origin, self.trust, "the checkpoint of the export")
        except ValueError as error:
            self.faults.add(str(error), file=CHECKPOINT)
            return text, None
        if head.size != self.manifest.size:
            why = f"it is of size {head.size:,}, and export.json says {self.manifest.size:,}"
            self.faults.add(why, file=CHECKPOINT)
            return text, None
        return text, head

    def brackets(self, head: Head) -> list[Head]:
        """The heads that bracket entries."""
        progress = self.progress("bytes of earlier checkpoints")
        return [*read_brackets(self.source, self.manifest, head, self.trust, self.faults, progress)]

    def watch(self, head: Head, brackets: Sequence[Head]) -> LogWatch:
        """What to look out for in the pass over a log."""
        heads = [*brackets, head, *self.kept]
        return LogWatch(heads, Brackets((*brackets, head), self.trust.skew_s), self.receipts)

    def _check_log(self, head: Head, brackets: Sequence[Head]) -> None:
        watch = self.watch(head, brackets)
        check = check_entries if self.manifest.log == "entries" else check_reads
        check(self.source, head.size, watch, self.faults, self.progress("entries of the log"))
        self.report.entries, self.report.records = head.size, watch.records
        self.end_log(watch, head, "this export")
        say_kept(self.report, self.kept, watch.fitted, head.size)
        self.report.vouched += self.receipts.sentences()
        say_brackets(self.report, watch.brackets)

    def end_log(self, watch: LogWatch, head: Head, what: str) -> None:
        """What is brought and lies beyond the end of a log, `what` being its export in words."""
        end_of = (lambda _: None) if watch.chains is None else watch.chains.end
        self.report.notes += self.receipts.end_log(watch.latest, head.size, end_of, what)
        find_shrunk(self.report, self.kept, head, self.trust.skew_s, self.faults)

    def _check_record(self, text: str, head: Head, brackets: Sequence[Head], beside: "_Beside | None") -> None:
        watch = RecordWatch(head, text, Brackets((*brackets, head), self.trust.skew_s), self.receipts)
        progress = self.progress("entries of the record")
        self.report.entries = check_record(self.source, self.manifest, watch, self.faults, progress)
        self.report.records, self.report.shown = 1, dict(watch.shown)
        fitted, size = [head, *brackets], head.size
        if beside is None:
            loud, notes = self.receipts.end_record(head, watch.end, self.manifest, self.trust.skew_s)
            self.report.warnings += loud
            self.report.notes += notes
        else:
            self.receipts.judge(head.size, lambda name: watch.end if name == self.manifest.record else None)
            fitted += beside.run_beside(self, fitted, watch)
            size = max(size, beside.manifest.size)
        fitted += compare_kept(self.kept, fitted, self.faults)
        find_shrunk(self.report, self.kept, head, self.trust.skew_s, self.faults)
        say_kept(self.report, self.kept, fitted, size)
        self.report.vouched += self.receipts.sentences()
        say_brackets(self.report, watch.brackets, watch.first, watch.last)
        if beside is None:
            self.report.notes.append(
                "An export of a record shows that nothing is missing up to its last number. Whether the record went on "
                "is shown by an export of the log beside it: --log."
            )

    def _check_note(self) -> None:
        keys = [*self.trust.receipt_keys]
        is_signed = check_manifest_note(self.source, self.manifest, keys, self.trust.verify, self.faults)
        self.report.signed = is_signed
        if not keys:
            self.report.notes.append("Who made this export was not checked: it takes the receipt key, --receipt-key.")
        elif is_signed:
            self.report.notes.append("The ledger signed this export as it is, file by file.")


class _Beside(_Check):
    """An export of the log, checked for what it says of a record that was exported alone."""

    def run_beside(self, record: _Check, heads: Sequence[Head], watch: RecordWatch) -> list[Head]:
        """Check the log, and that it has of the record what the record's export has, and no more.

        `heads` are the record's own. What was kept of receipts and checkpoints is held against the log as well. Faults
        go to the record's check. Returns the heads that the log's entries made.
        """
        if self.manifest.kind != "log" or self.manifest.log_origin != record.manifest.log_origin:
            raise UnreadableError("what was given as the log is not an export of this record's log")
        fitted: list[Head] = []

        def check() -> None:
            _, own = self.checkpoint()
            if own is not None:
                log = self.watch(own, self.brackets(own))
                theirs = (replace(head, name=f"{head.name}, of the record's export") for head in heads[1:])
                log.heads = [*log.heads, replace(heads[0], name="the checkpoint of the record's export"), *theirs]
                log.record = record.manifest.record
                check_entries(self.source, own.size, log, self.faults, self.progress("entries of the log"))
                fitted.extend(log.fitted)
                _compare(log, own, watch, record)
                self.end_log(log, own, "the export of the log")
                _say_receipts(record, self)
            check_files(self.source, self.manifest, self.faults)

        self.guarded(check)
        found = self.faults.in_order()
        record.report.notes += self.report.notes
        record.faults.found += [replace(fault, why=f"in the export of the log, {fault.why}") for fault in found]
        return fitted


def _say_receipts(record: _Check, log: _Check) -> None:
    """What receipts show that the record's export does not have and the log has."""
    name = record.manifest.record or ""
    for of, sentence in log.receipts.sentences_beside(record.receipts):
        (record.report.vouched if of == name else record.report.notes).append(sentence)


def _compare(log: LogWatch, own: Head, watch: RecordWatch, record: _Check) -> None:
    """Compare what the log has of a record with what the record's export has."""
    name, size, withheld = record.manifest.record, watch.head.size, []
    for number, (index, leaf) in sorted(log.entries_of_record.items()):
        told = watch.entries.get(number)
        if told is not None and told != (index, leaf):
            why = "the log has another entry under this number than the export"
            record.faults.add(why, first=index, last=index, record=name, number=number)
        elif told is None and index < size and number > record.report.entries:
            withheld.append((number, index))
    if withheld:
        (number, index), (last, _) = withheld[0], withheld[-1]
        why = f"the log has entries {number} to {last} of this record, and the export leaves them out"
        record.faults.add(why, first=index, last=index, record=name, number=number)
    if own.size < size:
        record.report.warnings.append(
            f"The export of the log ends at size {own.size:,}, before the checkpoint of the record's export at "
            f"{size:,}: what came between was not looked at."
        )

# ─── ledger.domain.verify.progress ───────────────────────────────────────────────────────────────────────


# How far a long check is: percent and entries a second, on standard error.


_ON_TERMINAL_S, _IN_FILE_S = 0.2, 10.0


class ProgressLine:
    """One line that is written again and again on a terminal; elsewhere a line every ten seconds."""

    def __init__(self, to: TextIO, now: Callable[[], float]) -> None:
        self._to, self._now = to, now
        self._is_terminal = to.isatty()
        self._every_s = _ON_TERMINAL_S if self._is_terminal else _IN_FILE_S
        self._width = 0

    def of(self, what: str) -> Callable[[int, int], None]:
        """What is told how many of how many are done."""
        began = said = self._now()

        def tell(done: int, total: int) -> None:
            nonlocal said
            now = self._now()
            if now - said < self._every_s:
                return
            said = now
            rate = done / (now - began)
            self._write(f"{100 * done // max(total, 1):3d} %  {done:,} of {total:,} {what}, {rate:,.0f} a second")

        return tell

    def _write(self, line: str) -> None:
        if self._is_terminal:
            self._width = max(self._width, len(line))
            self._to.write(f"\r{line:<{self._width}}")
        else:
            self._to.write(f"{line}\n")
        self._to.flush()

    def clear(self) -> None:
        """Take the line away again."""
        if self._is_terminal and self._width:
            self._to.write(f"\r{'':<{self._width}}\r")
            self._to.flush()

# ─── ledger.domain.log.ed25519 ───────────────────────────────────────────────────────────────────────────


# Verifying Ed25519 signatures (RFC 8032 section 5.1.7) with integers alone, for where no library is at hand.
#
# It verifies only: nothing here is secret, so nothing needs to take the same time each time. Some 3 ms a signature.


_P = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_SQRT_M1 = pow(2, (_P - 1) // 4, _P)

#: X, Y, Z and T of extended coordinates: x = X/Z, y = Y/Z, x·y = T/Z (RFC 8032 section 5.1.4).
_Point = tuple[int, int, int, int]
_NEUTRAL: _Point = (0, 1, 1, 0)


def verify_ed25519(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the 64 bytes are the 32-byte key's signature over the message; never raises for bytes of any length."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, scalar = _decoded(public), int.from_bytes(signature[32:], "little")
    # A scalar beyond the order would be a second spelling of the same signature.
    if key is None or scalar >= _ORDER:
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    challenge = int.from_bytes(digest, "little") % _ORDER
    return _encoded(_sum_of_multiples(scalar, _BASE, challenge, _negated(key))) == signature[:32]


def _added(p: _Point, q: _Point) -> _Point:
    a = (p[1] - p[0]) * (q[1] - q[0]) % _P
    b = (p[1] + p[0]) * (q[1] + q[0]) % _P
    c = 2 * p[3] * q[3] * _D % _P
    d = 2 * p[2] * q[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _doubled(p: _Point) -> _Point:
    a = p[0] * p[0] % _P
    b = p[1] * p[1] % _P
    h = a + b
    e = h - (p[0] + p[1]) ** 2 % _P
    g = a - b
    f = 2 * p[2] * p[2] % _P + g
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _negated(p: _Point) -> _Point:
    return -p[0] % _P, p[1], p[2], -p[3] % _P


def _sum_of_multiples(first: int, p: _Point, second: int, q: _Point) -> _Point:
    """first·p + second·q, two bits of each at a time."""
    multiples = [_NEUTRAL] * 16
    for high in range(4):
        if high:
            multiples[4 * high] = _added(multiples[4 * (high - 1)], p)
        for low in range(1, 4):
            multiples[4 * high + low] = _added(multiples[4 * high + low - 1], q)
    total = _NEUTRAL
    for shift in range(254, -2, -2):
        total = _doubled(_doubled(total))
        at = (first >> shift & 3) << 2 | second >> shift & 3
        if at:
            total = _added(total, multiples[at])
    return total


def _encoded(p: _Point) -> bytes:
    inverse = pow(p[2], -1, _P)
    x, y = p[0] * inverse % _P, p[1] * inverse % _P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def _decoded(data: bytes) -> _Point | None:
    """The point that 32 bytes stand for (RFC 8032 section 5.1.3); None where they stand for none."""
    whole = int.from_bytes(data, "little")
    y, sign = whole & (1 << 255) - 1, whole >> 255
    if y >= _P:
        return None
    u, v = (y * y - 1) % _P, (_D * y * y + 1) % _P
    x = u * pow(v, 3, _P) * pow(u * pow(v, 7, _P), (_P - 5) // 8, _P) % _P
    if v * x * x % _P == -u % _P:
        x = x * _SQRT_M1 % _P
    if v * x * x % _P != u or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = _P - x
    return x, y, 1, x * y % _P


def _base() -> _Point:
    point = _decoded((4 * pow(5, -1, _P) % _P).to_bytes(32, "little"))
    assert point is not None, "the base point is on the curve"
    return point


_BASE = _base()

# ─── ledger.domain.verify.signatures ─────────────────────────────────────────────────────────────────────


# Whose code verifies signatures: the `cryptography` library where it is installed, else plain Python, more slowly.


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

# ─── ledger.domain.verify.words ──────────────────────────────────────────────────────────────────────────


# A report in words that an auditor understands.


_INDENT, _WIDTH = 10, 100
_UNVOUCHED = (
    "Every entry is there and follows from the one before it, and the log's key signed it all. Whoever holds that key "
    "could have written another history and signed it as well. Give what stands outside the operator: the keys of "
    "witnesses or a policy (--witness, --policy), or an older checkpoint or receipt that somebody kept (--checkpoint, "
    "--receipt)."
)
_VOUCHED = "AND VOUCHED FOR from outside the operator. Below is by whom, and how far that goes."
_NOT_VOUCHED = "BUT NOT VOUCHED FOR. Nothing outside the operator vouches for this log."
#: Of an export whose description no receipt key that was given has signed.
_NOT_CHECKED = (
    "NOT CHECKED: {files}. Only {checked} and the log were: anybody who had this export in hand may have changed the "
    "rest. Give the ledger's receipt key (--receipt-key), from elsewhere than the export, to have every file checked."
)
_ITS_WORD = " (as it says itself)"
_FILES = {
    "record": {
        "files": "the chronology (HTML and PDF), the table (CSV), READ-ME.txt and export.json",
        "checked": "the entries",
    },
    "log": {"files": "READ-ME.txt, policy and export.json", "checked": "the entries"},
}
_SHOWN_WORDS = {
    "whole": "shown whole",
    "part": "shown in part, elsewhere",
    "withheld": "withheld from you",
    "erased": "erased by order",
}


def report_lines(report: Report) -> list[str]:
    """The report, line by line, without line ends."""
    lines = [*_verdict(report), ""]
    lines += _told("Export", _what(report))
    lines += _told(
        "Made", f"{_short(report.made_at)}, for {_short(report.recipient)}{'' if report.signed else _ITS_WORD}"
    )
    lines += _told("Checked", f"{report.entries:,} entries in {report.seconds:.1f} s")
    if report.shown:
        counts = [f"{report.shown[name]:,} {words}" for name, words in _SHOWN_WORDS.items() if report.shown.get(name)]
        lines += _told("Content", ", ".join(counts))
    # Of what is broken, nobody is said to vouch.
    vouched = [] if report.faults else report.vouched
    for title, sentences in (
        ("Vouched", vouched),
        ("Times", report.brackets),
        ("Notes", report.notes),
        ("It says", report.claims),
    ):
        for at, sentence in enumerate(sentences):
            lines += _told("" if at else title, sentence)
    return [_plain(line) for line in lines]


def _told(title: str, text: str) -> list[str]:
    """A title and a text beside it, as many lines as it takes."""
    return wrap(f"{title:<{_INDENT}}{text}", _WIDTH, subsequent_indent=" " * _INDENT, break_on_hyphens=False) or [title]


def _verdict(report: Report) -> list[str]:
    """The verdict, and all that must not be read without it."""
    told = [f"MIND: {warning}" for warning in report.warnings]
    if report.exit_code == BROKEN:
        lines = _broken(report)
    else:
        is_vouched, what = report.exit_code != UNVOUCHED, "WHOLE" if report.signed else "ENTRIES WHOLE"
        lines = [f"{what}, {_VOUCHED if is_vouched else _NOT_VOUCHED}"]
        told = [*([] if is_vouched else [_UNVOUCHED]), *told]
        told = [*([] if report.signed else [_NOT_CHECKED.format(**_FILES[report.kind])]), *told]
    return [*lines, *(line for sentence in told for line in wrap(sentence, _WIDTH, break_on_hyphens=False))]


def _broken(report: Report) -> list[str]:
    first, *others = report.faults
    lines = ["BROKEN. What this export says did not happen as it says, or the export is damaged.", ""]
    lines += [*_told("First", first.where or "the export as a whole"), *_told("", _sentence(first.why))]
    for at, fault in enumerate(others):
        lines += _told("" if at else "Further", f"{fault.where or 'the export'}: {fault.why}")
    return lines


def _what(report: Report) -> str:
    ledger = _short(report.origin)
    if report.kind == "record":
        record = _short(report.record or "")
        return f"of record {record} up to entry {report.up_to:,}, from {ledger}, log size {report.size:,}"
    what = "entries" if report.log == "entries" else "reads"
    return f"of the whole log of {what} of {ledger}, size {report.size:,}, {report.records:,} records"


def _sentence(why: str) -> str:
    return why[:1].upper() + why[1:] + "."


def _plain(text: str) -> str:
    """Text out of an export, so that nothing in it can steer a terminal."""
    return "".join(char if char.isprintable() else "�" for char in text)


def _short(text: str) -> str:
    return text[:200]

# ─── ledger.domain.verify.command ────────────────────────────────────────────────────────────────────────


# The command that checks an export: `ledger verify`, and the single file that imports nothing of the project.


_ABOUT = """\
Check an export of the ledger, offline and without trusting whoever made it.

Exit codes: 0 whole, and vouched for from outside the operator; 1 broken: the first entry that fails is named;
2 the export or the request cannot be read; 3 whole, but nothing outside the operator vouches for this log.
Without --receipt-key they speak of the entries and the log alone: not of a chronology, and not of export.json."""
_TEXT_BYTES = LARGEST_TEXT
_INTERRUPTED = 130


class _Parser(argparse.ArgumentParser):
    """A parser that says what is wrong in a line and exits as a request that cannot be read does."""

    def format_help(self) -> str:
        # Capitals as the project's other commands have them.
        return super().format_help().replace("usage: ", "Usage: ", 1)

    def error(self, message: str) -> NoReturn:
        self.exit(UNREADABLE, f"{self.prog}: {message}\n")


def _parser(prog: str) -> argparse.ArgumentParser:
    parser = _Parser(prog=prog, description=_ABOUT, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("export", metavar="EXPORT", help="a folder, or a zip of it")
    add = parser.add_argument
    add(
        "--key",
        action="append",
        default=[],
        metavar="VKEY",
        help="the log's key, as name+id+key; not out of the export",
    )
    add("--policy", metavar="FILE", help="which witnesses must have cosigned (c2sp.org/tlog-policy)")
    add(
        "--witness",
        action="append",
        default=[],
        metavar="VKEY",
        help="a witness that must have cosigned; may be repeated",
    )
    add("--receipt", action="append", default=[], metavar="FILE", help="a receipt that somebody kept; may be repeated")
    add("--receipt-key", action="append", default=[], metavar="VKEY", help="the key that signs receipts and exports")
    add(
        "--checkpoint",
        action="append",
        default=[],
        metavar="FILE",
        help="an older checkpoint that somebody kept, or a .tlog-proof with one",
    )
    add("--log", metavar="EXPORT", help="with a record: the log's export, to see that the record does not go on")
    add("--skew", type=int, default=SKEW_S, metavar="SECONDS", help=f"how far clocks may differ (default {SKEW_S})")
    add("--json", action="store_true", help="print the report as JSON")
    return parser


def run(arguments: Sequence[str], out: TextIO, err: TextIO, prog: str = "ledger verify") -> int:
    """Check as the arguments ask; prints the report to `out`, progress to `err`; returns the exit code."""
    asked = _parser(prog).parse_args(list(arguments))
    line, began = ProgressLine(err, time.monotonic), time.monotonic()
    try:
        with open_source(asked.export) as source, nullcontext() if asked.log is None else open_source(asked.log) as log:
            report = check_export(source, _trust_of(asked), line.of, log)
    except UnreadableError as error:
        line.clear()
        if asked.json:
            out.write(json.dumps({"result": "unreadable", "exit": UNREADABLE, "why": str(error)}) + "\n")
        err.write(f"CANNOT BE READ: {error}.\n")
        return UNREADABLE
    line.clear()
    report.seconds = round(time.monotonic() - began, 3)
    text = json.dumps(report.as_json(), indent=1) if asked.json else "\n".join(report_lines(report))
    out.write(text + "\n")
    return report.exit_code


def _trust_of(asked: argparse.Namespace) -> Trust:
    policy = asked_policy(None if asked.policy is None else _text(asked.policy, "policy"), asked.witness)
    log_keys = keys_of(asked.key, "log key")
    if not log_keys and policy is not None:
        log_keys = [verifier for verifier, _ in policy.logs]
    if not log_keys:
        raise UnreadableError(
            "without the log's key nothing can be checked: give it with --key, from elsewhere than the export"
        )
    if (
        policy is not None
        and policy.logs
        and not {key.public for key in log_keys} & {log.public for log, _ in policy.logs}
    ):
        raise UnreadableError("the policy is for another log than the key that you gave")
    if asked.receipt and not asked.receipt_key:
        raise UnreadableError("a receipt is checked by the receipt key: give it with --receipt-key")
    if asked.skew < 0:
        raise UnreadableError("a skew is not negative")
    receipts = [Kept(_name(path), _text(path, "receipt")) for path in asked.receipt]
    checkpoints = [_checkpoint(Kept(_name(path), _text(path, "checkpoint"))) for path in asked.checkpoint]
    checkpoints += [kept for receipt in receipts for kept in _checkpoint_within(receipt)]
    return Trust(
        log_keys=log_keys,
        policy=policy,
        receipt_keys=keys_of(asked.receipt_key, "receipt key"),
        checkpoints=checkpoints,
        receipts=receipts,
        verify=best_verify(),
        skew_s=asked.skew,
    )


def _checkpoint(kept: Kept) -> Kept:
    """The checkpoint itself, where an offline proof was given that holds one."""
    try:
        return Kept(kept.name, parse_proof(kept.text).checkpoint)
    except ValueError:
        return kept


def _checkpoint_within(receipt: Kept) -> list[Kept]:
    """The checkpoint in the proof that the API's answer has beside a receipt, where there is one."""
    try:
        return [Kept(f"in {receipt.name}", parse_proof(strict_object(receipt.text.encode())["proof"]).checkpoint)]
    except (ValueError, KeyError, AttributeError):
        return []


def _name(path: str) -> str:
    return Path(path).name or path


def _text(path: str, what: str) -> str:
    try:
        with Path(path).open("rb") as opened:
            text = opened.read(_TEXT_BYTES + 1).decode()
    except (OSError, ValueError):
        raise UnreadableError(f"the file of the {what} cannot be read, or is not text") from None
    if len(text) > _TEXT_BYTES:
        raise UnreadableError(f"the file of the {what} is longer than any {what} is")
    return text


def main(arguments: Sequence[str] | None = None, prog: str | None = None) -> NoReturn:
    """Run with these arguments, by default the process's, and end the process with the exit code."""
    asked, name = sys.argv[1:] if arguments is None else arguments, prog or Path(sys.argv[0]).name
    try:
        sys.exit(run(asked, sys.stdout, sys.stderr, name))
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
    except BrokenPipeError:
        # Whoever read the report has gone; what is left of it must not fail once more at the end of the process.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(UNREADABLE)
    except (MemoryError, RecursionError, OSError):
        sys.stderr.write("CANNOT BE READ: this machine gave up on it; nothing is said about the ledger.\n")
        sys.exit(UNREADABLE)

if __name__ == "__main__":
    main()
