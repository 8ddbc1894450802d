"""Injuries and what is said of them, for tests of the rules on accounts: short builders with visible defaults.

Days are counted from the first of January 2022.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from ledger.domain.finding import Finding
from ledger.domain.fold import run
from ledger.domain.pack import Pack
from ledger.domain.record_state import RecordState
from ledger.services.load_pack import SHIPPED
from ledger.services.read_yaml import read_yaml
from tests.saying import steps

FIRST = datetime(2022, 1, 1, tzinfo=UTC)
END = FIRST + timedelta(days=800)
RULES = "injury_rules.yaml"


@cache
def injury_pack() -> Pack:
    """The vocabulary that ships, and of its rules those on accounts of injuries alone."""
    content: dict[str, Any] = {"pack": "test", "version": "1", "attributes": {}, "topics": {}, "rules": {}}
    for file in sorted((SHIPPED / "default").glob("*.yaml")):
        read = _content(file)
        for section in ("attributes", "topics"):
            content[section] |= read.get(section, {})
        if file.name == RULES:
            content["rules"] |= {name: _alone(rule) for name, rule in read["rules"].items()}
    return Pack.from_mapping(content)


def _alone(rule: Mapping[str, Any]) -> dict[str, Any]:
    """A rule without those that tell of the same: they are not here."""
    return {key: said for key, said in rule.items() if key != "told_by"}


def _content(file: Path) -> Mapping[str, Any]:
    content = read_yaml(file.read_text(encoding="utf-8")).content
    assert isinstance(content, dict)
    return content


def day(number: int) -> str:
    """The day so many days after the first."""
    return (FIRST + timedelta(days=number)).date().isoformat()


def claim(attribute: str, value: str, thing: str | None = "case/hurt", **more: Any) -> dict[str, Any]:
    """A claim on the child's injury; ``told`` names who told it."""
    told = more.pop("told", None)
    source = {"basis": "told", "informant": told} if told else {"basis": "seen"}
    named = {"thing": thing} if thing else {}
    return {"about": "child", "attribute": attribute, "value": value, **source, **named, **more}


def entry(agency: str, number: int, *claims: dict[str, Any], **body: Any) -> dict[str, Any]:
    """What an agency posts on one day."""
    return {
        "agency": agency,
        "kind": "observation",
        "body": {"observed": day(number), "statement": "fact", "claims": list(claims), **body},
    }


def born(number: int, **more: str) -> dict[str, Any]:
    """The child's birth, so many days after the first, as its entry says it."""
    return {"agency": "mw", "kind": "child", "body": {"born": day(number), **more}}


def decided(kind: str) -> dict[str, Any]:
    """A decision on the child."""
    return {"agency": "court", "kind": "decision", "body": {"kind": kind, "reason": "So it is."}}


def mother_is_known(number: int) -> dict[str, Any]:
    """An entry that says who people of the agency's own are."""
    return entry("hv", number, people=[{"ref": "c1", "role": "mother"}, {"ref": "k", "role": "older brother"}])


def opened(*entries: dict[str, Any], at: Sequence[datetime] = ()) -> dict[tuple[str, str | None], Finding]:
    """The open findings that explain nothing away, by the rule that speaks and the thing that they are about."""
    state = RecordState("r")
    for _, after, _ in run(state, steps(*entries, at=at), injury_pack(), until=END):
        state = after
    return {
        (one.basis.by or one.question.attribute, one.question.thing): one
        for one in state.findings.values()
        if one.kind == "explanation"
    }
