"""When a part that died is started again."""

from ledger.stack.restart import LONGEST_PAUSE_SECONDS, DeathRecord, RestartLimit


def test_the_pause_doubles_with_each_death_and_has_an_end() -> None:
    """A part that keeps dying is started ever less often, and never later than the longest pause."""
    record = DeathRecord(RestartLimit(deaths=100))
    pauses = [record.died(at=float(second)) for second in range(10)]
    assert pauses[:3] == [0.1, 0.2, 0.4]
    assert pauses[-1] == LONGEST_PAUSE_SECONDS


def test_the_fifth_death_within_a_minute_is_the_last() -> None:
    """Four deaths are put up with, and the fifth within the window is not."""
    record = DeathRecord(RestartLimit())
    assert [record.died(at) is None for at in (0.0, 10.0, 20.0, 30.0, 59.9)] == [False, False, False, False, True]


def test_deaths_older_than_the_window_do_not_count() -> None:
    """A part that dies now and then may go on doing so, and its pause begins anew."""
    record = DeathRecord(RestartLimit())
    assert [record.died(at) for at in (0.0, 100.0, 200.0, 300.0, 400.0, 500.0)] == [0.1] * 6
