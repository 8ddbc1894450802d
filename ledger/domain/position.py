"""How far somebody has read in each of the feeds that they follow: one name, which they hand back to go on from there.

A feed's numbers have no gap, so a number says everything; who follows several feeds needs one of each. Beside it
stands a digest of whose feed it is, for a name may come back from another person's browser.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

#: A name is no longer than this: the few feeds that one reader can have.
CHARS_MAX: Final = 256
_PART = re.compile(r"([a-z])([0-9]{1,18})-([0-9a-f]{8})\Z", re.ASCII)


class PositionError(ValueError):
    """The text is not the name of a position; it is not repeated."""


@dataclass(frozen=True, slots=True)
class Position:
    """Up to which number of each feed its reader has read.

    ``is_sure``: nothing was missed before it. Where not, its reader reads everything anew.
    """

    read: Mapping[str, int]
    is_sure: bool = True


def write_position(read: Mapping[str, int]) -> str:
    """A position's name: ASCII, without white space, the same for the same numbers."""
    return ".".join(f"{party[0]}{read[party]}-{_tag(party)}" for party in sorted(read))


def read_position(text: str) -> dict[tuple[str, str], int]:
    """The numbers of a name, each by its feed's letter and tag. Raises PositionError."""
    if not 0 < len(text) <= CHARS_MAX:
        raise PositionError
    matches = [_PART.match(part) for part in text.split(".")]
    found = {(match[1], match[3]): int(match[2]) for match in matches if match is not None}
    if len(found) != len(matches):
        raise PositionError
    return found


def resume(name: str | None, last: Mapping[str, int]) -> Position:
    """Where a reader goes on who hands back a name, in the feeds that are theirs now; `last` is how far each has got.

    Without a name they begin with what comes next. A feed that the name does not tell of, or tells more of than there
    is (the database is an older one), begins there too, and the position is not sure. Raises PositionError.
    """
    if name is None:
        return Position(dict(last))
    named = read_position(name)
    told = {party: named.get((party[0], _tag(party))) for party in last}
    read = {party: seq if seq is not None and seq <= last[party] else last[party] for party, seq in told.items()}
    return Position(read, is_sure=all(told[party] == seq for party, seq in read.items()))


def earliest(positions: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Of each feed that any of these tells of the lowest number."""
    least: dict[str, int] = {}
    for read in positions:
        for party, seq in read.items():
            least[party] = min(seq, least.get(party, seq))
    return least


def latest(positions: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Of each feed that any of these tells of the highest number."""
    most: dict[str, int] = {}
    for read in positions:
        for party, seq in read.items():
            most[party] = max(seq, most.get(party, seq))
    return most


@lru_cache(maxsize=16_384)
def _tag(party: str) -> str:
    return hashlib.sha256(party.encode()).hexdigest()[:8]
