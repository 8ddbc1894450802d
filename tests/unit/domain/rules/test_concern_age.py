"""Concerns and reassurances far apart: what stays open however long, and what is of another time."""

from typing import Any

import pytest

from tests.unit.domain.rules.concerning import opened, said

MONTHS = 150
BRUISE = said("school", 0, "injury", "bruise", thing="school/b")
RELAPSE = said("gp", 0, "mental_health", "ill", about="father", valid="2022-03-01/..", basis="own_record")
STABLE = said("csc", MONTHS, "mental_health", "stable", about="father", told="father")
LOSING = said("school", 0, "growth", "faltering", basis="judgement")
HUNGRY = said("school", 0, "presentation", "hungry", valid="2022-02/..")
EATS = said("gp", MONTHS, "feeding", "good", told="mother")


@pytest.mark.parametrize(
    "entries",
    [
        pytest.param([BRUISE, said("csc", MONTHS, "judgement", "no_concerns")], id="an injury that nobody examined"),
        pytest.param([RELAPSE, STABLE], id="a record, and his own word"),
        pytest.param([LOSING, EATS], id="what was seen, and another's word"),
        pytest.param([HUNGRY, EATS], id="a look that was said to go on"),
    ],
)
def test_what_stays_open_however_long(entries: list[dict[str, Any]]) -> None:
    """Months make no answer: an event does not pass, and a bare word is no answer to what was seen or recorded."""
    assert list(opened(*entries).values()) == [[[1], [2]]]


@pytest.mark.parametrize(
    "entries",
    [
        pytest.param([BRUISE, said("csc", MONTHS, "presentation", "well")], id="a glance at the child"),
        pytest.param([said("gp", 0, "mental_health", "ill", about="father", valid="2018/2020", basis="own_record"),
            said("csc", 4, "mental_health", "stable", about="father", told="father")], id="over years before"),
        pytest.param([RELAPSE, said("csc", MONTHS, "mental_health", "stable", about="father")], id="seen to be better"),
        pytest.param([LOSING, said("hv", MONTHS, "growth", "gaining")], id="seen to have changed"),
        pytest.param([said("school", 0, "presentation", "hungry"), EATS], id="one day's look"),
        pytest.param([said("hv", 0, "feeding", "poor", told="mother"),
            said("gp", MONTHS, "feeding", "good", told="father")], id="one word and another"),
    ],
)  # fmt: skip
def test_what_is_of_another_time(entries: list[dict[str, Any]]) -> None:
    """A state that was over, or that somebody saw to have changed, is no concern that a reassurance met."""
    assert opened(*entries) == {}
