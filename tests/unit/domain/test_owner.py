"""Whose fact it is."""

import pytest

from ledger.domain.owner import owns


@pytest.mark.parametrize(
    ("owner", "kind", "office", "expected"),
    [
        ("school", "school", None, True),
        ("school", "primary_school", None, True),
        ("school", "Primary School", None, True),
        ("school", "school_nursing", "school nurse", False),
        ("school", "preschool", None, False),
        ("mental health service", "adult_mental_health_service", None, True),
        ("mental health service", "health service", None, False),
        ("gp, practice", "general_practice", None, True),
        ("gp, practice", "gp", "receptionist", True),
        ("radiology, radiologist", "hospital", "consultant radiologist", True),
        ("radiology, radiologist", "hospital", "nurse", False),
        ("police", None, None, False),
        ("police", "", " ", False),
        (" , ", "police", None, False),
        ("", "police", None, False),
        (None, "police", None, False),
    ],
)
def test_an_owner_is_known_by_how_its_name_ends(
    owner: str | None, kind: str | None, office: str | None, expected: bool
) -> None:
    """The kind of the agency or the office of the author ends with the words that the pack names."""
    assert owns(owner, kind, office) is expected
