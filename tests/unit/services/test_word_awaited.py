from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.civil_day import midnight
from ledger.domain.finding import Basis
from ledger.domain.rules.expects import TOPICS
from ledger.services.word_awaited import (
    word_awaited,
    word_clock,
    word_due,
    word_expected,
    word_signed,
    word_stretch,
    word_to_do,
)

DUE = datetime(2022, 10, 4, 23, 0, tzinfo=UTC)
STARTED = datetime(2022, 10, 4, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("topic", [*TOPICS.split(), "a_word_of_some_other_pack", ""])
def test_whatever_is_awaited_has_its_words(topic: str) -> None:
    """Each thing that may be awaited is a phrase, a headline and one line on what to do that names who owes it."""
    basis = Basis("expectation", (), topic=topic)
    headline = word_expected("the injury", topic, DUE, is_met=False, is_declined=False)
    assert headline.endswith("the injury, due by the end of 4 October 2022")
    assert "_" not in headline + word_awaited(topic)
    assert "Health visiting" in word_to_do(basis, "Health visiting", is_declined=False)
    assert "two people" in word_expected("the injury", topic, DUE, is_met=True, is_declined=False)


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(), "0 minutes"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(minutes=59, seconds=59), "59 minutes"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(hours=3, minutes=5), "3 hours and 5 minutes"),
        (timedelta(hours=20, minutes=5), "20 hours"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=2, hours=1), "2 days and 1 hour"),
        (timedelta(days=30, hours=7), "30 days"),
        (timedelta(seconds=-5), "0 minutes"),
        (timedelta(days=89), "89 days"),
        (timedelta(days=200), "6 months"),
        (timedelta(days=366), "1 year"),
        (timedelta(days=1787), "4 years and 10 months"),
    ],
)
def test_a_stretch_is_told_as_finely_as_it_matters(length: timedelta, words: str) -> None:
    """Minutes of a few hours, hours of a few days, days of some weeks, months and years of more."""
    assert word_stretch(length) == words


@given(st.dates(date(2000, 1, 2), date(2100, 1, 1)))
def test_a_clock_that_runs_to_the_end_of_a_day_says_which(day: date) -> None:
    """Summer or winter: due at London's midnight is due by the end of the day before."""
    due = midnight(day.year, day.month, day.day)
    last = day - timedelta(days=1)
    assert word_due(due).startswith(f"the end of {last.day} ")
    assert " at " in word_due(due + timedelta(hours=12))


@pytest.mark.parametrize(
    ("now", "is_met", "words"),
    [
        (STARTED + timedelta(hours=2), False, "12 hours left. 2 hours since the clock began."),
        (DUE, False, "Overdue by 0 minutes. 14 hours since the clock began."),
        (
            DUE + timedelta(days=1, hours=2),
            False,
            "Overdue by 1 day and 2 hours. 1 day and 16 hours since the clock began.",
        ),
        (DUE + timedelta(days=1), True, "1 day and 14 hours since the clock began."),
    ],
)
def test_the_clock_says_how_much_has_passed(now: datetime, is_met: bool, words: str) -> None:
    """Not only in time or late: what is left or over, and how long it has been; nothing is late that has come."""
    assert word_clock(DUE, STARTED, now, is_met=is_met) == words


def test_two_people_are_asked_for_one_after_the_other() -> None:
    """Nobody yet; one, and then another; what to do follows from it."""
    met = Basis("expectation", (), topic="referral", is_met=True)
    signed = Basis("expectation", (), topic="referral", is_met=True, signed=("csc/sw1",))
    assert "Nobody has yet" in word_signed(met, [])
    assert "One, of Health visiting, has;" in word_signed(signed, ["Health visiting"])
    assert "two people" in word_to_do(met, "Health visiting", is_declined=False)
    assert "second person, another" in word_to_do(signed, "Health visiting", is_declined=False)
    assert "manager on both sides" in word_to_do(Basis("expectation", ()), "Health visiting", is_declined=True)
