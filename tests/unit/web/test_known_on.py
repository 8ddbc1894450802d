"""A day that a page is asked for, and the moment that is meant by it."""

from datetime import UTC, date, datetime

import pytest

from ledger.web.known_on import NOT_A_DAY, day_of


def test_a_day_is_its_end_in_london() -> None:
    """In summer that is an hour earlier by the clock that counts; nothing entered is now."""
    assert day_of(" 2022-07-01 ", "known_on").known_at == datetime(2022, 7, 1, 22, 59, 59, 999999, tzinfo=UTC)
    found = day_of("2022-12-01", "known_on")
    assert found.known_at == datetime(2022, 12, 1, 23, 59, 59, 999999, tzinfo=UTC)
    assert (found.words, found.link) == ("As known at the end of 1 December 2022", {"known_on": "2022-12-01"})
    now = day_of("", "known_on")
    assert (now.known_at, now.words, now.link, now.errors) == (None, "As known now", {}, {})


@pytest.mark.parametrize("text", ["2022-13-01", "yesterday", "0001-01-01", "9999-12-31", "5 October 2022"])
def test_what_is_no_day_is_said_and_kept(text: str) -> None:
    """It is not used, and stands in its field as it was entered."""
    found = day_of(text, "from")
    assert (found.day, found.sent, found.errors) == (None, text, {"from": NOT_A_DAY})


def test_a_day_is_written_one_way() -> None:
    """However it was sent."""
    assert day_of("20221005", "known_on").sent == date(2022, 10, 5).isoformat()
