from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.seen_together import seen_together

BODY = st.recursive(
    st.none() | st.booleans() | st.integers(0, 3) | st.sampled_from(["a", "b"]),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.sampled_from(["p", "q"]), below, max_size=2),
    max_leaves=6,
)
BODIES = st.dictionaries(st.sampled_from(["claims", "people", "narrative"]), BODY, max_size=3)


@given(BODIES, BODIES)
def test_it_does_not_matter_whose_part_is_named_first(one: dict[str, object], other: dict[str, object]) -> None:
    """What two parts have in common is the same either way round, but for the order of unequal lists."""
    if not _has_unequal_lists(one, other):
        assert seen_together(one, other) == seen_together(other, one)


@given(BODIES)
def test_all_of_it_and_a_part_have_the_part_in_common(body: dict[str, object]) -> None:
    """Beside itself a body is whole, beside nothing it is nothing."""
    assert seen_together(body, body) == body
    assert seen_together(body, {}) == {}


def test_places_are_kept() -> None:
    """A claim that either lacks leaves its place empty, so that the others keep theirs; other words go with either."""
    whole = [{"value": "a"}, {"value": "b"}, {"value": "c"}]
    mine = {"claims": [{}, *whole[1:]], "narrative": "So."}
    theirs = {"claims": [*whole[:2], {}], "observed": "2023-10-05"}
    assert seen_together(mine, theirs) == {"claims": [{}, {"value": "b"}, {}]}


def _has_unequal_lists(one: object, other: object) -> bool:
    if isinstance(one, dict) and isinstance(other, dict):
        return any(_has_unequal_lists(one[name], other[name]) for name in one.keys() & other.keys())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) != len(other) or any(map(_has_unequal_lists, one, other))
    return False
