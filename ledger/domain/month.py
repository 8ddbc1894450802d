"""A month on from a day: by when the law has a request answered that came on that day."""

from __future__ import annotations

import calendar
from datetime import date, datetime, timedelta

from ledger.domain.civil_day import civil_date, day_stretch


def month_after(moment: datetime) -> datetime:
    """The end of the day a calendar month after this one; where that month has no such day, of its last.

    UK GDPR Article 12(3), as the Information Commissioner counts it: from the day on which the request came.
    """
    day = civil_date(moment)
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    last = calendar.monthrange(year, month)[1]
    return day_stretch(date(year, month, min(day.day, last)))[1]


def days_left(due: datetime, now: datetime) -> int:
    """How many whole days there are yet; below nought once it is over."""
    return (due - now) // timedelta(days=1)
