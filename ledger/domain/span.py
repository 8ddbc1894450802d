"""Sets of moments as sorted, disjoint, half-open spans."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import datetime

Span = tuple[datetime, datetime]


class SpanSet:
    """A growing set of moments. Adding and asking cost a search, and what is swallowed is paid for once."""

    __slots__ = ("_ends", "_starts")

    def __init__(self) -> None:
        self._starts: list[datetime] = []
        self._ends: list[datetime] = []

    def add(self, start: datetime, end: datetime) -> None:
        """Add every moment from ``start`` to before ``end``."""
        if start >= end:
            return
        first = bisect_left(self._ends, start)
        last = bisect_right(self._starts, end)
        if first < last:
            start = min(start, self._starts[first])
            end = max(end, self._ends[last - 1])
        self._starts[first:last] = [start]
        self._ends[first:last] = [end]

    def outside(self, start: datetime, end: datetime) -> list[Span]:
        """The parts from ``start`` to before ``end`` that are not in the set."""
        parts = []
        for place in range(bisect_right(self._ends, start), len(self._starts)):
            if self._starts[place] >= end:
                break
            if self._starts[place] > start:
                parts.append((start, self._starts[place]))
            start = self._ends[place]
        if start < end:
            parts.append((start, end))
        return parts

    def next_from(self, moment: datetime) -> datetime | None:
        """The first moment of the set that is not before ``moment``."""
        place = bisect_right(self._ends, moment)
        return max(moment, self._starts[place]) if place < len(self._starts) else None
