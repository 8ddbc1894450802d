import copy
from typing import Any

import pytest

from ledger.services.choose_reliance import basis_of

SAID = {"entry": "a.7", "index": 0, "words": "The father’s presence: absent"}


def decision() -> dict[str, Any]:
    one = {
        "item": "household_agreed",
        "meaning": "It is agreed who lives with the child.",
        "states": ["open"],
        "grave": True,
        "latest": [SAID],
        "against": [],
    }
    return {"standing": "not_standing", "why": "-", "assumptions": [one], "withheld": []}


def test_the_same_basis_has_one_name_however_it_is_worded() -> None:
    """Words and contacts may be put otherwise: whoever decides was shown the same statements, standing alike."""
    other = decision()
    other["why"] = "In other words."
    other["assumptions"][0]["ring"] = [{"agency": "hv"}]
    assert basis_of(other) == basis_of(decision())


@pytest.mark.parametrize(
    "changed",
    [
        {"states": ["contested"]},
        {"states": []},
        {"grave": False},
        {"latest": []},
        {"latest": [SAID | {"entry": "a.9"}]},
        {"latest": [SAID | {"index": 1}]},
        {"against": [SAID]},
    ],
    ids=str,
)
def test_whatever_changes_a_basis_changes_its_name(changed: dict[str, Any]) -> None:
    """Another state or weight, a statement more, less or other: nobody decides on it without having seen that."""
    other = copy.deepcopy(decision())
    other["assumptions"][0] |= changed
    assert basis_of(other) != basis_of(decision())


def test_what_is_held_back_is_a_part_of_it() -> None:
    """That somebody else now holds what was not weighed is news, and so is another standing."""
    assert basis_of(decision() | {"withheld": [{"agency": "police"}]}) != basis_of(decision())
    assert basis_of(decision() | {"standing": "standing"}) != basis_of(decision())
