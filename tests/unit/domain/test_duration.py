from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.calendar import WorkingCalendar
from ledger.domain.duration import (
    ALWAYS,
    DurationError,
    WorkingDays,
    parse_clock,
    parse_duration,
    refuse_clock,
    runs_out,
)


@given(days=st.integers(0, 9999), hours=st.integers(0, 999), minutes=st.integers(0, 999))
def test_a_duration_is_the_sum_of_its_parts(days: int, hours: int, minutes: int) -> None:
    """Days, hours and minutes add up, and none of them has to be within its usual range."""
    expected = timedelta(days=days, hours=hours, minutes=minutes)
    assert parse_duration(f"P{days}DT{hours}H{minutes}M") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("P90D", timedelta(days=90)),
        ("PT24H", timedelta(hours=24)),
        ("P2W", timedelta(days=14)),
        ("PT5M", timedelta(minutes=5)),
        ("always", ALWAYS),
    ],
)
def test_durations_that_are_read(text: str, expected: object) -> None:
    """The common forms, and the word for what never lapses."""
    assert parse_duration(text) == expected


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "P1DT", "90", "90D", "p90d", "P1W2D", "P-1D", "P1.5D", "Always", "P99999D"]
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    """Anything else is refused with the way to write it."""
    with pytest.raises(DurationError, match="always"):
        parse_duration(text)


@pytest.mark.parametrize("text", ["P3M", "P1Y", "P1Y2M"])
def test_months_are_refused_as_lengths(text: str) -> None:
    """A month has no fixed length, so no clock can be set by it."""
    with pytest.raises(DurationError, match="write days"):
        parse_duration(text)


def test_clocks_that_are_read() -> None:
    """A clock is working days or a fixed length."""
    assert parse_clock("10wd") == WorkingDays(10)
    assert parse_clock("PT24H") == timedelta(hours=24)


@pytest.mark.parametrize("text", ["always", "", "10", "wd", "-1wd", "10WD", "P1M", "99999wd"])
def test_what_is_no_clock_is_refused(text: str) -> None:
    """What never runs out is no clock; anything else is refused with the way to write it."""
    with pytest.raises(DurationError):
        parse_clock(text)
    assert refuse_clock(text)


def test_a_clock_runs_out_by_the_calendar() -> None:
    """Ten working days over Easter skip the weekends and both bank holidays; hours pass as they pass."""
    start = datetime(2024, 3, 27, 12, tzinfo=UTC)
    calendar = WorkingCalendar("england")
    assert runs_out(start, parse_clock("10wd"), calendar) == datetime(2024, 4, 12, 11, tzinfo=UTC)
    assert runs_out(start, parse_clock("PT24H"), calendar) == start + timedelta(days=1)
