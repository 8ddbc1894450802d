"""For how long records are kept, and what an approval takes away."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.retention import CLASSES, GROUNDS, KEPT_KINDS, WHOLE_GROUNDS, erases_whole, numbers_erased, review_on

PSEUDONYM = "a" * 26


@given(st.sampled_from(sorted(CLASSES)), st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_the_day_of_review_is_whole_years_on(name: str, counted_from: date) -> None:
    """The same day so many years on, or the first of March after a leap day; never before the period has ended."""
    found = review_on(name, counted_from)
    years = CLASSES[name].years
    assert found.year == counted_from.year + years
    assert (found.month, found.day) in {(counted_from.month, counted_from.day), (3, 1)}
    assert found >= date(found.year, counted_from.month, min(counted_from.day, 28))


def test_each_class_says_where_its_period_comes_from() -> None:
    """A class is what it is, from when it counts and who says so; a ground that takes a whole record is a ground."""
    assert all(one.what and one.counts_from and one.source and one.years > 0 for one in CLASSES.values())
    assert set(GROUNDS) > WHOLE_GROUNDS


def test_only_an_approval_takes_away() -> None:
    """The entries that an approval names, and no refusal's, order's or other entry's; a whole record says so."""
    body = {"answer": "approve", "entries": [f"{PSEUDONYM}.3", f"{PSEUDONYM}.12", "nothing"]}
    assert numbers_erased("erasure_answer", body) == {3, 12}
    assert numbers_erased("erasure_answer", body | {"answer": "refuse"}) == frozenset()
    assert numbers_erased("erasure_order", body) == frozenset()
    assert erases_whole("erasure_answer", {"answer": "approve", "whole": "yes"})
    assert not erases_whole("erasure_answer", {"answer": "refuse", "whole": "yes"})
    assert not erases_whole("observation", {"answer": "approve", "whole": "yes"})


@pytest.mark.parametrize("kind", ["erasure_order", "erasure_answer", "erased", "hold", "hold_lifting", "retention"])
def test_what_says_what_was_done_is_kept(kind: str) -> None:
    """Whatever is erased, who ordered and approved it, and what held it, stays."""
    assert kind in KEPT_KINDS
