"""An oracle by brute force agrees with detection: day by day, pair by pair, and where only three or four disagree."""

from collections.abc import Iterator
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.domain.conflict import Conflict
from tests.sizes import examples
from tests.unit.domain.one_question import FIRST, LAST_DAY, Said, by_brute_force, detected, said


def days_of(conflict: Conflict) -> Iterator[int]:
    """The days on which all are held and one at least is asserted."""
    for day in range(LAST_DAY + 2):
        begins, ends = FIRST + timedelta(days=day), FIRST + timedelta(days=day + 1)
        is_held = all(held.start < ends and begins < held.end for held in conflict.held)
        if is_held and any(held.start < ends and begins < held.asserted_until for held in conflict.held):
            yield day


@given(st.lists(said(), min_size=2, max_size=5))
@settings(max_examples=3 * examples(), deadline=None)
def test_two_that_cannot_both_be_so_are_found_on_the_very_days(words: list[Said]) -> None:
    """Trying every moment of every day finds the pairs, and the days, that the sweep finds; no more and no fewer."""
    expected = {(day, some) for day, some in by_brute_force(words) if len(some) == 2}
    found = {
        (day, tuple(sorted(ref.number for ref in conflict.refs)))
        for conflict in detected(words)
        for day in days_of(conflict)
        if len(conflict.held) == 2
    }
    assert expected == found


@given(st.lists(said(), min_size=3, max_size=6))
@settings(max_examples=3 * examples(), deadline=None)
def test_more_than_two_that_cannot_all_be_so_are_found(words: list[Said]) -> None:
    """What agrees two by two and not all together is found by trying every set exactly where the detector finds it."""
    expected = {frozenset(words[n - 1].value for n in some) for _, some in by_brute_force(words) if len(some) > 2}
    found = {
        frozenset(words[ref.number - 1].value for ref in conflict.refs)
        for conflict in detected(words)
        if len(conflict.held) > 2
    }
    assert expected == found
