"""Load scenario files: YAML or JSON, checked whole, every fault with its file and line.

A fault names the place and the fix and repeats nothing of the content. What is read is in the project's own forms and
in order of time; whether claims fit a rule pack is asked when the scenario is run with one.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from ledger.domain.body import BODIES, as_posted
from ledger.domain.body_part import PERSON, TEXT
from ledger.domain.calendar import NATIONS, Nation
from ledger.domain.edtf import EdtfError, observed_bounds
from ledger.domain.entry_names import entries_named, with_child, with_entries
from ledger.domain.scenario import (
    CHILD,
    KINDS,
    SEVERITIES,
    Agency,
    Expected,
    Person,
    Rejected,
    Scenario,
    ScenarioEntry,
)
from ledger.domain.shape import Fault, Items, Keys, Text, Word, conform, keys
from ledger.services.read_yaml import Document, ReadError, read_yaml

SUFFIXES = frozenset({".yaml", ".yml", ".json"})
_AGENCY_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}\Z")


class ScenarioError(ValueError):
    """A scenario that cannot be used; every fault is (line, what to do about it)."""

    def __init__(self, file: str, faults: Iterable[tuple[int, str]]) -> None:
        self.file = file
        self.faults = tuple(faults)
        super().__init__("\n".join(f"{file}, line {line}: {message}" for line, message in self.faults))


def load_scenarios(paths: Iterable[Path]) -> list[Scenario]:
    """Every scenario in these files and folders, in the order of the paths and then of the file names."""
    return [load_scenario(file) for path in paths for file in _files(path)]


def load_scenario(file: Path) -> Scenario:
    """The scenario in this file. Raises ScenarioError."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise ScenarioError(file.name, [(1, "the file cannot be read as UTF-8 text")]) from None
    return read_scenario(text, file.name)


def read_scenario(text: str, file: str) -> Scenario:
    """The scenario that this text holds; ``file`` names it in errors."""
    try:
        document = read_yaml(text)
    except ReadError as error:
        raise ScenarioError(file, [(error.line, error.message)]) from None
    if Path(file).suffix == ".json" and (nothings := [*_nothings(text, document)]):
        raise ScenarioError(file, nothings)
    conformed, faults = conform(document.content, _SCENARIO)
    content = cast("Mapping[str, Any]", conformed)
    if not faults:
        faults = [*_faults_between(content)]
    if faults:
        lines = sorted((document.line(path), message) for path, message in faults)
        raise ScenarioError(file, lines)
    return _scenario(content, document)


def _nothings(text: str, document: Document) -> Iterator[tuple[int, str]]:
    """Where a JSON file says null, which read as text would be somebody of that name."""

    def walk(value: object, path: tuple[str | int, ...]) -> Iterator[tuple[int, str]]:
        parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for key, part in parts:
            yield from walk(part, (*path, key))
        if value is None:
            yield document.line(path), "null is not read: leave the key out"

    try:
        content = json.loads(text)
    except ValueError:
        yield 1, "this is not JSON: look at quotes, commas and brackets"
        return
    yield from walk(content, ())


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    found = sorted(file for file in path.rglob("*") if file.suffix in SUFFIXES and file.is_file())
    if not found:
        raise ScenarioError(path.name, [(1, "the folder holds no scenario: they end in .yaml, .yml or .json")])
    yield from found


def _moment(text: str) -> str | None:
    if "T" not in text.upper():
        return "this is a time with its zone, as 2022-03-10T15:00:00Z"
    return _day_or_moment(text)


def _day_or_moment(text: str) -> str | None:
    try:
        observed_bounds(text)
    except EdtfError as error:
        return error.reason
    return None


def _agency_id(text: str) -> str | None:
    if _AGENCY_ID.match(text):
        return None
    return "an agency's ref is 1 to 32 lower-case letters, digits, hyphens or underscores"


#: Names that published cases have for kinds of finding, and what they are called here.
_ALSO_CALLED = {
    "stale_belief": "gap",
    "protocol_breach": "expectation",
    "dropped_action": "expectation",
    "engagement_conflict": "pattern",
    "self_report_only": "uncorroborated",
    "explanation_conflict": "explanation",
    "identity_conflict": "identity",
    "decision_on_contested_basis": "decision_basis",
}
_KIND = Word(KINDS | _ALSO_CALLED.keys())
_AT = Text(_moment)
_DAY = Text(_day_or_moment)
_AGENCY_REF = Text(_agency_id)
_ENTRY = Keys(
    {"id": TEXT, "at": _AT, "agency": _AGENCY_REF, **BODIES},
    frozenset({"id", "at", "agency"}),
    (frozenset(BODIES),),
)
_EXPECTED = keys(
    {
        "kind": _KIND,
        "rests_on": Items(TEXT, 1),
        "by": _DAY,
        "severity": Word(frozenset(SEVERITIES)),
        "about": TEXT,
        "topic": TEXT,
        "why": TEXT,
    },
    "kind",
)
_REJECTED = keys({"rests_on": Items(TEXT, 2), "why": TEXT, "kind": _KIND}, "rests_on")
_CHILD = Keys({"ref": TEXT, **BODIES["child"].fields}, frozenset(), (frozenset({"born", "expected"}),))
_SCENARIO = keys(
    {
        "scenario": TEXT,
        "source": TEXT,
        "nation": Word(NATIONS),
        "child": _CHILD,
        "people": Items(PERSON),
        "agencies": Items(
            keys({"ref": _AGENCY_REF, "kind": TEXT, "name": TEXT, "people": Items(PERSON)}, "ref kind"), 1
        ),
        "lead": BODIES["lead"],
        "entries": Items(_ENTRY, 1),
        "until": _DAY,
        "expect": Items(_EXPECTED),
        "reject": Items(_REJECTED),
    },
    "scenario source nation child agencies entries",
)


def _faults_between(content: Mapping[str, Any]) -> Iterator[Fault]:
    """What is wrong between parts that are each right."""
    yield from _repeated(content, "agencies", "ref")
    yield from _repeated(content, "people", "ref")
    yield from _repeated(content, "entries", "id")
    agencies = {agency["ref"] for agency in content["agencies"]}
    moments = {entry["id"]: _start(entry["at"]) for entry in content["entries"]}
    order = {entry["id"]: (moments[entry["id"]], place) for place, entry in enumerate(content["entries"])}
    if "lead" in content and content["lead"]["agency"] not in agencies:
        yield ("lead", "agency"), "the lead's agency is not among the agencies"
    for place, entry in enumerate(content["entries"]):
        if entry["agency"] not in agencies:
            yield ("entries", place, "agency"), "this agency is not among the agencies"
        yield from _wrong_name(place, entry, order)
    yield from _wrong_lists(content, moments)
    if "until" in content and observed_bounds(content["until"]).end <= max(moments.values()):
        yield ("until",), "this is before the last entry: the clock only moves forward"


def _wrong_lists(content: Mapping[str, Any], moments: Mapping[str, datetime]) -> Iterator[Fault]:
    for part in ("expect", "reject"):
        for place, named in enumerate(content.get(part, ())):
            if "rests_on" not in named and not {"about", "topic"} & named.keys():
                yield (part, place), "say what it rests on, or what it is about and its topic"
            for position, entry_id in enumerate(named.get("rests_on", ())):
                if entry_id not in moments:
                    yield (part, place, "rests_on", position), "no entry has this id"


def _wrong_name(place: int, entry: Mapping[str, Any], order: Mapping[str, tuple[datetime, int]]) -> Iterator[Fault]:
    kind = _kind(entry)
    for path, named in entries_named(kind, entry[kind]):
        if named not in order:
            yield ("entries", place, kind, *path), "no entry has this id"
        elif order[named] >= order[entry["id"]]:
            yield ("entries", place, kind, *path), "this names an entry that is not before it"


def _repeated(content: Mapping[str, Any], part: str, key: str) -> Iterator[Fault]:
    seen = set()
    for place, item in enumerate(content.get(part, ())):
        if item[key] in seen:
            yield (part, place, key), "this is here twice: each has its own"
        seen.add(item[key])


def _kind(entry: Mapping[str, Any]) -> str:
    return next(kind for kind in BODIES if kind in entry)


def _start(text: str) -> datetime:
    return observed_bounds(text).start


def _scenario(content: Mapping[str, Any], document: Document) -> Scenario:
    entries = tuple(
        ScenarioEntry(
            entry["id"],
            _start(entry["at"]),
            entry["agency"],
            _kind(entry),
            _posted(entry, content),
            document.line(("entries", place)),
        )
        for place, entry in enumerate(content["entries"])
    )
    in_order = tuple(sorted(entries, key=lambda entry: entry.at))
    return Scenario(
        name=content["scenario"],
        source=content["source"],
        nation=cast("Nation", content["nation"]),
        child=content["child"],
        people=_people(content),
        agencies=tuple(
            Agency(agency["ref"], agency["kind"], agency.get("name"), _people(agency)) for agency in content["agencies"]
        ),
        lead=content.get("lead"),
        entries=in_order,
        until=observed_bounds(content["until"]).end if "until" in content else in_order[-1].at,
        expect=tuple(_expected(item, document.line(("expect", n))) for n, item in enumerate(content.get("expect", ()))),
        reject=tuple(
            Rejected(tuple(item["rests_on"]), item.get("why"), document.line(("reject", n)))
            for n, item in enumerate(content.get("reject", ()))
        ),
    )


def _posted(entry: Mapping[str, Any], content: Mapping[str, Any]) -> Mapping[str, Any]:
    """An entry's body in the form in which it is posted; the child, by whatever reference, is the child."""
    body = with_entries(_kind(entry), as_posted(entry[_kind(entry)]), {})
    ref = content["child"].get("ref", CHILD)
    agency = next(agency for agency in content["agencies"] if agency["ref"] == entry["agency"])
    is_somebody_else = any(person["ref"] == ref for person in agency.get("people", ()))
    return body if is_somebody_else else with_child(body, ref)


def _people(holder: Mapping[str, Any]) -> tuple[Person, ...]:
    return tuple(Person(**person) for person in holder.get("people", ()))


def _expected(item: Mapping[str, Any], line: int) -> Expected:
    return Expected(
        kind=_ALSO_CALLED.get(item["kind"], item["kind"]),
        rests_on=tuple(item.get("rests_on", ())),
        by=observed_bounds(item["by"]).end if "by" in item else None,
        severity=item.get("severity"),
        about=item.get("about"),
        topic=item.get("topic"),
        why=item.get("why"),
        line=line,
    )
