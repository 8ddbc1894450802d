"""Care over time as bars: within the drawing, apart by whose word it is, what clashes marked, gaps as gaps."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.web.draw_care import LEFT, WIDTH, draw_care
from ledger.web.draw_time import Axis
from tests.sizes import examples

BEGAN, NOW = datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 7, 1, tzinfo=UTC)


def bound(day: str, latest: str | None = None) -> dict[str, Any]:
    """One end of a stretch, vague where a later reading is given."""
    return {"written": day, "earliest": f"{day}T00:00:00Z", "latest": f"{latest or day}T00:00:00Z"}


def stretch(since: dict[str, Any] | None, until: dict[str, Any] | None, **more: Any) -> dict[str, Any]:
    """A stretch as the service tells of it."""
    told = {"agency": "hv", "agency_name": "Health visiting", "source": "s", "source_label": "the mother", "own": True}
    told |= {"since": since, "until": until, "last_said": None, "words": "main", "valid_words": "in spring"}
    told |= {"state_words": "said of this time", "entry": "e.1", "index": 0, "conflicts_with": []}
    return told | more


def care(*stretches: dict[str, Any], gaps: tuple[dict[str, Any], ...] = (), **more: Any) -> dict[str, Any]:
    """A timeline with one row in one lane."""
    row = {"person": "mother", "person_label": "the mother", "label": "care arrangement", "stretches": list(stretches)}
    lane = {"lane": "care", "title": "Who had care of the child", "rows": [row], "gaps": list(gaps)}
    told = {"begins": BEGAN.isoformat(), "valid_at": NOW.isoformat(), "against": [], "lanes": [lane]}
    return told | more


@given(st.lists(st.tuples(st.integers(-400, 400), st.integers(0, 900)), max_size=8))
@settings(max_examples=examples(), deadline=None)
def test_bars_stay_within_their_time(spans: list[tuple[int, int]]) -> None:
    """Whatever dates are written, a bar begins right of the labels, ends within the drawing, and can be seen."""
    days = [((BEGAN + timedelta(days=day)).date(), length) for day, length in spans]
    made = [
        stretch(bound(str(day)), bound(str(day + timedelta(days=length))) if length else None) for day, length in days
    ]
    drawing = draw_care(care(*made))
    bars = [bar for lane in drawing.lanes for row in lane.rows for bar in row.bars]
    assert len(bars) == len(spans)
    for bar in bars:
        assert bar.x >= LEFT
        assert bar.x + bar.width <= WIDTH
        assert 0 < bar.said <= bar.width


def test_each_word_has_a_line_of_its_own() -> None:
    """Two agencies and two sources of one are three lines under one heading: side by side, never merged."""
    drawing = draw_care(
        care(
            stretch(bound("2024-02-01"), None),
            stretch(bound("2024-03-01"), None, source="t", own=False),
            stretch(bound("2024-03-01"), None, agency="csc", agency_name="Children’s social care"),
        )
    )
    (lane,) = drawing.lanes
    assert [row.label for row in lane.rows] == [
        "Health visiting",
        "Health visiting, by the mother",
        "Children’s social care",
    ]
    assert [bool(row.heading) for row in lane.rows] == [True, False, False]
    assert len({row.y for row in lane.rows}) == 3


def test_what_was_only_presumed_is_apart_from_what_was_said() -> None:
    """A bar that goes on after it was last said is full up to then alone."""
    drawing = draw_care(care(stretch(bound("2024-02-01"), None, last_said="2024-02-29")))
    ((bar,),) = [row.bars for row in drawing.lanes[0].rows]
    assert bar.said < bar.width
    assert bar.x + bar.width == WIDTH - 16


def test_clashes_and_vague_dates_have_their_marks() -> None:
    """What conflicts is marked, by a conflict of its row or by what goes against it; a day is not vague, a month is."""
    drawing = draw_care(
        care(
            stretch(bound("2024-02-01"), None, conflicts_with=[{"entry": "e.2", "index": 0}]),
            stretch(bound("2024-02-01"), None, entry="e.9", index=1),
            stretch(bound("2024-02-01", "2024-03-01"), None, entry="e.3"),
            against=[{"sides": [[{"entry": "e.9", "index": 1}], []]}],
        )
    )
    bars = drawing.lanes[0].rows[0].bars
    assert [(bar.clashes, bar.is_vague) for bar in bars] == [(True, False), (True, False), (False, True)]


def test_gaps_are_drawn_where_nobody_says_anything() -> None:
    """A gap is a box above the words, and presumed ones are told from empty ones."""
    gap = {"since": bound("2024-02-01"), "until": bound("2024-03-01"), "presumed": False, "words": "Nobody says."}
    (lane,) = draw_care(care(gaps=(gap, gap | {"presumed": True}))).lanes
    assert [(hole.is_presumed, hole.width > 50) for hole in lane.holes] == [(False, True), (True, True)]


def test_as_many_dates_are_written_as_can_be_read() -> None:
    """Months on a short time, years on a long one, a dozen or so at most, in order and within."""
    for days in (1, 40, 400, 4_000, 20_000):
        ticks = list(Axis.over(NOW - timedelta(days=days), NOW, 0, 1000).ticks())
        assert len(ticks) <= 13
        assert [tick.x for tick in ticks] == sorted({tick.x for tick in ticks})
    assert next(tick.words for tick in Axis.over(BEGAN, NOW, 0, 1000).ticks()) == "Feb 2024"
