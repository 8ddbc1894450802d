from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.civil_day import civil_date, day_stretch, month_stretch, year_stretch
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
        ("2022-21", "2024-04~"),
        ("2022-24", "seasons"),
        ("2021-22", "school year"),
        ("2022-36", "seasons"),
        ("2022-42", "01 to 12"),
        ("2022-00", "01 to 12"),
        ("2022-01-00", "no such day"),
        ("20XX", "left open"),
        ("XXXX", "left open"),
        ("2016-1X", "left open"),
        ("2016-05-1X", "left open"),
        ("2016-XX-05", "left open"),
        ("2016-05-10-XX", "left open"),
        ("2016-05-XX-XX", "left open"),
        ("20uu", "left open"),
        ("180X", "1850 to 2199"),
        ("~2022", "after the whole date"),
        ("2022~-03", "after the whole date"),
        ("Y20220", "four digits"),
        ("-0450", "four digits"),
        ("0001", "1850 to 2199"),
        ("[2021,2022]", "sets of dates"),
        ("..", "sets of dates"),
        ("../2022", "needs its start"),
        ("/2022", "needs its start"),
        ("../..", "needs its start"),
        ("/", "needs its start"),
        ("/..", "needs its start"),
        ("2022-06-~01/2022-06-~20", "after the whole date"),
        ("2022?~", "after the whole date"),
        ("1849", "1850 to 2199"),
        ("2200-01-01", "1850 to 2199"),
        ("2022/2200", "1850 to 2199"),
        ("9/3/2022", "year first"),
        ("09-03-2022", "year first"),
        ("09.03.22", "year first"),
        ("03/2022", "year first"),
        ("2022/3/9", "year first"),
        ("2022-3-9", "year first"),
        ("2022-03-9", "year first"),
        ("2022/03", "year first"),
        ("2022-03-10/2022-03-10T00:00Z/..", "one /"),
        ("2022-03-10T11:00Z/2022-03-10T10:00Z", "exchange"),
        ("2021/2022/2023", "one /"),
        ("P3D", "durations"),
        ("2022-03-10T10:00", "needs its zone"),
        ("2022-03-10 10:00Z", "with T"),
        ("2022-03-10T10Z", "minutes"),
        ("2022-03-10T24:00Z", "00:00 of the day"),
        ("2022-03-10T23:60Z", "23:59:59"),
        ("2016-12-31T23:59:60Z", "leap seconds"),
        ("2016-12-31T23:59:60", "needs its zone"),
        ("2022-03-10T10:00+15:00", "14 hours"),
        ("20220310", "hyphens"),
        (" 2022", "spaces"),
        ("2022\n", "spaces"),
        ("tomorrow", "write a day as"),
        ("٢٠٢٢", "write a day as"),
        ("2022-03-10T10:00Z/2022-03-10T10:00Z", "empty"),
        ("2022-03-10T10:00Z/2022-03-10T11:00+01:00", "empty"),
        ("2022-03-10T10:00:30Z/2022-03-10T10:00Z", "empty"),
        ("2022-03-10T10:00Z/2022-03-10T10:00:00Z", "empty"),
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
    for text in ("2022-07", "2022", "2022-07-01~", "2022-07-01/..", "2022-07-01T10:00", "", "2022-07-XX", "1/7/2022"):
        with pytest.raises(EdtfError):
            observed_bounds(text)


@pytest.mark.parametrize(
    ("text", "same"),
    [("2016-05-XX", "2016-05"), ("2016-XX", "2016"), ("2016-XX-XX~", "2016~"), ("2016-XX/..", "2016/..")],
)
def test_digits_left_open_say_no_more_than_the_date_without_them(text: str, same: str) -> None:
    """At some time in the month or year that is given."""
    assert parse(text) == parse(same)


def test_a_decade_is_some_time_in_it() -> None:
    """From its first year to its last; about it, from the decade before to the one after."""
    decade, about = parse("199X"), parse("199X?")
    whole = (year_stretch(1990)[0], year_stretch(1999)[1])
    assert (decade.earliest_start, decade.latest_start, decade.earliest_end, decade.latest_end) == whole * 2
    assert (about.earliest_start, about.latest_end) == (year_stretch(1980)[0], year_stretch(2009)[1])
    assert not decade.is_period


@given(day=st.dates(date(1850, 1, 1), date(2199, 12, 31)))
def test_days_follow_each_other_without_a_gap(day: date) -> None:
    """Each day ends where the next begins, and is 24 hours long but where the clocks change: then 23 or 25."""
    start, end = day_stretch(day)
    assert day_stretch(day + timedelta(days=1))[0] == end
    assert end - start in {timedelta(hours=hours) for hours in (23, 24, 25)}
    assert civil_date(start) == civil_date(end - timedelta.resolution) == day


@given(year=st.integers(1850, 2199), month=st.integers(1, 12))
def test_months_make_the_year(year: int, month: int) -> None:
    """A month is its days, and a year its months."""
    first, last = month_stretch(year, month)
    assert civil_date(first) == date(year, month, 1)
    assert civil_date(last - timedelta.resolution).month == month
    assert month_stretch(year, 1)[0] == year_stretch(year)[0]
    assert month_stretch(year, 12)[1] == year_stretch(year)[1] == month_stretch(year, 13)[0]


@given(text=written_dates(), mark=st.sampled_from("~?%"))
def test_about_is_the_unit_before_to_the_unit_after(text: str, mark: str) -> None:
    """Widened by one unit either way, and never less than what is written; the three marks mean the same."""
    plain = parse(text.rstrip("~?%"))
    about = parse(text.rstrip("~?%") + mark)
    assert about == parse(text.rstrip("~?%") + "~")
    assert about.precision == plain.precision
    assert (about.written_start, about.written_end) == (plain.written_start, plain.written_end)
    assert about.latest_end is not None
    assert plain.latest_end is not None
    before, after = plain.earliest_start - about.earliest_start, about.latest_end - plain.latest_end
    slack = timedelta(days=3) if plain.precision > timedelta(days=25) else timedelta(hours=1)
    if "T" in text:
        slack = timedelta(0)
    assert abs(before - plain.precision) <= slack
    assert abs(after - plain.precision) <= slack


@given(
    at=st.datetimes(datetime(1900, 1, 1), datetime(2150, 1, 1)).map(lambda at: at.replace(second=0, microsecond=0)),  # noqa: DTZ001 - the zone is the test's
    minutes=st.integers(-14 * 60, 14 * 60),
)
def test_the_zone_in_which_a_time_is_written_does_not_matter(at: datetime, minutes: int) -> None:
    """One moment is one time, in every zone, also as the start or end of a period, and in small letters."""
    zulu = at.replace(tzinfo=UTC)
    zone = timezone(timedelta(minutes=minutes))
    there = zulu.astimezone(zone).isoformat(timespec="minutes")
    here = zulu.isoformat(timespec="minutes").replace("+00:00", "Z")
    assert parse(there) == parse(here) == parse(here.lower())
    assert parse(f"{there}/..") == parse(f"{here}/..")
    assert observed_bounds(there) == observed_bounds(here)
    assert parse(here).earliest_start == zulu
    assert parse(here).latest_end == zulu + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("night", "hours"),
    [
        ("2022-03-26T22:00Z/2022-03-27T02:00+01:00", 3),
        ("2022-10-29T22:00+01:00/2022-10-30T02:00Z", 5),
        ("2022-06-29T22:00+01:00/2022-06-30T02:00+01:00", 4),
    ],
)
def test_a_night_over_the_change_of_clocks_is_as_long_as_it_was(night: str, hours: int) -> None:
    """Ten to two is three hours in spring and five in autumn."""
    found = parse(night)
    assert found.earliest_end is not None
    assert found.earliest_end - found.earliest_start == timedelta(hours=hours)
    assert found.ending == "stated"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2022-06-30T22:59Z", date(2022, 6, 30)),
        ("2022-06-30T23:00Z", date(2022, 7, 1)),
        ("2022-10-30T00:30+01:00", date(2022, 10, 30)),
        ("2022-12-31T23:59Z", date(2022, 12, 31)),
    ],
)
def test_a_time_belongs_to_the_day_that_london_shows(text: str, day: date) -> None:
    """Left out, the valid time is that civil day, whatever the zone in which the observing is written."""
    assert parse(None, observed=observed_bounds(text)) == parse(day.isoformat())


def test_a_time_that_no_clock_showed_is_a_moment_all_the_same() -> None:
    """Half past one in summer time, on the night on which London's clocks skip that hour, is half past midnight."""
    assert parse("2022-03-27T01:30+01:00") == parse("2022-03-27T00:30Z")
    first, second = parse("2022-10-30T01:30+01:00"), parse("2022-10-30T01:30Z")
    assert second.earliest_start - first.earliest_start == timedelta(hours=1)
