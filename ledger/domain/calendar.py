"""Working days of the four nations, and clocks that count them in London wall time.

Moments go in and come out as aware datetimes, results in UTC. Bank holidays come from the maintained
``holidays`` library and are cached by nation and year.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final, Literal

import holidays

from ledger.domain.civil_day import LONDON, civil_date, midnight

Nation = Literal["england", "wales", "scotland", "northern_ireland"]

_SUBDIVISION: Final[dict[Nation, str]] = {
    "england": "ENG",
    "wales": "WLS",
    "scotland": "SCT",
    "northern_ireland": "NIR",
}
NATIONS: Final = frozenset(_SUBDIVISION)

WORKING_DAYS_MAX = 5_000


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """The working days of one nation: Monday to Friday less its bank holidays."""

    nation: Nation

    def __post_init__(self) -> None:
        if self.nation not in _SUBDIVISION:
            raise ValueError("nation is england, wales, scotland or northern_ireland")

    def is_working_day(self, day: date) -> bool:
        """Whether this civil day counts for a working-day clock."""
        return day.weekday() < 5 and day not in _bank_holidays(self.nation, day.year)

    def add_working_days(self, start: datetime, count: int) -> datetime:
        """The same wall time ``count`` working days later.

        A clock that starts on a day off starts with the next working day: what arrives on a Friday at
        noon has one working day until Monday noon, and what arrives on a Saturday has the whole of Monday.
        """
        if not 0 <= count <= WORKING_DAYS_MAX:
            raise ValueError(f"a working-day clock runs from 0 to {WORKING_DAYS_MAX} days")
        wall = _aware(start).astimezone(LONDON)
        day = wall.date()
        time_of_day = wall.timetz()
        if not self.is_working_day(day):
            day = self.next_working_day(day)
            time_of_day = midnight(day.year, day.month, day.day).astimezone(LONDON).timetz()
        for _ in range(count):
            day = self.next_working_day(day)
        return datetime.combine(day, time_of_day).astimezone(UTC)

    def next_working_day(self, day: date) -> date:
        """The first working day after this one."""
        day += timedelta(days=1)
        while not self.is_working_day(day):
            day += timedelta(days=1)
        return day

    def add_hours(self, start: datetime, count: int) -> datetime:
        """``count`` hours later as they pass, whatever the clocks on the wall do meanwhile."""
        return _aware(start).astimezone(UTC) + timedelta(hours=count)

    def end_of_day(self, moment: datetime) -> datetime:
        """The first moment after the London day that this moment falls in."""
        following = civil_date(_aware(moment)) + timedelta(days=1)
        return midnight(following.year, following.month, following.day)


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a clock needs a moment with its zone")
    return moment


@lru_cache(maxsize=512)
def _bank_holidays(nation: Nation, year: int) -> frozenset[date]:
    found = holidays.country_holidays("GB", subdiv=_SUBDIVISION[nation], years=year)
    return frozenset(day for day in found if day.year == year)
