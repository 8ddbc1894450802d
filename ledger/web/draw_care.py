"""Who had care of a child over time as bars: one line for each agency and source, gaps as gaps, what clashes marked.

Positions are worked out from times alone. Of vague dates the bar shows how far they may reach; what was only carried on
after it was last said is drawn apart from what was said of the time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from ledger.domain.civil_day import LONDON
from ledger.services.word_text import capital
from ledger.web.draw_time import Axis, Tick

#: The drawing's width, where its times begin, and the height of a line of bars.
WIDTH, LEFT, LINE = 956, 250, 24
#: So many stretches of a row are asked for, drawn and told, the newest; of the rest it is said how many there are.
STRETCHES_MOST: Final = 12
_HEAD, _TITLE, _MATTER, _GAP, _LEAST = 34, 34, 20, 16, 7.0
#: A day that is 25 hours long is no vaguer than others.
_DAY: Final = timedelta(hours=25)
_CHAR: Final = 7.0
_LABEL_CHARS: Final = 33


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch: from ``x`` over ``width``, of which ``said`` was said and the rest is only presumed."""

    x: float
    width: float
    said: float
    words: str
    title: str
    is_vague: bool
    clashes: bool


@dataclass(frozen=True, slots=True)
class Row:
    """What one agency has from one source on one question; ``heading`` says which, over the first of its rows."""

    y: float
    heading: str
    label: str
    title: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Hole:
    """A stretch of which nobody says anything, or only presumed."""

    x: float
    width: float
    is_presumed: bool
    title: str


@dataclass(frozen=True, slots=True)
class Lane:
    """One matter: its title, its gaps and its rows."""

    y: float
    title: str
    holes_y: float
    holes: tuple[Hole, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """The whole, with the dates that are written along it."""

    width: int
    height: int
    ticks: tuple[Tick, ...]
    lanes: tuple[Lane, ...]


def draw_care(told: Mapping[str, Any]) -> Drawing:
    """The drawing of a care timeline as `ledger.services.read_care` tells it."""
    axis = Axis.over(_moment(told["begins"]), _moment(told["valid_at"]), LEFT, WIDTH - 16)
    against = {(one["entry"], one["index"]) for each in told["against"] for side in each["sides"] for one in side}
    y, lanes = float(_HEAD), []
    for lane in told["lanes"]:
        drawn = _lane(lane, y, axis, against)
        lanes.append(drawn)
        last = drawn.rows[-1].y if drawn.rows else drawn.holes_y
        y = last + LINE + _GAP
    return Drawing(WIDTH, int(y), tuple(axis.ticks()), tuple(lanes))


def _lane(lane: Mapping[str, Any], y: float, axis: Axis, against: set[tuple[str, int]]) -> Lane:
    holes_y = y + _TITLE
    at = holes_y + (LINE if lane["gaps"] else 0)
    rows = []
    for row in lane["rows"]:
        heading = _matter(row)
        at += _MATTER * bool(row["stretches"])
        for label, stretches in _lines_of(row):
            bars = tuple(_bar(one, axis, against) for one in stretches)
            rows.append(Row(at, heading, _cut(label, _LABEL_CHARS), f"{label}: {_matter(row)}", bars))
            at, heading = at + LINE, ""
    holes = tuple(_hole(gap, axis) for gap in lane["gaps"])
    return Lane(y, lane["title"], holes_y, holes, tuple(rows))


def _lines_of(row: Mapping[str, Any]) -> Iterator[tuple[str, list[Mapping[str, Any]]]]:
    """A row's stretches by whose word they are."""
    whose: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for one in row["stretches"]:
        whose.setdefault((one["agency"], one["source"]), []).append(one)
    for stretches in whose.values():
        first = stretches[0]
        source = "" if first["own"] else f", by {first['source_label']}"
        yield f"{first['agency_name']}{source}", stretches


def _matter(row: Mapping[str, Any]) -> str:
    """What a row is about, and about whom where that is not the child."""
    who = "" if row["person"] == "child" else f", {row['person_label'].partition(', whom')[0]}"
    return f"{capital(row['label'])}{who}"


def _bar(stretch: Mapping[str, Any], axis: Axis, against: set[tuple[str, int]]) -> Bar:
    since, until = stretch["since"], stretch["until"]
    start = _moment(since["earliest"]) if since else axis.since
    end = _moment(until["latest"]) if until else axis.until
    x, right = axis.x(start), axis.x(end)
    width = max(right - x, _LEAST)
    said_until = _day_after(stretch["last_said"])
    said = width if said_until is None else min(max(axis.x(said_until) - x, _LEAST), width)
    is_vague = any(_reach(one) > _DAY for one in (since, until) if one)
    clashes = bool(stretch["conflicts_with"]) or (stretch["entry"], stretch["index"]) in against
    room = int(width / _CHAR) - (2 if clashes else 0)
    words = _cut(stretch["words"], room) if room >= 4 else ""
    title = f"{stretch['words']}: {stretch['agency_name']}, {stretch['valid_words']}; {stretch['state_words']}"
    return Bar(x, width, said, words, title, is_vague, clashes)


def _reach(bound: Mapping[str, Any]) -> timedelta:
    """How far apart the readings of a date lie: of a whole day, a day."""
    return _moment(bound["latest"]) - _moment(bound["earliest"])


def _hole(gap: Mapping[str, Any], axis: Axis) -> Hole:
    x, right = axis.x(_moment(gap["since"]["latest"])), axis.x(_moment(gap["until"]["earliest"]))
    return Hole(x, max(right - x, _LEAST), gap["presumed"], gap["words"])


def _day_after(day: str | None) -> datetime | None:
    """The end of a day in London."""
    if day is None:
        return None
    return datetime.combine(date.fromisoformat(day) + timedelta(days=1), time(), LONDON)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: max(most - 1, 1)].rstrip() + "…"
