"""Swim-lanes of a chronology as positions: a lane an agency, time from left to right, silences as hatched stretches.

Made of days and counts alone. What falls on one spot is one mark with its count, so that a record of thousands of
entries is drawn with no more marks than fit on the page, and the page weighs no more than for a short one.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from ledger.domain.significance import SIGNIFICANCES
from ledger.domain.silence import Silence
from ledger.services.index_chronology import Row
from ledger.services.lanes import Lane, Lanes, word_silence
from ledger.services.word_dates import word_day, word_month, word_span
from ledger.services.word_text import counted, listed

WIDTH: Final = 960
#: The time axis within that, and how wide a spot on it is.
_LEFT, _RIGHT, _SPOT = 12, 948, 12
#: Of a lane its height, where its name stands in it, and its line.
_LANE, _NAME, _LINE = 62, 18, 40
_AXIS: Final = 34
#: How large a mark is, by how many entries it stands for.
_SIZES: Final = ((1, 4.0), (3, 5.5), (10, 7.0))
#: A stretch as wide as this has its length written in it.
_WORDED: Final = 70
_TICKS_MOST: Final = 9
#: Steps between ticks, in months.
_STEPS: Final = (1, 2, 3, 6, 12, 24, 60, 120, 240)
#: What each shape that stands out is called, in the words of the key.
SHORT: Final[Mapping[str, str]] = {
    "finding": "finding", "harm": "harm or injury", "decision": "decision", "concern": "concern", "change": "change",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mark:
    """One spot of a lane: where it is, its shape (a significance, or `entry`), its size, and what it says in words."""

    x: float
    shape: str
    size: float
    words: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """A silence as it is drawn: where it begins, how wide it is, what is written in it, and what it says."""

    x: float
    width: float
    label: str
    words: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A lane as it is drawn: its name, where its name and its line are, its marks and its silences."""

    agency: str
    name: str
    name_y: float
    line_y: float
    marks: Sequence[Mark]
    silences: Sequence[Stretch]


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole: ``ticks`` are (x, words) of the axis, ``unknown_x`` where what was not known yet begins."""

    width: int
    height: int
    axis_y: int
    ticks: Sequence[tuple[float, str]]
    lanes: Sequence[Drawn]
    unknown_x: float | None
    words: str


def draw_lanes(
    lanes: Lanes, name: Callable[[str], str], *, known_on: date | None = None, until: date | None = None
) -> Picture:
    """Draw lanes; ``name`` gives an agency's. ``until``: the axis goes on to there, as far as a later day is known."""
    last = max(lanes.last, until or lanes.last)
    scale = Scale(lanes.first, last)
    drawn = [_lane(place, lane, name(lane.agency), scale) for place, lane in enumerate(lanes.lanes)]
    height = _AXIS + _LANE * len(drawn) + 6
    unknown = scale.x(known_on + timedelta(days=1)) if known_on is not None and known_on < last else None
    words = (
        f"{counted(len(drawn), 'lane', 'lanes')}, {word_span(lanes.first, last)}. "
        "The table after the picture says the same in words."
    )
    return Picture(WIDTH, height, _AXIS, list(ticks(scale)), drawn, unknown, words)


@dataclass(frozen=True, slots=True)
class Scale:
    """Where each day stands from left to right."""

    first: date
    last: date

    def x(self, day: date) -> float:
        """A day's beginning; days outside are at the edge."""
        days = (self.last - self.first).days + 1
        share = min(max((day - self.first).days / days, 0.0), 1.0)
        return round(_LEFT + share * (_RIGHT - _LEFT), 1)


def _lane(place: int, lane: Lane, name: str, scale: Scale) -> Drawn:
    top = _AXIS + place * _LANE
    silent = [_stretch(one, name, scale) for one in lane.silences]
    return Drawn(lane.agency, name, top + _NAME, top + _LINE, list(_marks(lane.rows, scale)), silent)


def _marks(rows: Iterable[tuple[date, Row]], scale: Scale) -> Iterator[Mark]:
    spots: dict[int, list[tuple[date, Row]]] = {}
    for day, row in rows:
        spots.setdefault(int((scale.x(day) - _LEFT) // _SPOT), []).append((day, row))
    for spot, there in sorted(spots.items()):
        shapes = {shape for _, row in there for shape in row.stands_out}
        shape = next((one for one in SIGNIFICANCES if one in shapes), "entry")
        x = scale.x(there[0][0]) if len(there) == 1 else _LEFT + spot * _SPOT + _SPOT / 2
        yield Mark(round(x, 1), shape, _size(len(there)), _words(there))


def _size(count: int) -> float:
    return next(size for least, size in reversed(_SIZES) if count >= least)


def _words(there: Sequence[tuple[date, Row]]) -> str:
    days = [day for day, _ in there]
    tally = {
        shape: sum(bool(row.stands_out) and row.stands_out[0] == shape for _, row in there) for shape in SIGNIFICANCES
    }
    what = listed([f"{count} with {SHORT[shape]}" for shape, count in tally.items() if count])
    said = f"{word_span(min(days), max(days))}: {counted(len(there), 'entry', 'entries')}"
    return (said[0].upper() + said[1:]) + (f", {what}" if what else "")


def _stretch(silence: Silence, name: str, scale: Scale) -> Stretch:
    x, end = scale.x(silence.first), scale.x(silence.last + timedelta(days=1))
    width = round(end - x, 1)
    label = counted(silence.days, "day", "days") if width >= _WORDED else ""
    return Stretch(x, width, label, word_silence(silence, name))


def ticks(scale: Scale) -> Iterator[tuple[float, str]]:
    """The first days of months along the axis, as many as stand apart; of a short stretch its first day."""
    months = (scale.last.year - scale.first.year) * 12 + scale.last.month - scale.first.month
    step = next((one for one in _STEPS if months / one < _TICKS_MOST), _STEPS[-1])
    first = scale.first.year * 12 + scale.first.month - 1
    found = [month for month in range(first, first + months + 1) if month % step == 0]
    days = [day for month in found if (day := date(month // 12, month % 12 + 1, 1)) >= scale.first]
    if not days:
        yield scale.x(scale.first), word_day(scale.first)
    for day in days:
        yield scale.x(day), str(day.year) if step >= 12 else word_month(day)
