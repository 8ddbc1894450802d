"""Saying where something was refused."""

import pytest

from ledger.api.pointers import FieldError, Path, Refusal, errors_of, nested, pointer_to


@pytest.mark.parametrize(
    ("path", "pointer"),
    [
        ((), ""),
        (("claims", 0, "value"), "/claims/0/value"),
        (("_schema",), "/_schema"),
        (("claims", "Ann Other lives here", "value"), "/claims"),
        (("a/b",), ""),
        (("x" * 41,), ""),
    ],
)
def test_pointers_hold_only_what_is_shaped_like_a_name(path: Path, pointer: str) -> None:
    """A pointer is cut before a member that is not shaped like a name."""
    assert pointer_to(path) == pointer


def test_refusals_come_back_at_their_paths() -> None:
    """What is nested for marshmallow is flattened to the same paths, with its codes, an object's own included."""
    refusals: list[tuple[Path, str]] = [
        ((), Refusal("Whole.", "whole")),
        (("claims", 0), Refusal("Claim.", "claim")),
        (("claims", 0, "value"), Refusal("Value.", "value")),
        (("claims", 0, "value"), Refusal("Again.", "again")),
    ]
    assert errors_of(nested(refusals)) == [
        FieldError("", "Whole.", "whole"),
        FieldError("/claims/0", "Claim.", "claim"),
        FieldError("/claims/0/value", "Value.", "value"),
        FieldError("/claims/0/value", "Again.", "again"),
    ]


def test_an_error_is_said_once() -> None:
    """The same words at the same place are one error, and messages without a code have the general one."""
    assert errors_of({"a": ["No.", "No."], "b": "No."}) == [
        FieldError("/a", "No.", "invalid"),
        FieldError("/b", "No.", "invalid"),
    ]


def test_a_refusal_keeps_its_code_when_formatted() -> None:
    """Messages are formatted on their way; the code must live through that, and braces in the words too."""
    refusal = Refusal("Send {agency, role}.", "office")
    assert (refusal.format(input="x"), refusal.format().code) == ("Send {agency, role}.", "office")
