"""Silences against days counted one by one."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.silence import Silence, silences, together

FIRST, LAST = date(2022, 1, 1), date(2022, 3, 1)
days = st.lists(st.integers(-5, 70).map(lambda at: FIRST + timedelta(at)), max_size=12)


@given(days, st.integers(1, 20))
def test_a_silence_is_a_longest_run_of_days_without_an_entry(recorded: list[date], days_min: int) -> None:
    """Every day of a run that is long enough is in just one silence, and no day on which something was recorded is."""
    span = [FIRST + timedelta(at) for at in range((LAST - FIRST).days + 1)]
    runs, run = list[list[date]](), list[date]()
    for day in [*span, None]:
        if day is not None and day not in recorded:
            run.append(day)
        else:
            runs, run = [*runs, run], []
    expected = [Silence(run[0], run[-1], is_open=run[-1] == LAST) for run in runs if len(run) >= days_min]
    assert silences(recorded, FIRST, LAST, days_min=days_min) == expected


def test_a_silence_of_who_takes_part_no_more_is_over() -> None:
    """It ends with the part, and does not go on."""
    (found,) = silences([FIRST], FIRST, LAST, days_min=7, goes_on=False)
    assert (found.first, found.days, found.is_open) == (date(2022, 1, 2), 59, False)


def test_all_are_silent_when_nobody_recorded_anything() -> None:
    """What one recorded ends the silence of all."""
    (found,) = together([[FIRST], [date(2022, 1, 20)]], FIRST, LAST, days_min=28)
    assert (found.first, found.last) == (date(2022, 1, 21), LAST)
