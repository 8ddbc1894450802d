"""One thing broken in one rule of the pack that ships: it is refused, at its file and its line."""

from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from ledger.domain.agency import AgencyWord
from ledger.domain.duration import refuse_clock, refuse_duration
from ledger.domain.expectation import refuse_expectation_clock
from ledger.domain.families import FAMILIES
from ledger.domain.pack_fault import faults_of_rule
from ledger.domain.pack_form import pack_form
from ledger.domain.pattern_form import PATTERN
from ledger.domain.rule_fault import parts
from ledger.domain.rules.spoken import WORDS
from ledger.domain.shape import Fault, Keys, Text
from ledger.domain.shape import Path as Place
from ledger.services.load_pack import PackLoadError, load_pack
from ledger.services.read_yaml import Document, read_yaml
from tests.markdown import ROOT

DEFAULT = ROOT / "config" / "packs" / "default"
#: Lengths of time in which something must happen, by their keys.
SPANS = frozenset({"within", "in", "recent", "lasts", "active_for", "younger_than"})


@cache
def documents() -> dict[str, Document]:
    return {path.name: read_yaml(path.read_text()) for path in sorted(DEFAULT.glob("*.yaml"))}


@cache
def content() -> dict[str, Any]:
    """The sections of the whole pack, in their proper types."""
    written: dict[str, Any] = {"pack": "default", "version": "1"}
    for document in documents().values():
        assert isinstance(document.content, dict)
        for section, named in document.content.items():
            if section not in {"pack", "version"}:
                written.setdefault(section, {}).update(named)
    faults: list[Fault] = []
    conformed = pack_form(FAMILIES).conform(written, (), faults)
    assert faults == []
    assert isinstance(conformed, dict)
    return conformed


def rules() -> list[tuple[str, str]]:
    """Each rule with its file."""
    return [
        (file, name)
        for file, document in documents().items()
        if isinstance(document.content, dict)
        for name in document.content.get("rules", {})
    ]


def faults_of(name: str, rule: Any) -> list[Fault]:
    """What is wrong with this rule in the place of the one of this name, as a check of the pack finds it."""
    faults: list[Fault] = []
    conformed = pack_form(FAMILIES).fields["rules"].conform({name: rule}, ("rules",), faults)
    if faults:
        return faults
    assert isinstance(conformed, dict)
    return [*faults_of_rule(("rules", name), conformed[name], content(), FAMILIES[rule["family"]])]


def broken(rule: dict[str, Any]) -> Iterator[tuple[Place, Any]]:
    """Places of a rule with what may not stand there; the place is there already, or is one key of what is."""
    family = FAMILIES[rule["family"]]
    own = {key: rule[key] for key in family.form if key in rule}
    for key in family.required.split():
        yield (key,), None
    for shape, said, path in parts(Keys(family.form), own):
        if shape is PATTERN:
            yield from _broken_pattern(said, path)
        elif shape is WORDS:
            yield (*path, "no_such_attribute"), ["no_such_value"]
        elif isinstance(shape, AgencyWord):
            yield path, "no_such_agency"
        elif isinstance(shape, Text) and shape.refuse in {refuse_clock, refuse_expectation_clock}:
            yield from ((path, clock) for clock in ("P0D", "0wd", "P1M", "-P1D", "soon"))
        elif isinstance(shape, Text) and shape.refuse is refuse_duration:
            spans = ["P0D"] if path[-1] in SPANS else []
            yield from ((path, length) for length in ("P1Y", "-P1D", "a while", *spans))
    yield from _never(rule)


def _broken_pattern(said: Any, path: Place) -> Iterator[tuple[Place, Any]]:
    yield (*path, "by"), ["no_such_agency"]
    if "entry" in said:
        yield (*path, "entry"), "no_such_entry"
        return
    yield (*path, "attribute"), "no_such_attribute"
    if "values" in said and content()["attributes"][said["attribute"]]["type"] in {"state", "event"}:
        yield (*path, "values"), ["no_such_value"]


def _never(rule: dict[str, Any]) -> Iterator[tuple[Place, Any]]:
    """What would keep a rule from ever finding anything."""
    match rule["family"]:
        case "expects" if "when" in rule:
            yield from _never_awaited(rule)
        case "sight":
            lasting = [place for place, standing in enumerate(rule["standings"]) if "lasts" in standing]
            yield from ((("standings", place, "lasts"), "PT1H") for place in lasting)
        case "must_know" if content()["attributes"].get(rule["attribute"], {}).get("item") == "no":
            yield ("items",), ["any"]
        case "must_know" if "when" in rule:
            yield ("unless",), [{**one, "about": one.get("about", "same")} for one in rule["when"]]
            if "holds" not in rule:
                yield ("only_by" if "only_by" in rule else "knows",), rule["when"]


def _never_awaited(rule: dict[str, Any]) -> Iterator[tuple[Place, Any]]:
    yield ("unless",), rule["when"]
    attributes = [content()["attributes"].get(one.get("attribute")) for one in rule["when"]]
    if all(attribute is not None and attribute["type"] != "event" for attribute in attributes):
        yield ("until",), rule["when"]
    if refuse_clock(rule.get("within", "given")) is None:
        yield ("warn",), "P36000D"


def put(rule: dict[str, Any], place: Place, value: Any) -> dict[str, Any]:
    """The rule with this at this place; None takes the key away."""
    changed: dict[str, Any] = deepcopy(rule)
    within: Any = changed
    for key in place[:-1]:
        within = within[key]
    if value is None:
        del within[place[-1]]
    else:
        within[place[-1]] = value
    return changed


@pytest.mark.parametrize(("file", "name"), rules(), ids=[name for _, name in rules()])
def test_each_rule_with_one_thing_broken_is_refused_at_its_line(file: str, name: str) -> None:
    """Nothing is wrong with it as it ships; every breakage is named, at a line of this rule and at what was broken."""
    document = documents()[file]
    assert isinstance(document.content, dict)
    rule = document.content["rules"][name]
    assert faults_of(name, rule) == []
    starts = sorted(document.line((section, one)) for section in ("rules", "attributes", "topics", "agencies")
                    for one in document.content.get(section, {}))  # fmt: skip
    first = document.line(("rules", name))
    last = next((line - 1 for line in starts if line > first), 10**6)
    for place, value in broken(rule):
        faults = faults_of(name, put(rule, place, value))
        assert faults, f"{place} may be {value}"
        assert all(first <= document.line(path) <= last for path, _ in faults), place
        if value is not None:
            at = [path[2 : 2 + len(place)] for path, _ in faults]
            assert {place[:1], ("when",)} & {path[:1] for path in at}, f"{place}: {at}"


def test_a_fault_is_told_with_its_file_and_line(tmp_path: Path) -> None:
    """Whoever loads the pack is told the very line of a clock and of an agency that cannot be."""
    for path in DEFAULT.glob("*.yaml"):
        (tmp_path / path.name).write_text(path.read_text())
    lines = (
        "rules:",
        "  answered:",
        "    family: expects",
        "    when: [{entry: referral}]",
        "    awaits: reply",
        "    until:",
        "      - {entry: reply, of: trigger, by: [receiver]}",
        "      - {entry: contact, by: [no_such_agency]}",
        "    within: P0D",
        "    meaning: M.",
        "    source: S.",
        "    examples: [{shows: a, finds: expectation, entries: [{agency: csc, recorded: 2022-01-01, kind: referral,",
        "      body: {to: hv, reason: R.}}]}, {shows: b, finds: nothing, entries: [{agency: csc, recorded: 2022-01-01,",
        "      kind: contact, body: {observed: 2022-01-01}}]}]",
    )
    (tmp_path / "zz.yaml").write_text("\n".join(lines) + "\n")
    with pytest.raises(PackLoadError) as refused:
        load_pack(tmp_path)
    assert sorted((file.rpartition("/")[2], line) for file, line, _ in refused.value.faults) == [
        ("zz.yaml", 8),
        ("zz.yaml", 9),
    ]
