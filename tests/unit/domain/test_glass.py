"""Breaking the glass: what a reason is, and how long it lasts."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.glass import HOURS_MAX, ends_at, review_due, says_why

NOW = datetime(2024, 5, 6, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    "text", ["Head injury, nobody knows him", "Dziecko ma gorączkę i drgawki", "孩子 x injured badly"]
)
def test_a_reason_is_words(text: str) -> None:
    """Two words, ten letters and some variety, in any language that has them."""
    assert says_why(text)


@pytest.mark.parametrize(
    "text", ["", "urgent", "aaaaaaaaaa bbbb", "1234567890 1234", "emergencyemergency", "?? !! ..."]
)
def test_what_says_nothing_is_no_reason(text: str) -> None:
    """One word, one letter over and over, digits and stops say nothing that could be reviewed."""
    assert not says_why(text)


def test_it_lasts_as_long_as_was_asked() -> None:
    """And never longer than the most there is."""
    assert ends_at(NOW, 2, "a reason", []) == NOW + 2 * HOUR
    assert ends_at(NOW, 99, "a reason", []) == NOW + HOURS_MAX * HOUR


@given(
    ages=st.lists(st.floats(0, 2.99), max_size=4),
    hours=st.integers(1, HOURS_MAX),
    spelling=st.sampled_from(["a reason", "  A  Reason! ", "a,reason"]),
)
def test_one_reason_lasts_three_hours_in_all(ages: list[float], hours: int, spelling: str) -> None:
    """However often it is given, and however it is spelt: three hours after the first that is open, at most."""
    standing = [(NOW - age * HOUR, "a reason") for age in ages]
    first = min([began for began, _ in standing], default=NOW)
    assert ends_at(NOW, hours, spelling, standing) == min(NOW + hours * HOUR, first + HOURS_MAX * HOUR)


def test_another_reason_begins_anew() -> None:
    """It is told and reviewed by itself."""
    standing = [(NOW - 2 * HOUR, "a reason")]
    assert ends_at(NOW, 3, "another reason", standing) == NOW + 3 * HOUR


def test_a_review_is_due_after_three_days() -> None:
    """Seventy-two hours as they pass: weekends and holidays are no excuse."""
    assert review_due(NOW) - NOW == timedelta(hours=72)
