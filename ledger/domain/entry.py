"""The two halves of an entry: the envelope that is published and the content that it commits to.

Invariants (docs/decisions/0001-envelope-contents-commitment.md):

* An envelope's canonical bytes never change once made; they are the log's leaf and the link of the record's chain.
* The envelope carries no personal data: only a random pseudonym, a number, a time and two hashes.
* Content is bound to the envelope by a salted commitment, so it can be erased while chain and log still verify.
"""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import rfc8785

FORMAT = "ledger-entry/1"
SALT_BYTES = 32
#: `previous` of a record's first entry.
GENESIS = bytes(32)

#: Where salts, ids and tokens come from: a function from a count of bytes to that many unpredictable bytes.
Chance = Callable[[int], bytes]

# Fifteen digits: a number that JSON holds exactly, since claims keep it.
_ENTRY_ID = re.compile(r"([a-z2-7]{26})\.([1-9][0-9]{0,14})\Z")


class ChainBrokenError(Exception):
    """A record's entries do not form one chain; `number` is the first that fails and `reason` says how."""

    def __init__(self, number: int, reason: str) -> None:
        super().__init__(f"entry {number}: {reason}")
        self.number = number
        self.reason = reason


def canonical(value: Any) -> bytes:
    """The RFC 8785 canonical bytes of a JSON value; raises `rfc8785.CanonicalizationError` for what has none.

    The library's bytes, whichever way they are made: for a value without fractions and with ASCII names, as all bodies
    are in practice, the standard library's encoder writes the same in a fifth of the time (a property test).
    """
    if _is_plain(value):
        try:
            return _encode_plain(value).encode()
        except UnicodeEncodeError:
            pass  # a lone surrogate: the library says so in its own words
    return rfc8785.dumps(value)


_encode_plain = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def _is_plain(value: Any) -> bool:
    """Whether numbers are whole and exact, and names sort alike by code point and by UTF-16 code unit."""
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return True
    if kind is dict:
        return all(type(name) is str and name.isascii() and _is_plain(member) for name, member in value.items())
    if kind is list or kind is tuple:
        return all(map(_is_plain, value))
    return kind is int and -(2**53) < value < 2**53


def content_bytes(kind: str, agency: str, event_id: str, body: Mapping[str, Any]) -> bytes:
    """The content of an entry: what kind, who sent it, under which of their ids, and the body exactly as sent."""
    return canonical({"agency": agency, "body": body, "event_id": event_id, "kind": kind})


def commitment_of(salt: bytes, content: bytes) -> bytes:
    """SHA-256(salt ‖ content): binding, and silent about short or guessable content while the salt is unknown."""
    return hashlib.sha256(salt + content).digest()


def meets(commitment: bytes, salt: bytes, content: bytes) -> bool:
    """Whether this content under this salt is what was committed to."""
    return hmac.compare_digest(commitment, commitment_of(salt, content))


def leaf_hash(envelope: bytes) -> bytes:
    """An entry's hash: the RFC 9162 §2.1.1 leaf hash, so the chain and the log name an entry alike."""
    return hashlib.sha256(b"\x00" + envelope).digest()


def new_pseudonym(chance: Chance) -> str:
    """A record's public name: 128 random bits, 26 characters, no relation to the child."""
    return base64.b32encode(chance(16)).decode().rstrip("=").lower()


def entry_id(pseudonym: str, number: int) -> str:
    """The name of one entry, for people and programs: its record's pseudonym and its number."""
    return f"{pseudonym}.{number}"


def parse_entry_id(text: str) -> tuple[str, int] | None:
    """The pseudonym and number that an entry id names, or None where it is not one."""
    match = _ENTRY_ID.match(text)
    return (match[1], int(match[2])) if match else None


def written_time(moment: datetime) -> str:
    """A moment as envelopes write it: UTC, RFC 3339, always six places."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@dataclass(frozen=True, slots=True)
class Envelope:
    """What is published of an entry. `previous` and `commitment` are 32 bytes; `recorded_at` is aware."""

    record: str
    number: int
    previous: bytes
    recorded_at: datetime
    commitment: bytes

    def to_bytes(self) -> bytes:
        """The canonical bytes, written directly: every member is ASCII without escapes and the names are sorted.

        A property test holds this equal to RFC 8785 over the same members.
        """
        return (
            f'{{"commitment":"{self.commitment.hex()}","format":"{FORMAT}","number":{self.number},'
            f'"previous":"{self.previous.hex()}","record":"{self.record}",'
            f'"recorded_at":"{written_time(self.recorded_at)}"}}'
        ).encode("ascii")

    @classmethod
    def from_members(cls, members: Mapping[str, Any]) -> "Envelope":
        """Read an envelope's parsed JSON back; `ValueError` when a member is missing, strange or of another format."""
        try:
            if members["format"] != FORMAT or len(members) != 6:
                raise ValueError("not an envelope of this format")
            return cls(
                record=str(members["record"]),
                number=int(members["number"]),
                previous=bytes.fromhex(members["previous"]),
                recorded_at=datetime.fromisoformat(members["recorded_at"]),
                commitment=bytes.fromhex(members["commitment"]),
            )
        except (KeyError, TypeError) as error:
            raise ValueError("a member of the envelope is missing or of the wrong type") from error


def verify_chain(envelopes: Iterable[tuple[bytes, Envelope]]) -> bytes:
    """Check one record from its first entry on, in order; returns the hash of the last.

    Takes stored bytes beside the envelope read from them. Raises ChainBrokenError at the first entry whose bytes are
    not canonical, whose number leaves a gap, whose `previous` is not the hash before it, whose record differs, or whose
    time runs backwards.
    """
    previous, record = GENESIS, None
    last: datetime | None = None
    for number, (stored, envelope) in enumerate(envelopes, start=1):
        if envelope.number != number:
            raise ChainBrokenError(number, f"expected number {number}, found {envelope.number}")
        if envelope.to_bytes() != stored:
            raise ChainBrokenError(number, "the stored bytes are not the canonical bytes of the envelope")
        if envelope.previous != previous:
            raise ChainBrokenError(number, "it does not follow the entry before it")
        if record not in (None, envelope.record):
            raise ChainBrokenError(number, "it belongs to another record")
        if last is not None and envelope.recorded_at < last:
            raise ChainBrokenError(number, "its recorded time is before that of the entry before it")
        record, last = envelope.record, envelope.recorded_at
        previous = leaf_hash(stored)
    return previous
