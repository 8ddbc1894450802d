"""A stretch of time as a line across a drawing: where a moment stands on it, and which dates are written under it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from ledger.domain.civil_day import LONDON

_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
#: How many months lie between two dates that are written, the least first; and how many are written at most.
_STEPS: Final = (1, 2, 3, 6, 12, 24, 60, 120)
_MOST: Final = 12
_SHORTEST: Final = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Tick:
    """A date that is written, and where."""

    x: float
    words: str


@dataclass(frozen=True, slots=True)
class Axis:
    """From one moment to another, across a drawing from ``left`` to ``right``."""

    since: datetime
    until: datetime
    left: float
    right: float

    @classmethod
    def over(cls, since: datetime, until: datetime, left: float, right: float) -> Axis:
        """Over at least two days, so that a single one can be seen."""
        return cls(min(since, until - _SHORTEST), until, left, right)

    def x(self, moment: datetime) -> float:
        """Where a moment stands; one before or after the stretch, at its end."""
        part = (moment - self.since) / (self.until - self.since)
        return round(self.left + min(max(part, 0.0), 1.0) * (self.right - self.left), 1)

    def ticks(self) -> Iterator[Tick]:
        """The first days of months, as many as can be read side by side."""
        start, end = self.since.astimezone(LONDON), self.until.astimezone(LONDON)
        first, last = start.year * 12 + start.month, end.year * 12 + end.month - 1
        step = next((step for step in _STEPS if (last - first) // step < _MOST), _STEPS[-1])
        for month in range(first + -first % step, last + 1, step):
            day = datetime(month // 12, month % 12 + 1, 1, tzinfo=LONDON)
            name = f"{_MONTHS[month % 12]} " if step < _STEPS[4] else ""
            yield Tick(self.x(day), f"{name}{month // 12}")
