"""A read as the second log holds it: the leaf has a time and a commitment, everything else is content.

As with entries, whoever lacks salt and content learns from the leaf that something was read at a time, and no more. The
database makes the same bytes in a trigger; a property test holds the two together.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

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
