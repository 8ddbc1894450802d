"""Weight and attendance that fall over several agencies' records."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.domain.rules.passing import claim, said
from tests.unit.domain.rules.patterning import ATTENDANCE, WEIGHT, born, shown, weighed


def test_two_falls_in_a_row() -> None:
    """A little less each time, by whoever weighs."""
    falls = [weighed("hv", 1, "6.80"), weighed("gp", 20, "6.70"), weighed("hospital", 40, "6.60")]
    assert shown(WEIGHT, *falls) == [1, 2, 3]
    assert shown(WEIGHT, *falls[:2]) == []


def test_one_fall_that_no_scales_explain() -> None:
    """At least three in a hundred and three hundred grams, over a fortnight or more."""
    assert shown(WEIGHT, weighed("hv", 1, "6.80"), weighed("gp", 15, "6.50")) == [1, 2]
    assert shown(WEIGHT, weighed("hv", 1, "6.80"), weighed("gp", 15, "6.51")) == []
    assert shown(WEIGHT, weighed("hv", 1, "6.80"), weighed("gp", 14, "6.20")) == []
    assert shown(WEIGHT, weighed("hv", 1, "60.0"), weighed("gp", 15, "59.0")) == []


def test_what_was_regained_is_no_fall() -> None:
    """An illness, and back on the line since."""
    ill = [weighed("hv", 1, "6.8"), weighed("gp", 30, "6.2")]
    assert shown(WEIGHT, *ill, weighed("hv", 50, "6.9")) == []
    assert shown(WEIGHT, *ill, weighed("hv", 50, "6.6")) == []
    assert shown(WEIGHT, *ill, weighed("hv", 50, "6.3")) == [1, 2]


def test_newborn_children_lose_before_they_gain() -> None:
    """The falls of the first fortnight are none; below the lowest of them at four weeks is one."""
    first = [born(0), weighed("hv", 0, "3.50"), weighed("hv", 3, "3.40"), weighed("hv", 6, "3.25")]
    assert shown(WEIGHT, *first) == []
    assert shown(WEIGHT, *first, weighed("hv", 28, "3.30")) == []
    assert shown(WEIGHT, *first, weighed("gp", 28, "2.90"))[-1] == 5


def test_what_was_told_is_not_read() -> None:
    """Only what somebody had on the scales."""
    assert shown(WEIGHT, weighed("hv", 1, "6.8"), said("gp", 30, claim("weight", "6.0", told="mother"))) == []


def test_words_without_figures() -> None:
    """Faltering, twice in a month; not after somebody says that it gains again."""
    low = [said(agency, on, claim("growth", "faltering", basis="judgement")) for agency, on in (("hv", 1), ("gp", 30))]
    assert shown(WEIGHT, *low) == [1, 2]
    assert shown(WEIGHT, low[0]) == []
    assert shown(WEIGHT, *low, said("hv", 60, claim("growth", "gaining", basis="measured"))) == []


def register(on: int, percent: str, agency: str = "school") -> dict[str, Any]:
    """A school's figure of a day."""
    return said(agency, on, claim("attendance_percent", percent, basis="own_record"))


@pytest.mark.parametrize(
    ("figures", "is_found"),
    [
        (("96", "91", "84"), True),
        (("97", "96", "95"), False),
        (("96", "84"), True),
        (("96", "88"), False),
        (("80", "84", "90"), False),
        (("96", "84", "95"), False),
    ],
)
def test_attendance(figures: tuple[str, ...], is_found: bool) -> None:
    """Two falls of five in a hundred together, or one of ten; a point or two is none."""
    told = [register(on * 60 + 1, percent) for on, percent in enumerate(figures)]
    assert bool(shown(ATTENDANCE, *told)) is is_found


@given(st.lists(st.integers(200, 900), min_size=2, max_size=8))
def test_a_child_that_only_gains_is_never_found(grams: list[int]) -> None:
    """Weights that rise, or stay, are no fall, whoever has them."""
    rising = [str(Decimal(one) / 100) for one in sorted(grams)]
    told = [weighed(("hv", "gp")[place % 2], place * 15, kg) for place, kg in enumerate(rising)]
    assert shown(WEIGHT, *told) == []
