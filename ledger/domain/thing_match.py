"""Which injuries of a record may be one: of a type, a site and a time that fit. A proposal, and never more.

Two injuries of one type on two sides are two, and so are two that one agency keeps apart by keys of its own or one
entry names side by side. What is vaguer fits; what is not said neither fits nor differs, and makes it less sure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations
from typing import Final

from ledger.domain.likeness import Likeness, best_first
from ledger.domain.valid_time import ValidTime

#: Seen so long after one another, two injuries may still be one that was seen twice.
_SEEN_AGAIN: Final = timedelta(days=3)
_NEAR: Final = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Trait:
    """A type or a site as it was said: the states it allows where the vocabulary has states, its words, its side."""

    words: str
    mask: int = 0
    side: str | None = None

    def fits(self, other: Trait) -> bool:
        """Whether both may be said of one thing."""
        sides = {side.casefold().strip() for side in (self.side, other.side) if side is not None}
        if len(sides) > 1:
            return False
        if self.mask and other.mask:
            return bool(self.mask & other.mask)
        return self.words.casefold().split() == other.words.casefold().split()


@dataclass(frozen=True, slots=True)
class Injury:
    """One injury as a record's entries describe it; `key` is the name that links give it.

    ``agencies_own`` are the agencies that gave it a key of their own; ``when`` is when it was said to be there.
    """

    key: str
    about: str
    types: tuple[Trait, ...] = ()
    sites: tuple[Trait, ...] = ()
    when: tuple[ValidTime, ...] = ()
    agencies_own: frozenset[str] = frozenset()


def propose_injuries(injuries: Iterable[Injury], apart: Iterable[frozenset[str]] = ()) -> list[Likeness]:
    """The pairs that may be one injury, likeliest first; ``apart`` are pairs of keys that are known to be two."""
    parted = set(apart)
    found = []
    for one, other in combinations(sorted(injuries, key=lambda injury: injury.key), 2):
        is_kept_apart = frozenset({one.key, other.key}) in parted or one.agencies_own & other.agencies_own
        if one.about == other.about and not is_kept_apart:
            likeness = _compare(one, other)
            if likeness is not None:
                found.append(likeness)
    return best_first(found)


def _compare(one: Injury, other: Injury) -> Likeness | None:
    types, sites = _fit(one.types, other.types), _fit(one.sites, other.sites)
    apart = _days_apart(one, other)
    if types is False or sites is False or apart is None or apart > _NEAR:
        return None
    if types is None and sites is None:
        return None
    score = 0.3 + (0.25 if types else 0.1) + (0.25 if sites else 0.0)
    if apart <= timedelta(0):
        score, when = score + 0.15, "of the same time"
    elif apart <= _SEEN_AGAIN:
        score, when = score + 0.05, "seen within three days of each other"
    elif not (types and sites):
        return None
    else:
        score, when = score - 0.2, "seen within two weeks of each other"
    why = [
        "types of injury that fit" if types else "the type is said of one only",
        "sites that fit" if sites else "the site is not said of both",
        when,
    ]
    # However well they fit, two bruises can look alike: that they are one is for somebody who saw them to say.
    return Likeness(one.key, other.key, round(min(score, 0.8), 2), tuple(why))


def _fit(one: tuple[Trait, ...], other: tuple[Trait, ...]) -> bool | None:
    """Whether any two of them fit; None where one side says nothing."""
    if not one or not other:
        return None
    return any(first.fits(second) for first in one for second in other)


def _days_apart(one: Injury, other: Injury) -> timedelta | None:
    """How far apart the nearest times at which they were there lie; None where a side has none."""
    gaps = [_gap(first, second) for first in one.when for second in other.when]
    return min(gaps, default=None)


def _gap(one: ValidTime, other: ValidTime) -> timedelta:
    first, second = sorted((one, other), key=lambda valid: valid.earliest_start)
    end: datetime = first.latest_end or second.earliest_start
    return max(second.earliest_start - end, timedelta(0))
