"""Who had care and where the child slept: what nobody speaks of is a gap, and what breaks an order is found."""

from datetime import date
from typing import Any

import pytest

from ledger.domain.care_timeline import Crossing, Gap, crossings, gaps_in
from ledger.domain.civil_day import civil_date
from ledger.domain.facts import Facts
from tests.folding import all_of
from tests.saying import steps
from tests.shipped import shipped_pack
from tests.unit.domain.picturing import drawn, noon

LANES = {name for names in shipped_pack().views.care.values() for name in names}


def observation(agency: str, day: str, claim: dict[str, Any]) -> dict[str, Any]:
    """One claim."""
    return {"agency": agency, "kind": "observation", "body": {"observed": day, "statement": "fact", "claims": [claim]}}


def slept(day: str, valid: str, **more: Any) -> dict[str, Any]:
    """Where the child slept, as told to social care."""
    claim = {"about": "child", "attribute": "sleeps_at", "value": "4 Mill Lane, Shrewsbury", "valid": valid}
    claim |= {"basis": "told", "informant": "mother", **more}
    return observation("csc", day, claim)


def condition(value: str, valid: str, day: str = "2022-03-01") -> dict[str, Any]:
    claim = {"about": "father", "attribute": "contact_condition", "item": "bail", "value": value, "valid": valid,
             "basis": "own_record"}  # fmt: skip
    return observation("police", day, claim)


def seen_there(day: str) -> dict[str, Any]:
    claim = {"about": "father", "attribute": "presence", "value": "lives_here", "valid": day, "basis": "seen"}
    return observation("hv", day, claim)


def gaps(*entries: dict[str, Any], since: str = "2022-03-01", at: str = "2022-03-31") -> list[Gap]:
    """The gaps in where the child slept."""
    rows = [row for person in drawn(*entries, at=at, pack=shipped_pack(), history=True).people for row in person.rows]
    return gaps_in(rows, noon(since), noon(at))


def days(gap: Gap) -> tuple[date, date, bool]:
    return civil_date(gap.since.latest), civil_date(gap.until.earliest), gap.is_presumed


def test_a_stretch_that_nobody_speaks_of_is_a_gap() -> None:
    """Between two stretches of which somebody speaks, before the first and after the last."""
    found = gaps(slept("2022-03-12", "2022-03-05/2022-03-10"), slept("2022-03-25", "2022-03-20/2022-03-22"))
    assert [days(gap) for gap in found] == [
        (date(2022, 3, 1), date(2022, 3, 5), False),
        (date(2022, 3, 11), date(2022, 3, 20), False),
        (date(2022, 3, 23), date(2022, 3, 31), False),
    ]


def test_a_gap_is_as_vague_as_what_stands_beside_it() -> None:
    """Where the words before and after it end and begin on days, each bound has room for that day."""
    _, gap, _ = gaps(slept("2022-03-12", "2022-03-05/2022-03-10"), slept("2022-03-25", "2022-03-20/2022-03-22"))
    assert gap.since.earliest < gap.since.latest
    assert gap.until.earliest < gap.until.latest


def test_what_is_carried_on_is_presumed_and_no_gap() -> None:
    """A word said to go on leaves no gap after it, and nobody said so of that time: it is shown as presumed."""
    (before, after) = gaps(slept("2022-03-10", "2022-03-05/.."))
    assert days(before) == (date(2022, 3, 1), date(2022, 3, 5), False)
    assert days(after) == (date(2022, 3, 11), date(2022, 3, 31), True)


def test_stretches_that_meet_leave_no_gap() -> None:
    """From one day to the next there is nothing between."""
    found = gaps(slept("2022-03-15", "2022-03-01/2022-03-10"), slept("2022-03-31", "2022-03-11/2022-03-31"))
    assert [gap for gap in found if gap.since.latest > noon("2022-03-01")] == []


def test_without_a_word_all_of_it_is_one_gap() -> None:
    """Of a child of whom nobody says where it slept, the whole time is open."""
    (gap,) = gaps(seen_there("2022-03-05"))[-1:]
    assert not gap.is_presumed


def against(*entries: dict[str, Any]) -> list[Crossing]:
    pack = shipped_pack()
    return crossings(Facts(all_of(steps(*entries), pack), pack), pack, LANES)


def test_a_sighting_against_a_condition_is_a_breach() -> None:
    """Bail that forbids contact, and the man in the home while it runs: the rule, both statements, and when."""
    (found,) = against(condition("no_contact", "2022-03-01/2022-06-01"), seen_there("2022-04-10"))
    assert (found.rule.name, found.sort) == ("no_contact_condition_and_in_the_home", "breach")
    assert sorted(ref.number for side in found.sides for ref in side) == [1, 2]
    assert civil_date(found.since) == date(2022, 4, 10)


@pytest.mark.parametrize(
    "entries",
    [
        [condition("no_contact", "2022-03-01/2022-04-01"), seen_there("2022-04-10")],
        [condition("lifted", "2022-03-01/2022-06-01"), seen_there("2022-04-10")],
        [condition("no_contact", "2022-03-01/2022-06-01")],
        [seen_there("2022-04-10")],
    ],
)
def test_nothing_is_against_an_order_that_does_not_run(entries: list[dict[str, Any]]) -> None:
    """Ended, lifted, alone: nothing is broken."""
    assert against(*entries) == []
