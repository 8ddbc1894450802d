"""Names, ages, unnamed men, kin by their own word, and histories that came to light."""

from typing import Any

import pytest

from tests.saying import links
from tests.unit.domain.rules.adults import claim, day, found, met, said, shown

MAN = {"about": "case/man"}


@pytest.mark.parametrize(
    ("age", "born", "basis", "is_found"),
    [
        ("21", "2000-08-14", {}, False),
        ("21", "2001-08-14", {}, False),
        ("21", "2005-08-14", {}, True),
        ("21", "1995-01", {}, True),
        ("21", "1998~", {}, False),
        ("21", "199X", {}, False),
        ("21", "198X", {}, True),
        ("25", "1992-01-01", {"basis": "seen"}, False),
        ("25", "1980-01-01", {"basis": "seen"}, True),
    ],
)
def test_an_age_is_ruled_out_only_by_every_reading(age: str, born: str, basis: dict[str, str], is_found: bool) -> None:
    """Vague dates leave room, and so does a guess."""
    told = said("mw", 3, claim("age_stated", age, valid=day(3), **(basis or {"told": "father"})))
    birth = said("police", 9, claim("date_of_birth", born, basis="own_record"))
    assert shown(told, birth) == ([("age_and_date_of_birth", [[1], [2]])] if is_found else [])


def test_a_baby_born_early_may_be_given_the_age_that_it_would_have() -> None:
    """Ten weeks early, and two months younger."""
    about = {"about": "child"}
    age = said("hospital", 9, claim("age_in_months", "2", valid=day(9), **about))
    birth = said("hv", 9, claim("date_of_birth", "2021-10-01", basis="document", **about))
    weeks = said("mw", 9, claim("gestation_weeks", "30", basis="own_record", **about))
    assert shown(age, birth) == [("age_in_months_and_date_of_birth", [[2], [1]])]
    assert shown(age, birth, weeks) == []


TOLD = said("mw", 3, claim("name_used", "Lee Carter", told="case/man", **MAN))


@pytest.mark.parametrize(
    ("name", "more", "is_found"),
    [
        ("Jason Booth", {"basis": "own_record"}, True),
        ("Jason Booth", {"basis": "document"}, True),
        ("Jason Booth", {"told": "mother"}, False),
        ("Jason Booth", {"basis": "own_record", "item": "alias"}, False),
        ("Carter", {"basis": "own_record"}, False),
        ("LEE CARTER", {"basis": "own_record"}, False),
        ("Leigh Karter", {"basis": "own_record"}, False),
        ("Lee Booth", {"basis": "own_record"}, False),
    ],
)
def test_a_name_is_false_where_nothing_of_it_is_on_record(name: str, more: dict[str, str], is_found: bool) -> None:
    """By a record or a document, and not by another spelling, an alias or a part of the name."""
    known = said("police", 9, claim("name_used", name, **MAN, **more))
    assert shown(TOLD, known) == ([("false_name", [[1], [2]])] if is_found else [])


def test_an_agency_that_holds_both_names_knows() -> None:
    """Whoever told or holds the one and the other has nothing to find out."""
    known = said("police", 9, claim("name_used", "Jason Booth", basis="own_record", **MAN))
    for agency, name in (("mw", "Jason Booth"), ("police", "Lee Carter")):
        assert shown(TOLD, known, said(agency, 9, claim("name_used", name, basis="judgement", **MAN))) == []


def test_an_identity_that_was_found_false_is_told_to_whoever_was_given_a_name() -> None:
    """And not to the agency that found it out."""
    false = claim("identity_checked", "false", basis="searched", **MAN)
    assert shown(TOLD, said("police", 9, false)) == [("false_name", [[1], [2]])]
    assert shown(TOLD, said("mw", 9, false)) == []


FRIEND = met("mw", 3, "friend", "friend of the family")


def partner(role: str = "mother's partner", on: int = 9, **more: Any) -> dict[str, Any]:
    who = {"name": "Jason Booth", **more}
    return met("housing", on, "p", role, claim("presence", "lives_here", valid=f"{day(on - 2)}/.."), **who)


def test_a_man_without_a_name_and_one_who_is_known_are_asked_about() -> None:
    """Both are shown; nothing is linked; and it alerts nobody while nothing is known against him."""
    (finding,) = found(FRIEND, partner())
    assert (finding.rule, finding.kind, finding.tier) == ("unnamed_adult", "identity", "prompt")
    assert finding.question.about == "mw/friend"


@pytest.mark.parametrize(
    "more",
    [
        claim("risk_position", "poses_risk", basis="judgement", about="housing/p"),
        claim("criminal_history", "charged", item="assault", basis="own_record", about="housing/p"),
        claim("presence", "absent", told="mother", about="housing/p", valid=f"{day(0)}/{day(2)}"),
    ],
)
def test_a_risk_or_a_denial_does_not_wait(more: dict[str, Any]) -> None:
    """What is known against him, or that the household denies him, makes it an alert."""
    findings = found(FRIEND, partner(), said("police", 10, more))
    assert [one.tier for one in findings if one.rule == "unnamed_adult"] == ["queue"]


@pytest.mark.parametrize(
    "others",
    [
        [partner("grandfather")],
        [partner(on=200)],
        [partner(), links("mw/friend", "housing/p")],
        [partner(), links("mw/friend", "csc/lodger")],
        [partner(), said("csc", 20, claim("same_person_as", {"is_not": "mw/friend"}, about="housing/p"))],
        [partner(), said("mw", 20, claim("presence", "present", about="housing/p", valid=day(20)))],
        [partner(), said("mw", 20, claim("name_used", "Al Wood", about="friend", told="friend"))],
        [met("housing", 9, "p", "mother's partner", claim("presence", "absent", valid=day(9)), name="Jason Booth")],
        [met("housing", 9, "p", "mother's partner", claim("presence", "present", valid=day(9)))],
    ],
    ids=[
        "a plain relative",
        "half a year later",
        "linked",
        "linked to another",
        "said to be two",
        "known to the same agency",
        "named",
        "not there",
        "neither is named",
    ],
)
def test_nothing_is_asked_where_they_are_two_or_settled(others: list[dict[str, Any]]) -> None:
    """Precision first: each look-alike stays silent."""
    assert "unnamed_adult" not in {one.rule for one in found(FRIEND, *others)}


def test_a_link_closes_what_was_asked_even_to_the_father() -> None:
    """Whoever he turns out to be."""
    father = said(
        "police", 9, claim("presence", "present", valid=day(8)), claim("criminal_history", "charged", item="x")
    )
    assert [one.rule for one in found(FRIEND, father)] == ["unnamed_adult"]
    assert found(FRIEND, father, links("mw/friend", "father")) == []


KIN = met("csc", 3, "w", "aunt", claim("kinship", "aunt_or_uncle", told="w"))
CARES = said("hv", 5, claim("care_arrangement", "main", about="csc/w", valid=f"{day(0)}/.."))


def test_kin_by_their_own_word_who_have_the_child() -> None:
    """Until a paper shows it, an office without an interest says it, or the child lives elsewhere."""
    assert shown(KIN, CARES) == [("kin_by_own_word", [[1, 2]])]
    for agency, basis in (("csc", {"basis": "document"}), ("hv", {"told": "anonymous"})):
        assert shown(KIN, CARES, said(agency, 9, claim("kinship", "aunt_or_uncle", about="csc/w", **basis))) == []
    assert (
        shown(KIN, CARES, said("hv", 9, claim("care_arrangement", "none", about="csc/w", valid=f"{day(9)}/.."))) == []
    )


def test_a_named_carer_has_the_child_too() -> None:
    """By the attribute that names who looks after the child."""
    named = said("hv", 5, claim("main_carer", "csc/w", about="child", valid=f"{day(0)}/.."))
    assert shown(KIN, named) == [("kin_by_own_word", [[1, 2]])]


def test_a_history_that_came_to_light_pulls_at_a_position() -> None:
    """What was so before, and was not known; not what was laid to rest, and not what the agency knew."""
    none = said("csc", 3, claim("risk_position", "none_known", basis="judgement", valid=f"{day(3)}/.."))

    def held(agency: str, on: int, value: str, when: str) -> dict[str, Any]:
        return said(agency, on, claim("criminal_history", value, item="assault", basis="own_record", valid=when))

    assert shown(none, held("police", 30, "convicted", "2019")) == [("no_risk_known_and_history_held", [[1], [2]])]
    assert shown(none, held("police", 30, "convicted", day(20))) == []
    assert shown(none, held("police", 30, "convicted", "2019"), held("police", 31, "quashed", "2020/..")) == []
    assert shown(none, held("csc", 1, "convicted", "2019"), held("police", 30, "convicted", "2019")) == []
