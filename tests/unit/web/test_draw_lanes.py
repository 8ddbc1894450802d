"""Swim-lanes as positions: pure layout, with no page around it."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.significance import Significance
from ledger.domain.silence import Silence
from ledger.services.index_chronology import Row
from ledger.services.lanes import Lane, Lanes, word_silence
from ledger.web.draw_lanes import WIDTH, Scale, draw_lanes, ticks

FIRST, LAST = date(2022, 1, 1), date(2022, 12, 31)


def row(number: int, day: date, *stands_out: Significance) -> tuple[date, Row]:
    return day, Row(number, day, day, "hv", "observation", stands_out=stands_out)


def lanes(*rows: tuple[date, Row], silences: tuple[Silence, ...] = ()) -> Lanes:
    return Lanes([Lane("hv", rows, FIRST, None, silences)], FIRST, LAST, ())


@given(st.lists(st.integers(0, 364), min_size=1, max_size=60))
def test_every_entry_is_in_one_mark_in_its_place(days: list[int]) -> None:
    """Marks stand in order within the picture, and together they count every entry; so few that no record is heavy."""
    picture = draw_lanes(lanes(*(row(at, FIRST + timedelta(day)) for at, day in enumerate(sorted(days)))), str)
    (lane,) = picture.lanes
    assert sum(int(mark.words.split(": ")[1].split(" ")[0]) for mark in lane.marks) == len(days)
    assert all(0 < mark.x < WIDTH for mark in lane.marks)
    assert all(one.x < other.x for one, other in pairwise(lane.marks))
    assert len(lane.marks) <= 80


def test_many_thousand_entries_are_no_more_marks_than_fit() -> None:
    """A long record's picture has as many marks as there are spots, each with its count."""
    rows = [row(number, FIRST + timedelta(number % 365)) for number in range(5000)]
    (lane,) = draw_lanes(lanes(*sorted(rows, key=lambda one: one[0])), str).lanes
    assert len(lane.marks) <= 80
    assert "entries" in lane.marks[0].words


def test_a_spot_has_the_shape_of_what_weighs_most_in_it() -> None:
    """And says in words what is there."""
    rows = (row(1, FIRST), row(2, FIRST, "change"), row(3, FIRST, "harm", "change"))
    (mark,) = draw_lanes(lanes(*rows), str).lanes[0].marks
    assert mark.shape == "harm"
    assert mark.words == "On 1 January 2022: 3 entries, 1 with harm or injury and 1 with change"


def test_a_silence_is_a_stretch_and_a_sentence() -> None:
    """As long as it lasted, with its days written in it where there is room, and what it says beside it."""
    long, short = Silence(date(2022, 2, 1), date(2022, 5, 31)), Silence(date(2022, 12, 20), LAST, is_open=True)
    (lane,) = draw_lanes(lanes(row(1, FIRST), silences=(long, short)), lambda _: "Health visiting").lanes
    assert [one.label for one in lane.silences] == ["120 days", ""]
    assert lane.silences[0].words == "Health visiting recorded nothing from 1 February to 31 May 2022: 120 days"
    assert word_silence(short) == "Nobody recorded anything since 20 December 2022: 12 days"
    scale = Scale(FIRST, LAST)
    assert lane.silences[0].x == scale.x(date(2022, 2, 1))
    assert lane.silences[1].x + lane.silences[1].width == scale.x(date(2023, 1, 1))


def test_what_was_not_known_yet_is_marked_off() -> None:
    """The axis stays as it is, so that a record that is played grows; the rest of it lies beyond an edge."""
    whole = draw_lanes(lanes(row(1, FIRST)), str, until=date(2023, 6, 30))
    then = draw_lanes(lanes(row(1, FIRST)), str, known_on=date(2022, 6, 30), until=date(2023, 6, 30))
    assert whole.unknown_x is None
    assert then.unknown_x is not None
    assert then.ticks == whole.ticks


@given(st.dates(date(1990, 1, 1), date(2030, 1, 1)), st.integers(0, 12_000))
def test_ticks_stand_apart(first: date, days: int) -> None:
    """However long or short the stretch, some days are named and no two of them lie upon each other."""
    found = list(ticks(Scale(first, first + timedelta(days))))
    assert 1 <= len(found) <= 11
    assert all(other - one > 60 for (one, _), (other, _) in pairwise(found))
