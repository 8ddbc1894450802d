"""Clocks, ages and days of a rule that cannot be."""

import pytest

from ledger.domain.clock_fault import day_fault, rising_faults, warn_faults, zero_fault


@pytest.mark.parametrize(
    ("clock", "is_none"),
    [("P0D", True), ("PT0H", True), ("P0W", True), ("0wd", True), ("PT1M", False), ("1wd", False), ("same_day", False),
     ("given", False), ("always", False)],
)  # fmt: skip
def test_a_clock_takes_some_time(clock: str, is_none: bool) -> None:
    """One that has run out when it starts is no clock, however it is written."""
    assert (zero_fault(clock) is not None) is is_none


@pytest.mark.parametrize(
    ("written", "is_late"),
    [
        ({"within": "PT24H", "warn": "P2D"}, True),
        ({"within": "PT24H", "warn": "PT24H"}, True),
        ({"within": "PT24H", "warn": "PT4H"}, False),
        ({"within": "same_day", "warn": "P2D"}, True),
        ({"within": "same_day", "warn": "PT2H"}, False),
        ({"within": "1wd", "warn": "P3D"}, False),
        ({"within": "1wd", "warn": "P60D"}, True),
        ({"within": "given", "warn": "P60D"}, False),
        ({"within": "given", "otherwise": "P1D", "warn": "P60D"}, True),
        ({"within": "given"}, False),
    ],
)
def test_a_warning_comes_after_the_clock_starts(written: dict[str, str], is_late: bool) -> None:
    """Refused is only what could never be: a working day may stand before a week of holidays."""
    assert [path for path, _ in warn_faults(written)] == ([("warn",)] if is_late else [])


def test_bounds_leave_something_between_them() -> None:
    """The lower of two lies below the upper, as ages and as numbers; one of them alone is no matter."""
    assert [path for path, _ in rising_faults({"from_age": "P90D", "until_age": "P30D"})] == [("from_age",)]
    assert [path for path, _ in rising_faults({"from_age": "P30D", "until_age": "P30D"})] == [("from_age",)]
    assert [*rising_faults({"from_age": "P30D", "until_age": "P90D"})] == []
    assert [path for path, _ in rising_faults({"least": 5, "most": 4})] == [("least",)]
    assert [path for path, _ in rising_faults({"within": "10wd", "lasts": "P7D"})] == [("within",)]
    assert [*rising_faults({"from_age": "P30D", "least": 7, "within": "P28D", "lasts": "P90D"})] == []


@pytest.mark.parametrize(
    ("text", "is_a_day"),
    [("2023-02-29", False), ("2024-02-29", True), ("02-30", False), ("02-29", True), ("13-01", False),
     ("P30D", True), ("a 31-02 note", True)],
)  # fmt: skip
def test_a_day_is_one_of_the_calendar(text: str, is_a_day: bool) -> None:
    """With a year or without; what is not written as a day is none of this."""
    assert (day_fault(text) is None) is is_a_day
