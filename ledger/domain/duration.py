"""Lengths of time as rule packs write them: ISO 8601 durations of fixed length, or ``always``.

Months and years have no fixed length and are refused: a clock must run out at one moment for everybody.
"""

from __future__ import annotations

import re
from datetime import timedelta
from functools import lru_cache
from typing import Final, Literal

ALWAYS: Final = "always"
DAYS_MAX = 36_525

_DURATION = re.compile(
    r"P(?=[0-9T])(?:(?P<weeks>[0-9]{1,5})W|(?:(?P<days>[0-9]{1,5})D)?"
    r"(?:T(?=[0-9])(?:(?P<hours>[0-9]{1,5})H)?(?:(?P<minutes>[0-9]{1,5})M)?(?:(?P<seconds>[0-9]{1,5})S)?)?)\Z"
)
_MONTHS_OR_YEARS = re.compile(r"P[0-9]+[YM]")


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
