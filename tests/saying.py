"""What agencies say, for tests of detection: short builders with visible defaults."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from ledger.domain.edtf import observed_bounds
from ledger.domain.event import EntryStep
from ledger.domain.pack import Pack

PRESENCE: dict[str, Any] = {
    "about": "person",
    "type": "state",
    "meaning": "What part this adult has in the home.",
    "states": ["resident", "overnight", "visits", "away_contact", "none"],
    "values": {
        "lives_here": ["resident"],
        "stays_overnight": ["overnight", "resident"],
        "visits": ["visits", "overnight"],
        "present": ["resident", "overnight", "visits"],
        "not_resident": ["overnight", "visits", "away_contact", "none"],
        "in_contact": ["resident", "overnight", "visits", "away_contact"],
        "absent": ["away_contact", "none"],
        "no_contact": ["none"],
    },
    "holds_for": "P90D",
    "critical": "yes",
    "ask": "Who lives there?",
    "source": "A case review",
    "examples": [
        {
            "shows": "gone and there",
            "finds": "contradiction",
            "claims": [
                {"agency": "csc", "observed": "2022-03-10", "value": "absent", "basis": "seen"},
                {"agency": "hv", "observed": "2022-03-10", "value": "present", "basis": "seen"},
            ],
        },
        {
            "shows": "there and there",
            "finds": "nothing",
            "claims": [{"agency": "hv", "observed": "2022-03-10", "value": "present", "basis": "seen"}],
        },
    ],
}


def pack_with(**attributes: dict[str, Any]) -> Pack:
    """A pack of these attributes."""
    return Pack.from_mapping({"pack": "test", "version": "1", "attributes": attributes})


def presence_pack(**changes: str) -> Pack:
    """A pack with presence alone, with these of its settings changed."""
    return pack_with(presence={**PRESENCE, **changes})


def says(
    agency: str, value: str | None, observed: str, valid: str | None = None, *, told: str | None = None, **more: Any
) -> dict[str, Any]:
    """An observation by ``agency`` with one claim about the father's presence; ``told`` names the informant."""
    claim = {"about": "father", "attribute": "presence", "value": value, "valid": valid, "basis": "seen"}
    if told is not None:
        claim |= {"basis": "told", "informant": told}
    author = more.pop("author", None)
    claim |= more
    body = {"observed": observed, "statement": "fact", "claims": [{k: v for k, v in claim.items() if v is not None}]}
    return {"agency": agency, "kind": "observation", "body": {**body, **({"author": author} if author else {})}}


def corrects(number: int, observation: dict[str, Any], agency: str | None = None) -> dict[str, Any]:
    """A correction of entry ``number`` by this observation."""
    body = {"reason": "Typed wrongly.", "observation": observation["body"]}
    return {"agency": agency or observation["agency"], "kind": "correction", "body": body, "target": number}


def voids(number: int, agency: str) -> dict[str, Any]:
    """A void of entry ``number``."""
    return {"agency": agency, "kind": "void", "body": {"reason": "Another child."}, "target": number}


def links(*people: str, sort: str = "people", kind: str = "link") -> dict[str, Any]:
    """A link, or an unlink, of people or things."""
    return {"agency": "csc", "kind": kind, "body": {sort: list(people), "reason": "Known to be one."}}


def steps(*entries: dict[str, Any], at: Sequence[datetime] = ()) -> list[EntryStep]:
    """Entries as steps, each recorded when it was observed or just after the one before it."""
    made: list[EntryStep] = []
    now = datetime(2000, 1, 1, tzinfo=UTC)
    for number, entry in zip(count(1), entries, strict=False):
        body = entry["body"].get("observation", entry["body"])
        if "observed" in body:
            now = max(now, observed_bounds(body["observed"]).end)
        now = max(at[number - 1], now) if at else now + timedelta(seconds=1)
        made.append(EntryStep(number=number, at=now, **entry))
    return made
