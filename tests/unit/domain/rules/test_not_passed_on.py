"""What is said not to have been passed on, and what was sent and never came."""

from typing import Any

import pytest

from tests.unit.domain.rules.passing import claim, said, shown

SAID, LOST = "said_not_to_have_been_passed_on", "sent_and_never_received"
BRUISE = claim("injury", "bruise", thing="case/bruise")


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"thing": "case/bruise"}, [[1], [3]]),
        ({"value": "the bruises seen by the nursery"}, [[1], [3]]),
        ({"value": "what his father did before"}, [[3]]),
    ],
)
def test_an_omission_stands_against_what_was_held_of_it(more: dict[str, Any], expected: list[list[int]]) -> None:
    """By its thing or by its name; where neither is said, the omission stands by itself."""
    held = said("nursery", 5, BRUISE), said("nursery", 6, claim("fracture", "present", thing="case/arm"))
    left_out = claim("assessment_omits", **{"value": "of it", "item": "assessment", "basis": "document", **more})
    assert shown(*held, said("csc", 20, left_out)) == [(SAID, expected)]


def test_what_was_found_later_was_not_left_out() -> None:
    """Only what was seen by then can have been left out."""
    left_out = claim("assessment_omits", "the bruise", basis="document")
    assert shown(said("csc", 2, left_out), said("nursery", 5, BRUISE)) == [(SAID, [[1]])]


def test_what_an_agency_says_that_it_did_not_write_down() -> None:
    """A stated omission raises at once, of an injury as of sharing it."""
    unwritten = claim("injury", "bruise", thing="case/bruise", statement="omission", basis="own_record")
    assert shown(said("gp", 5, unwritten)) == [(SAID, [[1]])]
    shared = claim("information_shared", "not_shared", item="school", statement="omission", basis="own_record")
    assert shown(said("gp", 5, shared)) == [(SAID, [[1]])]


def test_sharing_it_after_all_closes_it() -> None:
    """Later, on the same question; not before, and not with somebody else."""

    def sharing(on: int, value: str, item: str = "school") -> dict[str, Any]:
        return said("gp", on, claim("information_shared", value, item=item, basis="own_record"))

    assert shown(sharing(5, "not_shared"), sharing(9, "shared")) == []
    assert shown(sharing(5, "not_shared"), sharing(9, "shared", "nursery")) == [(SAID, [[1]])]
    assert shown(sharing(5, "not_shared"), sharing(1, "shared")) == [(SAID, [[1]])]


def referral(agency: str, on: int, value: str, **more: Any) -> dict[str, Any]:
    return said(agency, on, claim("referral", value, item="early help", **{"basis": "own_record", **more}))


def test_what_was_sent_and_never_came() -> None:
    """The sender's word on one side, the searcher's on the other."""
    assert shown(referral("csc", 5, "made"), referral("eh", 20, "not_received", basis="searched")) == [
        (LOST, [[1], [2]])
    ]


@pytest.mark.parametrize(
    "after",
    [
        referral("eh", 25, "received"),
        referral("eh", 25, "declined"),
        referral("csc", 25, "not_made"),
    ],
)
def test_it_closes_when_it_came_or_was_never_sent(after: dict[str, Any]) -> None:
    """The receiver has it, or the sender takes back that it was sent."""
    lost = referral("eh", 20, "not_received", basis="searched")
    assert shown(referral("csc", 5, "made"), lost, after) == []


def test_hearsay_of_nothing_having_come_is_no_search() -> None:
    """A parent who says that the service never had it knows nothing of its post."""
    told = referral("eh", 20, "not_received", basis="told", informant="mother")
    assert shown(referral("csc", 5, "made"), told) == []


@pytest.mark.parametrize(
    ("ascribed", "expected"),
    [
        ({"basis": "agency", "from": "hv"}, [(LOST, [[1], [2]])]),
        ({"basis": "own_record"}, []),
        ({"basis": "agency", "from": "gp"}, []),
    ],
)
def test_an_act_is_ascribed_to_whom_it_is_said_to_come_from(ascribed: dict[str, Any], expected: list[Any]) -> None:
    """What an agency's search does not find stands against who says that this agency said it did it."""
    visit = said("csc", 10, claim("visit", "happened", valid="2022-03-05", **ascribed))
    none = said("hv", 20, claim("visit", not_known="unknown", basis="searched", valid="2022-03-05"))
    assert shown(visit, none) == expected


def test_an_act_is_ascribed_to_the_service_that_its_item_names() -> None:
    """A health visitor's visit, of which health visiting finds none, whoever wrote it down."""

    def visit(agency: str, on: int, **more: Any) -> dict[str, Any]:
        return said(agency, on, claim("visit", item="health_visiting", valid="2022-03-05", **more))

    none = visit("hv", 20, not_known="unknown", basis="searched")
    assert shown(visit("csc", 10, value="happened", basis="own_record"), none) == [(LOST, [[1], [2]])]
    assert shown(visit("csc", 10, value="not_seen", basis="own_record"), none) == []


def test_who_names_no_item_may_mean_any() -> None:
    """A search that names no item is of all of them; one of another item is of another matter."""
    made = said(
        "csc", 10, claim("visit", "happened", item="home", valid="2022-03-05", basis="agency", **{"from": "hv"})
    )
    none = claim("visit", "did_not_happen", basis="searched", valid="2022-03-05")
    assert shown(made, said("hv", 20, none)) == [(LOST, [[1], [2]])]
    assert shown(made, said("hv", 20, {**none, "item": "clinic"})) == []
    assert shown(made, said("hv", 20, {**none, "value": "happened"})) == []
