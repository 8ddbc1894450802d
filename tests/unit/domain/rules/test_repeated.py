"""Accounts taken back again and again."""

from typing import Any

from tests.unit.domain.rules.passing import claim, said
from tests.unit.domain.rules.patterning import TAKEN_BACK, shown


def alleged(on: int, value: str, thing: str, about: str = "father", told: str = "child", agency: str = "csc") -> Any:
    """A word on one allegation against somebody."""
    return said(agency, on, claim("allegation", value, about=about, thing=f"case/{thing}", told=told))


def step(step: str, thing: str) -> dict[str, Any]:
    """A step of an allegation in the ledger."""
    return {"agency": "csc", "kind": "allegation", "body": {"step": step, "thing": f"case/{thing}"}}


SLAP = alleged(10, "withdrawn", "slap")


def test_two_of_different_things() -> None:
    """Once decides nothing; twice is worth seeing together."""
    assert shown(TAKEN_BACK, SLAP) == []
    assert shown(TAKEN_BACK, alleged(5, "made", "slap"), SLAP, alleged(90, "withdrawn", "kick")) == [2, 3]


def test_one_withdrawal_in_several_records_is_one() -> None:
    """Whoever writes it down, and when."""
    assert shown(TAKEN_BACK, SLAP, alleged(40, "withdrawn", "slap", agency="school")) == []


def test_the_same_said_again_and_taken_back_again() -> None:
    """Between the two it was said once more."""
    assert shown(TAKEN_BACK, SLAP, alleged(40, "repeated", "slap"), alleged(60, "withdrawn", "slap")) == [1, 3]


def test_by_one_person_or_about_one_person() -> None:
    """One who tells of two, and two who tell of one; what nobody has in common is two records' worth."""
    assert shown(TAKEN_BACK, SLAP, alleged(60, "withdrawn", "theft", about="case/uncle")) == [1, 2]
    assert shown(TAKEN_BACK, SLAP, alleged(60, "withdrawn", "push", told="mother")) == [1, 2]
    assert shown(TAKEN_BACK, SLAP, alleged(60, "withdrawn", "push", about="case/uncle", told="mother")) == []


def test_by_steps_in_the_ledger() -> None:
    """A step names the thing alone; nobody says whose it is, so it counts with any."""
    assert shown(TAKEN_BACK, step("withdrawn", "slap"), step("withdrawn", "kick")) == [1, 2]
    assert shown(TAKEN_BACK, SLAP, step("withdrawn", "kick")) == [1, 2]
    assert shown(TAKEN_BACK, SLAP, step("withdrawn", "slap")) == []


def test_abuse_at_home_told_of_and_taken_back() -> None:
    """By the attribute on it, over two years and no longer."""

    def taken_back(on: int) -> dict[str, Any]:
        return said(
            "police", on, claim("domestic_abuse", "withdrawn", about="father", thing=f"case/{on}", told="mother")
        )

    assert shown(TAKEN_BACK, taken_back(0), taken_back(730)) == [1, 2]
    assert shown(TAKEN_BACK, taken_back(0), taken_back(731)) == []


def test_a_denial_is_no_withdrawal() -> None:
    """Whom it is against denies it, twice."""
    assert shown(TAKEN_BACK, *(alleged(on, "denied", f"t{on}", told="father") for on in (1, 50))) == []
