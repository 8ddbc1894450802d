"""Lengths of time as rule packs write them: ISO 8601 durations of fixed length, working days, or ``always``.

Months and years have no fixed length and are refused: a clock must run out at one moment for everybody. Working days
(``10wd``) are those of the partnership's nation, so only a calendar can say when such a clock runs out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final, Literal

from ledger.domain.calendar import WORKING_DAYS_MAX, WorkingCalendar

ALWAYS: Final = "always"
DAYS_MAX = 36_525

_DURATION = re.compile(
    r"P(?=[0-9T])(?:(?P<weeks>[0-9]{1,5})W|(?:(?P<days>[0-9]{1,5})D)?"
    r"(?:T(?=[0-9])(?:(?P<hours>[0-9]{1,5})H)?(?:(?P<minutes>[0-9]{1,5})M)?(?:(?P<seconds>[0-9]{1,5})S)?)?)\Z"
)
_MONTHS_OR_YEARS = re.compile(r"P[0-9]+[YM]")
_WORKING_DAYS = re.compile(r"([0-9]{1,5})wd\Z")


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """A length that counts working days of the partnership's nation."""

    count: int


Clock = timedelta | WorkingDays


class DurationError(ValueError):
    """A duration that cannot be read; ``reason`` says how to write it and repeats none of it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@lru_cache(maxsize=1024)
def parse_duration(text: str) -> timedelta | Literal["always"]:
    """A length such as P90D, P2W or PT24H, or the word ``always`` for what never lapses."""
    if text == ALWAYS:
        return ALWAYS
    parts = _DURATION.match(text)
    if parts is None:
        if _MONTHS_OR_YEARS.match(text):
            raise DurationError("months and years have no fixed length: write days, as P90D")
        raise DurationError("write a duration as P90D, P2W or PT24H, or the word always")
    length = timedelta(**{unit: int(count) for unit, count in parts.groupdict().items() if count})
    if length.days > DAYS_MAX:
        raise DurationError("a duration is at most a hundred years: write always for what never lapses")
    return length


@lru_cache(maxsize=1024)
def parse_clock(text: str) -> Clock:
    """How long a clock runs: working days as 10wd, or a length such as P90D or PT24H."""
    working = _WORKING_DAYS.match(text)
    if working is None:
        length = None if text == ALWAYS or text[:1] != "P" else parse_duration(text)
        if not isinstance(length, timedelta):
            raise DurationError("write a clock as working days, as 10wd, or as a length, as P28D or PT24H")
        return length
    if int(working[1]) > WORKING_DAYS_MAX:
        raise DurationError(f"a clock runs for at most {WORKING_DAYS_MAX} working days")
    return WorkingDays(int(working[1]))


def runs_out(start: datetime, clock: Clock, calendar: WorkingCalendar) -> datetime:
    """The moment, in UTC, at which a clock that began at ``start`` has run out."""
    if isinstance(clock, WorkingDays):
        return calendar.add_working_days(start, clock.count)
    return start + clock


def refuse_duration(text: str) -> str | None:
    """Why this is no duration; None where it is one."""
    try:
        parse_duration(text)
    except DurationError as error:
        return error.reason
    return None


def refuse_clock(text: str) -> str | None:
    """Why this is no clock; None where it is one."""
    try:
        parse_clock(text)
    except DurationError as error:
        return error.reason
    return None
