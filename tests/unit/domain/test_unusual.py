"""Hours that are unusual for somebody."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from ledger.domain.unusual import Opening, odd_hours

MONDAY = datetime(2024, 5, 6, tzinfo=UTC)


def opening(day: int, hour: int, child: int = 1) -> Opening:
    """One opening, so many days after a Monday."""
    at = MONDAY + timedelta(days=day, hours=hour)
    return Opening(at.replace(tzinfo=None), UUID(int=child), at)


def office(days: int) -> list[Opening]:
    """Openings of office hours, four a day."""
    return [opening(day, hour) for day in range(days) for hour in (9, 11, 14, 16)]


def test_a_night_among_office_days_is_told() -> None:
    """With the hours that were kept before, and the children of that night."""
    [odd] = odd_hours([*office(10), opening(10, 2, 7), opening(10, 3, 8)], MONDAY)
    assert [one.child.int for one in odd.openings] == [7, 8]
    assert odd.usual == (9, 17)


def test_an_hour_earlier_or_later_is_nothing() -> None:
    """Nobody keeps to the minute."""
    assert not [*odd_hours([*office(10), opening(10, 8), opening(10, 17)], MONDAY)]


def test_of_whom_little_is_known_nothing_is_told() -> None:
    """Somebody new has no usual hours yet, and what lies more than four weeks back is not theirs any more."""
    assert not [*odd_hours([*office(4), opening(4, 2)], MONDAY)]
    assert not [*odd_hours([*office(10), opening(60, 2)], MONDAY)]


def test_a_night_shift_is_usual_for_who_works_nights() -> None:
    """The stretch runs through midnight."""
    nights = [opening(day, hour) for day in range(10) for hour in (22, 23, 1, 4)]
    assert not [*odd_hours([*nights, opening(10, 0)], MONDAY)]
    [odd] = odd_hours([*nights, opening(10, 13)], MONDAY)
    assert odd.usual == (22, 5)


def test_only_what_is_asked_for_is_told() -> None:
    """What lies before it is known and not told."""
    assert not [*odd_hours([*office(10), opening(10, 2)], MONDAY + timedelta(days=11))]
