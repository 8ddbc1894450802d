"""Whose information something is: of claims by their keys, of words by names and values that must not be there."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.claim import claims_of_entry
from ledger.domain.person import LinkFact, Links
from ledger.domain.third_party import CATEGORIES, Unsaid, Whose, unsaid
from tests.unit.domain.claiming import AT

FATHER_FOR_CHILD = Whose(frozenset({"father"}), frozenset({"child"}), known=frozenset({"hv/gran"}))


def why(whose: Whose = FATHER_FOR_CHILD, **said: Any) -> str | None:
    """Why a claim is kept back; what is not said of it is plain."""
    claim = {"about": "child", "attribute": "presentation", "value": "well", "basis": "seen", **said}
    body = {"observed": "2023-10-05", "statement": "fact", "claims": [claim]}
    return whose.keeps_back(claims_of_entry("observation", body, agency="hv", number=3, recorded_at=AT)[0])


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, None),
        ({"about": "father"}, None),
        ({"about": "mother"}, "third_party"),
        ({"with": "mother"}, "third_party"),
        ({"about": "gran"}, "third_party"),
        ({"attribute": "in_care_of", "value": "gran"}, "third_party"),
        ({"attribute": "in_care_of", "value": {"one_of": ["father", "mother"]}}, "third_party"),
        ({"in_earshot": ["mother"]}, "third_party"),
        ({"basis": "told", "informant": "father"}, None),
        ({"basis": "told", "informant": "mother"}, "informant"),
        ({"basis": "told", "informant": "anonymous"}, "informant"),
        ({"basis": "told"}, "informant"),
        ({"basis": "told", "informant": {"agency": "school", "role": "teacher"}}, None),
        ({"basis": "told", "informant": "child"}, "child_said"),
        ({"attribute": "disclosure"}, "child_said"),
        ({"attribute": "own_account"}, "child_said"),
        ({"basis": "agency", "from": "police"}, "other_agency"),
    ],
)
def test_a_claim_is_given_when_all_of_it_is_theirs(said: dict[str, Any], expected: str | None) -> None:
    """About, with, told by and heard by those who get it, or whose information it is; else there is a reason."""
    assert why(**said) == expected
    assert expected is None or expected in CATEGORIES


def test_a_child_gets_its_own_words() -> None:
    """What the child said is given to the child."""
    child = Whose(frozenset({"child"}), frozenset({"child"}))
    assert why(child, basis="told", informant="child") is None
    assert why(child, attribute="wishes") is None


def test_who_is_one_person_is_one_by_any_name() -> None:
    """An agency's own reference for whoever gets it is them; unlinked again it is somebody else."""
    one = Links.of([LinkFact("people", is_unlink=False, keys=("father", "hv/dad"))])
    assert why(Whose(frozenset({"father"}), frozenset({"child"}), one), about="dad") is None
    assert why(Whose(frozenset({"father"}), frozenset({"child"})), about="dad") == "third_party"


def test_words_hold_no_name_of_anybody_else_and_nothing_marked() -> None:
    """However it is written large or spaced; a surname that is one's own too, and words of the vocabulary, are free."""
    held = unsaid(["Ada Grey", "Jo Vale"], ["Robin Vale"], ["12 Rookery Close", "lives_here", "Ada"])
    assert [held.is_in(text) for text in ("Ask ada's sister.", "At 12  ROOKERY close.", "Grey, she said")] == [True] * 3
    assert [held.is_in(text) for text in ("Robin Vale is well.", "He lives_here", "adaptable")] == [False] * 3


@given(st.text(min_size=3, max_size=20), st.text(max_size=20), st.text(max_size=20))
def test_a_secret_is_found_wherever_it_stands(secret: str, before: str, after: str) -> None:
    """Between any words, in any case."""
    held = Unsaid(secrets=frozenset({" ".join(f"A1 {secret}".casefold().split())}))
    assert held.is_in(f"{before} a1 {secret} {after}")
