"""That two people, or two things, of one record may be one: shown with why, and never taken for granted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

#: From this score on a proposal is likely; below, it is only possible.
LIKELY_MIN: Final = 0.85


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two names, in order, that may be of one person or thing; the score runs from 0 to 1."""

    one: str
    other: str
    score: float
    why: tuple[str, ...]

    @property
    def level(self) -> Literal["likely", "possible"]:
        return "likely" if self.score >= LIKELY_MIN else "possible"


def best_first(found: Iterable[Likeness]) -> list[Likeness]:
    """The likeliest first, equal ones by their names."""
    return sorted(found, key=lambda likeness: (-likeness.score, likeness.one, likeness.other))
