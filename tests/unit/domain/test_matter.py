"""What claims are about in their author's words, and which of them are of one matter."""

import pytest

from ledger.domain.claim import Claim, claims_of_entry
from ledger.domain.matter import gives, is_one_matter, tells_of, words_in
from tests.unit.domain.claiming import AT, claims


def action(what: str) -> Claim:
    """An agreed action in these words."""
    return claims_of_entry("action", {"what": what, "owner": "hv"}, agency="hv", number=1, recorded_at=AT)[0]


def about(item: str | None) -> Claim:
    """A claim with this item."""
    return claims("done", item=item)[0] if item else claims("done")[0]


@pytest.mark.parametrize(
    ("what", "item", "same"),
    [
        ("Open an early help assessment.", "early_help_assessment", True),
        ("Early help assessment and a team around the family.", "team_around_family", True),
        ("Manager signs off the pre-birth assessment.", "pre_birth", True),
        ("Weigh her.", "early_help", False),
        ("Home visits", "home visit", True),
        ("Assessment", "assess", False),
    ],
)
def test_an_action_and_what_came_of_it_are_one_matter_by_their_words(what: str, item: str, same: bool) -> None:
    """All the words of the one stand in the other, however they are joined and whether they are one or many."""
    assert is_one_matter(action(what), about(item)) is same
    assert is_one_matter(about(item), action(what)) is same


def test_what_says_nothing_of_its_matter_is_of_no_actions() -> None:
    """Two claims without an item are of one matter; an action is of none with them."""
    assert is_one_matter(about(None), about(None))
    assert not is_one_matter(action("Weigh her."), about(None))
    assert not is_one_matter(about("course"), about(None))
    assert not is_one_matter(action("To the"), action("For a"))


def test_a_phrase_is_told_of_where_all_its_words_stand() -> None:
    """In any order and among others; a phrase of small words is told of nowhere."""
    item = about("initial_child_protection_conference")
    assert tells_of(item, "conference, initial")
    assert tells_of(item, "Child Protection")
    assert not tells_of(item, "review conference")
    assert not tells_of(item, "of the")
    assert words_in(item) == {"initial", "child", "protection", "conference"}


def test_what_a_claim_and_an_act_give() -> None:
    """An act gives the fields that were sent; a claim its item, thing, counterpart and validity."""
    assert gives(action("It."), "owner")
    assert not gives(action("It."), "due")
    said = claims("done", item="course", **{"with": "sibling"})[0]
    assert [gives(said, name) for name in ("item", "with", "thing", "valid")] == [True, True, False, False]
