"""When somebody opened records at hours at which they never did before. It is described, and nobody is scored."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Final
from uuid import UUID

#: What is usual for somebody is what they did in so many days before, on at least so many of them, and so often.
USUAL_DAYS: Final = 28
#: An agency that opens a record so soon after it recorded its part in it, knowing nothing of the child, came to look.
SOON: Final = timedelta(hours=8)
_DAYS_LEAST: Final = 5
_OPENINGS_LEAST: Final = 20
_HOURS_A_DAY: Final = 24


@dataclass(frozen=True, slots=True)
class Opening:
    """That one person opened one record: by London's wall clock, and when that was."""

    wall: datetime
    child: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class OddHours:
    """The openings of one day at hours that were unusual, and the hours of the day at which records were opened before.

    ``usual`` runs from the first hour to the last, the longest stretch without any left out; it may pass midnight.
    """

    openings: tuple[Opening, ...]
    usual: tuple[int, int]


def odd_hours(openings: Iterable[Opening], since: datetime) -> Iterator[OddHours]:
    """The days from `since` on on which one person, whose openings these are, kept unusual hours; in order."""
    ordered = sorted(openings, key=lambda opening: opening.wall)
    for day, of_day in groupby(ordered, key=lambda opening: opening.wall.date()):
        known = [one for one in ordered if _is_before(one.wall.date(), day)]
        if len(known) < _OPENINGS_LEAST or len({one.wall.date() for one in known}) < _DAYS_LEAST:
            continue
        hours = {one.wall.hour for one in known}
        near = {(hour + shift) % _HOURS_A_DAY for hour in hours for shift in (-1, 0, 1)}
        odd = tuple(one for one in of_day if one.at >= since and one.wall.hour not in near)
        if odd:
            yield OddHours(odd, _stretch(hours))


def _is_before(known: date, day: date) -> bool:
    return day - timedelta(days=USUAL_DAYS) <= known < day


def _stretch(hours: set[int]) -> tuple[int, int]:
    """The shortest stretch around the clock that has all of these hours: its first, and the one after its last."""
    ordered = sorted(hours)
    following = [*ordered[1:], ordered[0] + _HOURS_A_DAY]
    gaps = ((after - hour, hour, after % _HOURS_A_DAY) for hour, after in zip(ordered, following, strict=True))
    _, last, first = max(gaps)
    return first, (last + 1) % _HOURS_A_DAY
