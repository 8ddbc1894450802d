from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Literal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ledger.domain.edtf import EdtfError, observed_bounds, parse
from ledger.domain.valid_time import ValidTime, asserted, asserted_until, overlap
from tests.sizes import examples
from tests.unit.domain.overlap_oracle import MONTHS, Time, Written, overlap_by_readings, shared

FAR = timedelta(days=20_000)


@st.composite
def valid_times(draw: st.DrawFn) -> ValidTime:
    """Dates close together, so that they meet, overlap and lie within each other often."""

    def one() -> str:
        day = date(2022, 1, 28) + timedelta(days=draw(st.integers(0, 40)))
        form = draw(st.sampled_from(["%Y-%m-%d", "%Y-%m-%d", "%Y-%m", "%Y", "%Y-%m-%dT12:00Z"]))
        return day.strftime(form) + draw(st.sampled_from(["", "", "~"]))

    text = one()
    form = draw(st.sampled_from(["single", "period", "open", "unknown"]))
    text += {"single": "", "period": "/" + one(), "open": "/..", "unknown": "/"}[form]
    try:
        return parse(text)
    except EdtfError:
        assume(False)  # an inverted period: another is drawn
        raise


def reading(draw: st.DrawFn, valid: ValidTime) -> tuple[datetime, datetime]:
    """One start and one end that this valid time allows."""
    minute = timedelta(minutes=1)
    end_max = valid.latest_end or valid.latest_start + FAR
    end_min = valid.earliest_end if valid.earliest_end is not None else end_max
    start, end = valid.earliest_start, end_max
    if valid.latest_start > start:
        start += draw(st.sampled_from([0, 0.5, 1])) * (min(valid.latest_start, end_max) - start - minute / 2)
    if end_min < end:
        least = max(end_min, start) + minute / 4
        assume(least <= end)
        end = draw(st.sampled_from([least, least + (end - least) / 2, end]))
    assume(start < end)
    return start, end


@given(one=valid_times(), other=valid_times())
def test_overlap_does_not_depend_on_the_order(one: ValidTime, other: ValidTime) -> None:
    """Two statements overlap in the same way whichever is named first."""
    assert overlap(one, other) == overlap(other, one)


@given(data=st.data(), one=valid_times(), other=valid_times())
def test_certain_holds_for_every_reading(data: st.DataObject, one: ValidTime, other: ValidTime) -> None:
    """No choice of vague dates makes a certain overlap disappear."""
    assume(overlap(one, other) == "certain")

    @st.composite
    def readings(draw: st.DrawFn) -> tuple[datetime, datetime, datetime, datetime]:
        return (*reading(draw, one), *reading(draw, other))

    start, end, other_start, other_end = data.draw(readings())
    assert max(start, other_start) < min(end, other_end)


@given(one=valid_times())
def test_a_statement_overlaps_itself(one: ValidTime) -> None:
    """Two statements with the same valid time share time in some reading."""
    assert overlap(one, one) is not None


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("2022-03-10", "2022-03-10", "certain"),
        ("2022-03-10", "2022-03-11", None),
        ("2022-03-10", "2022-03-10T10:00Z", "certain"),
        ("2022-03-10T10:00Z", "2022-03-10T11:00Z", None),
        ("2022-03-10T10:00Z", "2022-03-10T11:00+01:00", "certain"),
        ("2022-01/2022-03-10", "2022-03-10/..", None),
        ("2022-01/2022-03-10", "2022-03-10", None),
        ("2022-03-10", "2022-03-10/..", None),
        ("2022-01/2022-03", "2022-03-15/..", None),
        ("2022-01-01/2022-03-15", "2022-03/..", None),
        ("2022-01-01/2022-04-15", "2022-03/..", "certain"),
        ("2022-01/2022-03-11", "2022-03-10/..", "certain"),
        ("2022-01/2022-03-11~", "2022-03-10/..", "possible"),
        ("2022-03", "2022-03-10", "possible"),
        ("2022-03", "2022-03", "possible"),
        ("2022-03", "2022-03/..", None),
        ("2022-03", "2022-03-01/..", "possible"),
        ("2022-03", "2022-03-02/..", None),
        ("2022-03-01/2022-03-20", "2022-03-05/2022", "certain"),
        ("2020/..", "2022-03-10", "certain"),
        ("2022-03/..", "2022-05/..", "certain"),
        ("2020/2021", "2022/..", None),
        ("2022-01-01/2022-01-10", "2022-01-20/2022-01-30", None),
        ("2022-03-10T09:00Z/2022-03-10T12:00Z", "2022-03-10T11:00Z/2022-03-10T13:00Z", "certain"),
        ("2022-03-10T09:00Z/2022-03-10T12:00Z", "2022-03-10T12:00Z/2022-03-10T13:00Z", None),
    ],
)
def test_what_overlaps(one: str, other: str, expected: str | None) -> None:
    """Change-over days and dates too vague to tell apart do not overlap; the very same day does."""
    assert overlap(parse(one), parse(other)) == expected


def test_open_statements_of_one_day_are_about_that_day() -> None:
    """A statement that goes on asserts only the day it was made, and so meets another of that day."""
    observed = observed_bounds("2022-03-10")
    gone, there = asserted(parse("2022-03-10/.."), observed), asserted(parse("2022-03-10"), observed)
    long_there = asserted(parse("2021/.."), observed)
    assert gone is not None
    assert there is not None
    assert long_there is not None
    assert overlap(gone, there) == "certain"
    assert overlap(gone, gone) == "certain"
    assert overlap(gone, long_there) == "certain"


@pytest.mark.parametrize(("observed", "expected"), [("2022-03-15", "certain"), ("2022-03-25", None)])
@pytest.mark.parametrize("vague", ["2022-03", "2022-03/.."])
def test_what_was_so_when_observed_had_begun(vague: str, observed: str, expected: str | None) -> None:
    """A vague start is no later than the day of observing, so it cannot meet an end that came after that day."""
    stated = parse("2022-01/2022-03-20")
    said = asserted(parse(vague), observed_bounds(observed))
    assert said is not None
    assert overlap(stated, said) == overlap(said, stated) == expected


@given(valid=valid_times(), days=st.integers(0, 60))
def test_nobody_observes_the_future(valid: ValidTime, days: int) -> None:
    """What is asserted ends with the observation or with the stated end, whichever is first."""
    observed = observed_bounds((date(2022, 1, 20) + timedelta(days=days)).isoformat())
    cut = asserted(valid, observed)
    until = asserted_until(valid, observed)
    if cut is None:
        assert until is None
        assert valid.earliest_start >= observed.end
        return
    assert until == cut.latest_end == min(valid.latest_end or observed.end, observed.end)
    assert cut.earliest_start == valid.earliest_start
    assert cut.earliest_end is not None
    assert cut.latest_start <= observed.end
    assert cut.earliest_end <= observed.end


def test_a_moment_asserts_to_its_own_end() -> None:
    """Observed at a time of day, a statement asserts no more of that day than had passed."""
    observed = observed_bounds("2022-03-10T10:00Z")
    assert asserted_until(parse("2022-03/.."), observed) == observed.end
    assert asserted(parse("2022-03-10T11:00Z/.."), observed) is None


def test_what_is_said_as_of_a_day_meets_what_was_seen_on_that_day() -> None:
    """'Gone from today', said today, overlaps with a sighting of today; 'gone since then', said later, does not."""
    day, later = observed_bounds("2023-10-05"), observed_bounds("2023-10-20")
    seen = asserted(parse("2023-10-05", observed=day), day)
    from_today = asserted(parse("2023-10-05/..", observed=day), day)
    since_then = asserted(parse("2023-10-05/..", observed=later), later)
    assert seen is not None
    assert from_today is not None
    assert since_then is not None
    assert overlap(seen, from_today) == "certain"
    assert overlap(seen, since_then) is None


@st.composite
def times(draw: st.DrawFn) -> Time:
    """Days and months of one spring, some of the days only about, some joined into periods or going on."""

    def one() -> Written:
        if draw(st.integers(0, 5)) == 0:
            return Written.month(draw(st.sampled_from(list(MONTHS))))
        return Written.day(draw(st.integers(20, 36)), is_about=draw(st.integers(0, 3)) == 0)

    start = one()
    if draw(st.booleans()):
        return Time(start, draw(st.sampled_from([None, "..", ""])))
    time = Time(start, one())
    assume(time.is_possible)
    return Time(start) if time.start == time.end else time


@given(one=times(), other=times())
@settings(max_examples=2 * examples(), deadline=None)
def test_overlap_is_what_brute_force_over_all_readings_finds(one: Time, other: Time) -> None:
    """Certain in every reading, possible in some; none where there is none, or none longer than a date is vague."""
    found, expected = overlap(parse(str(one)), parse(str(other))), overlap_by_readings(one, other)
    if found is not None or expected is None:
        assert found == expected
        return
    written_only = (_without_about(one), _without_about(other))
    assert max(shared(*written_only)) <= max(one.longest_date, other.longest_date)


def _without_about(time: Time) -> Time:
    plain = [
        Written(date.text, date.first, date.last) if isinstance(date, Written) else date
        for date in (time.start, time.end)
    ]
    start, end = plain
    assert isinstance(start, Written)
    return Time(start, end)


@given(
    first=st.integers(0, 20),
    change=st.integers(21, 36),
    last=st.integers(37, 50),
    end=st.sampled_from(["..", "", None]),
)
def test_periods_that_meet_on_a_change_over_day_do_not_overlap(
    first: int, change: int, last: int, end: Literal["..", ""] | None
) -> None:
    """Until some time on a day, and from some time on it: nobody said that both were so."""
    before = Time(Written.day(first), Written.day(change))
    after = Time(Written.day(change), Written.day(last) if end is None else end)
    assert overlap(parse(str(before)), parse(str(after))) is None
    a_day_more = Time(Written.day(first), Written.day(change + 1))
    assert overlap(parse(str(a_day_more)), parse(str(after))) == "certain"
