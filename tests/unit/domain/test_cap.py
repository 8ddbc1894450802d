"""Caps on opening records."""

from ledger.domain.cap import Caps, Opened, exceeded

CAPS = Caps(2, 3, 4, 5)


def test_the_cap_itself_may_be_reached() -> None:
    """As many as it says are opened, and not one more."""
    assert exceeded(CAPS, [Opened("person", "hour", 2, 60), Opened("agency", "day", 5, 60)]) is None
    one = Opened("person", "hour", 3, 60)
    assert exceeded(CAPS, [one]) == one


def test_of_several_the_one_that_holds_longest_is_told() -> None:
    """Who waits as long as they are told to is not refused by the next."""
    hour, day = Opened("person", "hour", 9, 60), Opened("person", "day", 9, 6_000)
    assert exceeded(CAPS, [day, hour]) == day


def test_each_has_its_own() -> None:
    """A person's and an agency's, by hour and by day."""
    assert [CAPS.most(who, window) for who in ("person", "agency") for window in ("hour", "day")] == [2, 3, 4, 5]
