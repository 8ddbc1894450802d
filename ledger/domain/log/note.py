"""Signed notes (c2sp.org/signed-note): a text, and who signed it, with Ed25519.

A key is known by its name and id together. Known keys are held to strictly, unknown ones are passed over: that is how a
log changes its key, and how a checkpoint carries the cosignatures of witnesses that a reader has never heard of.
"""

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ledger.domain.log.checkpoint import cosigned_message, parse_cosignature
from ledger.domain.log.strict import base64_of, bytes_of, loose_bytes_of

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
