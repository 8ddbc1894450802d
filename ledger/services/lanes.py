"""A chronology agency by agency: what each recorded, since when it has a part, and when it recorded nothing.

Silence is told of what the reader may see, and of what tells of the child: that an agency took an alert on, or was told
of something, says nothing of the child and ends no silence.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from ledger.domain.civil_day import civil_date
from ledger.domain.silence import Silence, silences, together
from ledger.services.index_chronology import Row
from ledger.services.read_chronology import Chronology, Wanted
from ledger.services.read_involved import TELLING
from ledger.services.word_dates import word_day, word_span
from ledger.services.word_text import counted
from ledger.store.database import SYSTEM
from ledger.store.parts import Part

#: What the ledger itself recorded is a lane of its own, the last; it is never silent.
OF_THE_LEDGER: Final = SYSTEM
#: What ends a silence.
_TELLS: Final = TELLING | {"child", "assessment", "assessment_reply", "concern_answer", "done", "supervision"}


@dataclass(frozen=True, slots=True)
class Lane:
    """One agency's: its rows with the day of each, from when to when it has a part, and its silences."""

    agency: str
    rows: Sequence[tuple[date, Row]]
    since: date | None
    until: date | None
    silences: Sequence[Silence]

    @property
    def standing_out(self) -> int:
        """How many of its entries stand out."""
        return sum(bool(row.stands_out) for _, row in self.rows)


@dataclass(frozen=True, slots=True)
class Lanes:
    """All of them, over the days from ``first`` to ``last``; ``nobody``: on which none of them recorded anything."""

    lanes: Sequence[Lane]
    first: date
    last: date
    nobody: Sequence[Silence]


def lanes_of(chronology: Chronology, wanted: Wanted, days_min: int) -> Lanes | None:
    """The lanes of those rows that are asked for; None where there is nothing to draw.

    Silence is of all that an agency recorded, whatever the filter leaves out: else a filter would make it.
    """
    rows = [row for row in chronology.index.rows if row.holds]
    present = civil_date(chronology.moment)
    days = [wanted.day_of(row) for row in rows]
    first = wanted.first or min(days, default=present)
    last = wanted.last or max([present, *days])
    if not days or first > last:
        return None
    telling, parts = _telling(rows, wanted), _by_agency(chronology.parts)
    knowledge = chronology.past.knowledge
    # Of what one agency knew, only its own silence is one: what it was not told is not what others did not record.
    silent = None if knowledge is None else knowledge.agency
    gathering = _Gathering(chronology.chosen, wanted, first, min(last, present), days_min, silent)
    agencies = dict.fromkeys([*parts, *(row.agency for row in rows)])
    lanes = [
        gathering.lane(agency, parts.get(agency, ()), telling.get(agency, ()))
        for agency in sorted(agencies, key=lambda one: one == OF_THE_LEDGER)
        if wanted.agency in (None, agency)
    ]
    found = [lane for lane in lanes if lane.agency != OF_THE_LEDGER or lane.rows]
    return Lanes(found, first, last, [] if silent else gathering.nobody(telling.values()))


@dataclass(frozen=True, slots=True)
class _Gathering:
    """Over which days, which end with the present at the latest, and from how many without an entry on."""

    chosen: Sequence[Row]
    wanted: Wanted
    first: date
    last: date
    days_min: int
    #: The one agency of which silences are told; None: of all.
    only: str | None

    def lane(self, agency: str, parts: Sequence[Part], days: Sequence[date]) -> Lane:
        rows = [(self.wanted.day_of(row), row) for row in self.chosen if row.agency == agency]
        since = civil_date(min(part.since for part in parts)) if parts else None
        until = None if not parts or any(part.until is None for part in parts) else _end(parts)
        begins = [day for day in (since, *days[:1]) if day is not None]
        is_told = agency != OF_THE_LEDGER and self.only in (None, agency)
        silent = [] if not is_told or not begins else self._silences(days, min(begins), until)
        return Lane(agency, rows, since, until, silent)

    def nobody(self, each: Collection[Sequence[date]]) -> list[Silence]:
        """When none of them recorded anything, from when the first of them did."""
        begun = [days[0] for days in each if days]
        return together(each, max(self.first, min(begun)), self.last, days_min=self.days_min) if begun else []

    def _silences(self, days: Sequence[date], since: date, until: date | None) -> list[Silence]:
        goes_on = until is None or until > self.last
        last = self.last if until is None else min(self.last, until)
        return silences(days, max(self.first, since), last, days_min=self.days_min, goes_on=goes_on)


def _end(parts: Sequence[Part]) -> date:
    return civil_date(max(part.until for part in parts if part.until is not None))


def _telling(rows: Iterable[Row], wanted: Wanted) -> dict[str, list[date]]:
    """Of each agency the days on which it recorded what tells of the child, or what the reader may not see."""
    found: dict[str, list[date]] = {}
    for row in rows:
        if row.agency != OF_THE_LEDGER and (row.kind is None or row.kind in _TELLS):
            found.setdefault(row.agency, []).append(wanted.day_of(row))
    return {agency: sorted(days) for agency, days in found.items()}


def _by_agency(parts: Iterable[Part]) -> dict[str, list[Part]]:
    found: dict[str, list[Part]] = {}
    for part in parts:
        found.setdefault(part.agency, []).append(part)
    return found


def word_silence(silence: Silence, who: str = "") -> str:
    """A silence as a sentence without its full stop: of an agency by its name, or of all of them."""
    days = counted(silence.days, "day", "days")
    recorded = f"{who} recorded nothing" if who else "Nobody recorded anything"
    if silence.is_open:
        return f"{recorded} since {word_day(silence.first)}: {days}"
    return f"{recorded} {word_span(silence.first, silence.last)}: {days}"
