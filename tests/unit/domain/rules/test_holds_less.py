"""What a receiver's record lacks of what its sender held, and what is not less."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.unit.domain.rules.passing import claim, found, said, shown, sides

RULE = "told_less_than_was_known"
BRUISE = claim("injury", "bruise", thing="case/bruise", valid="2022-03-11")
BURN = claim("injury", "burn", thing="case/burn", valid="2022-03-11")
PASSED_ON: dict[str, Any] = {"basis": "agency", "from": "hospital", "valid": "2022-03-11"}
TOLD = claim("injury", "bruise", thing="case/bruise", **PASSED_ON)


def test_an_injury_left_out_stands_against_the_entry_that_lacks_it() -> None:
    """The sender's entry with what is missing is one side, the receiver's the other."""
    bruise, burn, told = said("hospital", 10, BRUISE), said("hospital", 10, BURN), said("csc", 11, TOLD)
    assert shown(bruise, burn, told) == [(RULE, [[2], [3]])]


def test_it_closes_once_the_receiver_has_it_from_anywhere() -> None:
    """A later entry of the receiver on the same thing, whoever told it, is enough."""
    later = said("csc", 12, claim("injury", "burn", thing="case/burn", told="mother"))
    assert shown(said("hospital", 10, BRUISE, BURN), said("csc", 11, TOLD), later) == []


def test_two_receivers_that_lack_the_same_stand_together() -> None:
    """Who lacks as much as the latest does is on its side."""
    police = said("police", 12, TOLD)
    assert shown(said("hospital", 10, BRUISE, BURN), said("csc", 11, TOLD), police) == [(RULE, [[1], [2, 3]])]


@pytest.mark.parametrize(
    "heard",
    [
        [claim("injury", "multiple", thing="case/all", **PASSED_ON)],
        [TOLD, claim("concern", "What the ward found.", topic="harm", **PASSED_ON)],
        [claim("injury", "skin_condition", thing="case/rash", **PASSED_ON), TOLD, {**TOLD, "thing": "case/burn"}],
        [claim("injury_site", "hand", thing="case/burn", **PASSED_ON), TOLD],
        [claim("injury", "undetermined", thing="csc/call", **PASSED_ON)],
    ],
)
def test_vaguer_is_not_less(heard: list[dict[str, Any]]) -> None:
    """A sum, a worry in words, any word that leaves room, and an injury of no named sort cover what was held."""
    held = [BRUISE, claim("injury", "mark", thing="case/burn", valid="2022-03-11")]
    assert shown(said("hospital", 10, *held), said("csc", 11, *heard)) == []


def test_some_of_several_places_is_less_and_none_is_vague() -> None:
    """Who names one of two places has less; who names no place left nothing out by that."""
    places = [claim("injury_site", site, thing="case/bruise", valid="2022-03-11") for site in ("ear", "arm")]
    arm = claim("injury_site", "arm", thing="case/bruise", **PASSED_ON)
    assert shown(said("hospital", 10, BRUISE, *places), said("csc", 11, TOLD, arm)) == [(RULE, [[1], [2]])]
    assert shown(said("hospital", 10, BRUISE, *places), said("csc", 11, TOLD)) == []


def test_fewer_is_less() -> None:
    """A number that is lower than the sender's is less; as high or higher is not."""

    def count(number: str, **more: Any) -> dict[str, Any]:
        return claim("injury_count", number, thing="case/bruise", valid="2022-03-11", **more)

    held = said("hospital", 10, BRUISE, count("3"))
    told: dict[str, Any] = {"basis": "agency", "from": "hospital"}
    assert shown(held, said("csc", 11, TOLD, count("1", **told))) == [(RULE, [[1], [2]])]
    assert shown(held, said("csc", 11, TOLD, count("4", **told))) == []


def test_a_view_of_the_cause_is_missed_where_it_is_a_concern() -> None:
    """That it was inflicted is less when it is left out; that it was an accident is not."""

    def view(value: str) -> dict[str, Any]:
        return claim("cause_opinion", value, thing="case/bruise", basis="judgement", valid="2022-03-11")

    assert shown(said("hospital", 10, view("likely_inflicted")), said("csc", 11, TOLD)) == [(RULE, [[1], [2]])]
    assert shown(said("hospital", 10, view("accident")), said("csc", 11, TOLD)) == []


def test_what_came_after_the_call_was_not_left_out_of_it() -> None:
    """Found on a later day, or on the day itself and recorded later, it could not have been told."""
    later = said("hospital", 12, BURN)
    assert shown(said("hospital", 10, BRUISE), said("csc", 11, TOLD), later) == []
    assert shown(said("hospital", 10, BRUISE), said("csc", 10, TOLD), said("hospital", 10, BURN)) == []


def test_other_occasions_and_other_agencies_are_left_alone() -> None:
    """What is of another time, and what another agency than the sender saw, was not the sender's to tell."""
    old = said("hospital", 0, claim("injury", "burn", thing="case/old", valid="2021-06-01"))
    assert shown(old, said("hospital", 10, BRUISE), said("csc", 11, TOLD)) == []
    assert shown(said("school", 10, BURN), said("hospital", 10, BRUISE), said("csc", 11, TOLD)) == []


def test_nothing_of_concern_by_one_who_had_found_something() -> None:
    """That another agency has no concerns, on the day on which it found a fracture, is less."""
    fracture = claim("fracture", "present", thing="case/rib", basis="measured", valid="2022-03-11")
    fine = claim("judgement", "no_concerns", topic="harm", **PASSED_ON)
    assert shown(said("hospital", 10, fracture), said("csc", 11, fine)) == [(RULE, [[1], [2]])]


def test_the_attendance_is_more_than_its_day() -> None:
    """What the sender saw some days before it rang is missed, of any injury; of longer ago, or slight, it is not."""
    fracture = claim("fracture", "present", thing="case/arm", basis="measured")
    told = claim("fracture", "present", thing="case/arm", basis="agency", **{"from": "hospital"})
    marks, graze = claim("injury", "multiple", thing="case/marks"), claim("injury", "graze", thing="case/knee")
    held = said("hospital", 9, fracture)
    assert shown(held, said("hospital", 10, marks), said("csc", 12, told)) == [(RULE, [[2], [3]])]
    assert shown(held, said("hospital", 10, graze), said("csc", 12, told)) == []
    assert shown(said("hospital", 10, marks), said("hospital", 29, fracture), said("csc", 30, told)) == []


def test_of_a_vague_time_that_is_not_over_it_is_when_it_was_said_that_counts() -> None:
    """A fracture of some day in the month is of the attendance at which it was found."""
    told = claim("fracture", "present", thing="case/arm", valid="2022-03", basis="agency", **{"from": "hospital"})
    marks = claim("injury", "multiple", thing="case/marks")
    assert shown(said("hospital", 10, marks), said("csc", 12, told)) == [(RULE, [[1], [2]])]


def test_that_somebody_is_well_is_said_of_its_day() -> None:
    """A bruise of last week does not make less of how a child is today."""
    well = claim("presentation", "well", basis="agency", **{"from": "hospital"})
    assert shown(said("hospital", 7, claim("injury", "bruise", thing="case/shin")), said("csc", 11, well)) == []


@pytest.mark.parametrize(
    ("told", "is_less"),
    [("accident", True), ("medical", True), ("likely_accident", True), ("undetermined", True), ("inflicted", False)],
)
def test_a_view_of_concern_is_passed_on_by_such_a_view_alone(told: str, *, is_less: bool) -> None:
    """A doubt that leans to a cause is told of as what it is, and not as a doubt that leans elsewhere."""
    view = claim("cause_opinion", "likely_inflicted", thing="case/arm", basis="judgement")
    heard = claim("cause_opinion", told, thing="case/arm", basis="agency", **{"from": "hospital"})
    assert bool(shown(said("hospital", 10, view), said("csc", 12, heard))) is is_less


def test_whoever_changed_their_mind_told_no_less() -> None:
    """The same source's later view is what there is to tell."""
    views = [claim("cause_opinion", value, thing="case/arm", basis="judgement") for value in ("inflicted", "medical")]
    heard = claim("cause_opinion", "medical", thing="case/arm", basis="agency", **{"from": "hospital"})
    first, second = (said("hospital", on, view) for on, view in zip((9, 10), views, strict=True))
    assert shown(first, second, said("csc", 12, heard)) == []
    second["body"]["author"] = {"ref": "dr-b", "role": "consultant"}
    assert shown(first, second, said("csc", 12, heard)) == [(RULE, [[1], [3]])]


def test_an_agencys_summary_of_its_own_file_is_read_by_itself() -> None:
    """A letter written from an agency's own record has less when it leaves out what that record holds."""
    letter = claim(
        "injury", "bruise", thing="case/bruise", basis="document", valid="2022-03-11", **{"from": "hospital"}
    )
    assert shown(said("hospital", 10, BRUISE, BURN), said("hospital", 12, letter)) == [(RULE, [[1], [2]])]


def test_a_finding_stays_within_what_can_be_shown() -> None:
    """However many entries hold what was left out, each side has four at most."""
    held = [said("hospital", 10, claim("injury", "burn", thing=f"case/b{n}", valid="2022-03-11")) for n in range(9)]
    (finding,) = found(
        said("hospital", 10, BRUISE), *held, said("csc", 11, TOLD), at=[datetime(2022, 6, 1, tzinfo=UTC)] * 11
    )
    assert [len(side) for side in sides(finding)] == [4, 1]
    assert len(finding.evidence) == 5
