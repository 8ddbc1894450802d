"""Names and dates of birth that may be one person's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.name_match import Births, How, match_births, match_names

NAMES = st.lists(st.text(st.characters(categories=["L", "M"]), min_size=1, max_size=8), min_size=1, max_size=4)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jon Smith", "SMITH, Jon"),
        ("Zoë O'Brien", "zoe obrien"),
        ("Anne-Marie Lee", "Lee Marie Anne"),
        ("Mr Lee Brown", "Lee Brown"),
        ("Łukasz Żak", "Lukasz Zak"),
    ],
)
def test_the_same_name(one: str, other: str) -> None:
    """Case, accents, punctuation, forms of address and the order of parts do not matter."""
    found = match_names(one, other)
    assert found is not None
    assert (found.how, found.score, found.why) == (How.SAME, 1, "the same name")


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ("Stephen Brown", "Steven Brown", "sounding alike"),
        ("Catherine Jones", "Kathryn Jones", "sounding alike"),
        ("Darren Smyth", "Darren Smith", "spelt alike"),
        ("Mohammed Khan", "Muhammad Khan", "spelt alike"),
        ("Micheal Owen", "Michael Owen", "spelt alike"),
    ],
)
def test_names_that_are_alike(one: str, other: str, why: str) -> None:
    """By spelling or by sound, and it says which."""
    found = match_names(one, other)
    assert found is not None
    assert found.how is How.ALIKE
    assert 0.8 < found.score < 1
    assert why in found.why


@pytest.mark.parametrize(
    ("one", "other"), [("Kevin", "Kevin Brown"), ("K. Brown", "Kevin Brown"), ("Dan", "Dean"), ("Ann", "Anne")]
)
def test_names_that_say_nothing_by_themselves(one: str, other: str) -> None:
    """A first name alone, an initial, or a single name that is only alike."""
    found = match_names(one, other)
    assert found is None or found.how is How.WEAK


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kevin Brown", "Lee Brown"),
        ("Bob Smith", "Robert Smith"),
        ("Kevin Brown", "Kevin Green"),
        ("", "Kevin"),
        ("?", "!"),
        ("K.", "Kevin Brown"),
    ],
)
def test_names_that_do_not_meet(one: str, other: str) -> None:
    """One part that differs is enough; and no nickname is taken for another name."""
    assert match_names(one, other) is None


@given(NAMES, NAMES, st.randoms(use_true_random=False))
def test_neither_order_matters(one: list[str], other: list[str], chance: object) -> None:
    """Two names meet in the same way whichever comes first and however their parts are ordered."""
    found = match_names(" ".join(one), " ".join(other))
    assert match_names(" ".join(other), " ".join(one)) == found
    again = match_names(" ".join(reversed(one)), " ".join(other))
    assert (again is None) == (found is None)
    assert found is None or 0 <= found.score <= 1


@pytest.mark.parametrize(
    ("one", "other", "says"),
    [
        ("1990-04-12", "1990-04-12", Births.AGREE),
        ("1990-04-12", "1990", Births.FIT),
        ("1990~", "1991-05", Births.FIT),
        ("1990-04-12", "1990-12-04", Births.SLIP),
        ("1990-04-12", "1990-04-21", Births.SLIP),
        ("1990-04-12", "1990-04-17", Births.SLIP),
        ("1965-04-12", "1995-04-12", Births.DIFFER),
        ("1990-04-12", "1990-06-30", Births.DIFFER),
        ("1990-04-12", "1985", Births.DIFFER),
        ("1990-04-12", None, Births.NOT_KNOWN),
        ("1990-04-12", "spring", Births.NOT_KNOWN),
        ("1990/..", "2020", Births.NOT_KNOWN),
    ],
)
def test_dates_of_birth(one: str, other: str | None, says: Births) -> None:
    """Equal, vaguer but fitting, a slip of the pen, another generation, another day, and not known; both ways round."""
    assert match_births(one, other) == match_births(other, one) == says
