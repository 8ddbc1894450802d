"""Numbers of a rule that cannot be: clocks that run out at their start, warnings before it, ages in reverse.

Each function looks at one mapping of a rule's settings as written, whatever its family, and yields what is wrong with
the keys that it has; paths are below that mapping.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Final

from ledger.domain.duration import DurationError, WorkingDays, parse_clock
from ledger.domain.expectation import SAME_DAY
from ledger.domain.shape import Fault

#: In a mapping with a clock, how long before it runs out somebody is warned.
_WARN: Final = "warn"
_CLOCKS: Final = ("within", "otherwise")
#: Ages, or other lengths, of which the first must lie below the second: a clock runs out while what began it lasts.
_RISING: Final = (("from_age", "until_age"), ("least", "most"), ("within", "lasts"))
#: The longest that a number of working days can take: each may stand before a week of holidays.
_DAYS_PER_WORKING_DAY: Final = 7
_DAY: Final = re.compile(r"(?:([0-9]{4})-)?([0-9]{2})-([0-9]{2})\Z")
_ANY_LEAP_YEAR: Final = 2000


def zero_fault(text: str) -> str | None:
    """Why a clock of this length is none: it has run out when it starts."""
    least = _least(text)
    return "this clock has run out when it starts: give it some time" if least == timedelta() else None


def warn_faults(written: Mapping[str, Any]) -> Iterator[Fault]:
    """A warning that would come before its clock has started."""
    warn = _least(str(written.get(_WARN, "")))
    for key in _CLOCKS if warn is not None else ():
        longest = _longest(str(written.get(key, "")))
        if longest is not None and warn is not None and warn >= longest:
            yield (_WARN,), f"a warning comes after its clock has started: make it shorter than {key}"


def rising_faults(written: Mapping[str, Any]) -> Iterator[Fault]:
    """A lower bound that is not below its upper one: nothing lies between."""
    for lower, upper in _RISING:
        one, other = (_number(written.get(key)) for key in (lower, upper))
        if one is not None and other is not None and one >= other:
            yield (lower,), f"nothing lies between this and {upper}: write the lower first"


def day_fault(text: str) -> str | None:
    """Why this is no day of the calendar, where it is written as one: with a year, or without."""
    parts = _DAY.match(text)
    if parts is None:
        return None
    year, month, day = (int(part) if part else _ANY_LEAP_YEAR for part in parts.groups())
    try:
        date(year, month, day)
    except ValueError:
        return "the calendar has no such day"
    return None


def _least(text: str) -> timedelta | None:
    """The shortest that a clock can take; None where it is none, or does not say."""
    try:
        clock = parse_clock(text)
    except DurationError:
        return None
    return timedelta(days=clock.count) if isinstance(clock, WorkingDays) else clock


def _longest(text: str) -> timedelta | None:
    if text == SAME_DAY:
        return timedelta(hours=25)
    least = _least(text)
    return least * _DAYS_PER_WORKING_DAY if least is not None and text[:1] != "P" else least


def _number(said: Any) -> timedelta | None:
    """A length, or a whole number as so many days: the two are never set against each other in one mapping."""
    if isinstance(said, int):
        return timedelta(days=said)
    return _least(said) if isinstance(said, str) else None
