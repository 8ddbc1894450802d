"""What to call a child on a page or in an alert, from the details that the record holds."""

from collections.abc import Mapping
from typing import Any

from ledger.services.word_dates import word_valid


def name_child(details: Mapping[str, Any]) -> str:
    """The child's name, or when it was or will be born."""
    name = details.get("name")
    if isinstance(name, str) and name.strip():
        return name
    born, expected = details.get("born"), details.get("expected")
    if isinstance(born, str):
        return f"Child born {word_valid(born)}"
    if isinstance(expected, str):
        return f"Unborn child, expected {word_valid(expected)}"
    return "Child whose details are not known"
