"""How a disagreement stands: its stage, who is asked there, and by when."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.disagreement import STAGES, Ladder, Move, Standing
from ledger.domain.duration import WorkingDays
from ledger.domain.pack import Pack, PackError
from ledger.domain.pack_layer import lay_over

MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
LADDER = Ladder.of_written(
    {"practitioners": {"answer": "PT4H", "settle": "1wd"}, "chair": {"answer": "1wd", "settle": "P9D"}}
)


def move(agency: str, number: int, hours: float = 0) -> Move:
    """Something said by an agency, so long after the opening."""
    return Move(agency, MONDAY + timedelta(hours=hours), number)


def test_a_pack_that_says_nothing_has_every_stage_and_no_clock() -> None:
    """Nothing is late where the pack has no times; and a stage that a pack leaves out is none."""
    assert [stage.name for stage in Ladder.of_written(None).stages] == [*STAGES]
    standing = Standing.of(move("a", 1), ["b"], Ladder())
    assert (standing.answer_due("england"), standing.settle_due("england")) == (None, None)
    assert [stage.name for stage in LADDER.stages] == ["practitioners", "chair"]
    assert LADDER.stages[0].settle == WorkingDays(1)


@pytest.mark.parametrize(
    "section",
    [
        {"managers": {"answer": "1wd", "settle": "2wd"}},
        {"practitioners": {"answer": "1wd"}},
        {"practitioners": {"answer": "soon", "settle": "2wd"}},
        {"practitioners": {"answer": "1wd", "settle": "2wd"}, "judge": {"answer": "1wd", "settle": "2wd"}},
    ],
)
def test_a_section_that_names_no_ladder_is_a_fault(section: dict[str, dict[str, str]]) -> None:
    """Practitioners are always there, each stage has both clocks, and there are no others."""
    with pytest.raises(PackError) as fault:
        Pack.from_mapping({"pack": "t", "version": "1", "attributes": {}, "disagreements": section})
    assert any(path[:1] == ("disagreements",) for path, _ in fault.value.faults)


def test_a_pack_over_another_changes_clocks_and_adds_stages() -> None:
    """What it does not name stays as it is beneath."""
    beneath = {"disagreements": {"practitioners": {"answer": "1wd", "settle": "2wd"}}}
    above = {"disagreements": {"practitioners": {"answer": "PT4H"}, "chair": {"answer": "1wd", "settle": "5wd"}}}
    assert lay_over(beneath, above).content["disagreements"] == {
        "practitioners": {"answer": "PT4H", "settle": "2wd"},
        "chair": {"answer": "1wd", "settle": "5wd"},
    }


def test_whoever_brings_it_to_a_stage_asks_all_others_there() -> None:
    """The answer of an earlier stage is none at the next; both clocks begin anew with the step."""
    opened, reply = move("a", 1), move("b", 2, 1)
    first = Standing.of(opened, ["b", "c"], LADDER, replies=[reply])
    assert (first.stage.name, first.asked, first.answered_by("b"), first.answered_by("c")) == (
        "practitioners", frozenset("bc"), reply, None,
    )  # fmt: skip
    assert first.answer_due("england") == MONDAY + timedelta(hours=4)
    up = Standing.of(opened, ["b", "c"], LADDER, replies=[reply], steps=[move("b", 3, 30)])
    assert (up.stage.name, up.brought.agency, up.asked, up.answered_by("b")) == ("chair", "b", frozenset("ac"), None)
    assert up.settle_due("england") == MONDAY + timedelta(hours=30, days=9)


def test_a_working_day_clock_waits_for_the_nation() -> None:
    """Opened on the Thursday before Easter, a day for settling it ends on Tuesday in England, on Monday in Scotland."""
    thursday = Move("a", datetime(2026, 4, 2, 9, tzinfo=UTC), 1)
    standing = Standing.of(thursday, ["b"], LADDER)
    assert standing.settle_due("england") == datetime(2026, 4, 7, 9, tzinfo=UTC)
    assert standing.settle_due("scotland") == datetime(2026, 4, 6, 9, tzinfo=UTC)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["step", "reply", "settle"])), max_size=12))
def test_it_goes_up_no_further_than_the_last_stage_and_ends_once(said: list[tuple[str, str]]) -> None:
    """Whatever is said in whatever order: one stage of the ladder, at most its last, and the first end is the end."""
    moves = [(kind, move(agency, number, number)) for number, (agency, kind) in enumerate(said, start=2)]
    of = {kind: [one for named, one in moves if named == kind] for kind in ("step", "reply", "settle")}
    standing = Standing.of(
        move("a", 1), ["b", "c"], LADDER, steps=of["step"][::-1], replies=of["reply"][::-1], settled=of["settle"][::-1]
    )
    assert standing.stage in LADDER.stages
    assert len(standing.steps) <= len(LADDER.stages) - 1
    assert standing.settled == (of["settle"][0] if of["settle"] else None)
    before = [one for one in of["step"] if standing.settled is None or one.number < standing.settled.number]
    assert list(standing.steps) == before[: len(LADDER.stages) - 1]
    assert standing.asked == {"a", "b", "c"} - {standing.brought.agency}
