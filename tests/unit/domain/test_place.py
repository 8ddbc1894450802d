"""Places as people write them: which can be one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.domain.place import Place, can_be_one, read_place
from tests.sizes import examples

ONE = [
    ("12 Mill Lane, Shrewsbury", "12, mill lane , SHREWSBURY."),
    ("12 Mill Ln, Shrewsbury", "12 Mill Lane Shrewsbury SY1 1AA"),
    ("3a Church St.", "3A Church Street"),
    ("12 St Mary's Rd", "12 st marys road"),
    ("12 Mill Lane", "Telford"),
    ("12 Mill Lane, Shrewsbury", "Shropshire"),
    ("Shrewsbury", "Shropshire"),
    ("Shropshire", "Shrewsbury, Shropshire"),
    ("Mill Lane", "12 Mill Lane, Shrewsbury"),
    ("Flat 2, 12 Mill Lane", "12 Mill Lane, Clun"),
    ("Flat 2 12 Mill Lane", "Flat 2, 12 Mill Lane, Clun"),
    ("Rose Cottage, 12 Mill Lane, Clun", "12 Mill Lane, Clun"),
    ("Rose Cottage, Mill Lane, Clun", "12 Mill Lane, Clun"),
    ("12 Mill Lane, Meole Brace, Shrewsbury", "12 Mill Lane, Radbrook, Shrewsbury"),
    ("SY1 1AA", "12 Mill Lane, Shrewsbury"),
    ("12 Mill Lane, SY1 1AA", "12 Mill Walk, SY11AA"),
    ("Oak Mews, 12 Mill Lane", "12 Oak Mews"),
    ("Ten minutes from the family home.", "12 Mill Lane, Shrewsbury"),
    ("Mother's home.", "Maternal grandmother's flat"),
    ("her mother's flat, Walsall", "12 Mill Lane, Walsall"),
    ("The refuge", "Walsall"),
    ("temporary accommodation", "Dudley"),
    ("2 doors down from her aunt", "12 Mill Lane"),
    ("Hospital", "Walsall"),
]
APART = [
    ("12 Mill Lane, Shrewsbury", "14 Mill Lane, Shrewsbury"),
    ("14 Mill Lane", "12 mill lane, shrewsbury"),
    ("12 Mill Lane", "3 Oak Road, Telford"),
    ("12 Mill Lane, Walsall", "12 Mill Lane, Dudley"),
    ("12 Mill Lane, Shrewsbury", "Oak Road, Shrewsbury"),
    ("12 Mill Lane, Shrewsbury", "Rose Cottage, Shrewsbury"),
    ("Mill Lane, Shrewsbury", "Oak Road, Shrewsbury"),
    ("Flat 2, 12 Mill Lane", "Flat 3 12 Mill Lane, Clun"),
    ("Rose Cottage, Clun", "Ivy Cottage, Clun"),
    ("Rose Cottage, Mill Lane", "Ivy Cottage, Mill Lane"),
    ("Rose Cottage, Walsall", "Rose Cottage, Dudley"),
    ("3 The Paddock, Clun", "5 The Paddock, Clun"),
    ("12 Mill Lane, SY1 1AA", "12 Mill Lane, SY1 1AB"),
    ("12 Mill Lane, SY1 1AA", "14 Mill Lane, SY1 1AA"),
    ("her mother's flat, Walsall", "Dudley"),
    ("Shrewsbury", "Telford"),
    ("Shrewsbury, Shropshire", "Telford, Shropshire"),
    ("town_a", "town_b"),
]


@pytest.mark.parametrize(("one", "other"), ONE)
def test_these_can_be_one(one: str, other: str) -> None:
    """The same place written otherwise, one within the other, or too little said to tell them apart."""
    assert can_be_one(read_place(one), read_place(other))


@pytest.mark.parametrize(("one", "other"), APART)
def test_these_cannot_be_one(one: str, other: str) -> None:
    """Two houses in one street, two streets, or two towns."""
    assert not can_be_one(read_place(one), read_place(other))


@pytest.mark.parametrize(
    "text", ["", "Hospital", "previous_address", "mothers_flat", "with his gran", ", ,", "at home"]
)
def test_words_that_name_nothing_name_no_place(text: str) -> None:
    """Whose home it is, or of what sort, tells no place from another."""
    assert read_place(text) == Place()


@given(st.text(max_size=60), st.text(max_size=60))
@settings(max_examples=examples(), deadline=None)
def test_any_two_texts_are_compared_alike_both_ways(one: str, other: str) -> None:
    """No text is refused, the order makes no difference, and every place can be itself."""
    first, second = read_place(one), read_place(other)
    assert can_be_one(first, second) == can_be_one(second, first)
    assert can_be_one(first, first)


@given(
    st.sampled_from(["Flat 2", "Rose Cottage", ""]),
    st.sampled_from(["12 Mill Lane", "12, Mill Lane", "Mill Lane", ""]),
    st.lists(st.sampled_from(["Radbrook", "Shrewsbury", "Shropshire", "SY1 1AA"]), unique=True),
    st.data(),
)
@settings(max_examples=examples(), deadline=None)
def test_a_place_can_be_one_with_every_wider_one(
    unit: str, street: str, around: list[str], data: st.DataObject
) -> None:
    """Parts left out, from the narrowest on or anywhere around, make a vaguer place that the precise one is in."""
    parts = [part for part in (unit, street, *around) if part]
    kept = data.draw(st.integers(0, len(parts)))
    wider = [part for part in parts[kept:] if part not in around or data.draw(st.booleans())]
    assert can_be_one(read_place(", ".join(parts)), read_place(", ".join(wider)))
