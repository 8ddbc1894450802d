"""Hours and working days, at literal moments: around bank holidays and both changes of the clocks, in each nation."""

from datetime import UTC, datetime, time, timedelta

import pytest

from ledger.domain.calendar import Nation, WorkingCalendar
from ledger.domain.duration import WorkingDays
from ledger.domain.hours import Hours, elapses, parse_time, refuse_time

NATIONS: tuple[Nation, ...] = ("england", "wales", "scotland", "northern_ireland")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("nation", "at", "is_on"),
    [
        ("england", "2024-03-28T16:59:59", True),
        ("england", "2024-03-28T17:00:00", False),
        # Good Friday everywhere; on Easter Monday Scotland is at work, and by then London is an hour ahead.
        *((nation, "2024-03-29T11:00:00", False) for nation in NATIONS),
        ("england", "2024-04-01T11:00:00", False),
        ("wales", "2024-04-01T11:00:00", False),
        ("northern_ireland", "2024-04-01T11:00:00", False),
        ("scotland", "2024-04-01T08:00:00", True),
        ("scotland", "2024-04-01T07:59:59", False),
        ("scotland", "2024-04-01T16:00:00", False),
        # Saint Patrick's day, kept on a Monday; the second of January; the August holidays.
        ("northern_ireland", "2024-03-18T11:00:00", False),
        ("england", "2024-03-18T11:00:00", True),
        ("scotland", "2024-01-02T11:00:00", False),
        ("england", "2024-01-02T11:00:00", True),
        ("scotland", "2024-08-05T11:00:00", False),
        ("wales", "2024-08-05T11:00:00", True),
        # The Monday after the clocks went back.
        *((nation, "2024-10-28T08:59:59", False) for nation in NATIONS),
        *((nation, "2024-10-28T09:00:00", True) for nation in NATIONS),
    ],
)
def test_when_a_partnership_is_at_work(nation: Nation, at: str, is_on: bool) -> None:
    """Nine to five by the clock on the wall, on the working days of its own nation."""
    assert Hours(nation).are_on(utc(at)) is is_on


@pytest.mark.parametrize(
    ("nation", "at", "begins"),
    [
        ("england", "2024-03-28T12:00:00", "2024-03-28T12:00:00"),
        ("england", "2024-03-28T05:00:00", "2024-03-28T09:00:00"),
        ("england", "2024-03-28T17:00:00", "2024-04-02T08:00:00"),
        ("wales", "2024-03-30T23:59:59", "2024-04-02T08:00:00"),
        ("northern_ireland", "2024-03-31T01:00:00", "2024-04-02T08:00:00"),
        ("scotland", "2024-03-28T17:00:00", "2024-04-01T08:00:00"),
        *((nation, "2024-10-25T18:00:00", "2024-10-28T09:00:00") for nation in NATIONS),
        ("england", "2024-12-24T17:00:00", "2024-12-27T09:00:00"),
        ("scotland", "2024-12-31T17:00:00", "2025-01-03T09:00:00"),
        ("england", "2024-12-31T17:00:00", "2025-01-02T09:00:00"),
    ],
)
def test_when_hours_begin(nation: Nation, at: str, begins: str) -> None:
    """At once where they are on, else at the next opening; over Easter, Christmas and both changes of the clocks."""
    assert Hours(nation).begin(utc(at)) == utc(begins)


@pytest.mark.parametrize(
    ("nation", "start", "days", "ends"),
    [
        # Thursday three o'clock before Easter 2024: the clocks go forward on Easter Sunday.
        ("england", "2024-03-28T15:00:00", 2, "2024-04-03T14:00:00"),
        ("wales", "2024-03-28T15:00:00", 2, "2024-04-03T14:00:00"),
        ("northern_ireland", "2024-03-28T15:00:00", 2, "2024-04-03T14:00:00"),
        ("scotland", "2024-03-28T15:00:00", 2, "2024-04-02T14:00:00"),
        # Raised in the night before Good Friday: the clock begins with the next hours.
        ("england", "2024-03-28T22:00:00", 1, "2024-04-03T08:00:00"),
        ("scotland", "2024-03-28T22:00:00", 1, "2024-04-02T08:00:00"),
        # Friday three o'clock before the clocks go back.
        *((nation, "2024-10-25T14:00:00", 2, "2024-10-29T15:00:00") for nation in NATIONS),
        # Over a bank holiday weekend of August, and one that Scotland has three weeks before.
        ("england", "2024-08-23T09:00:00", 2, "2024-08-28T09:00:00"),
        ("wales", "2024-08-23T09:00:00", 2, "2024-08-28T09:00:00"),
        ("northern_ireland", "2024-08-23T09:00:00", 2, "2024-08-28T09:00:00"),
        ("scotland", "2024-08-23T09:00:00", 2, "2024-08-27T09:00:00"),
        ("scotland", "2024-08-02T09:00:00", 2, "2024-08-07T09:00:00"),
        ("northern_ireland", "2024-07-11T09:00:00", 1, "2024-07-15T09:00:00"),
    ],
)
def test_working_days_run_by_the_wall(nation: Nation, start: str, days: int, ends: str) -> None:
    """The same time of the wall so many working days on, whatever the clocks did in between."""
    assert Hours(nation).run(utc(start), WorkingDays(days)) == utc(ends)


@pytest.mark.parametrize(
    ("nation", "start", "hours", "ends"),
    [
        ("england", "2024-03-28T15:00:00", 2, "2024-03-28T17:00:00"),
        ("england", "2024-03-28T15:00:00", 3, "2024-04-02T09:00:00"),
        ("scotland", "2024-03-28T15:00:00", 3, "2024-04-01T09:00:00"),
        ("england", "2024-03-30T12:00:00", 8, "2024-04-02T16:00:00"),
        ("england", "2024-03-30T12:00:00", 17, "2024-04-04T09:00:00"),
        *((nation, "2024-10-25T15:00:00", 2, "2024-10-28T10:00:00") for nation in NATIONS),
    ],
)
def test_lengths_are_used_up_while_hours_are_on(nation: Nation, start: str, hours: int, ends: str) -> None:
    """Nights, weekends and bank holidays take nothing of a length of time that runs in the hours."""
    assert Hours(nation).run(utc(start), timedelta(hours=hours)) == utc(ends)


@pytest.mark.parametrize(
    ("start", "ends"),
    [
        ("2024-03-30T23:30:00", "2024-03-31T03:30:00"),
        ("2024-10-26T23:30:00", "2024-10-27T03:30:00"),
        ("2024-12-25T00:00:00", "2024-12-25T04:00:00"),
    ],
)
@pytest.mark.parametrize("nation", NATIONS)
def test_what_runs_day_and_night_is_never_longer(nation: Nation, start: str, ends: str) -> None:
    """Four hours are four hours over both changes of the clocks and on a holiday, in every nation."""
    assert elapses(utc(start), timedelta(hours=4), WorkingCalendar(nation)) == utc(ends)


def test_a_clock_of_working_days_may_run_outside_hours() -> None:
    """One that runs day and night but is written in working days ends at its own wall time."""
    assert elapses(utc("2024-03-28T22:00:00"), WorkingDays(1), WorkingCalendar("england")) == utc("2024-04-02T21:00:00")


def test_own_hours_and_what_are_none() -> None:
    """A partnership sets its own; hours open before they close, and a time of day is hours and minutes."""
    early = Hours("england", time(7, 30), time(15))
    assert early.begin(utc("2024-04-02T03:00:00")) == utc("2024-04-02T06:30:00")
    assert early.end(utc("2024-04-02T03:00:00")) == utc("2024-04-02T14:00:00")
    with pytest.raises(ValueError, match="before they close"):
        Hours("england", time(17), time(9))
    assert parse_time("08:30") == time(8, 30)
    assert [refuse_time(text) is None for text in ("00:00", "23:59", "24:00", "8:30", "08.30", "")] == [
        True, True, False, False, False, False,
    ]  # fmt: skip
