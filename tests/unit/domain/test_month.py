"""A month on: the same day of the next month, or its last, to the end of that day in London."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.civil_day import civil_date
from ledger.domain.month import days_left, month_after


@pytest.mark.parametrize(
    ("asked", "last"),
    [
        ("2024-01-31", "2024-02-29"),
        ("2023-01-31", "2023-02-28"),
        ("2023-12-15", "2024-01-15"),
        ("2024-03-30", "2024-04-30"),
    ],
)
def test_a_month_is_a_calendar_month(asked: str, last: str) -> None:
    """As the Information Commissioner counts it."""
    due = month_after(datetime.fromisoformat(asked).replace(hour=12, tzinfo=UTC))
    assert civil_date(due - timedelta(microseconds=1)).isoformat() == last


@given(st.timedeltas(timedelta(0), timedelta(days=36_500)))
def test_a_month_is_never_more_than_one(later: timedelta) -> None:
    """It is 28 to 31 days on from the civil day, and ends with a civil day."""
    asked = datetime(2000, 1, 1, tzinfo=UTC) + later
    due = month_after(asked)
    days = (civil_date(due - timedelta(microseconds=1)) - civil_date(asked)).days
    assert 28 <= days <= 31
    assert civil_date(due) != civil_date(due - timedelta(microseconds=1))
    assert days_left(due, due) == 0
    assert days_left(due, due + timedelta(seconds=1)) == -1
