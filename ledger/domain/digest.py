"""When the digest of a day is made: once each working day, at the pack's time on the wall in London."""

from datetime import date, datetime, time, timedelta
from typing import Final

from ledger.domain.civil_day import LONDON
from ledger.domain.hours import Hours

#: A worker that was down makes it late, but not so late that mail leaves in the evening.
_LATE_AT_MOST: Final = timedelta(hours=1)


def digest_day(now: datetime, at: time, hours: Hours) -> date | None:
    """The day whose digest is due now; None on a day off, before its time, and once the hours are over.

    ``at`` is a wall time in London. Where it lies after the hours it is due for one hour.
    """
    wall = now.astimezone(LONDON)
    begin = datetime.combine(wall.date(), at, LONDON)
    end = max(datetime.combine(wall.date(), hours.closes, LONDON), begin + _LATE_AT_MOST)
    return wall.date() if hours.calendar.is_working_day(wall.date()) and begin <= wall < end else None
