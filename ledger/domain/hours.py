"""The hours in which a partnership is at work, and clocks that run in them alone.

Hours are wall time in London on the working days of the partnership's nation, from `opens` up to, and not with,
`closes`. Clocks are set forward and back on Sundays, and no Sunday is a working day: within one day's hours a length
of time is the same on the wall and in fact. Moments go in and come out aware, results in UTC.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Final

from ledger.domain.calendar import Nation, WorkingCalendar
from ledger.domain.civil_day import LONDON
from ledger.domain.duration import Clock, WorkingDays

_TIME: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])\Z")


def parse_time(text: str) -> time | None:
    """A time of day as ``08:30``; None where it is none."""
    found = _TIME.match(text)
    return time(int(found[1]), int(found[2])) if found else None


def refuse_time(text: str) -> str | None:
    """Why this is no time of day; None where it is one."""
    return None if parse_time(text) else "write a time of day as 08:30"


@dataclass(frozen=True)
class Hours:
    """When a partnership is at work: from nine to five unless it says otherwise."""

    nation: Nation
    opens: time = time(9)
    closes: time = time(17)

    def __post_init__(self) -> None:
        if self.opens >= self.closes:
            raise ValueError("hours open before they close, on one day")

    @cached_property
    def calendar(self) -> WorkingCalendar:
        """The working days that the hours are on."""
        return WorkingCalendar(self.nation)

    def are_on(self, at: datetime) -> bool:
        """Whether this moment lies in the hours."""
        wall = at.astimezone(LONDON)
        return self.calendar.is_working_day(wall.date()) and self.opens <= wall.time() < self.closes

    def begin(self, at: datetime) -> datetime:
        """The first moment in the hours from this one on: itself, where it is in them."""
        if self.are_on(at):
            return at.astimezone(UTC)
        wall = at.astimezone(LONDON)
        day = wall.date()
        if not self.calendar.is_working_day(day) or wall.time() >= self.opens:
            day = self.calendar.next_working_day(day)
        return _at(day, self.opens)

    def end(self, at: datetime) -> datetime:
        """The first moment after the hours that this one lies in, or that begin next."""
        return _at(self.begin(at).astimezone(LONDON).date(), self.closes)

    def run(self, start: datetime, clock: Clock) -> datetime:
        """When a clock has run out that runs in these hours alone.

        One that is begun outside them begins with them. Working days end at the wall time at which they began; a length
        of time is used up hour by hour while the hours are on.
        """
        at = self.begin(start)
        if isinstance(clock, WorkingDays):
            return self.calendar.add_working_days(at, clock.count)
        left = clock
        while (until := self.end(at)) - at < left:
            left -= until - at
            at = self.begin(until)
        return at + left


def _at(day: date, when: time) -> datetime:
    return datetime.combine(day, when, LONDON).astimezone(UTC)


def elapses(start: datetime, clock: Clock, calendar: WorkingCalendar) -> datetime:
    """When a clock has run out that runs day and night; one of working days by the calendar."""
    if isinstance(clock, timedelta):
        return start.astimezone(UTC) + clock
    return calendar.add_working_days(start, clock.count)
