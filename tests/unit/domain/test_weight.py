from datetime import UTC, datetime

import pytest

from ledger.domain.finding import Basis, Kind, Tier
from ledger.domain.weight import weigh
from tests.saying import presence_pack

PACK = presence_pack()


@pytest.mark.parametrize(
    ("kind", "tier", "is_met", "severity"),
    [
        ("gap", "prompt", False, "low"),
        ("gap", "queue", False, "medium"),
        ("expectation", "queue", False, "medium"),
        ("expectation", "queue", True, "low"),
    ],
)
def test_what_only_needs_asking_or_looking_at_weighs_less(kind: Kind, tier: Tier, is_met: bool, severity: str) -> None:
    """A gap is a tier lower until an enquiry into it went unanswered; what has come is lower too."""
    weight = weigh(Basis(kind, (), tier=tier, is_met=is_met), "note", "a_rule", PACK)
    assert weight.severity == severity
    assert weight.reasons


@pytest.mark.parametrize(
    ("tier", "is_lapsed", "severity"),
    [("prompt", False, "low"), ("prompt", True, "medium"), ("queue", False, "medium"), ("interrupt", False, "medium")],
)
def test_what_is_not_late_yet_weighs_less(tier: Tier, is_lapsed: bool, severity: str) -> None:
    """Unless it interrupts at once, or is an alert already."""
    due = datetime(2022, 3, 1, tzinfo=UTC)
    weight = weigh(Basis("expectation", (), tier=tier, is_lapsed=is_lapsed, due=due), "note", "a_rule", PACK)
    assert weight.severity == severity
