"""What rests on an interested word alone, what is asked after once, and what is contested and no longer alone."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from itertools import permutations
from typing import Any

import pytest

from ledger.domain.finding import Finding
from ledger.domain.fold import run
from ledger.domain.outcome import CheckFailed
from ledger.domain.pack import Pack
from ledger.domain.record_state import RecordState, Surroundings
from tests.saying import steps
from tests.shipped import shipped_pack
from tests.unit.domain.rules.passing import day, said

AROUND = Surroundings(agency_kinds={"hv": "health_visiting", "csc": "childrens_social_care", "police": "police"})
UNTIL = datetime(2022, 6, 1, tzinfo=UTC)
LODGED = {"agency": "csc", "kind": "observation", "body": {"observed": day(0), "statement": "fact", "people": [
    {"ref": "mr-a", "role": "lodger"}], "claims": []}}  # fmt: skip
PLACE: dict[str, Any] = {"about": "csc/mr-a", "basis": "told", "informant": "mother"}
GONE = PLACE | {"attribute": "presence", "value": "absent", "valid": f"{day(10)}/.."}
NO_COUPLE = PLACE | {"attribute": "relationship", "with": "mother", "value": "separated", "valid": f"{day(10)}/.."}
NOT_OF_IT = PLACE | {"attribute": "household_member", "value": "not_member", "valid": f"{day(10)}/.."}
LODGER = PLACE | {"attribute": "relationship_to_child", "value": "lodger", "valid": f"{day(10)}/.."}
PARENT = {"about": "csc/mr-a", "attribute": "kinship", "value": "birth_parent", "basis": "own_record"}


@cache
def pack() -> Pack:
    """The pack that ships."""
    return shipped_pack()


def asked(*entries: dict[str, Any]) -> list[Finding]:
    """What is open in the end of what rests on a word alone; every rule must have run."""
    state = RecordState("r", around=AROUND)
    for _, after, outcomes in run(state, steps(*entries), pack(), until=UNTIL):
        state = after
        assert not [one for one in outcomes if isinstance(one, CheckFailed)]
    return [one for one in state.findings.values() if one.kind == "uncorroborated"]


def attributes(found: Sequence[Finding]) -> list[str]:
    return sorted(one.question.attribute for one in found)


@pytest.mark.parametrize("words", [*permutations([NO_COUPLE, NOT_OF_IT, GONE])])
def test_what_one_person_says_in_one_breath_is_asked_after_once(words: tuple[dict[str, Any], ...]) -> None:
    """In whatever order the claims stand, it is the first attribute of the matter that is asked after."""
    assert attributes(asked(LODGED, said("csc", 10, *words))) == ["presence"]


def test_in_two_entries_they_are_two() -> None:
    """What was said on another occasion is asked after by itself."""
    assert attributes(asked(LODGED, said("csc", 10, GONE), said("csc", 12, NO_COUPLE))) == ["presence", "relationship"]


def test_two_people_s_words_in_one_entry_are_two() -> None:
    """What each of two people said is asked after, though it is in one entry."""
    father = NO_COUPLE | {"informant": "csc/mr-a"}
    assert attributes(asked(LODGED, said("csc", 10, GONE, father))) == ["presence", "relationship"]


def test_the_rest_is_asked_after_once_the_first_is_borne_out() -> None:
    """That he was seen to be away says nothing of whether they are a couple."""
    seen = said("hv", 12, GONE | {"basis": "seen", "informant": None, "valid": f"{day(10)}/.."})
    seen["body"]["claims"][0].pop("informant")
    assert attributes(asked(LODGED, said("csc", 10, GONE, NO_COUPLE), seen)) == ["relationship"]


def test_several_items_of_one_attribute_are_one_matter() -> None:
    """Two symptoms told of in one breath are asked after once."""
    told = [
        {"about": "child", "attribute": "symptom", "item": item, "value": "reported", "basis": "told",
         "informant": "mother", "valid": f"{day(10)}/.."}
        for item in ("fits", "vomiting")
    ]  # fmt: skip
    assert len(asked(LODGED, said("csc", 10, *told))) == 1


@pytest.mark.parametrize("is_first", [True, False])
def test_what_a_constraint_contests_does_not_stand_alone(*, is_first: bool) -> None:
    """A lodger by her word, and the child's father by the police: the two stand against each other, in either order."""
    entries = [said("police", 9, PARENT), said("csc", 10, LODGER)]
    assert asked(LODGED, *(entries if is_first else reversed(entries))) == []
    (alone,) = asked(LODGED, said("csc", 10, LODGER))
    assert alone.tier == "queue"


def test_what_contests_somebody_else_contests_nothing_here() -> None:
    """That another man is the father leaves her word on this one alone."""
    other = PARENT | {"about": "csc/mr-b"}
    assert attributes(asked(LODGED, said("police", 9, other), said("csc", 10, LODGER))) == ["relationship_to_child"]


def test_an_attribute_of_the_matter_must_be_known() -> None:
    """A rule that names what the vocabulary lacks is refused."""
    rule = pack().rules["word_to_be_checked_in_ten_days"]
    written = {**rule.settings, "one_matter": ["presence", "presense"]}
    faults = [*replace(rule, settings=written).family.check(written, pack().attributes)]
    assert faults == [(("one_matter", 1), "the vocabulary has no such attribute")]
