"""Which statements count on the two sides of a constraint, and for how long."""

from typing import Any

import pytest

from tests.unit.domain.rules.adults import claim, day, found, said, shown

BREACH, PLAN = "no_contact_condition_and_in_the_home", "supervised_condition_and_living_there"
OPEN = {"valid": f"{day(0)}/.."}
BAIL = said("police", 0, claim("contact_condition", "no_contact", item="bail", basis="own_record", **OPEN))
THERE = said("hv", 40, claim("presence", "present", valid=day(40)))


def test_a_condition_stands_until_somebody_who_knows_says_that_it_does_not() -> None:
    """However long ago it was written down: nothing else would end it."""
    later = said("hv", 400, claim("presence", "present", valid=day(400)))
    assert shown(BAIL, THERE) == [(BREACH, [[1], [2]])]
    assert shown(BAIL, later) == [(BREACH, [[1], [2]])]


@pytest.mark.parametrize(
    ("agency", "basis", "is_ended"),
    [
        ("court", {"basis": "own_record"}, True),
        ("csc", {"basis": "document"}, True),
        ("csc", {"basis": "judgement"}, False),
        ("csc", {"told": "father"}, False),
        ("csc", {"basis": "agency", "from": "court"}, False),
    ],
)
def test_what_ends_a_condition_for_whoever_still_holds_it(agency: str, basis: dict[str, Any], is_ended: bool) -> None:
    """Its owner, and who has seen the paper; not what anybody tells."""
    lifted = said(agency, 30, claim("contact_condition", "lifted", item="bail", valid=f"{day(30)}/..", **basis))
    assert (BREACH not in {rule for rule, _ in shown(BAIL, lifted, THERE)}) is is_ended


def test_a_condition_that_was_lifted_afterwards_was_broken_all_the_same() -> None:
    """What ends it ends it from then on."""
    lifted = said(
        "court", 50, claim("contact_condition", "lifted", item="bail", basis="own_record", valid=f"{day(50)}/..")
    )
    assert BREACH in {rule for rule, _ in shown(BAIL, THERE, lifted)}


def test_values_that_leave_the_same_open_are_told_apart() -> None:
    """A limit that forbids nights is broken by a night, one of which nothing is known is not."""
    night = said("hv", 20, claim("presence", "stays_overnight", valid=day(20)))

    def limited(value: str) -> dict[str, Any]:
        return said("csc", 0, claim("contact_condition", value, item="plan", basis="document", **OPEN))

    assert shown(limited("not_overnight"), night) == [(PLAN, [[1], [2]])]
    assert shown(limited("other_limit"), night) == []


def test_what_lasts_holds_ever_after_and_not_before() -> None:
    """A conviction of one day stands against a clean record given years later, not against one of years before."""
    rule = "no_record_and_convicted"

    def clean(on: int) -> dict[str, Any]:
        return said("csc", on, claim("criminal_history", "none", told="father", valid=day(on)))

    def convicted(on: int, value: str = "convicted") -> dict[str, Any]:
        return said("police", 900, claim("criminal_history", value, item="assault", basis="own_record", valid=day(on)))

    assert shown(clean(800), convicted(10)) == [(rule, [[1], [2]])]
    assert shown(clean(800), convicted(850)) == []
    assert shown(clean(800), convicted(10), convicted(100, "quashed")) == []
    assert shown(clean(50), convicted(10), convicted(100, "quashed")) == [(rule, [[1], [2]])]


def test_what_names_an_item_says_nothing_of_the_whole() -> None:
    """Nothing held of one matter is no clean record, and no practice of that name is not no practice."""
    convicted = said("police", 5, claim("criminal_history", "convicted", item="assault", valid=day(1)))
    for item, is_found in (({}, True), ({"item": "theft"}, False)):
        clean = said("csc", 9, claim("criminal_history", "none", told="father", valid=day(9), **item))
        assert bool(shown(convicted, clean)) is is_found


def test_only_the_couple_that_a_side_names_counts() -> None:
    """Apart from the mother and living with her; apart from somebody else says nothing."""
    home = said("hv", 5, claim("presence", "lives_here", valid=f"{day(1)}/.."))
    for other, is_found in (("mother", True), ("csc/girlfriend", False)):
        apart = said(
            "csc", 6, claim("relationship", "separated", told="father", valid=f"{day(0)}/..", **{"with": other})
        )
        assert bool(shown(home, apart)) is is_found


def test_a_paper_runs_to_its_written_end() -> None:
    """Nobody observes the future, and yet bail of three months is in force in its second; not in its fourth."""

    def bail(until: int) -> dict[str, Any]:
        valid = f"{day(0)}/{day(until)}"
        return said("police", 0, claim("contact_condition", "no_contact", item="bail", basis="own_record", valid=valid))

    assert shown(bail(90), THERE) == [(BREACH, [[1], [2]])]
    assert shown(bail(30), THERE) == []


def test_a_breach_is_not_undone_by_what_is_so_afterwards() -> None:
    """He left, and bail was lifted: he was there while it stood."""
    gone = said("hv", 60, claim("presence", "absent", valid=f"{day(60)}/.."))
    lifted = said("police", 61, claim("contact_condition", "lifted", item="bail", basis="own_record", valid=day(61)))
    assert (BREACH, [[1], [2]]) in shown(BAIL, THERE, gone, lifted)


def test_what_reaches_back_was_never_otherwise_and_says_nothing_of_later() -> None:
    """A condition that a clinic rules out was not there years before either; it may yet come."""
    rule = "diagnosed_and_never_had_it"

    def said_of_it(agency: str, on: int, value: str, **more: Any) -> dict[str, Any]:
        return said(agency, on, claim("diagnosis", value, about="child", item="epilepsy", **more))

    told = said_of_it("school", 0, "diagnosed", told="mother", valid="2019/..")
    for value, is_found in (("ruled_out", True), ("never_diagnosed", True), ("suspected", False)):
        looked = said_of_it("hospital", 500, value, basis="judgement", valid=day(500))
        assert bool([one for one in shown(told, looked) if one[0] == rule]) is is_found
    first = said_of_it("hospital", 0, "ruled_out", basis="judgement", valid=day(0))
    assert shown(first, said_of_it("school", 500, "diagnosed", told="mother", valid=f"{day(490)}/..")) == []


@pytest.mark.parametrize(("valid", "is_found"), [(f"{day(-60)}/..", True), (day(0), False)])
def test_what_goes_on_is_not_said_of_one_day(valid: str, is_found: bool) -> None:
    """Contact by day as a rule leaves no room for nights; one afternoon does."""
    home = said("school", 10, claim("presence", "stays_overnight", told="child", valid=f"{day(-30)}/.."))
    by_day = said("csc", 0, claim("contact_with_child", "daytime", told="mother", valid=valid))
    assert bool(shown(home, by_day)) is is_found


@pytest.mark.parametrize(("thing", "is_found"), [({"thing": "case/leg"}, True), ({}, False)])
def test_what_must_be_named_is(thing: dict[str, str], is_found: bool) -> None:
    """Nobody can have examined an injury that no record tells of; that a child was not examined for some weeks is all
    that is said of the child.
    """

    def examined(agency: str, on: int, value: str, **more: Any) -> dict[str, Any]:
        return said(agency, on, claim("examined", value, about="child", **thing, **more))

    told = examined("school", 0, "examined", told="mother", valid=day(-200))
    searched = examined("hv", 30, "not_examined", basis="searched", valid=f"{day(-20)}/{day(30)}")
    assert bool(shown(told, searched)) is is_found


def test_a_paper_that_runs_does_not_go_stale() -> None:
    """The older the condition that is broken, the graver: nobody need have read it out again."""
    (found_,) = found(BAIL, said("hv", 170, claim("presence", "present", valid=day(170))))
    assert not found_.basis.is_stale


def test_a_search_does_not_answer_what_leaves_all_open_before_it_is_made() -> None:
    """That nothing is diagnosed does not say that nobody looks into it; on the day of that word the two meet still."""
    looked_into = said(
        "csc", 0, claim("diagnosis", "under_investigation", about="child", item="autism", told="mother", **OPEN)
    )
    search = said(
        "hv",
        20,
        claim("diagnosis", "not_diagnosed", about="child", item="autism", basis="searched", valid=day(20)),
        claim("referral", "not_made", about="child", item="autism", basis="searched", valid=day(20)),
    )
    assert [name for name, _ in shown(looked_into, search)] == ["being_looked_into_and_never_referred"]
