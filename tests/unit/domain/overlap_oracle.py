"""When two vague times overlap, by brute force over everything that their words can mean.

Days are counted from the first of February 2022, when London keeps UTC, and cut in halves: half-day h is day h // 2.
Nothing is taken from the code that it checks.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from typing import Literal

FIRST = date(2022, 2, 1)
#: February and March, in halves of a day.
MONTHS = {"2022-02": (0, 56), "2022-03": (56, 118)}
NEVER = 10_000


@dataclass(frozen=True)
class Written:
    """One written date: a day (by its number) or a month, perhaps only about."""

    text: str
    first: int
    last: int
    is_about: bool = False

    @classmethod
    def day(cls, number: int, *, is_about: bool = False) -> "Written":
        return cls((FIRST + timedelta(days=number)).isoformat(), 2 * number, 2 * number + 2, is_about)

    @classmethod
    def month(cls, name: str) -> "Written":
        return cls(name, *MONTHS[name])

    @property
    def is_day(self) -> bool:
        return self.last - self.first == 2

    def bounds(self) -> tuple[int, int]:
        """With ``~``, a unit more on either side."""
        return (self.first - 2, self.last + 2) if self.is_about else (self.first, self.last)

    def __str__(self) -> str:
        return self.text + "~" * self.is_about


@dataclass(frozen=True)
class Time:
    """A valid time as written: a date, a period, or one that goes on."""

    start: Written
    end: Written | Literal["..", ""] | None = None

    def __str__(self) -> str:
        return str(self.start) if self.end is None else f"{self.start}/{self.end}"

    def readings(self) -> Iterator[tuple[int, int]]:
        """Every (start, end) that the words allow: the whole of a day; some half-day of a vaguer date."""
        first, last = self.start.bounds()
        if self.end is None:
            if self.start.is_day and not self.start.is_about:
                yield first, last
            else:
                yield from ((half, half + 1) for half in range(first, last))
        elif isinstance(self.end, str):
            yield from ((half, NEVER) for half in range(first, last))
        else:
            end_first, end_last = self.end.bounds()
            for start, end in product(range(first, last), range(end_first + 1, end_last + 1)):
                if start < end:
                    yield start, end

    @property
    def is_possible(self) -> bool:
        """Whether it does not end, as written, before it starts."""
        return not isinstance(self.end, Written) or self.end.last > self.start.first

    @property
    def longest_date(self) -> int:
        """The length of its vaguer written date."""
        dates = [self.start, *([self.end] if isinstance(self.end, Written) else [])]
        return max(written.last - written.first for written in dates)


def shared(one: Time, other: Time) -> list[int]:
    """How long the two share time, for every reading of both: nothing or less where they do not."""
    return [
        min(end, other_end) - max(start, other_start)
        for (start, end), (other_start, other_end) in product(set(one.readings()), set(other.readings()))
    ]


def overlap_by_readings(one: Time, other: Time) -> str | None:
    """Certain when they share time in every reading, possible when in some."""
    lengths = shared(one, other)
    if min(lengths) > 0:
        return "certain"
    return "possible" if max(lengths) > 0 else None
