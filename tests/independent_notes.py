"""Trees and signed notes for the second reader of exports, from RFC 9162 and the C2SP texts alone.

Like the reader it imports nothing of the program.
"""

import base64
import hashlib
import struct
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class RefusedError(Exception):
    """Something is not as it must be; `index` is the log index at which, where there is one."""

    def __init__(self, why: str, index: int | None = None) -> None:
        super().__init__(f"{why} (index {index})")
        self.why, self.index = why, index


@dataclass
class Read:
    """What stands in an export that holds together."""

    size: int = 0
    root: bytes = b""
    leaves: int = 0
    #: Of each known witness at which seconds it cosigned.
    cosigners: dict[str, list[int]] = field(default_factory=dict)
    #: Of each entry of the log, or of the record, its index and bytes.
    entries: list[tuple[int, bytes]] = field(default_factory=list)


def unbase64(text: str) -> bytes:
    """RFC 4648 §4, in its one spelling: what §3.5 allows to be refused is."""
    data = base64.b64decode(text, validate=True)
    if base64.b64encode(data).decode() != text:
        raise RefusedError("base64 with bits that mean nothing")
    return data


def sha(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def leaf(data: bytes) -> bytes:
    """RFC 9162 §2.1.1."""
    return sha(b"\x00" + data)


def node(left: bytes, right: bytes) -> bytes:
    return sha(b"\x01" + left + right)


def tree_head(hashes: list[bytes]) -> bytes:
    """RFC 9162 §2.1.1, level by level: a lone last node is carried up as it is."""
    if not hashes:
        return sha(b"")
    level = hashes
    while len(level) > 1:
        paired = [node(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = paired + ([level[-1]] if len(level) % 2 else [])
    return level[0]


def included(index: int, size: int, hashed: bytes, path: list[bytes], root: bytes) -> bool:
    """RFC 9162 §2.1.3.2."""
    if not 0 <= index < size or any(len(one) != 32 for one in [hashed, root, *path]):
        return False
    fn, sn, r = index, size - 1, hashed
    for p in path:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            r = node(p, r)
            while fn & 1 == 0 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = node(r, p)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and r == root


def consistent(first: int, second: int, old: bytes, new: bytes, path: list[bytes]) -> bool:
    """RFC 9162 §2.1.4.2."""
    if not 0 < first <= second or any(len(one) != 32 for one in [old, new, *path]):
        return False
    if first == second:
        return not path and old == new
    if not path:
        return False
    if first & (first - 1) == 0:
        path = [old, *path]
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for c in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node(c, fr), node(c, sr)
            while fn & 1 == 0 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node(sr, c)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and fr == old and sr == new


@dataclass(frozen=True)
class Key:
    """A verifier key of c2sp.org/signed-note."""

    name: str
    id: bytes
    kind: int
    public: bytes

    @classmethod
    def of(cls, text: str) -> "Key":
        name, hexed, encoded = text.split("+", 2)
        raw = unbase64(encoded)
        key = cls(name, bytes.fromhex(hexed), raw[0], raw[1:])
        if (
            not name
            or " " in name
            or raw[0] not in (1, 4)
            or sha(name.encode() + b"\n" + raw)[:4] != key.id
            or len(key.public) != 32
        ):
            raise RefusedError("the key's id is not that of its name and key")
        return key

    def verifies(self, signature: bytes, message: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature:
            return False
        return True


def opened(note: str, key: Key, witnesses: list[Key]) -> tuple[str, dict[str, list[int]]]:
    """The text of a note that its key signed, and at what seconds each known witness cosigned it."""
    if any(ord(char) < 32 and char != "\n" for char in note):
        raise RefusedError("a note has no control characters")
    text, blank, signatures = note.rpartition("\n\n")
    if not blank or not signatures.endswith("\n"):
        raise RefusedError("not a signed note")
    text += "\n"
    is_signed, cosigners = False, dict[str, list[int]]()
    for line in signatures[:-1].split("\n"):
        name, blob = _signature(line)
        if (name, blob[:4]) == (key.name, key.id):
            if not line.endswith(base64.b64encode(blob).decode()) or not key.verifies(blob[4:], text.encode()):
                raise RefusedError("the log's signature does not verify")
            is_signed = True
        for witness in witnesses:
            if (name, blob[:4]) == (witness.name, witness.id):
                cosigners.setdefault(witness.name, []).append(cosigned(witness, blob[4:], text))
    if not is_signed:
        raise RefusedError("the log's key has not signed it")
    return text, cosigners


def _signature(line: str) -> tuple[str, bytes]:
    dash, name, encoded = line.split(" ")
    blob = base64.b64decode(encoded, validate=True)
    if dash != "—" or not name or "+" in name or len(blob) < 5:
        raise RefusedError("not a signature line")
    return name, blob


def cosigned(witness: Key, blob: bytes, text: str) -> int:
    """c2sp.org/tlog-cosignature: at what second."""
    (second,) = struct.unpack(">Q", blob[:8])
    if second >= 2**63 or not witness.verifies(blob[8:], f"cosignature/v1\ntime {second}\n{text}".encode()):
        raise RefusedError("a witness's cosignature does not verify")
    return int(second)


def checkpoint(note: str, key: Key, witnesses: list[Key]) -> Read:
    """c2sp.org/tlog-checkpoint."""
    text, cosigners = opened(note, key, witnesses)
    origin, size, encoded, *_ = text.split("\n")
    root = unbase64(encoded)
    if origin != key.name or not size.isdigit() or size != str(int(size)) or len(root) != 32:
        raise RefusedError("not a checkpoint of this log")
    return Read(int(size), root, cosigners=cosigners)
