from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.pack_change import differences
from ledger.domain.raised import Raised

START = datetime(2022, 1, 1, 9, tzinfo=UTC)
PRESENCE = ("presence", "father", "", "", "")


def raised(kind: str = "contradiction", *sides: str, day: int = 0, **more: object) -> Raised:
    at, found = START + timedelta(days=day), tuple(tuple(side.split()) for side in sides)
    fields: dict[str, object] = {
        "id": f"{kind}{sides}{day}{more}",
        "rule": "states_of_the_world",
        "severity": "high",
        "explanation": "",
        "about": "father",
        "attribute": "presence",
        "topic": None,
        "evidence": (),
        "area": PRESENCE,
        "grown": ((at, found),),
    }
    return Raised(kind=kind, raised_at=at, sides=found, **fields | more)  # type: ignore[arg-type]


ONE = raised("contradiction", "o1", "o2")


def changes(old: list[Raised], new: list[Raised]) -> list[tuple[str, ...]]:
    return [one.changes for one in differences(old, new)]


def test_what_one_pack_alone_tells_is_raised_or_dropped() -> None:
    """The two directions are each other's mirror, for findings and for notices."""
    notice = replace(ONE, id="n", is_notice=True)
    assert changes([], [ONE, notice]) == [("raised",), ("notice_raised",)]
    assert changes([ONE, notice], []) == [("dropped",), ("notice_dropped",)]


def test_the_same_under_another_name_is_renamed() -> None:
    """Another kind on the same area, or another rule on the same statements, is the same finding renamed."""
    sharper = replace(ONE, id="s", kind="same_informant")
    (renamed,) = differences([ONE], [sharper])
    assert renamed.changes == ("renamed",)
    assert (renamed.old, renamed.new) == (ONE, sharper)
    elsewhere = replace(ONE, id="e", rule="an_order_breached", area=("order", "father", "", "", ""))
    assert changes([ONE], [elsewhere]) == [("renamed",)]


def test_weight_and_moment_are_told_apart() -> None:
    """What weighs otherwise is regraded, what comes at another time is retimed, and both may be so at once."""
    assert changes([ONE], [replace(ONE, severity="low")]) == [("regraded",)]
    later = replace(ONE, id="l", severity="low", raised_at=START + timedelta(days=3))
    assert changes([ONE], [later]) == [("regraded", "retimed")]
    assert changes([replace(ONE, severity="")], [ONE]) == []


def test_a_finding_that_becomes_a_notice_is_dropped_and_both_are_shown() -> None:
    """A lead is told no more, and whoever compares the packs sees what is left of it."""
    notice = replace(ONE, id="n", kind="overtaken", severity="low", is_notice=True)
    (dropped,) = differences([ONE], [notice])
    assert (dropped.changes, dropped.shown, dropped.new) == (("dropped",), ONE, notice)
    (found,) = differences([notice], [ONE])
    assert (found.changes, found.shown) == (("raised",), ONE)


def test_one_statement_alone_makes_nothing_the_same() -> None:
    """That one word is stale and that nobody else bears it out are two findings, though they rest on one entry."""
    stale = raised("gap", "o1", rule="stale_belief")
    alone = raised("uncorroborated", "o1", rule="self_report")
    assert sorted(changes([stale], [alone])) == [("dropped",), ("raised",)]


def test_two_in_a_row_on_one_question_stay_two() -> None:
    """A finding that closed and one that opened later are paired in their order, and the odd one out is new."""
    first, second = raised("contradiction", "o1", "o2"), raised("contradiction", "o3", "o4", day=9)
    assert changes([first, second], [first, second]) == []
    (extra,) = differences([first], [first, second])
    assert (extra.changes, extra.new) == (("raised",), second)


FINDINGS = st.lists(
    st.builds(
        raised,
        st.sampled_from(("contradiction", "same_informant", "gap")),
        st.sampled_from(("o1", "o2", "o1 o3")),
        st.sampled_from(("o4", "o5")),
        day=st.integers(0, 3),
        rule=st.sampled_from(("states_of_the_world", "stale_belief")),
        severity=st.sampled_from(("high", "low")),
        is_notice=st.booleans(),
    ),
    max_size=6,
    unique_by=lambda one: one.id,
)


@given(FINDINGS, FINDINGS)
def test_every_finding_is_in_at_most_one_difference_and_nothing_differs_from_itself(
    old: list[Raised], new: list[Raised]
) -> None:
    """Nothing is counted twice or lost: what is raised less what is dropped is what there is more of."""
    found = differences(old, new)
    for side in ([one.old for one in found], [one.new for one in found]):
        told = [id(one) for one in side if one is not None]
        assert len(told) == len(set(told))
    counts = {word: sum(word in one.changes for one in found) for word in ("raised", "dropped")}
    findings = [sum(not one.is_notice for one in side) for side in (old, new)]
    assert counts["raised"] - counts["dropped"] == findings[1] - findings[0]
    assert differences(old, old) == []
