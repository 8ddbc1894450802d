"""Stretches of days on which an agency recorded nothing: not nothing happened, and not nothing was known.

An agency is silent between two days on which it recorded something, and up to the last day looked at, as long as it has
a part in the record. Only stretches as long as whoever looks asks for are told.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

#: How many days without an entry make a silence, where whoever looks does not say.
SILENT_DAYS: Final = 28
_A_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Silence:
    """The first and the last day without an entry. ``is_open``: it lasts up to the last day that is looked at."""

    first: date
    last: date
    is_open: bool = False

    @property
    def days(self) -> int:
        """How many days it is."""
        return (self.last - self.first).days + 1


def silences(
    recorded: Collection[date], first: date, last: date, *, days_min: int = SILENT_DAYS, goes_on: bool = True
) -> list[Silence]:
    """The silences from one day to another, both counted, in order; ``goes_on``: the last day is the present one."""
    return list(_silences(sorted({day for day in recorded if first <= day <= last}), (first, last), days_min, goes_on))


def together(recorded: Iterable[Collection[date]], first: date, last: date, *, days_min: int) -> list[Silence]:
    """The silences of all agencies at once: nobody recorded anything."""
    return silences({day for days in recorded for day in days}, first, last, days_min=days_min)


def _silences(days: list[date], span: tuple[date, date], days_min: int, goes_on: bool) -> Iterator[Silence]:  # noqa: FBT001 - private
    first, last = span
    before = first - _A_DAY
    for day in [*days, last + _A_DAY]:
        is_last = day > last
        found = Silence(before + _A_DAY, day - _A_DAY, is_open=is_last and goes_on)
        if found.days >= days_min:
            yield found
        before = day
