from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.civil_day import day_stretch, month_stretch, year_stretch
from ledger.domain.edtf import EdtfError, observed_bounds, parse

DAYS = st.dates(date(1900, 1, 1), date(2150, 12, 31))


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0, *, second: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC)


@st.composite
def written_dates(draw: st.DrawFn) -> str:
    """A day, month, year or time of day, some with a qualifier."""
    day = draw(DAYS)
    form = draw(st.sampled_from(["%Y-%m-%d", "%Y-%m", "%Y", "%Y-%m-%dT10:15Z", "%Y-%m-%dT23:40:05+01:00"]))
    return day.strftime(form) + draw(st.sampled_from(["", "", "~", "?", "%"]))


@given(day=DAYS)
def test_a_day_is_the_whole_civil_day(day: date) -> None:
    """A day begins and ends at London midnight, whatever its length."""
    found = parse(day.isoformat())
    assert (found.earliest_start, found.latest_end) == day_stretch(day)
    assert (found.latest_start, found.earliest_end) == day_stretch(day)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2022-03-27", utc(2022, 3, 27, 0), utc(2022, 3, 27, 23)),
        ("2022-10-30", utc(2022, 10, 29, 23), utc(2022, 10, 31, 0)),
        ("2022-07-01", utc(2022, 6, 30, 23), utc(2022, 7, 1, 23)),
        ("2024-02-29", utc(2024, 2, 29), utc(2024, 3, 1)),
        ("2022-03", utc(2022, 3, 1), utc(2022, 3, 31, 23)),
        ("2022", utc(2022, 1, 1), utc(2023, 1, 1)),
        ("2022-03-10T15:00+01:00", utc(2022, 3, 10, 14), utc(2022, 3, 10, 14, 1)),
        ("2022-03-10T15:00:30Z", utc(2022, 3, 10, 15, 0, second=30), utc(2022, 3, 10, 15, 0, second=31)),
        ("2022-03-10T00:30-01:30", utc(2022, 3, 10, 2, 0), utc(2022, 3, 10, 2, 1)),
    ],
)
def test_bounds_of_a_single_date(text: str, start: datetime, end: datetime) -> None:
    """Days are 23 or 25 hours long when the clocks change, and a time of day is its minute or second."""
    found = parse(text)
    assert (found.earliest_start, found.latest_end) == (start, end)


def test_a_month_is_some_time_in_it() -> None:
    """A month or a year alone does not say that something was so throughout."""
    found = parse("2022-02")
    start, end = month_stretch(2022, 2)
    assert (found.earliest_start, found.latest_start, found.earliest_end, found.latest_end) == (start, end, start, end)
    assert found.precision == timedelta(days=28)


def test_a_period_starts_in_its_first_date_and_ends_in_its_second() -> None:
    """From some time in the one to some time in the other; the vaguer of them is its precision."""
    found = parse("2022-03-10/2022-06")
    assert (found.earliest_start, found.latest_start) == day_stretch(date(2022, 3, 10))
    assert (found.earliest_end, found.latest_end) == month_stretch(2022, 6)
    assert found.ending == "stated"
    assert found.precision == timedelta(days=30)


@pytest.mark.parametrize(("text", "ending"), [("2022-03-10/..", "open"), ("2022-03-10/", "unknown")])
def test_an_open_end_is_not_an_unknown_end(text: str, ending: str) -> None:
    """Only ``/..`` says that it goes on; ``/`` says that nobody knows."""
    found = parse(text)
    assert found.ending == ending
    assert found.earliest_end is None
    assert found.latest_end is None


@pytest.mark.parametrize("mark", ["~", "?", "%"])
def test_a_qualifier_widens_by_one_unit_of_precision(mark: str) -> None:
    """About a day is a day either way, about a month a month, about a year a year."""
    day, month, year = (parse(text + mark) for text in ("2022-03-10", "2022-12", "2022"))
    assert (day.earliest_start, day.latest_end) == (utc(2022, 3, 9), utc(2022, 3, 12))
    assert (month.earliest_start, month.latest_end) == (month_stretch(2022, 11)[0], month_stretch(2023, 1)[1])
    assert (year.earliest_start, year.latest_end) == (year_stretch(2021)[0], year_stretch(2023)[1])
    period = parse(f"2022-03-10{mark}/2022-06")
    assert (period.earliest_start, period.latest_start) == (utc(2022, 3, 9), utc(2022, 3, 12))
    assert (period.earliest_end, period.latest_end) == month_stretch(2022, 6)


def test_left_out_is_the_day_observed() -> None:
    """Without a valid time the statement is about the London day of its observing, even near midnight."""
    assert parse(None, observed=observed_bounds("2022-03-10")) == parse("2022-03-10")
    assert parse(None, observed=observed_bounds("2022-07-01T23:30Z")) == parse("2022-07-02")
    with pytest.raises(EdtfError):
        parse(None)


@given(start=written_dates(), end=st.one_of(written_dates(), st.sampled_from(["", ".."])))
def test_bounds_are_ordered(start: str, end: str) -> None:
    """Whatever is accepted has a reading: its start can precede its end, and no bound is inverted."""
    try:
        found = parse(f"{start}/{end}")
    except EdtfError:
        return
    assert found.earliest_start <= found.latest_start
    if found.earliest_end is None or found.latest_end is None:
        assert found.ending != "stated"
        return
    assert found.earliest_end <= found.latest_end
    assert found.earliest_start < found.latest_end
    assert found.latest_start <= found.latest_end
    assert found.earliest_start <= found.earliest_end


@given(first=DAYS, second=DAYS)
def test_inverted_periods_are_refused_and_only_those(first: date, second: date) -> None:
    """A period of days is accepted exactly when it does not end before it starts."""
    text = f"{first}/{second}"
    if second < first:
        with pytest.raises(EdtfError, match="exchange the two dates"):
            parse(text)
    else:
        assert parse(text).ending == "stated"


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("", "a date is missing"),
        ("2022-13", "01 to 12"),
        ("2022-02-30", "no such day"),
        ("2023-02-29", "no such day"),
        ("2022-21", "give the months"),
        ("2022-XX", "cannot be left open"),
        ("201X", "cannot be left open"),
        ("~2022", "after the whole date"),
        ("2022~-03", "after the whole date"),
        ("Y20220", "four digits"),
        ("-0450", "four digits"),
        ("0001", "1850 to 2199"),
        ("[2021,2022]", "sets of dates"),
        ("..", "sets of dates"),
        ("../2022", "needs its start"),
        ("/2022", "needs its start"),
        ("2021/2022/2023", "one /"),
        ("P3D", "durations"),
        ("2022-03-10T10:00", "needs its zone"),
        ("2022-03-10 10:00Z", "with T"),
        ("2022-03-10T10Z", "minutes"),
        ("2022-03-10T24:00Z", "00:00 of the day"),
        ("2022-03-10T23:59:60Z", "23:59:59"),
        ("2022-03-10T10:00+15:00", "14 hours"),
        ("20220310", "hyphens"),
        (" 2022", "spaces"),
        ("2022\n", "spaces"),
        ("tomorrow", "write a day as"),
        ("٢٠٢٢", "write a day as"),
        ("2022-03-10T10:00Z/2022-03-10T10:00Z", "empty"),
        ("2022-03-10T10:00Z/2022-03-10T11:00+01:00", "empty"),
        ("2022-03-10T10:00:30Z/2022-03-10T10:00Z", "empty"),
        ("2022-06/2022-05~", "exchange"),
        ("9" * 100, "longer"),
    ],
)
def test_what_is_refused_says_how_to_write_it(text: str, fix: str) -> None:
    """Each slip has a reason that names the fix."""
    with pytest.raises(EdtfError) as refusal:
        parse(text)
    assert fix in refusal.value.reason


@given(st.text(max_size=100) | st.text(alphabet="0123456789-/~?%.TZ:+X", max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Nothing that can be sent makes the parser fail in another way."""
    for reader in (parse, observed_bounds):
        with suppress(EdtfError):
            reader(text)


@given(around=st.sampled_from(["{}", "{}/..", "2022/{}", "2022-03-{}", "2022-03-10T{}Z", "~{}", "[{}]", " {}"]))
def test_a_reason_repeats_nothing_of_what_was_sent(around: str) -> None:
    """A name typed into a date field is not carried on in an error."""
    with pytest.raises(EdtfError) as refusal:
        parse(around.format("Quillfeather"))
    assert "quillfeather" not in refusal.value.reason.lower()


def test_observed_is_a_day_or_a_time() -> None:
    """The time of observing is one civil day or one moment, never vague and never a period."""
    assert observed_bounds("2022-07-01") == (utc(2022, 6, 30, 23), utc(2022, 7, 1, 23))
    assert observed_bounds("2022-07-01T10:00+01:00") == (utc(2022, 7, 1, 9), utc(2022, 7, 1, 9, 1))
    for text in ("2022-07", "2022", "2022-07-01~", "2022-07-01/..", "2022-07-01T10:00", ""):
        with pytest.raises(EdtfError):
            observed_bounds(text)
