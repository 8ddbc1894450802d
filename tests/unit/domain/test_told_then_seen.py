"""What an agency was told, against what it then sees itself."""

from itertools import permutations
from typing import Any

import pytest

from ledger.domain.fold import run
from ledger.domain.pack import Pack
from ledger.domain.record_state import RecordState
from tests.saying import presence_pack, says, steps

PACK = presence_pack()
GONE = says("csc", "absent", "2022-03-10", "2022-03-10/..", told="mother")
THERE = says("csc", "present", "2022-04-02")


def sides(*entries: dict[str, Any], pack: Pack = PACK) -> list[tuple[tuple[int, ...], ...]]:
    """The entries on the sides of what is open in the end, gaps aside."""
    state = RecordState("r")
    for _, after, _ in run(state, steps(*entries), pack):
        state = after
    found = [finding for finding in state.findings.values() if finding.kind != "gap"]
    return [tuple(tuple(ref.number for ref in side) for side in one.sides) for one in found]


def test_a_sight_soon_after_gainsays_what_was_told_to_one_agency_as_to_two() -> None:
    """Being told and seeing are two sources, whichever agency each is of."""
    other = says("hv", "present", "2022-04-02")
    assert sides(GONE, THERE) == sides(GONE, other) == [((1,), (2,))]


@pytest.mark.parametrize(
    "later",
    [
        pytest.param([says("csc", "present", "2022-09-02")], id="so long after that it may have changed"),
        pytest.param([says("csc", "lives_here", "2022-04-02", "2022-03-28/..")], id="with the day since when"),
        pytest.param(
            [says("csc", "lives_here", "2022-03-20", "2022-03-18/..", told="mother"), THERE], id="told so since"
        ),
        pytest.param([says("csc", "absent", "2022-03-20", "2022-03-20/.."), THERE], id="it had seen that it was so"),
        pytest.param([says("csc", "absent", "2022-04-02")], id="not there that day"),
    ],
)
def test_what_has_changed_since_it_was_told_is_in_order(later: list[dict[str, Any]]) -> None:
    """The record of the agency is up to date, and nobody gainsays anybody."""
    assert sides(GONE, *later) == []


def test_on_what_is_not_critical_only_one_time_is_set_against_itself() -> None:
    """What was seen of a later day is the next thing known; what was seen of the very time told of is not."""
    ordinary = presence_pack(critical="no")
    before = says("csc", "lives_here", "2022-04-02", "2022-03-01/2022-04-02")
    assert sides(GONE, THERE, pack=ordinary) == []
    assert sides(GONE, before, pack=ordinary) == [((1,), (2,))]


def test_it_stands_until_whoever_told_it_or_the_agency_says_otherwise() -> None:
    """Told again that he is gone leaves it open; told that he is there, or seen gone for good, settles it."""
    again = says("csc", "absent", "2022-04-10", "2022-04-10/..", told="mother")
    back = says("csc", "lives_here", "2022-04-10", "2022-03-20/..", told="mother")
    gone = says("csc", "absent", "2022-04-20", "2022-04-20/..")
    assert sides(GONE, THERE, again)
    assert sides(GONE, THERE, back) == []
    assert sides(GONE, THERE, gone) == []


def test_the_order_of_recording_decides_nothing() -> None:
    """What is told late says no more and no less."""
    entries = [GONE, THERE, says("csc", "visits", "2022-03-20", told="aunt")]

    def content(order: tuple[int, ...]) -> list[frozenset[frozenset[int]]]:
        found = sides(*(entries[place] for place in order))
        return [frozenset(frozenset(order[number - 1] for number in side) for side in one) for one in found]

    assert (
        len(
            {str(sorted(map(sorted, (map(sorted, one) for one in content(order))))) for order in permutations(range(3))}
        )
        == 1
    )
