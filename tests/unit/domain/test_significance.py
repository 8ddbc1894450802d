"""What stands out in a chronology, by the words of the pack that is shipped."""

from datetime import UTC, datetime
from typing import Any

import pytest

from ledger.domain.claim import Claim, claims_of_entry
from ledger.domain.significance import MEANS, SIGNIFICANCES, significance
from tests.shipped import shipped_pack


def said(*claims: dict[str, Any]) -> list[Claim]:
    """The claims of one observation of the author's own."""
    body = {"observed": "2023-01-01", "statement": "fact", "claims": [{"basis": "seen", **one} for one in claims]}
    return claims_of_entry("observation", body, agency="hv", number=1, recorded_at=datetime(2023, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("kind", "claims", "expected"),
    [
        ("observation", [], ()),
        ("observation", [{"about": "child", "attribute": "weight", "value": "4.32"}], ()),
        ("observation", [{"about": "child", "attribute": "injury", "value": "bruise", "thing": "b"}], ("harm",)),
        ("observation", [{"about": "child", "attribute": "injury", "value": "none", "thing": "b"}], ()),
        ("observation", [{"about": "child", "attribute": "growth", "value": "faltering"}], ("concern",)),
        ("observation", [{"about": "child", "attribute": "growth", "value": "gaining"}], ()),
        ("observation", [{"about": "father", "attribute": "presence", "value": "visits"}], ("change",)),
        ("observation", [{"about": "father", "attribute": "presence", "not_known": "declined"}], ()),
        ("decision", [], ("decision",)),
        ("allegation", [], ("concern",)),
        ("involvement", [], ()),
        (None, [], ()),
    ],
)
def test_an_entry_stands_out_by_what_it_says(
    kind: str, claims: list[dict[str, Any]], expected: tuple[str, ...]
) -> None:
    """Harm, decisions, concerns and changes do; what reassures, what is not known and what is usual does not."""
    assert significance(kind, said(*claims), shipped_pack()) == expected


def test_the_weightiest_reason_comes_first() -> None:
    """An entry that stands out for several reasons is drawn by the first."""
    claims = said(
        {"about": "father", "attribute": "presence", "value": "visits"},
        {"about": "child", "attribute": "growth", "value": "faltering"},
        {"about": "child", "attribute": "injury", "value": "bruise", "thing": "b"},
    )
    assert significance("observation", claims, shipped_pack()) == ("harm", "concern", "change")
    assert tuple(MEANS) == SIGNIFICANCES


@pytest.mark.parametrize(("found", "expected"), [("contradiction", ("finding",)), ("gap", ()), (None, ("finding",))])
def test_a_gap_is_no_finding_that_stands_out(found: str | None, expected: tuple[str, ...]) -> None:
    """What only needs asking does not; what merely points at something does, whatever it is of."""
    assert significance("finding_raised", [], shipped_pack(), found) == expected
