"""Statements that name a person, or leave them out, against what is said of that person."""

from typing import Any

import pytest

from tests.saying import links
from tests.unit.domain.rules.adults import claim, day, met, said, shown

LIST, CARE = "left_out_of_the_list_and_living_there", "no_part_and_left_in_care"
SINCE = {"valid": f"{day(0)}/.."}


def listed(*people: str, **more: Any) -> dict[str, Any]:
    made = {"about": "child", "told": "mother", **SINCE, **more}
    return said("csc", 2, claim("household", {"one_of": list(people)}, **made))


def lives(agency: str, ref: str, role: str) -> dict[str, Any]:
    return met(agency, 9, ref, role, claim("presence", "lives_here", **SINCE))


def test_a_list_of_everybody_leaves_out_who_lives_there() -> None:
    """Whoever is linked to somebody on it is on it."""
    man, linked = lives("hv", "man", "mother's partner"), links("hv/man", "csc/lodger")
    assert shown(listed("mother"), man) == [(LIST, [[1], [2]])]
    assert shown(listed("mother", "csc/lodger"), man, linked) == []


def test_somebody_on_the_list_may_be_the_one_who_lives_there() -> None:
    """While nobody linked them and their roles do not tell them apart; once they do, it is found."""
    man, unsaid = lives("hv", "man", "mother's partner"), listed("mother", "csc/k1")
    assert shown(unsaid, man) == []
    told = said("csc", 20, people=[{"ref": "k1", "role": "grandmother"}])
    assert shown(unsaid, man, told) == [(LIST, [[1], [2]])]


def test_whoever_tells_a_list_is_not_left_out_of_it() -> None:
    """A mother counts her guests and not herself."""
    mother = said("hv", 9, claim("presence", "lives_here", about="mother", **SINCE))
    assert shown(listed("csc/aunt"), mother) == []


def test_the_household_of_another_home_says_nothing() -> None:
    """It is of the child's home only where it is about the child, or about the mother."""
    man = lives("hv", "man", "mother's partner")
    assert shown(listed("mother", about="mother"), man) == [(LIST, [[1], [2]])]
    assert shown(listed("mother", about="father"), man) == []


@pytest.mark.parametrize(
    ("value", "is_found"),
    [
        ("father", True),
        ({"one_of": ["father", "mother"]}, True),
        ("mother", False),
        ({"is_not": "father"}, False),
    ],
)
def test_who_had_the_child_played_a_part(value: Any, is_found: bool) -> None:
    """Named by himself or with others."""
    gone = said("csc", 2, claim("presence", "absent", told="mother", **SINCE))
    had = said("police", 5, claim("in_care_of", value, about="child", valid=day(4)))
    assert shown(gone, had) == ([(CARE, [[1], [2]])] if is_found else [])


def test_alone_with_the_child_is_not_together_with_another() -> None:
    """A condition that somebody be there is kept when somebody is."""
    plan = said("csc", 2, claim("contact_condition", "not_alone", item="plan", basis="document", **SINCE))
    for value, is_found in (("father", True), ({"one_of": ["father", "mother"]}, False)):
        had = said("police", 5, claim("in_care_of", value, about="child", valid=day(4)))
        assert bool(shown(plan, had)) is is_found
