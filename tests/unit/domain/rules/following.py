"""The rules on what must follow an injury, a standing or a worry as they ship, by themselves; and short ways to post.

Days are counted from the first of March 2022; the hour is London's.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from ledger.domain.event import EntryStep
from ledger.domain.finding import Finding
from ledger.domain.fold import run
from ledger.domain.outcome import CheckFailed
from ledger.domain.pack import Pack
from ledger.domain.record_state import RecordState, Surroundings
from tests.shipped import shipped_pack

FIXED, OF_CONCERN, SIGHT, BY_AGE, LEAD, AWAY = (
    "injury_to_baby_not_mobile",
    "injury_of_concern",
    "child_unseen_too_long",
    "contact_of_its_age",
    "no_lead_for_weeks",
    "worker_away",
)
RULES = (FIXED, OF_CONCERN, SIGHT, BY_AGE, LEAD, AWAY)
FIRST = datetime(2022, 3, 1, tzinfo=UTC)
KINDS = {
    "hv": "health_visiting",
    "mw": "midwifery",
    "csc": "childrens_social_care",
    "hospital": "hospital",
    "gp": "gp",
    "school": "school",
    "nursery": "nursery",
    "police": "police",
    "housing": "housing",
    "drugs": "substance_misuse",
    "coroner": "coroner",
    "court": "court",
}
Entry = dict[str, Any]


@cache
def pack() -> Pack:
    """The pack that ships with these rules alone."""
    shipped = shipped_pack()
    return replace(shipped, rules={name: shipped.rules[name] for name in RULES})


def pack_with(rule: str, change: Callable[[dict[str, Any]], None]) -> Pack:
    """The same with the settings of one rule changed."""
    rules = dict(pack().rules)
    settings = dict(rules[rule].settings)
    change(settings)
    rules[rule] = replace(rules[rule], settings=settings)
    return replace(pack(), rules=rules)


def day(number: int) -> str:
    return (FIRST + timedelta(days=number)).date().isoformat()


def at(number: float, hour: int = 10) -> datetime:
    """An hour of the day of this number."""
    return FIRST + timedelta(days=number, hours=hour)


def claim(attribute: str, value: str | None, thing: str | None = None, **more: Any) -> dict[str, Any]:
    """A claim about the child, as seen unless ``told`` says who told it."""
    told = more.pop("told", None)
    basis = {"basis": "told", "informant": told} if told else {"basis": "seen"}
    named = {"thing": f"case/{thing}"} if thing else {}
    made = {"about": "child", "attribute": attribute, "value": value, **named, **basis, **more}
    return {key: part for key, part in made.items() if part is not None}


def said(agency: str, on: int, *claims: dict[str, Any], hour: int = 10, **body: Any) -> Entry:
    """What an agency posts of one day, on that day."""
    return _entry(agency, "observation", on, hour, observed=day(on), statement="fact", claims=list(claims), **body)


def acts(agency: str, kind: str, on: int, hour: int = 10, /, **body: Any) -> Entry:
    """An act of an agency on one day."""
    return _entry(agency, kind, on, hour, **({"observed": day(on)} if kind == "contact" else {}), **body)


def born(number: int, **more: str) -> Entry:
    """The child's birth, so many days from the first, known to the record from its beginning."""
    return _entry("mw", "child", -1000, 0, born=day(number), **more)


def _entry(agency: str, kind: str, on: int, hour: int, /, **body: Any) -> Entry:
    return {"agency": agency, "kind": kind, "at": at(on, hour), "body": body}


def entries(*posted: Entry) -> list[EntryStep]:
    """Entries as steps, in the order in which they were recorded."""
    ordered = sorted(posted, key=lambda one: one["at"])
    return [
        EntryStep(
            number=number, at=one["at"] + timedelta(seconds=number), **{k: v for k, v in one.items() if k != "at"}
        )
        for number, one in enumerate(ordered, 1)
    ]


def state(*posted: Entry, until: int = 400, by: Pack | None = None) -> RecordState:
    """The record after these entries and what falls due up to the end of a day; every rule must have run."""
    now = RecordState("r", around=Surroundings(agency_kinds=KINDS))
    for _, after, outcomes in run(now, entries(*posted), by or pack(), until=at(until, 24)):
        assert not [one for one in outcomes if isinstance(one, CheckFailed)]
        now = after
    return now


def found(*posted: Entry, until: int = 400, by: Pack | None = None, rule: str = "") -> list[Finding]:
    """What is open then, of one rule or of all."""
    return [one for one in state(*posted, until=until, by=by).findings.values() if rule in {"", one.rule}]


def awaited(*posted: Entry, until: int = 400, by: Pack | None = None) -> Mapping[str, str]:
    """The tier of what is awaited then and has not come, by its topic; one injury at a time."""
    return {str(one.topic): one.tier for one in found(*posted, until=until, by=by) if not one.basis.is_met}


def gist(findings: Sequence[Finding]) -> set[tuple[Any, ...]]:
    """What is open, without the entries' numbers."""
    return {
        (one.rule, one.topic, one.question, one.tier, one.basis.is_lapsed, one.basis.is_met, one.basis.due)
        for one in findings
    }
