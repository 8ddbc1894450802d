"""One rule on what must follow, and what it finds of a few entries: short builders with visible defaults."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from ledger.domain.entry import entry_id
from ledger.domain.event import EntryStep
from ledger.domain.finding import Finding
from ledger.domain.fold import run
from ledger.domain.pack import Pack
from ledger.domain.record_state import RecordState, Surroundings

RECORD = "a" * 26
KINDS = {"hv": "health_visiting", "csc": "childrens_social_care", "school": "school", "eh": "early_help"}
AGENCIES: Mapping[str, Any] = {
    "health_visiting": {"meaning": "Health visitors.", "for": "child"},
    "childrens_social_care": {"meaning": "Social workers.", "for": "child", "also": ["social care"]},
    "school": {"meaning": "Schools.", "for": "child"},
    "early_help": {"meaning": "Early help.", "for": "both"},
}
_STATE = {"about": "anyone", "type": "state", "compared": "no", "item": "optional", "meaning": "How far it got."}
ATTRIBUTES: Mapping[str, Any] = {
    "support": {**_STATE, "states": ["before", "on"], "values": {
        "agreed": ["before", "on"], "not_begun": ["before"], "begun": ["on"], "declined": ["before"]}},
    "visit": {**_STATE, "states": ["held", "not_held"], "values": {"held": ["held"], "no_access": ["not_held"]}},
    "plan": {**_STATE, "states": ["on", "off"], "values": {"active": ["on"], "ended": ["off"]}},
    "death": {"about": "anyone", "type": "event", "meaning": "That somebody died."},
}  # fmt: skip
_ACTION = {"agency": "csc", "kind": "action", "recorded": "2022-03-10", "body": {"what": "It.", "owner": "hv"}}
_EXAMPLES = [
    {"shows": "one", "finds": "expectation", "entries": [_ACTION]},
    {"shows": "none", "finds": "nothing", "entries": [_ACTION]},
]
SUPPORT: Mapping[str, Any] = {
    "when": [{"attribute": "support", "values": ["agreed"]}],
    "missed": [{"attribute": "support", "values": ["not_begun"]}],
    "until": [{"attribute": "support", "values": ["begun"], "same": ["matter"]}],
    "awaits": "action",
    "within": "P10D",
}
VISITS: Mapping[str, Any] = {
    "when": [{"attribute": "visit", "values": ["no_access"]}, {"entry": "contact", "outcome": ["no_access"]}],
    "until": [{"attribute": "visit", "about": "anyone", "values": ["held"]}, {"entry": "contact", "outcome": ["held"]}],
    "one_for": "child",
    "awaits": "contact",
    "within": "2wd",
}


def pack(settings: Mapping[str, Any]) -> Pack:
    """A pack whose one rule, ``it``, is this one of the family `expects`."""
    rule = {"family": "expects", "meaning": "It follows.", "source": "A guide", "examples": _EXAMPLES, **settings}
    return Pack.from_mapping(
        {"pack": "t", "version": "1", "attributes": ATTRIBUTES, "agencies": AGENCIES, "rules": {"it": rule}}
    )


def at(text: str) -> datetime:
    """A moment of London's clock: a day (noon), or a day and a time."""
    return datetime.fromisoformat(text if "T" in text else f"{text}T12:00").replace(tzinfo=ZoneInfo("Europe/London"))


def claim(attribute: str, value: str | None, day: str, *, agency: str = "csc", **more: Any) -> dict[str, Any]:
    """An observation of that day with one claim about the child, recorded at noon unless it says ``recorded``."""
    recorded = more.pop("recorded", day)
    said = {"about": "child", "attribute": attribute, "value": value, "basis": "own_record", **more}
    body = {"observed": day, "statement": said.pop("statement", "fact"), "claims": [said]}
    return {"agency": agency, "kind": "observation", "at": recorded, "body": body}


def act(kind: str, day: str, /, *, agency: str = "csc", **body: Any) -> dict[str, Any]:
    """An entry of that kind; ``of`` names another by its place, from 1 on."""
    return {"agency": agency, "kind": kind, "at": day, "body": body}


def found(
    settings: Mapping[str, Any], entries: Sequence[Mapping[str, Any]], until: str, nation: str = "england"
) -> list[Finding]:
    """What the rule has open at a moment, of entries that came in the order of their moments."""
    ordered = sorted(entries, key=lambda one: at(one["at"]))
    steps = [step(number, one) for number, one in enumerate(ordered, 1)]
    state = RecordState(RECORD, around=Surroundings(nation, KINDS))  # type: ignore[arg-type] # tests name nations
    findings: Mapping[str, Finding] = {}
    for _, after, _ in run(state, steps, pack(settings), until=at(until)):
        findings = after.findings
    return sorted((one for one in findings.values() if one.rule == "it"), key=lambda one: one.raised_at)


def step(number: int, entry: Mapping[str, Any]) -> EntryStep:
    """One of these entries as a step of the record."""
    body, target = dict(entry["body"]), None
    for name in ("of", "voids"):
        if isinstance(body.get(name), int):
            target = body[name] if name == "voids" else None
            body[name] = entry_id(RECORD, body[name])
    return EntryStep(number, at(entry["at"]), entry["kind"], entry["agency"], body, target)


def shown(findings: Sequence[Finding]) -> list[list[int]]:
    """The entries of each finding."""
    return [sorted({ref.number for side in one.sides for ref in side}) for one in findings]
