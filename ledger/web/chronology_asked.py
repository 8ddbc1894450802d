"""What a chronology page is asked for, from its query: days, words of vocabularies, ids and numbers, and nothing else.

What cannot be read is said beside its field and not used; what was entered is kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from flask import request
from sqlalchemy import Engine

from ledger.domain.civil_day import day_stretch
from ledger.domain.silence import SILENT_DAYS
from ledger.services.find_as_of import PointAsked
from ledger.services.known_by import KnownBy
from ledger.services.read_chronology import Asked as Question
from ledger.services.read_chronology import Axis, Leaf, Wanted
from ledger.services.refusal import RefusedError
from ledger.web.known_on import KnownOn, day_of

#: From how many days without an entry on a silence is drawn, and the words of that choice.
SILENCES: Final[Mapping[int, str]] = {14: "2 weeks", SILENT_DAYS: "4 weeks", 91: "3 months"}
#: By which of its days an entry stands on the picture.
AXES: Final[Mapping[Axis, str]] = {"seen": "When it was seen or said", "recorded": "When the ledger took it"}
_RUNS_BACK: Final = "The last day must be on or after the first day"
_DIGITS_MOST: Final = 15
_NAME_MOST: Final = 64


@dataclass(frozen=True, slots=True)
class Asked:
    """A chronology page's query, read. ``sent`` are the days as they were entered, by field."""

    known_on: KnownOn
    so_on: KnownOn
    wanted: Wanted
    leaf: Leaf
    days_min: int
    number: int | None
    #: The agency as known by which it is asked for; None: as known by all who recorded anything.
    known_by: str | None
    sent: Mapping[str, str]
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def point(self) -> PointAsked:
        """The point of the record: a day's end, or a number, or now."""
        return self.known_on.point if self.known_on.day else PointAsked(number=self.number)

    @property
    def valid_at(self) -> datetime | None:
        """The noon of the day in the child's life that is asked about."""
        if self.so_on.day is None:
            return None
        start, end = day_stretch(self.so_on.day)
        return start + (end - start) / 2

    @property
    def is_filtered(self) -> bool:
        """Whether anything may be left out."""
        is_part = self.so_on.day is not None or self.known_by is not None
        return is_part or self.wanted != Wanted(axis=self.wanted.axis)

    def question(self, auditing: Engine | None) -> Question:
        """What is asked of the record; ``auditing`` reads who opened what."""
        known_by = None if self.known_by is None else KnownBy(self.known_by, None, auditing)
        return Question(self.point, self.valid_at, known_by)

    def link(self, **changed: Any) -> dict[str, Any]:
        """What a link carries to the same question with something changed; None takes a part of it away."""
        asked, wanted = self.known_on.link | self.so_on.link, self.wanted
        said: dict[str, Any] = {
            "known_by": self.known_by,
            "by": wanted.axis if wanted.axis != "seen" else None,
            "agency": wanted.agency,
            "kind": wanted.kind,
            "about": wanted.about,
            "from": wanted.first,
            "to": wanted.last,
            "significant": "yes" if wanted.only_significant else None,
            "silence": self.days_min if self.days_min != SILENT_DAYS else None,
            "order": "latest" if self.leaf.latest else None,
        }
        return {name: value for name, value in (asked | said | changed).items() if value is not None}


def chronology_asked() -> Asked:
    """The query of this request."""
    days = {name: _day(name) for name in ("known_on", "so_on", "from", "to")}
    errors = {name: error for day in days.values() for name, error in day.errors.items()}
    first, last = days["from"].day, days["to"].day
    if first is not None and last is not None and first > last:
        errors["to"], last = _RUNS_BACK, None
    wanted = Wanted(
        agency=_name("agency"),
        kind=_name("kind"),
        about=_name("about"),
        first=first,
        last=last,
        axis="recorded" if request.args.get("by") == "recorded" else "seen",
        only_significant=request.args.get("significant") == "yes",
    )
    silence = number_of("silence")
    return Asked(
        days["known_on"],
        days["so_on"],
        wanted,
        Leaf(number_of("after") or 0, number_of("entry"), latest=request.args.get("order") == "latest"),
        silence if silence is not None and silence in SILENCES else SILENT_DAYS,
        number_of("as_of"),
        _name("known_by"),
        {name: day.sent for name, day in days.items()},
        errors,
    )


def number_of(name: str) -> int | None:
    """A number in the query. Raises RefusedError for what is none."""
    text = request.args.get(name)
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= _DIGITS_MOST):
        raise RefusedError("not_a_number", f"{name} is a number", f"/{name}")
    return int(text)


def _day(name: str) -> KnownOn:
    return day_of(request.args.get(name, ""), name)


def _name(name: str) -> str | None:
    """A word of a vocabulary or an agency's id: what is neither finds nothing."""
    return request.args.get(name, "").strip()[:_NAME_MOST] or None


def step_days(days: list[date], known_on: date | None) -> tuple[date | None, date | None]:
    """The day before and the day after, of those on which anything was recorded; None after the last: that is now."""
    if known_on is None:
        return (days[-2] if len(days) > 1 else None), None
    before = [day for day in days if day < known_on]
    after = [day for day in days if day > known_on]
    return (before[-1] if before else None), (after[0] if after else None)
