"""Reading the dates that people give: the valid time of a claim, and the time of observing.

The forms are those of ISO 8601-2 (EDTF) level 1 that say something here: ``D``, ``D1/D2``, ``D/..``
(still so) and ``D/`` (end not known), where D is a day, a month, a year or a time of day as in RFC 3339
with its zone. Digits left open say no more than the date without them, so ``2016-XX`` is read as ``2016``; ``199X``
is at some time in that decade. ``~``, ``?`` and ``%`` after the whole widen each bound by one unit of its
precision. Everything else is refused with a reason that names the fix and repeats nothing of what was sent.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from typing import NamedTuple

from ledger.domain.civil_day import Stretch, civil_date, day_stretch, month_stretch, year_stretch
from ledger.domain.valid_time import Ending, Observed, ValidTime

LENGTH_MAX = 80
YEAR_MIN, YEAR_MAX = 1850, 2199

_DATE = re.compile(r"([0-9]{4})(?:-XX(?:-XX)?|-([0-9]{2})(?:-XX|-([0-9]{2}))?)?([~?%])?\Z")
_DECADE = re.compile(r"([0-9]{3})X([~?%])?\Z")
_MOMENT = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]{1,9})?)?"
    r"(?:([Zz])|([+-])([0-9]{2}):([0-9]{2}))?([~?%])?\Z"
)

#: As people write it by hand: 9/3/2024, 2024/3/9, or 03/2024, which is no period.
_BY_HAND = re.compile(
    r"[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2,4}\Z|[0-9]{1,2}[/.-][0-9]{4}\Z|[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}\Z"
)

_FORMS = (
    "write a day as 2024-03-09, a month as 2024-03, a year as 2024, or a time of day with its zone as "
    "2024-03-09T14:30Z; join two by / for a period, or end with /.. for one that goes on"
)
_ONE_DAY = "give one day as 2024-03-09, or one time with its zone as 2024-03-09T14:30Z"
_EMPTY = "a period that ends at the moment it starts is empty: give the one time, or a later end"
# The middle month and ~ is the same stretch; and 2021-22 is as likely meant for a school year as for a summer.
_SEASONS = (
    "seasons and school years are not read: write the spring of 2024 as 2024-04~, a school year as 2023-09/2024-07"
)
_YEAR_FIRST = "write the year first, then month and day in two digits each, with hyphens: 2024-03-09"
_MONTHS = "months run from 01 to 12"


class EdtfError(ValueError):
    """A date that cannot be read; ``reason`` says how to write it and repeats none of it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class _Bound(NamedTuple):
    """One written date: the stretch it names, and that stretch widened by its qualifier."""

    written: Stretch
    earliest: datetime
    latest: datetime
    is_time: bool
    is_exact: bool  # an unqualified day or time stands for the whole of itself


def parse(text: str | None, *, observed: Observed | None = None) -> ValidTime:
    """Resolve a valid time to its bounds; None, a valid time left out, is the day observed."""
    if text is not None:
        return _parse(text)
    if observed is None:
        raise EdtfError(f"say when it was so: {_FORMS}")
    return _single(_bound(civil_date(observed.start).isoformat()))


def observed_bounds(text: str) -> Observed:
    """The civil day, or the minute or second, at which something was observed."""
    return _observed(text)


@lru_cache(maxsize=8192)
def _observed(text: str) -> Observed:
    if len(text) > LENGTH_MAX:
        raise EdtfError(_ONE_DAY)
    if _BY_HAND.match(text):
        raise EdtfError(_YEAR_FIRST)
    if "/" in text:
        raise EdtfError("observed is one day or one time: put the period in the claim's valid")
    if not (_DATE.match(text) or _MOMENT.match(text)):
        raise EdtfError(_why_refused(text, _ONE_DAY))
    bound = _bound(text)
    if not bound.is_exact:
        raise EdtfError(f"{_ONE_DAY}, without ~ ? or %")
    return Observed(*bound.written)


@lru_cache(maxsize=8192)
def _parse(text: str) -> ValidTime:
    if len(text) > LENGTH_MAX:
        raise EdtfError(f"longer than any date or period: {_FORMS}")
    if _BY_HAND.match(text):
        raise EdtfError(_YEAR_FIRST)
    start_text, slash, end_text = text.partition("/")
    if not slash:
        return _single(_bound(text))
    if "/" in end_text:
        raise EdtfError("a period has one / between its start and its end")
    if start_text in ("", ".."):
        raise EdtfError("a period needs its start: where that is not known, give a vague one such as 2015~")
    start = _bound(start_text)
    if end_text in ("", ".."):
        return _unended(start, "open" if end_text else "unknown")
    return _period(start, _bound(end_text))


def _single(bound: _Bound) -> ValidTime:
    start, end = bound.written
    exact = bound.is_exact
    return ValidTime(
        earliest_start=bound.earliest,
        latest_start=start if exact else bound.latest,
        earliest_end=end if exact else bound.earliest,
        latest_end=bound.latest,
        ending="stated",
        precision=end - start,
        written_start=bound.written,
        written_end=bound.written,
        is_period=False,
    )


def _unended(start: _Bound, ending: Ending) -> ValidTime:
    return ValidTime(
        earliest_start=start.earliest,
        latest_start=start.latest,
        earliest_end=None,
        latest_end=None,
        ending=ending,
        precision=start.written[1] - start.written[0],
        written_start=start.written,
    )


def _period(start: _Bound, end: _Bound) -> ValidTime:
    if start == end:
        if start.is_time:
            raise EdtfError(_EMPTY)
        return _single(start)
    if end.written[1] <= start.written[0]:
        raise EdtfError("a period ends after it starts: exchange the two dates")
    if start.is_time and end.is_time and end.written[0] <= start.written[0]:
        raise EdtfError(_EMPTY)
    return ValidTime(
        earliest_start=start.earliest,
        latest_start=min(start.latest, end.latest),
        earliest_end=max(end.earliest, start.earliest),
        latest_end=end.latest,
        ending="stated",
        precision=max(start.written[1] - start.written[0], end.written[1] - end.written[0]),
        written_start=start.written,
        written_end=end.written,
    )


@lru_cache(maxsize=8192)
def _bound(text: str) -> _Bound:
    parts = _DATE.match(text)
    if parts is not None:
        year, month, day, qualifier = parts.groups()
        return _date_bound(_year(year), month, day, widened=qualifier is not None)
    parts = _DECADE.match(text)
    if parts is not None:
        return _decade_bound(_year(f"{parts[1]}0"), widened=parts[2] is not None)
    parts = _MOMENT.match(text)
    if parts is not None:
        return _moment_bound(parts)
    raise EdtfError(_why_refused(text, _FORMS))


def _decade_bound(first: int, *, widened: bool) -> _Bound:
    written = year_stretch(first)[0], year_stretch(first + 9)[1]
    wide = (year_stretch(first - 10)[0], year_stretch(first + 19)[1])
    return _widened(written, wide if widened else written, is_exact=False)


def _date_bound(year: int, month: str | None, day: str | None, *, widened: bool) -> _Bound:
    if month is None:
        written = year_stretch(year)
        wide = (year_stretch(year - 1)[0], year_stretch(year + 1)[1])
        return _widened(written, wide if widened else written, is_exact=False)
    number = int(month)
    if 21 <= number <= 41:
        raise EdtfError(_SEASONS)
    if not 1 <= number <= 12:
        raise EdtfError(_MONTHS)
    if day is None:
        written = month_stretch(year, number)
        wide = (month_stretch(year, number - 1)[0], month_stretch(year, number + 1)[1])
        return _widened(written, wide if widened else written, is_exact=False)
    whole = _day(year, number, int(day))
    written = day_stretch(whole)
    if not widened:
        return _widened(written, written, is_exact=True)
    a_day = timedelta(days=1)
    return _widened(written, (day_stretch(whole - a_day)[0], day_stretch(whole + a_day)[1]), is_exact=False)


def _widened(written: Stretch, wide: Stretch, *, is_exact: bool) -> _Bound:
    return _Bound(written, wide[0], wide[1], is_time=False, is_exact=is_exact)


def _moment_bound(parts: re.Match[str]) -> _Bound:
    year, month, day, hour, minute, second, zulu, sign, off_hours, off_minutes, qualifier = parts.groups()
    if zulu is None and sign is None:
        raise EdtfError("a time of day needs its zone: add Z, +00:00, or +01:00 in British Summer Time")
    if second == "60":
        raise EdtfError("leap seconds are not read: give second 59")
    if int(hour) > 23 or int(minute) > 59 or (second is not None and int(second) > 59):
        raise EdtfError("times run from 00:00:00 to 23:59:59: midnight is 00:00 of the day that begins")
    if sign is not None and (int(off_hours) > 14 or int(off_minutes) > 59):
        raise EdtfError("a zone is at most 14 hours from UTC, written as +01:00")
    if not 1 <= int(month) <= 12:
        raise EdtfError(_MONTHS)
    whole = _day(_year(year), int(month), int(day))
    zone: timezone = UTC
    if sign is not None:
        offset = timedelta(hours=int(off_hours), minutes=int(off_minutes))
        zone = timezone(-offset if sign == "-" else offset)
    start = datetime(whole.year, whole.month, whole.day, int(hour), int(minute), int(second or 0), tzinfo=zone)
    unit = timedelta(minutes=1) if second is None else timedelta(seconds=1)
    start = start.astimezone(UTC)
    wide = unit if qualifier is not None else timedelta(0)
    written = (start, start + unit)
    return _Bound(written, start - wide, start + unit + wide, is_time=True, is_exact=qualifier is None)


def _year(text: str) -> int:
    year = int(text)
    if not YEAR_MIN <= year <= YEAR_MAX:
        raise EdtfError(f"years run from {YEAR_MIN} to {YEAR_MAX}")
    return year


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise EdtfError("that month has no such day") from None


def _why_refused(text: str, forms: str) -> str:
    """The likeliest slip, or else the forms that are read, in words that quote nothing."""
    for slip, reason in _SLIPS:
        if slip.search(text):
            return reason
    return forms


_SLIPS = [
    (re.compile(slip), reason)
    for slip, reason in (
        (r"\A\s*\Z", "a date is missing: give one, or leave the field out"),
        (r"\A\s|\s\Z", "take out the spaces around the date"),
        (
            r"\A[0-9-]*[XxUu]",
            "digits left open are written 2016-05-XX, 2016-XX or 199X: for any other, give a whole month or year",
        ),
        (r"\A[~?%]", "put ~, ? or % after the whole date, as in 2024-03~"),
        (r"\A[-+Yy]+[0-9]", f"years run from {YEAR_MIN} to {YEAR_MAX}, in four digits"),
        (r"\A[\[{]|\.\.", "sets of dates are not read: give one period, or one claim for each date"),
        (r"\A[0-9]{4}-(?:2[1-9]|3[0-9]|4[01])(?![0-9])", _SEASONS),
        (r"\AP[0-9T]", "durations are not read here: give the start and the end as dates, joined by /"),
        (
            r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}[ Tt]",
            "write a time of day with T, minutes and its zone, as 2024-03-09T14:30Z",
        ),
        (r"\A(?:[0-9]{4}[/.]|[0-9]{4}-(?:[0-9]{2}-)?[0-9](?![0-9])|[0-9]{1,2}\Z)", _YEAR_FIRST),
        (r"\A(?:[0-9]{6}|[0-9]{8})(?![0-9])", "put hyphens between year, month and day, as 2024-03-09"),
        (r"[~?%].", "one ~, ? or % after the whole date: it cannot stand within it"),
    )
]
