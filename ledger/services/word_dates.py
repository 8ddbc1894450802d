"""Dates written out for people, in London time: moments, days, and the vague periods that claims carry."""

import re
from datetime import date, datetime

from ledger.domain.civil_day import LONDON

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_DATE = re.compile(r"([0-9]{4})(?:-XX(?:-XX)?|-([0-9]{2})(?:-XX|-([0-9]{2}))?)?\Z")
_DECADE = re.compile(r"([0-9]{3})X\Z")
_DOUBT = {"~": "about ", "?": "possibly ", "%": "possibly about "}


def word_day(day: date) -> str:
    """A day, as `5 October 2022`."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def word_month(day: date) -> str:
    """A day's month where there is little room, as `Oct 2022`."""
    return f"{_MONTHS[day.month - 1][:3]} {day.year}"


def word_span(first: date, last: date) -> str:
    """From one day to another, with no month or year said twice."""
    if first == last:
        return f"on {word_day(first)}"
    start = str(first.day)
    if (first.year, first.month) != (last.year, last.month):
        start += f" {_MONTHS[first.month - 1]}"
    if first.year != last.year:
        start += f" {first.year}"
    return f"from {start} to {word_day(last)}"


def word_moment(moment: datetime) -> str:
    """A moment on London's clocks, as `5 October 2022 at 12:05pm`."""
    local = moment.astimezone(LONDON)
    return f"{word_day(local)} at {_word_time(local)}"


def word_observed(text: str) -> str:
    """When something was seen or heard, as sent: a day or a moment."""
    return _word_date(text)[1]


def word_valid(text: str | None) -> str:
    """When something was so, as sent, in words that keep what is vague about it."""
    if text is None:
        return "on the day it was observed"
    start, slash, end = text.partition("/")
    joiner, first = _word_date(start)
    if not slash:
        return f"{joiner} {first}"
    if end == "..":
        return f"from {first}, still so when observed"
    if not end:
        return f"from {first}, end not known"
    return f"from {first} to {_word_date(end)[1]}"


def _word_date(text: str) -> tuple[str, str]:
    """How to lead into a written date, and the date in words; what cannot be read is given as it was written."""
    doubt = _DOUBT.get(text[-1:], "")
    plain = text[:-1] if doubt else text
    match = _DATE.match(plain)
    if match:
        year, month, day = match.groups()
        if month is None:
            return "in", f"{doubt}{year}"
        if day is None:
            return "in", f"{doubt}{_MONTHS[int(month) - 1]} {year}"
        return "on", f"{doubt}{int(day)} {_MONTHS[int(month) - 1]} {year}"
    if _DECADE.match(plain):
        return "in", f"{doubt}the {plain[:3]}0s"
    try:
        return "on", doubt + word_moment(datetime.fromisoformat(plain))
    except ValueError:
        return "on", text


def _word_time(local: datetime) -> str:
    hour = local.hour % 12 or 12
    half = "am" if local.hour < 12 else "pm"
    if (local.hour, local.minute) == (0, 0):
        return "midnight"
    if (local.hour, local.minute) == (12, 0):
        return "midday"
    return f"{hour}:{local.minute:02}{half}" if local.minute else f"{hour}{half}"
