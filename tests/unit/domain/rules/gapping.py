"""The rules on what is not known as they ship, by themselves; and short ways to say things."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from ledger.domain.event import EntryStep
from ledger.domain.finding import Finding
from ledger.domain.fold import run
from ledger.domain.outcome import CheckFailed, Notice
from ledger.domain.pack import Pack
from ledger.domain.record_state import RecordState, Surroundings
from tests.saying import steps
from tests.shipped import shipped_pack

BUILT_IN = ("not_known", "stale_belief")
AROUND = Surroundings(
    agency_kinds={
        "hv": "health_visiting",
        "csc": "childrens_social_care",
        "mw": "midwifery",
        "gp": "gp",
        "housing": "housing",
        "school": "primary_school",
        "police": "police",
    }
)
FIRST = datetime(2022, 3, 1, 12, tzinfo=UTC)


@cache
def pack() -> Pack:
    """The pack that ships, with the rules on what is not known alone."""
    shipped = shipped_pack()
    rules = {name: rule for name, rule in shipped.rules.items() if name in BUILT_IN or rule.family.name == "must_know"}
    return replace(shipped, rules=rules)


def moment(number: int) -> datetime:
    return FIRST + timedelta(days=number)


def day(number: int) -> str:
    return moment(number).date().isoformat()


def claim(attribute: str, value: str | None = None, *, told: str | None = None, **more: Any) -> dict[str, Any]:
    """A claim about the father, as seen unless somebody told it; ``not_known`` stands instead of a value."""
    basis = {"basis": "seen"} if told is None else {"basis": "told", "informant": told}
    made = {"about": "father", "attribute": attribute, **({"value": value} if value else {}), **basis, **more}
    return made if "not_known" not in made else {key: part for key, part in made.items() if key != "value"}


def said(agency: str, on: int, *claims: dict[str, Any], **more: Any) -> tuple[int, dict[str, Any]]:
    """What an agency posts on the day of this number, and on which it is recorded."""
    body = {"observed": day(on), "statement": "fact", "claims": list(claims), **more}
    return on, {"agency": agency, "kind": "observation", "body": body}


def born(on: int) -> tuple[int, dict[str, Any]]:
    """The child's birth, told on that day."""
    return on, {"agency": "mw", "kind": "child", "body": {"born": day(on)}}


def involved(agency: str, on: int) -> tuple[int, dict[str, Any]]:
    """An agency at work with the child."""
    return on, {"agency": agency, "kind": "involvement", "body": {"role": "at work with the child"}}


def visit(agency: str, on: int, *present: str, depth: str = "seen", **more: Any) -> tuple[int, dict[str, Any]]:
    """A contact, and who was there."""
    body = {"observed": day(on), "depth": depth, "present": list(present), "outcome": "held", **more}
    return on, {"agency": agency, "kind": "contact", "body": body}


def decision(agency: str, on: int, kind: str) -> tuple[int, dict[str, Any]]:
    """A decision of this kind."""
    return on, {"agency": agency, "kind": "decision", "body": {"kind": kind}}


def check(on: int, about: str, answered: int | None = None) -> tuple[int, dict[str, Any]]:
    """Social care asks the police about somebody, and is answered on the day of this number."""
    body = {"about": about, "with": "police", "asked": day(on)}
    answer = {} if answered is None else {"answered": day(answered), "result": "Nothing held."}
    return on, {"agency": "csc", "kind": "check", "body": body | answer}


def placed(entries: Sequence[tuple[int, dict[str, Any]]]) -> list[EntryStep]:
    """These entries as steps, each recorded on its day."""
    return steps(*(entry for _, entry in entries), at=[moment(on) for on, _ in entries])


def stepped(entries: Sequence[EntryStep], until: datetime | None = None) -> tuple[RecordState, list[Notice]]:
    """The state after these entries, and up to a time; and the notices on the way. Every rule must have run."""
    state, notices = RecordState("r", around=AROUND), []
    for _, after, outcomes in run(state, entries, pack(), until=until):
        state = after
        assert not [one for one in outcomes if isinstance(one, CheckFailed)]
        notices += [one for one in outcomes if isinstance(one, Notice)]
    return state, notices


def found(*entries: tuple[int, dict[str, Any]], until: int | None = None) -> list[Finding]:
    """What is open after these entries, at noon on the day of this number where one is given."""
    state, _ = stepped(placed(entries), None if until is None else moment(until))
    return [*state.findings.values()]


def gaps(*entries: tuple[int, dict[str, Any]], until: int | None = None) -> list[tuple[str | None, str, str]]:
    """The open gaps: what is not known, of whom, and in what way."""
    return sorted((one.topic, one.question.about, one.basis.state) for one in found(*entries, until=until))


def numbers(finding: Finding) -> list[int]:
    """The entries that show a finding."""
    return sorted({ref.number for side in finding.sides for ref in side})
