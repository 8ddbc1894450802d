"""Breaks that part a child from those who know it, and what answers them."""

from typing import Any

from tests.unit.domain.rules.passing import claim, day, said
from tests.unit.domain.rules.patterning import BREAKS, shown

STREETS = ("3 Elm Road, Leeds", "9 Oak Street, Bradford", "4 Ash Close, York", "7 Birch Lane, Hull")


def moved(agency: str, on: int, street: int, about: str = "child") -> dict[str, Any]:
    """Where somebody lives from that day on."""
    home = claim("address", STREETS[street], about=about, valid=f"{day(on)}/..", basis="own_record")
    return said(agency, on, home)


def listed(agency: str, on: int, attribute: str, value: str, item: str | None = None, **more: Any) -> dict[str, Any]:
    """A word of a register on the child."""
    named = {} if item is None else {"item": item}
    return said(agency, on, claim(attribute, value, **{"basis": "own_record", **named, **more}))


HOMES = [moved("hv", 0, 0), moved("hv", 60, 1), moved("csc", 120, 2)]
OFF = listed("gp", 150, "gp_registration", "removed")


def test_two_moves_and_off_a_list() -> None:
    """Three breaks; the first home is none."""
    assert shown(BREAKS, *HOMES, OFF) == [2, 3, 4]
    assert shown(BREAKS, *HOMES) == []
    assert shown(BREAKS, *HOMES[1:], OFF) == []


def test_three_moves_are_enough() -> None:
    """Of one sort, where it is moving."""
    assert shown(BREAKS, *HOMES, moved("hv", 200, 3)) == [2, 3, 4]


def test_the_window_is_a_year() -> None:
    """What lies further apart is no pattern."""
    assert shown(BREAKS, *HOMES, listed("gp", 425, "gp_registration", "removed")) == [2, 3, 4]
    assert shown(BREAKS, *HOMES, listed("gp", 426, "gp_registration", "removed")) == []


def test_three_sorts_of_breaks() -> None:
    """Off a roll, notes that never came, and a name that nobody knew."""
    names = [
        said("school", on, claim("name_used", name, basis="own_record"))
        for on, name in ((0, "Ann Fox"), (30, "Joy Hall"))
    ]
    roll = listed("school", 50, "school_enrolment", "off_roll", "Elm")
    notes = listed("school", 90, "records_transfer", "not_received", "school")
    assert shown(BREAKS, *names, roll, notes) == [2, 3, 4]
    assert shown(BREAKS, *names[:1], roll, notes) == []


def test_one_name_spelt_longer_is_one() -> None:
    """A name that shares a word with one before is no new one."""
    names = [
        said("school", on, claim("name_used", name, basis="own_record")) for on, name in ((0, "Ann Fox"), (30, "Fox"))
    ]
    roll = listed("school", 50, "school_enrolment", "off_roll", "Elm")
    notes = listed("school", 90, "records_transfer", "not_received", "school")
    assert shown(BREAKS, *names, roll, notes) == []


def test_one_move_in_several_files_is_one() -> None:
    """The child's and its mother's, in two agencies' records, days apart."""
    hers = [moved("csc", 1, 0, "mother"), moved("csc", 62, 1, "mother")]
    assert shown(BREAKS, *HOMES[:2], *hers, OFF) == []


def test_a_break_that_the_receiver_answered_is_none() -> None:
    """Registered at the next practice, by its own record; by what the mother says it is not."""
    kept = listed("gp", 160, "gp_registration", "registered", "the new practice")
    assert shown(BREAKS, *HOMES, OFF, kept) == []
    told = said("hv", 160, claim("gp_registration", "registered", told="mother"))
    assert shown(BREAKS, *HOMES, OFF, told) == [2, 3, 4]


def test_an_older_list_answers_nothing() -> None:
    """That the first practice had the child before it moved."""
    before = listed("gp", 155, "gp_registration", "registered", valid="2021-01/2022-04")
    assert shown(BREAKS, *HOMES, OFF, before) == [2, 3, 4]
