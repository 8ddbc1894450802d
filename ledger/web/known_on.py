"""As of which day a page about a child is read: `?known_on=YYYY-MM-DD`, the end of that day in London, or now.

A day that cannot be read is never used in silence: the page is shown as of now, with the error said beside the field.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from flask import request

from ledger.domain.civil_day import day_stretch
from ledger.services.find_as_of import PointAsked
from ledger.services.word_dates import word_day

#: What is said beside a field whose day cannot be read.
NOT_A_DAY: Final = "Enter a real day, such as 5 October 2022"
_YEARS: Final = range(1900, 2200)


@dataclass(frozen=True, slots=True)
class KnownOn:
    """A day that a request names, or None; what was entered, and what is wrong with it where it is no day."""

    day: date | None = None
    sent: str = ""
    error: str | None = None
    name: str = "known_on"

    @property
    def known_at(self) -> datetime | None:
        """The last moment of the day, as services take it; None: now."""
        return None if self.day is None else end_of(self.day)

    @property
    def point(self) -> PointAsked:
        """The point of a record that is meant."""
        return PointAsked(self.known_at)

    @property
    def words(self) -> str:
        """As pages say it: `As known at the end of 5 October 2022`, or `As known now`."""
        return "As known now" if self.day is None else f"As known at the end of {word_day(self.day)}"

    @property
    def errors(self) -> dict[str, str]:
        """The error by its field, as pages list them; empty where there is none."""
        return {} if self.error is None else {self.name: self.error}

    @property
    def link(self) -> dict[str, Any]:
        """What a link carries to a page that is read as of the same day: for `url_for`."""
        return {} if self.day is None else {self.name: self.day.isoformat()}


def known_on_asked(name: str = "known_on") -> KnownOn:
    """As of which day the page is asked for, from the request's query."""
    return day_of(request.args.get(name, ""), name)


def day_of(text: str, name: str) -> KnownOn:
    """A day as it was entered in a field."""
    sent = text.strip()[:40]
    if not sent:
        return KnownOn(name=name)
    try:
        day = date.fromisoformat(sent)
    except ValueError:
        day = None
    if day is None or day.year not in _YEARS:
        return KnownOn(None, sent, NOT_A_DAY, name)
    return KnownOn(day, day.isoformat(), None, name)


def end_of(day: date) -> datetime:
    """The last moment of a day in London."""
    return day_stretch(day)[1] - timedelta(microseconds=1)
