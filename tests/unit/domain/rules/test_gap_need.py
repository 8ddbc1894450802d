"""When it becomes necessary to know something: of whom, from which moment, and how fresh an answer must be."""

from typing import Any

import pytest

from ledger.services.load_pack import SHIPPED, load_pack
from tests.unit.domain.rules.gapping import (
    born,
    check,
    claim,
    decision,
    gaps,
    involved,
    said,
    visit,
)

OF_OLD = (0, {"agency": "school", "kind": "child", "body": {"born": "2014-02-02"}})
HARM = claim("concern", "Was hit.", told="anonymous", about="child", topic="harm")
ALLEGED = claim("domestic_abuse", "alleged", told="anonymous", about="p1", **{"with": "mother"})
Entry = tuple[int, dict[str, Any]]


def topics(*entries: Entry, until: int, about: str) -> list[str | None]:
    return [topic for topic, whom, _ in gaps(*entries, until=until) if whom == about]


def home(on: int, role: str, agency: str = "csc") -> Entry:
    """A visit to the home at which somebody of this role was there too."""
    contact = {"depth": "seen", "home_entered": "yes", "present": ["mother", "child", "p1"], "outcome": "held"}
    seen = claim("presentation", "well", about="child")
    return said(agency, on, seen, people=[{"ref": "p1", "role": role}], contact=contact)


@pytest.mark.parametrize("role", ["mother's partner", "maternal grandfather", "uncle", "lodger", "new boyfriend"])
def test_whoever_was_met_in_the_home_is_checked_on_once_harm_is_spoken_of(role: str) -> None:
    """Partner, grandfather, uncle and lodger alike, within a week; not before anything is feared."""
    assert "checks" not in topics(OF_OLD, home(10, role), until=60, about="csc/p1")
    entries = (OF_OLD, home(10, role), said("school", 12, HARM))
    assert "checks" in topics(*entries, until=20, about="csc/p1")


@pytest.mark.parametrize("role", ["older sister", "social worker", "foster carer", "school nurse", "mother"])
def test_children_professionals_and_the_mother_are_not(role: str) -> None:
    """Nobody asks the police about a sister or about the worker who called."""
    entries = (OF_OLD, home(10, role), said("school", 12, HARM), decision("csc", 20, "close"))
    assert "checks" not in topics(*entries, until=60, about="csc/p1")


def test_of_whom_harm_is_feared_is_asked_about_at_once() -> None:
    """On the day on which both are known, whichever came first."""
    feared = said("csc", 8, ALLEGED, people=[{"ref": "p1", "role": "mother's partner"}])
    assert "checks" in topics(OF_OLD, feared, home(10, "mother's partner"), until=10, about="csc/p1")
    assert "checks" in topics(OF_OLD, home(7, "mother's partner"), feared, until=8, about="csc/p1")


def test_before_social_care_closes_a_case_it_is_asked_about_at_once() -> None:
    """The day after a visit at which he was there; that a family ends help which it asked for asks for nothing."""
    met = home(10, "mother's partner")
    assert "checks" in topics(OF_OLD, met, decision("csc", 11, "close"), until=11, about="csc/p1")
    assert "checks" not in topics(OF_OLD, met, decision("school", 11, "close"), until=60, about="csc/p1")


@pytest.mark.parametrize("asked", [5, 15])
def test_an_answered_check_ends_it_and_an_open_one_does_not(asked: int) -> None:
    """Answered before it was necessary, or after; what was asked and not answered is tried."""
    lives = said("hv", 9, claim("presence", "lives_here"))
    entries = (OF_OLD, lives, said("school", 12, HARM))
    assert "checks" not in topics(*_in_order(*entries, check(asked, "father", asked)), until=60, about="father")
    assert "checks" in topics(*_in_order(*entries, check(asked, "father")), until=60, about="father")


def _in_order(*entries: Entry) -> list[Entry]:
    return sorted(entries, key=lambda entry: entry[0])


def test_a_parent_is_heard_afresh_before_a_decision() -> None:
    """Met half a year before is not heard on this; met a month before is. It is asked for on the day."""
    gone = said("csc", 195, claim("presence", "absent", told="mother"))
    closed = decision("csc", 200, "close")
    assert "heard" in topics(OF_OLD, visit("police", 10, "father"), gone, closed, until=200, about="father")
    assert "heard" not in topics(OF_OLD, visit("police", 170, "father"), gone, closed, until=260, about="father")
    assert "heard" not in topics(OF_OLD, gone, closed, visit("csc", 210, "father"), until=260, about="father")


def test_a_second_decision_asks_anew() -> None:
    """He was heard before the first, and not in the year up to the second."""
    first = (
        OF_OLD,
        said("csc", 5, claim("presence", "visits")),
        visit("csc", 10, "father"),
        decision("csc", 12, "close"),
    )
    assert "heard" not in topics(*first, until=300, about="father")
    assert "heard" in topics(*first, decision("csc", 380, "no_action"), until=381, about="father")


def test_a_parent_who_was_missed_must_be_met_since() -> None:
    """That he was met the month before does not say what he says now."""
    missed = said("csc", 40, claim("not_seen_because", "At work.", told="mother"))
    entries = (OF_OLD, visit("hv", 10, "father"), missed)
    assert "heard" not in topics(*entries, until=44, about="father")
    assert "heard" in topics(*entries, until=50, about="father")
    assert "heard" not in topics(*entries, visit("hv", 51, "father", "child"), until=60, about="father")


def test_a_child_that_was_heard_in_earshot_is_to_be_seen_alone_again() -> None:
    """She told of it alone, and was asked again with the aunt in the room; that she was alone before does not count."""
    told = said("school", 10, HARM, contact={"depth": "seen_alone", "present": ["child"], "outcome": "held"})
    heard = visit("csc", 15, "p1", "child", in_earshot=["p1"])
    assert "seen_alone" not in topics(OF_OLD, told, until=60, about="child")
    assert "seen_alone" in topics(OF_OLD, told, heard, until=30, about="child")
    alone = visit("school", 20, "child", depth="seen_alone")
    assert "seen_alone" not in topics(OF_OLD, told, heard, alone, until=30, about="child")


def test_only_sight_answers_where_a_baby_sleeps() -> None:
    """Told three times is not seen; a sofa seen is no answer either."""
    cot = claim("sleep_arrangement", "own_cot", told="mother", about="child")
    entries = (born(0), said("hv", 10, cot), said("gp", 20, cot))
    sofa = said("police", 25, claim("sleep_arrangement", "shares_sofa", about="child"))
    assert "sleep_arrangement" not in topics(*entries, sofa, until=37, about="child")
    assert "sleep_arrangement" in topics(*entries, sofa, until=40, about="child")
    seen = said("hv", 30, claim("sleep_arrangement", "own_cot", about="child"))
    assert "sleep_arrangement" not in topics(*entries, seen, until=60, about="child")


def test_agencies_are_at_work_together_and_not_years_apart() -> None:
    """Three within two years need a lead; two that were done long before the third came do not."""
    early = (OF_OLD, involved("hv", 1), involved("gp", 2))
    assert "lead" in topics(*early, involved("police", 90), until=120, about="child")
    assert "lead" not in topics(*early, involved("police", 900), until=930, about="child")


def test_the_rule_that_speaks_in_its_stead_is_one_of_the_pack() -> None:
    """What ``then`` names is there, and awaits something."""
    rules = load_pack(SHIPPED / "default").rules
    after = {rule.settings["then"] for rule in rules.values() if "then" in rule.settings}
    assert after
    assert all(rules[name].family.awaits is not None for name in after)


def test_what_another_register_wrote_down_shortly_before_is_known() -> None:
    """On the new practice's list, and taken off the old one's; not where that was years before."""
    known: dict[str, Any] = {"about": "child", "basis": "own_record"}
    registered = said("surgery", 10, claim("gp_registration", "registered", valid="2022/..", **known))
    removed = claim("gp_registration", "removed", **known)
    assert "gp_registration" not in topics(OF_OLD, registered, said("gp", 15, removed), until=40, about="child")
    assert "gp_registration" in topics(OF_OLD, registered, said("gp", 500, removed), until=520, about="child")
