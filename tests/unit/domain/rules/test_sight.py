"""For how long a child may go unseen, whose sight counts, and when that is an alert."""

from typing import Any

import pytest

from tests.unit.domain.rules.following import SIGHT, Entry, acts, at, born, claim, found, said

OWN: dict[str, Any] = {"basis": "own_record"}
PLAN = said("csc", 0, claim("plan", "active", item="child protection", valid="2022-03-01/..", **OWN))
IN_NEED = said("csc", 0, claim("plan", "active", item="child in need", valid="2022-03-01/..", **OWN))
HOME = acts("court", "decision", 0, kind="return_home")
WORRY = said("school", 0, claim("concern", "He cries at the gate."), hour=9)
IN_VAIN = acts("csc", "contact", 5, outcome="no_access")


def seen(agency: str, on: int, **more: Any) -> Entry:
    return acts(agency, "contact", on, **{"depth": "seen", "outcome": "held", **more})


def tier(*posted: Entry, until: int) -> str | None:
    """How it is brought that the child is not seen, if it is."""
    return next((one.tier for one in found(*posted, until=until, rule=SIGHT)), None)


@pytest.mark.parametrize(
    ("standing", "last_day"),
    [(PLAN, 14), (IN_NEED, 28), (HOME, 7), (WORRY, 28)],
)
def test_each_standing_has_its_clock(standing: Entry, last_day: int) -> None:
    """Ten working days on a plan, twenty in need, a week when just home, four weeks after a worry."""
    assert tier(standing, IN_VAIN, until=last_day - 1) is None
    (finding,) = found(standing, IN_VAIN, until=last_day + 1, rule=SIGHT)
    assert (finding.tier, finding.topic, finding.raised_at.date()) == ("queue", "contact", at(last_day).date())
    assert finding.question.about == "child"


def test_silence_alone_is_a_prompt() -> None:
    """An agency that never entered a sight may not enter any: that is asked, and alarms nobody."""
    assert tier(PLAN, until=20) == "prompt"
    assert tier(PLAN, seen("csc", 2), until=20) == "queue"


@pytest.mark.parametrize(
    "visit",
    [
        seen("csc", 10),
        seen("csc", 10, depth="seen_alone"),
        seen("csc", 10, present=["mother", "child"]),
        said("csc", 10, claim("seen", "happened", **OWN)),
        said("csc", 10, claim("presentation", "well")),
    ],
)
def test_a_sight_of_the_child_winds_the_clock(visit: Entry) -> None:
    """By a contact that went so far, or by what can be said of nobody who was not seen."""
    assert tier(PLAN, visit, until=20) is None
    assert tier(PLAN, visit, until=30) == "queue"


@pytest.mark.parametrize(
    "visit",
    [
        seen("csc", 10, depth="doorstep"),
        seen("csc", 10, depth="remote"),
        seen("csc", 10, outcome="no_access"),
        seen("csc", 10, present=["mother"]),
        said("csc", 10, claim("seen", "happened", told="mother")),
        said("csc", 10, claim("presentation", "well", told="mother")),
        said("csc", 10, claim("presentation", "well"), contact={"depth": "remote"}),
        said("csc", 10, claim("seen", "did_not_happen", **OWN)),
        seen("hv", 10),
        seen("school", 10),
    ],
)
def test_what_is_no_sight_of_those_who_owe_it(visit: Entry) -> None:
    """A doorstep, a call, the mother alone, the mother's word, and the sight of others, for a plan."""
    assert tier(PLAN, visit, until=20) is not None


def test_anybodys_sight_answers_a_worry() -> None:
    """Where no one agency owes it, whoever sees the child winds the clock."""
    assert tier(WORRY, IN_VAIN, seen("hv", 20), until=30) is None


@pytest.mark.parametrize(
    "end",
    [
        said("csc", 8, claim("plan", "ended", item="child protection", valid="2022-03-08/..", **OWN)),
        said("police", 8, claim("death", "happened", **OWN)),
        said("hospital", 8, claim("placement", "hospital", valid="2022-03-08/..", **OWN)),
        said("csc", 8, claim("placement", "foster_care", valid="2022-03-08/..", **OWN)),
    ],
)
def test_what_ends_it_or_stops_the_clock(end: Entry) -> None:
    """The end of the plan, a death, a ward and foster carers who see the child every day."""
    assert tier(PLAN, IN_VAIN, end, until=60) is None


def test_back_from_the_ward_the_clock_begins_again() -> None:
    """It runs from the day on which those who saw the child every day saw it last."""
    away = said("csc", 2, claim("placement", "foster_care", valid="2022-03-03/..", **OWN))
    back = said("csc", 30, claim("placement", "with_parents", valid="2022-03-31/..", **OWN))
    assert tier(PLAN, away, back, IN_VAIN, until=40) is None
    assert tier(PLAN, away, back, IN_VAIN, until=50) is not None


def test_a_school_that_sees_the_child_answers_a_worry_and_no_plan() -> None:
    """Whoever goes to school is seen there; the worker on a plan has still to go."""
    attends = said("school", 1, claim("school_attendance", "good", valid="2022-01/..", **OWN))
    assert tier(WORRY, attends, until=60) is None
    assert tier(PLAN, attends, until=60) is not None


def test_it_is_said_once() -> None:
    """A second lapse of one plan is nothing by itself, and a prompt where it was tried in vain."""
    posted = (PLAN, seen("csc", 2), seen("csc", 30))
    assert tier(*posted, until=29) is None
    assert tier(*posted, until=80) is None
    assert tier(*posted, acts("csc", "contact", 40, outcome="no_access"), until=80) == "prompt"


def test_a_period_for_which_it_was_not_seen_lapses_at_once() -> None:
    """What is said of three weeks needs no clock."""
    unseen = said("csc", 9, claim("seen", "did_not_happen", valid="2022-02-15/2022-03-10", **OWN))
    assert tier(HOME, unseen, until=9) == "queue"


def test_before_the_birth_there_is_nobody_to_see() -> None:
    """A plan for a child that is not born yet asks for its sight from the birth on."""
    expected = {"agency": "mw", "kind": "child", "at": at(-50), "body": {"expected": "2022-06-01"}}
    birth = {"agency": "mw", "kind": "child", "at": at(20), "body": {"born": "2022-03-20"}}
    assert tier(expected, PLAN, IN_VAIN, until=60) is None
    assert tier(expected, PLAN, birth, until=25) is None
    assert tier(expected, PLAN, birth, until=60) is not None


def test_no_standing_asks_for_nothing() -> None:
    """A child of whom nobody worries is not counted in days."""
    assert tier(born(-900), seen("hv", 0), IN_VAIN, until=300) is None


def test_what_lapsed_is_over_with_the_plan_and_with_the_next_sight() -> None:
    """The end of a plan ends what it asked for, on its day; an old worry stands until somebody sees the child."""
    ended = said("csc", 30, claim("plan", "ended", item="child protection", valid="2022-03-31/..", **OWN))
    assert tier(PLAN, IN_VAIN, until=29) == "queue"
    assert tier(PLAN, IN_VAIN, ended, until=31) is None
    assert tier(WORRY, IN_VAIN, until=300) == "queue"
    assert tier(WORRY, IN_VAIN, seen("hv", 200), until=300) is None
