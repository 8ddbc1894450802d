from datetime import UTC, date, datetime

import pytest

from ledger.services.name_child import name_child
from ledger.services.word_dates import word_moment, word_observed, word_span, word_valid


@pytest.mark.parametrize(
    ("valid", "words"),
    [
        (None, "on the day it was observed"),
        ("2022-10-05", "on 5 October 2022"),
        ("2022-10", "in October 2022"),
        ("2022", "in 2022"),
        ("2022-10~", "in about October 2022"),
        ("2022-10-XX", "in October 2022"),
        ("2022-XX-XX/..", "from 2022, still so when observed"),
        ("199X~", "in about the 1990s"),
        ("2022-10-05?", "on possibly 5 October 2022"),
        ("2022-03-10/..", "from 10 March 2022, still so when observed"),
        ("2022-03/", "from March 2022, end not known"),
        ("2022-03-10/2022-04", "from 10 March 2022 to April 2022"),
        ("2022-07-01T14:30Z", "on 1 July 2022 at 3:30pm"),
        ("2022-07-01T14:30Z/..", "from 1 July 2022 at 3:30pm, still so when observed"),
    ],
)
def test_valid_times_keep_what_is_vague(valid: str | None, words: str) -> None:
    """A date is written out as far as it was given, no further, and in London's time."""
    assert word_valid(valid) == words


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2022, 10, 5, 11, 0, tzinfo=UTC), "5 October 2022 at midday"),
        (datetime(2022, 1, 5, 0, 0, tzinfo=UTC), "5 January 2022 at midnight"),
        (datetime(2022, 6, 30, 23, 5, tzinfo=UTC), "1 July 2022 at 12:05am"),
        (datetime(2022, 12, 5, 15, 0, tzinfo=UTC), "5 December 2022 at 3pm"),
    ],
)
def test_moments_are_londons(moment: datetime, words: str) -> None:
    """Summer time moves the hour and, near midnight, the day."""
    assert word_moment(moment) == words


def test_observed_is_a_day_or_a_moment() -> None:
    """What was observed is told as sent: a day has no time of day."""
    assert word_observed("2022-10-05") == "5 October 2022"
    assert word_observed("2022-10-05T09:15+01:00") == "5 October 2022 at 9:15am"


@pytest.mark.parametrize(
    ("details", "name"),
    [
        ({"name": "Rowan", "born": "2022-09-01"}, "Rowan"),
        ({"name": " ", "born": "2022-09-01", "expected": "2022-09"}, "Child born on 1 September 2022"),
        ({"expected": "2022-09"}, "Unborn child, expected in September 2022"),
        ({}, "Child whose details are not known"),
    ],
)
def test_a_child_is_called_by_what_is_known(details: dict[str, str], name: str) -> None:
    """The name, else the birth, else the expected birth."""
    assert name_child(details) == name


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2022, 3, 11), date(2022, 3, 11), "on 11 March 2022"),
        (date(2022, 3, 11), date(2022, 3, 19), "from 11 to 19 March 2022"),
        (date(2022, 3, 11), date(2022, 4, 1), "from 11 March to 1 April 2022"),
        (date(2021, 12, 30), date(2022, 1, 2), "from 30 December 2021 to 2 January 2022"),
    ],
)
def test_a_span_says_no_month_or_year_twice(first: date, last: date, words: str) -> None:
    """From one day to another, as people write it."""
    assert word_span(first, last) == words
