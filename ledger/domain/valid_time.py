"""When a statement says that something was so: vague half-open stretches, and how two of them meet.

All moments are aware UTC datetimes. A start lies in ``[earliest_start, latest_start)``, or is exactly
``earliest_start`` when the two are equal; an end lies in ``(earliest_end, latest_end]``; ``None`` is no
end. A *reading* picks one start and one end, the start before the end. What was written is kept beside
the bounds, because only two written dates can meet on a change-over day: a bound that comes from the day
of observing is where a statement stops being evidence, not where something stopped being so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from ledger.domain.civil_day import Stretch

Ending = Literal["stated", "open", "unknown"]
Overlap = Literal["certain", "possible"]
#: The day on which clocks go back.
_LONGEST_DAY = timedelta(hours=25)


class Observed(NamedTuple):
    """The day, or the moment, at which something was seen or heard."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class ValidTime:
    """One valid time, resolved to bounds.

    ``ending`` is ``stated``, ``open`` (still so when observed: the only ending that is carried) or
    ``unknown``. ``precision`` is the unit of its vaguer written date. ``written_start`` and
    ``written_end`` are the stretches that those dates name, without their qualifiers;
    ``written_end`` is None when no end was written or the statement was cut before it.
    """

    earliest_start: datetime
    latest_start: datetime
    earliest_end: datetime | None
    latest_end: datetime | None
    ending: Ending
    precision: timedelta
    written_start: Stretch | None = None
    written_end: Stretch | None = None
    is_period: bool = True
    #: It speaks from the day of observing on: its start is when it was said, and not when something changed.
    is_as_of_observing: bool = False
    #: It said more than this: a later word took the place of the rest.
    is_cut: bool = False


def asserted(valid: ValidTime, observed: Observed) -> ValidTime | None:
    """The part of ``valid`` that its observer could know: nobody observes the future.

    It runs to the end of the observed day or moment, or to the stated end where that is earlier.
    None when the whole of it lies after the observation.
    """
    limit = observed.end
    if valid.earliest_start >= limit:
        return None
    if valid.latest_end is not None and valid.latest_end <= limit:
        return valid
    start = valid.written_start
    return ValidTime(
        earliest_start=valid.earliest_start,
        latest_start=min(valid.latest_start, limit),
        earliest_end=limit if valid.earliest_end is None else min(valid.earliest_end, limit),
        latest_end=limit,
        ending=valid.ending,
        precision=valid.precision,
        written_start=start,
        written_end=_end_by(valid.written_end, limit),
        is_period=valid.is_period,
        is_as_of_observing=valid.ending == "open" and start is not None and _is_day_of(start, observed),
        is_cut=valid.is_cut,
    )


def _end_by(written: Stretch | None, limit: datetime) -> Stretch | None:
    """What is left of a written end where the observing falls within it: it had ended by then, or was about to."""
    return None if written is None or written[0] >= limit else (written[0], min(written[1], limit))


def _is_day_of(start: Stretch, observed: Observed) -> bool:
    """Whether a start is written as a day, or a time of it, within which the observing was."""
    return start[1] - start[0] <= _LONGEST_DAY and start[0] <= observed.start and observed.end <= start[1]


def asserted_until(valid: ValidTime, observed: Observed) -> datetime | None:
    """The last moment that the statement asserts, exclusive; None when it asserts nothing yet."""
    if valid.earliest_start >= observed.end:
        return None
    if valid.latest_end is None:
        return observed.end
    return min(valid.latest_end, observed.end)


def overlap(one: ValidTime, other: ValidTime) -> Overlap | None:
    """Whether the two share time: in every reading, in some reading, or (None) in none.

    Periods that meet on a change-over day do not overlap, nor do those whose stated end and start
    are so vague that they may be one moment. Two statements about the very same day do overlap.
    """
    if not (_before(one.earliest_start, other.latest_end) and _before(other.earliest_start, one.latest_end)):
        return None
    if _meets(one, other) or _meets(other, one):
        return None
    if _always_before(one.latest_start, other) and _always_before(other.latest_start, one):
        return "certain"
    return "possible"


def _before(start: datetime, end: datetime | None) -> bool:
    return end is None or start < end


def _always_before(latest_start: datetime, other: ValidTime) -> bool:
    """Whether a start of at most ``latest_start`` precedes every end that ``other`` may have."""
    if other.earliest_end is None:
        return True
    return latest_start <= max(other.earliest_end, other.earliest_start)


def _meets(first: ValidTime, second: ValidTime) -> bool:
    """Whether ``second`` begins in the written unit of time in which ``first`` says that it ended.

    Written dates are days, months, years or times, so two of them are one within the other or
    apart: one within the other means an overlap of at most the vaguer date's precision. A single vague
    date does not meet what began with its very first part: it lies all within that. Nor does it meet what was said
    of that same day as of that day: there the start is no change-over, but the moment of saying so.
    """
    if not first.is_period and second.is_as_of_observing:
        return False
    end, start = first.written_end, start_stretch(second)
    first_start = start_stretch(first) or (first.earliest_start, first.latest_start)
    if end is None or start is None:
        return False
    if start[0] >= end[1] or end[0] >= start[1]:
        return False
    if first_start[0] >= start[1]:
        return False
    if first.is_period and second.is_period and first_start == start:
        return False
    if not first.is_period and start[0] <= end[0] and start[1] < end[1]:
        return False
    return not (_about_one_date(first, second) or _about_one_date(second, first))


def start_stretch(valid: ValidTime) -> Stretch | None:
    """The stretch that its start names, less what is later than the start can have been.

    What was still so when observed had begun by then, however vague the date that is given for it.
    """
    written = valid.written_start
    if written is None or not written[0] < valid.latest_start < written[1]:
        return written
    return written[0], valid.latest_start


def _about_one_date(one: ValidTime, other: ValidTime) -> bool:
    """Whether ``one`` is a single date, and ``other`` says nothing beyond it."""
    if one.is_period or one.written_start is None or other.latest_end is None:
        return False
    if not other.is_period:
        return True
    if other.is_cut:
        return False
    start, end = one.written_start
    return start <= other.earliest_start and other.latest_end <= end
