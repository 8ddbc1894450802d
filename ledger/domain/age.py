"""How old somebody was at some time, as far as what is said of their birth tells, in days.

Dates may be vague and sources may differ, so an age is a range: from the youngest to the oldest that any reading of
any date gives. Of a child born before term what it can do follows the day on which it was expected, so a corrected age
takes the weeks off by which it came early; by the smallest number that anybody says, and only before `TERM_WEEKS`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Final, NamedTuple

from ledger.domain.civil_day import Stretch
from ledger.domain.claim import Claim
from ledger.domain.edtf import EdtfError, parse
from ledger.domain.valid_time import ValidTime
from ledger.domain.vocabulary import QUANTITY

#: A pregnancy's length; and the weeks before which a birth is early.
FULL_WEEKS: Final = 40
TERM_WEEKS: Final = 37
_A_DAY = timedelta(days=1)


class Age(NamedTuple):
    """The least and the most that it may have been, in whole days."""

    least: int
    most: int


def age_at(when: Stretch, births: Iterable[Claim]) -> Age | None:
    """The age at some moment of ``when``, by these dates of birth; None where none can be read, or it was unborn."""
    return age_between(when, dates_of(births))


def dates_of(births: Iterable[Claim]) -> list[ValidTime]:
    """The dates of birth that can be read."""
    return [date for claim in births if (date := date_of(claim)) is not None]


def age_between(when: Stretch, dates: Sequence[ValidTime]) -> Age | None:
    """The same by dates that were read already."""
    if not dates:
        return None
    most = max((when[1] - date.earliest_start) // _A_DAY for date in dates)
    least = min((when[0] - (date.latest_end or date.latest_start)) // _A_DAY for date in dates)
    return None if most < 0 else Age(max(least, 0), most)


def days_early(births: Iterable[Claim], expected: Iterable[Claim], gestations: Iterable[Claim]) -> int:
    """By how many days at least a child was born before it was due; nothing where it was not early, or nobody says."""
    weeks = [float(claim.value) for claim in gestations if claim.value and QUANTITY.match(claim.value)]
    if weeks:
        return round((FULL_WEEKS - max(weeks)) * 7) if max(weeks) < TERM_WEEKS else 0
    born, due = dates_of(births), dates_of(expected)
    if not born or not due:
        return 0
    early = (min(date.earliest_start for date in due) - max(date.latest_start for date in born)) // _A_DAY
    return early if early > (FULL_WEEKS - TERM_WEEKS) * 7 else 0


def date_of(claim: Claim) -> ValidTime | None:
    """The date that a claim gives; None where it gives none that can be read."""
    if claim.value is None:
        return None
    try:
        return parse(claim.value)
    except EdtfError:
        return None
