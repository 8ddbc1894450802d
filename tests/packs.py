"""A small pack with a constraint, for tests of packs: builders with visible defaults."""

from typing import Any

from tests.saying import PRESENCE

ORDER: dict[str, Any] = {
    "about": "person",
    "item": "required",
    "type": "state",
    "compared": "no",
    "meaning": "Whether the order that item names is in force.",
    "states": ["in_force", "not_in_force"],
    "values": {"in_force": ["in_force"], "ended": ["not_in_force"]},
    "topic": "safety",
}
SAID = {"agency": "csc", "observed": "2022-03-10", "basis": "own_record"}
FORBIDDEN = {**SAID, "attribute": "order", "item": "no contact", "value": "in_force", "valid": "2022-03-01/.."}
THERE = {**SAID, "agency": "hv", "basis": "seen", "attribute": "presence", "value": "present", "valid": "2022-03/.."}
BREACHED: dict[str, Any] = {
    "family": "excludes",
    "critical": "yes",
    "meaning": "A person whom an order keeps away is there.",
    "source": "A case review",
    "ask": "Who knows of the order?",
    "one": {"attribute": "order", "values": ["in_force"], "items": ["no contact"]},
    "other": {"attribute": "presence", "values": ["present", "lives_here"]},
    "same": ["about"],
    "examples": [
        {"shows": "seen in the home", "finds": "contradiction", "claims": [FORBIDDEN, THERE]},
        {
            "shows": "an order that has ended",
            "finds": "nothing",
            "claims": [{**FORBIDDEN, "value": "ended"}, THERE],
        },
    ],
}


def written(**changes: Any) -> dict[str, Any]:
    """A pack with one rule, with these keys of the rule changed; None takes a key away."""
    rule = {key: value for key, value in {**BREACHED, **changes}.items() if value is not None}
    return {
        "pack": "test",
        "version": "1",
        "attributes": {"presence": PRESENCE, "order": ORDER},
        "topics": {"safety": {"meaning": "Safety.", "answered_by": "seen", "source": "A guide"}},
        "rules": {"order_breached": rule},
    }
