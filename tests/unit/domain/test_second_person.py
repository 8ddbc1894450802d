"""Who the second of two people is, and whether that is somebody else."""

from typing import Any

import pytest

from ledger.domain.second_person import Signatory, is_one_person, signatory

KNOWN = [("csc", "sw1", "Jo  Smith"), ("csc", "sw2", "Sam Hall"), ("hv", "sw1", "Ade Obi"), ("csc", "sw3", "")]


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        (" SW1 ", Signatory("csc", "sw1")),
        ({"agency": "hv", "person": "Ade  Obi"}, Signatory("hv", "ade obi")),
        ({"person": "sw1"}, Signatory("csc", "sw1")),
        ({"agency": "hv", "role": "manager"}, None),
        ({"agency": "hv", "person": "  "}, None),
        ("", None),
        ("-\u200b.", None),
        (None, None),
    ],
)
def test_a_person_goes_by_agency_and_name(named: Any, expected: Signatory | None) -> None:
    """Words alone are somebody of one's own agency; who has no name is nobody."""
    assert signatory(named, "csc") == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("sw1", "Sw1", True),
        ("sw1", "jo smith", True),
        ("Jo Smith", "sw1", True),
        ("sw1", "sw2", False),
        ("sw3", "Jo Smith", False),
        ("nobody here", "sw1", False),
        ({"agency": "hv", "person": "sw1"}, "sw1", False),
        ("s\u200bw1", "sw1", True),
        ("\uff53\uff57\uff11", "sw1", True),
        ("SW-1.", "sw1", True),
        ("Smith, J\u00f3", "sw1", True),
        ("sw11", "sw1", False),
    ],
)
def test_a_reference_and_a_name_may_mean_one(one: Any, other: Any, expected: bool) -> None:
    """Also where one is named by reference and the other by name, however it is spelt; one reference at two agencies is
    two people.
    """
    first, second = signatory(one, "csc"), signatory(other, "csc")
    assert first is not None
    assert second is not None
    assert is_one_person(first, second, KNOWN) is expected
    assert is_one_person(second, first, KNOWN) is expected
