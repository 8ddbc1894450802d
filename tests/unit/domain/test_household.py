"""Whether somebody is of the child's household, by what is held now."""

from ledger.domain.household import household_of
from tests.saying import says
from tests.unit.domain.picturing import drawn


def lives(*entries: dict[str, object]) -> str | None:
    """What a picture's rows of the father say of it in May 2022."""
    people = drawn(*entries, at="2022-05-01").people
    return household_of(next(person.rows for person in people if person.name == "father"))


def test_in_out_and_both() -> None:
    """One word is in or out, two that differ are contested; what allows either says nothing."""
    there = says("hv", "lives_here", "2022-04-20", "2022-04/..")
    gone = says("csc", "absent", "2022-04-20", "2022-04/..", told="mother")
    vague = says("gp", "present", "2022-04-20", "2022-04/..")
    assert (lives(there), lives(gone), lives(vague)) == ("in", "out", None)
    assert lives(there, gone) == "contested"


def test_what_has_ended_or_is_to_come_says_nothing() -> None:
    """Only what is held of the moment counts."""
    assert lives(says("hv", "lives_here", "2022-04-20", "2021-01/2021-12")) is None
    assert lives(says("hv", "lives_here", "2022-06-20", "2022-06/..")) is None
