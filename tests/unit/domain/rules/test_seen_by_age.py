"""When the contacts that every child is offered are asked for, and when they are not."""

import pytest

from tests.unit.domain.rules.following import BY_AGE, Entry, acts, born, claim, day, found, said

HERE = acts("hv", "involvement", -3, role="universal service")
BIRTH = born(0)


def seen(agency: str, on: int, depth: str = "seen") -> Entry:
    return acts(agency, "contact", on, depth=depth, outcome="held")


@pytest.mark.parametrize(("until", "is_asked"), [(20, False), (29, True), (69, True)])
def test_it_is_asked_two_weeks_after_the_age(until: int, is_asked: bool) -> None:
    """The first visit is due by two weeks; it is a prompt, about the child, and stays until the next is due."""
    asked = found(BIRTH, HERE, until=until, rule=BY_AGE)
    assert bool(asked) is is_asked
    assert {(one.tier, one.topic, one.question.about) for one in asked} <= {("prompt", "contact", "child")}


def test_one_contact_is_asked_for_at_a_time() -> None:
    """When the next is overdue the one before is past."""
    (asked,) = found(BIRTH, HERE, until=80, rule=BY_AGE)
    assert asked.basis.due is not None
    assert asked.basis.due.date().isoformat() == "2022-05-10"


def test_a_visit_in_its_time_answers_its_own_contact() -> None:
    """A visit at ten days is none at seven weeks, and one at seven weeks is both late and the second."""
    assert found(BIRTH, HERE, seen("hv", 11), until=40, rule=BY_AGE) == []
    assert found(BIRTH, HERE, seen("hv", 11), until=80, rule=BY_AGE)
    assert found(BIRTH, HERE, seen("hv", 11), seen("hv", 50), until=200, rule=BY_AGE) == []


@pytest.mark.parametrize("visit", [seen("hv", 11, "doorstep"), seen("gp", 11), seen("hv", 2)])
def test_what_is_no_such_contact(visit: Entry) -> None:
    """Not at the door, not by another service, not days after the birth."""
    assert found(BIRTH, HERE, visit, until=40, rule=BY_AGE)


@pytest.mark.parametrize(
    "posted",
    [
        (BIRTH,),
        (BIRTH, acts("hv", "involvement", 60, role="moved here")),
        ({**born(0), "body": {"born": "2022"}}, HERE),
        (BIRTH, HERE, said("police", 9, claim("death", "happened", basis="own_record"))),
    ],
)
def test_of_whom_it_is_not_asked(posted: tuple[Entry, ...]) -> None:
    """Of those who had no part then, of a birth of some time in a year, of the dead."""
    assert found(*posted, until=40, rule=BY_AGE) == []


def test_while_the_child_is_in_hospital_it_is_not_asked() -> None:
    """Others see the baby there every day; it is asked two weeks after the baby is home."""
    ward = said("hospital", 1, claim("placement", "hospital", valid=f"{day(0)}/..", basis="own_record"))
    home = said("hospital", 40, claim("placement", "with_parents", valid=f"{day(40)}/..", basis="own_record"))
    assert found(BIRTH, HERE, ward, until=38, rule=BY_AGE) == []
    assert found(BIRTH, HERE, ward, home, until=50, rule=BY_AGE) == []
    assert found(BIRTH, HERE, ward, home, until=56, rule=BY_AGE)
