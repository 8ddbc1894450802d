"""Ages by vague and differing dates of birth, and births before term."""

import pytest

from ledger.domain.age import Age, age_at, days_early
from ledger.domain.claim import Claim, claims_of
from ledger.domain.edtf import observed_bounds
from tests.unit.domain.claiming import AT

WHEN = observed_bounds("2022-03-10")


def said(*values: str) -> list[Claim]:
    """One claim for each value."""
    sent = [{"about": "child", "attribute": "x", "value": value, "basis": "seen"} for value in values]
    return claims_of(
        {"observed": "2022-03-10", "statement": "fact", "claims": sent}, agency="hv", number=1, recorded_at=AT
    )


@pytest.mark.parametrize(
    ("births", "age"),
    [
        (["2022-03-10"], Age(0, 1)),
        (["2022-03-01"], Age(8, 10)),
        (["2022-02"], Age(9, 38)),
        (["2022-03-01", "2022-02-01"], Age(8, 38)),
        (["2022-04-01"], None),
        (["no date"], None),
        ([], None),
    ],
)
def test_an_age_has_room_for_every_reading(births: list[str], age: Age | None) -> None:
    """From the youngest to the oldest that any date allows; nobody has an age before being born."""
    assert age_at((WHEN.start, WHEN.end), said(*births)) == age


@pytest.mark.parametrize(
    ("gestations", "expected", "early"),
    [
        ([], [], 0),
        (["40"], [], 0),
        (["37"], [], 0),
        (["30"], [], 70),
        (["30", "32"], [], 56),
        (["30", "39"], [], 0),
        (["40"], ["2022-06-01"], 0),
        ([], ["2022-04-15"], 44),
        ([], ["2022-03-10"], 0),
        ([], ["soon"], 0),
    ],
)
def test_a_birth_is_as_early_as_every_source_grants(gestations: list[str], expected: list[str], early: int) -> None:
    """The least that anybody says; what is known of the pregnancy's weeks comes before the expected day."""
    assert days_early(said("2022-03-01"), said(*expected), said(*gestations)) == early
