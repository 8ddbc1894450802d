from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.calendar import NATIONS, Nation, WorkingCalendar
from ledger.domain.civil_day import LONDON


def london(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=LONDON)


@pytest.mark.parametrize(
    ("day", "working_in"),
    [
        (date(2023, 1, 3), {"england", "wales", "northern_ireland"}),
        (date(2023, 3, 17), {"england", "wales", "scotland"}),
        (date(2023, 4, 10), {"scotland"}),
        (date(2023, 5, 8), set()),
        (date(2022, 9, 19), set()),
        (date(2023, 8, 7), {"england", "wales", "northern_ireland"}),
        (date(2023, 8, 28), {"scotland"}),
        (date(2023, 11, 30), {"england", "wales", "northern_ireland"}),
        (date(2022, 12, 27), set()),
        (date(2023, 6, 14), {"england", "wales", "scotland", "northern_ireland"}),
        (date(2023, 6, 17), set()),
    ],
)
def test_each_nation_has_its_own_bank_holidays(day: date, working_in: set[str]) -> None:
    """A day off in one nation may be a working day in the next, one-off holidays and substitutes included."""
    assert {nation for nation in NATIONS if WorkingCalendar(nation).is_working_day(day)} == working_in


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        (london(2023, 6, 14, 12), 1, london(2023, 6, 15, 12)),
        (london(2023, 6, 16, 12), 1, london(2023, 6, 19, 12)),
        (london(2023, 6, 17, 12), 1, london(2023, 6, 20, 0)),
        (london(2023, 6, 17, 12), 0, london(2023, 6, 19, 0)),
        (london(2023, 3, 24, 17), 1, london(2023, 3, 27, 17)),
        (london(2023, 10, 27, 17), 1, london(2023, 10, 30, 17)),
        (london(2023, 4, 6, 9), 1, london(2023, 4, 11, 9)),
        (london(2022, 12, 23, 9), 5, london(2023, 1, 4, 9)),
        (datetime(2023, 7, 2, 23, 30, tzinfo=UTC), 1, london(2023, 7, 4, 0, 30)),
    ],
)
def test_working_days_keep_the_wall_time(start: datetime, count: int, expected: datetime) -> None:
    """A working-day clock runs out at the hour it started, across clock changes, weekends and holidays."""
    assert WorkingCalendar("england").add_working_days(start, count) == expected


@given(
    start=st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 -- hypothesis adds the zone
    count=st.integers(0, 40),
    nation=st.sampled_from(sorted(NATIONS)),
)
def test_working_days_add_up(start: datetime, count: int, nation: Nation) -> None:
    """A clock never runs out on a day off, never early, and one more day is one more working day."""
    calendar = WorkingCalendar(nation)
    end = calendar.add_working_days(start, count)
    assert end.tzinfo is UTC
    assert end >= start
    day = end.astimezone(LONDON).date()
    assert calendar.is_working_day(day)
    assert calendar.add_working_days(end, 1) == calendar.add_working_days(start, count + 1)


def test_hours_pass_as_they_pass() -> None:
    """Twenty-four hours over a clock change are twenty-four hours, not the same time on the wall."""
    start = london(2023, 3, 25, 12)
    end = WorkingCalendar("wales").add_hours(start, 24)
    assert end == london(2023, 3, 26, 13)
    assert end - start.astimezone(UTC) == timedelta(hours=24)


def test_a_clock_needs_a_zone_and_a_nation() -> None:
    """A moment without a zone, a count below nothing and an unknown nation are refused."""
    calendar = WorkingCalendar("england")
    with pytest.raises(ValueError, match="zone"):
        calendar.add_working_days(datetime(2023, 6, 14, 12), 1)  # noqa: DTZ001 -- what is refused
    with pytest.raises(ValueError, match="clock runs"):
        calendar.add_working_days(london(2023, 6, 14, 12), -1)
    with pytest.raises(ValueError, match="nation is"):
        WorkingCalendar("france")  # type: ignore[arg-type]


def test_a_day_ends_at_london_midnight() -> None:
    """The end of a summer day is eleven at night in UTC."""
    assert WorkingCalendar("england").end_of_day(datetime(2023, 7, 1, 23, 30, tzinfo=UTC)) == datetime(
        2023, 7, 2, 23, tzinfo=UTC
    )
