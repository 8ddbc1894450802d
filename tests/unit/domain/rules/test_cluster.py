"""Injuries of one child that cluster, and those that do not."""

import pytest

from tests.unit.domain.rules.passing import claim, said
from tests.unit.domain.rules.patterning import CLUSTER, born, found, hurt, shown

CHEEK = hurt("nursery", 10, "cheek", "bruise", "cheek")
BURN = hurt("hospital", 100, "burn", "burn")


def test_two_of_concern_on_two_occasions() -> None:
    """Whoever saw them, within half a year; the next one joins, and the finding stays one."""
    assert shown(CLUSTER, CHEEK) == []
    assert shown(CLUSTER, CHEEK, BURN) == [1, 2]
    assert shown(CLUSTER, CHEEK, BURN, hurt("school", 150, "ear", "bruise", "ear")) == [1, 2, 3]


def test_the_window_for_two() -> None:
    """A hundred and eighty days, and no longer."""
    assert shown(CLUSTER, CHEEK, hurt("hospital", 190, "burn", "burn")) == [1, 2]
    assert shown(CLUSTER, CHEEK, hurt("hospital", 191, "burn", "burn")) == []


def test_three_of_which_nothing_shows_that_they_are_everyday() -> None:
    """Bruises of nobody says where: three in a year, and not two."""
    bruises = [hurt(agency, on, f"b{on}", "bruise") for agency, on in (("hv", 1), ("gp", 150), ("nursery", 360))]
    assert shown(CLUSTER, *bruises) == [1, 2, 3]
    assert shown(CLUSTER, *bruises[:2]) == []
    assert shown(CLUSTER, *bruises[:2], hurt("nursery", 367, "b4", "bruise")) == []


@pytest.mark.parametrize(
    ("sort", "site"), [("graze", None), ("bruise", "shin"), ("bruise", "knee"), ("scratch", "cheek")]
)
def test_everyday_injuries_of_a_child_who_moves_about(sort: str, site: str | None) -> None:
    """However many, they are no cluster; of a baby they are one."""
    hurts = [hurt("nursery", on, f"h{on}", sort, site) for on in (1, 30, 60, 90)]
    assert shown(CLUSTER, born(-1500), *hurts) == []
    assert shown(CLUSTER, born(-30), *hurts) == [2, 3, 4, 5]


def test_several_on_one_occasion_are_one() -> None:
    """Found at one attendance, by several hands, within three days."""
    ear = hurt("gp", 12, "ear", "bruise", "ear")
    assert shown(CLUSTER, CHEEK, ear, hurt("hospital", 13, "burn", "burn")) == []
    assert shown(CLUSTER, CHEEK, hurt("gp", 14, "ear", "bruise", "ear")) == [1, 2]


def test_a_survey_shows_what_was_there_before() -> None:
    """What measuring alone brought to light within three weeks is of the same occasion."""
    rib = hurt("hospital", 24, "rib", "fracture", basis="measured")
    assert shown(CLUSTER, CHEEK, rib) == []
    assert shown(CLUSTER, CHEEK, hurt("hospital", 32, "rib", "fracture", basis="measured")) == [1, 2]


def test_who_examined_the_child_goes_on_finding() -> None:
    """The ward that examined it finds more a week later; another agency's examination is another occasion."""
    ward = hurt("hospital", 10, "cheek", "bruise", "cheek")
    later = hurt("hospital", 17, "eye", "eye_injury", "eye")
    for one in (ward, later):
        one["body"]["contact"] = {"depth": "examined"}
    assert shown(CLUSTER, ward, later) == []
    assert shown(CLUSTER, ward, {**later, "agency": "gp"}) == [1, 2]


@pytest.mark.parametrize("value", ["accident", "medical", "natural"])
def test_what_an_examination_explained_is_left_out(value: str) -> None:
    """By the opinion of whoever looked, unless another opinion differs; a parent's is none."""
    seen = {"basis": "judgement", "thing": "case/burn"}
    opinion = said("hospital", 101, claim("cause_opinion", value, **seen), statement="opinion")
    other = said("gp", 105, claim("cause_opinion", "inflicted", **seen), statement="opinion")
    assert shown(CLUSTER, CHEEK, BURN, opinion) == []
    assert shown(CLUSTER, CHEEK, BURN, opinion, other) == [1, 2]
    told = said("hospital", 101, claim("cause_opinion", value, told="mother", thing="case/burn"))
    assert shown(CLUSTER, CHEEK, BURN, told) == [1, 2]


def test_what_came_of_a_birth_or_a_needle_is_left_out() -> None:
    """By the word of those who were there; by the mother's it is not, and not against a doctor's opinion."""
    jab = said("gp", 101, claim("account", "treatment", thing="case/burn", basis="own_record"))
    assert shown(CLUSTER, CHEEK, BURN, jab) == []
    told = said("gp", 101, claim("account", "treatment", thing="case/burn", told="mother"))
    assert shown(CLUSTER, CHEEK, BURN, told) == [1, 2]
    opinion = said("hospital", 105, claim("cause_opinion", "inflicted", thing="case/burn", basis="judgement"))
    assert shown(CLUSTER, CHEEK, BURN, jab, opinion) == [1, 2]


def test_what_the_author_saw_happen_is_left_out() -> None:
    """A nurse who saw the fall; one who only wrote it down did not."""
    assert shown(CLUSTER, CHEEK, BURN, said("nursery", 10, claim("account", "low_fall", thing="case/cheek"))) == []
    written = said("nursery", 10, claim("account", "low_fall", thing="case/cheek", basis="own_record"))
    assert shown(CLUSTER, CHEEK, BURN, written) == [1, 2]


def test_one_injury_told_on_is_one() -> None:
    """In another agency's file it is the same, though under a name of its own."""
    assert shown(CLUSTER, CHEEK, hurt("csc", 40, "mark", "burn", basis="agency", **{"from": "nursery"})) == []


def test_a_chronology_counts_by_when_it_was() -> None:
    """Three injuries of three months, told in one entry."""
    parts = [
        claim("injury", "burn", thing=f"case/{month}", valid=f"2022-0{month}-05", basis="document") for month in (1, 3)
    ]
    assert shown(CLUSTER, said("csc", 100, *parts)) == [1]


def test_what_was_found_after_the_death_is_none() -> None:
    """It shows how the child died, and warns nobody."""
    died = said("police", 50, claim("death", "happened"))
    assert shown(CLUSTER, CHEEK, died, BURN) == []


def test_an_adults_injuries_are_not_read() -> None:
    """A child of the family is, by its role."""
    for role, is_found in (("mother", False), ("younger brother", True)):
        people = said("hv", 0)
        people["body"]["people"] = [{"ref": "case/k", "role": role}]
        hurts = [hurt("hospital", on, f"h{on}", "burn", about="case/k") for on in (10, 60)]
        assert (CLUSTER in found(people, *hurts)) is is_found
        assert (CLUSTER in found(*hurts, people)) is is_found
