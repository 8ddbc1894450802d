"""What an agency says that it does not know, and holds."""

from typing import Any

import pytest

from tests.unit.domain.rules.passing import claim, said, shown

RULE = "not_known_and_held"
FATHER = claim("father", "hv/mr-a", told="mother")
NOT_KNOWN = claim("father", not_known="unknown", basis="own_record")


def test_not_known_stands_against_the_agencys_own_earlier_word() -> None:
    """Whatever the earlier word rests on, it is on file."""
    assert shown(said("hv", 5, FATHER), said("hv", 200, NOT_KNOWN)) == [(RULE, [[1], [2]])]


@pytest.mark.parametrize(
    "not_known",
    [
        claim("father", not_known="unknown", told="mother"),
        claim("father", not_known="declined", basis="own_record"),
        claim("father", not_known="not_asked", basis="own_record"),
    ],
)
def test_only_who_looked_in_a_record_says_what_is_in_it(not_known: dict[str, Any]) -> None:
    """What was not asked, and what somebody will not say or does not know, is no word on the record."""
    assert shown(said("hv", 5, FATHER), said("hv", 200, not_known)) == []


def test_another_agency_may_know_what_this_one_does_not() -> None:
    """Known to one and not to another is no finding."""
    assert shown(said("csc", 5, FATHER), said("hv", 200, NOT_KNOWN)) == []


def test_it_closes_when_the_agency_says_it_again() -> None:
    """Its own later word is what it holds by then."""
    assert shown(said("hv", 5, FATHER), said("hv", 200, NOT_KNOWN), said("hv", 210, FATHER)) == []


def test_a_corrected_entry_is_not_held_any_more() -> None:
    """What the agency took back it does not hold."""
    void = {"agency": "hv", "kind": "void", "body": {"reason": "Another child."}, "target": 1}
    assert shown(said("hv", 5, FATHER), said("hv", 200, NOT_KNOWN), void) == []


@pytest.mark.parametrize(
    ("valid", "on", "expected"),
    [
        ("2022-03/..", 40, [(RULE, [[1], [2]])]),
        ("2022-03/..", 300, []),
        ("2022-03/2022-03-05", 40, []),
    ],
)
def test_what_changes_is_held_as_long_as_it_lasts(valid: str, on: int, expected: list[Any]) -> None:
    """A word that is still so and not stale is held; one whose time is over, or which is stale, is not."""
    there = claim("presence", "lives_here", about="father", valid=valid)
    unknown = claim("presence", not_known="unknown", about="father", basis="own_record")
    assert shown(said("hv", 5, there), said("hv", on, unknown)) == expected


def test_what_names_no_item_is_not_known_of_any() -> None:
    """No convictions known, by one who recorded one; of another item it says nothing."""
    assault = said("probation", 5, claim("criminal_history", "convicted", about="father", item="assault"))
    none = claim("criminal_history", not_known="unknown", about="father", basis="searched")
    assert shown(assault, said("probation", 90, none)) == [(RULE, [[1], [2]])]
    assert shown(assault, said("probation", 90, {**none, "item": "theft"})) == []


def test_a_word_that_leaves_all_open_is_no_knowledge() -> None:
    """Undetermined before, not known now: nothing was held."""
    open_ = said("hv", 5, claim("pregnancy", "undetermined", about="mother", valid="2022-03/.."))
    assert shown(open_, said("hv", 9, claim("pregnancy", not_known="unknown", about="mother", basis="searched"))) == []
