"""Which injuries are of concern whatever is said of their cause, and which are everyday life."""

from dataclasses import replace
from typing import Any

import pytest

from ledger.domain.age import Age
from ledger.domain.edtf import observed_bounds
from ledger.domain.rules.injury import Criteria, Injury, concerns
from tests.unit.domain.rules.injuring import injury_pack

CRITERIA = Criteria.of(injury_pack().rules["account_nobody_checked"].settings)
DAY = observed_bounds("2022-03-10")
TODDLER = Injury(when=(DAY.start, DAY.end), sorts=frozenset({"bruise"}), age=Age(700, 700), places=1)
SHIN = replace(TODDLER, sites=frozenset({"shin"}))
GRAZE = replace(TODDLER, sorts=frozenset({"graze"}))


def words(*said: str) -> frozenset[str]:
    """These words."""
    return frozenset(said)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"sorts": words("scald")}, "sort"),
        ({"sorts": words("bruise", "fracture")}, "sort"),
        ({"sites": words("ear")}, "site"),
        ({"sites": words("shin", "buttock")}, "site"),
        ({"count": 2}, "several"),
        ({"places": 2, "sites": words("shin", "scalp")}, "several"),
        ({"sorts": words("multiple")}, "several"),
        ({"patterns": words("linear")}, "pattern"),
        ({"severities": words("serious")}, "severity"),
        ({"ages": words("different_ages")}, "age_of_injury"),
        ({"has_no_account": True}, "no_account"),
        ({"age": Age(100, 101)}, "young"),
        ({"age": Age(100, 101), "sites": words("shin")}, "young"),
        ({"is_not_mobile": True}, "not_mobile"),
        ({"before": (TODDLER,)}, "recurs"),
        ({"before": (SHIN,)}, "recurs"),
        ({"plans": words("child protection")}, "plan"),
        ({"decided": words("return_home"), "sites": words("shin")}, "decision"),
    ],
)
def test_an_injury_is_of_concern(changes: dict[str, Any], why: str) -> None:
    """By what it is, where it is, whose it is or what went before."""
    assert concerns(replace(TODDLER, **changes), CRITERIA) == (why,)


@pytest.mark.parametrize(
    "injury",
    [
        TODDLER,
        SHIN,
        GRAZE,
        replace(SHIN, sites=words("knee", "shin", "elbow"), places=3, count=4),
        replace(SHIN, before=(GRAZE, SHIN)),
        replace(SHIN, has_no_account=True),
        replace(SHIN, ages=words("healing")),
        replace(GRAZE, sites=words("cheek")),
        replace(GRAZE, plans=words("child in need")),
        replace(TODDLER, patterns=words("none"), severities=words("minor"), ages=words("fresh")),
        replace(TODDLER, sorts=words("skin_condition"), age=Age(30, 30)),
        replace(TODDLER, sites=words("head")),
        replace(TODDLER, age=None),
    ],
)
def test_an_everyday_injury_is_of_no_concern(injury: Injury) -> None:
    """What a child that walks has from playing, once or often, and what is no injury."""
    assert concerns(injury, CRITERIA) == ()
