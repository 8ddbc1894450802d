"""Civil days, months and years of Europe/London as half-open stretches of UTC.

Every stretch is a pair of aware UTC datetimes ``(first moment, first moment after)``. A day in
which the clocks change is 23 or 25 hours long. London has never changed its clocks at midnight,
so the start of a day is always exactly one moment.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")

Stretch = tuple[datetime, datetime]


@lru_cache(maxsize=8192)
def midnight(year: int, month: int, day: int) -> datetime:
    """The moment, in UTC, at which this day begins in London."""
    return datetime(year, month, day, tzinfo=LONDON).astimezone(UTC)


def civil_date(moment: datetime) -> date:
    """The date that a London calendar shows at this moment."""
    return moment.astimezone(LONDON).date()


def day_stretch(day: date) -> Stretch:
    """The whole of one civil day."""
    following = date.fromordinal(day.toordinal() + 1)
    return (
        midnight(day.year, day.month, day.day),
        midnight(following.year, following.month, following.day),
    )


def month_stretch(year: int, month: int) -> Stretch:
    """The whole of one month; months beyond December roll into the years around."""
    return _month_start(year, month), _month_start(year, month + 1)


def year_stretch(year: int) -> Stretch:
    """The whole of one year."""
    return midnight(year, 1, 1), midnight(year + 1, 1, 1)


def _month_start(year: int, month: int) -> datetime:
    years, months = divmod(month - 1, 12)
    return midnight(year + years, months + 1, 1)
