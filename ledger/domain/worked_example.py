"""Running a pack's own examples through detection: what each finds against what it says it finds.

An attribute's example looks at what is found on questions of that attribute; that a word has grown stale counts where
the example is about that, or gives a day to wait for. A rule's example looks at what is raised under that rule, or
shown because of it, after the whole of detection has run; one that is to find nothing must find nothing there at all:
no finding of any kind, and no notice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from ledger.domain.body import NAMES_ENTRY, as_posted
from ledger.domain.edtf import observed_bounds
from ledger.domain.entry import entry_id
from ledger.domain.event import EntryStep
from ledger.domain.example import NOTHING, Example
from ledger.domain.finding import Finding
from ledger.domain.fold import run
from ledger.domain.outcome import CheckFailed, Notice
from ledger.domain.pack import Pack
from ledger.domain.record_state import RecordState
from ledger.domain.rule import RESERVED, Rule
from ledger.domain.shape import Path
from ledger.domain.vocabulary import Attribute

#: Fields that stand beside a claim in an example, and belong to its observation or to its entry.
_OF_OBSERVATION: Final = ("observed", "author", "contact", "people")
_OF_ENTRY: Final = ("agency", "recorded", *_OF_OBSERVATION)
_PSEUDONYM: Final = "a" * 26


@dataclass(frozen=True, slots=True)
class ExampleFailure:
    """An example of a pack that does not find what it says, by its place among its attribute's or its rule's."""

    section: str
    name: str
    place: int
    shows: str
    why: str

    @property
    def path(self) -> Path:
        """Where in the pack the example stands."""
        return (self.section, self.name, "examples", self.place)


def check_examples(pack: Pack) -> list[ExampleFailure]:
    """Every example of the pack that cannot be run or finds something else than it says."""
    return [*_failures("attributes", pack.attributes, pack), *_failures("rules", pack.rules, pack)]


def _failures(
    section: str, owners: Mapping[str, Attribute] | Mapping[str, Rule], pack: Pack
) -> Iterator[ExampleFailure]:
    for name, owner in owners.items():
        for place, example in enumerate(owner.examples):
            for why in _check(example, owner, pack):
                yield ExampleFailure(section, name, place, example.shows, why)


def _check(example: Example, owner: Attribute | Rule, pack: Pack) -> Iterator[str]:
    faults = [*_faults(example, owner, pack)]
    yield from faults
    if faults:
        return
    found = found_by(example, owner, pack)
    if found != example.finds:
        yield f"says that it finds {example.finds}, and finds {found}"


def _faults(example: Example, owner: Attribute | Rule, pack: Pack) -> Iterator[str]:
    for place, entry in enumerate(example.entries, start=1):
        body = _body(entry, owner, pack)
        if place == 1 and not {"recorded", "observed"} & {*entry, *body}:
            yield "entry 1: say on what day it was recorded"
        field = NAMES_ENTRY.get(entry.get("kind", ""))
        if field is not None and field in body and not 0 < _number(body.get(field)) < place:
            yield f"entry {place}, {field}: name an entry before it by its place, from 1 on"
        for index, claim in enumerate((body.get("observation") or body).get("claims", ())):
            where = f"entry {place}" if "kind" not in entry else f"entry {place}, claim {index + 1}"
            for path, message in pack.check_claim(claim):
                yield f"{where}, {'/'.join(map(str, path))}: {message}"


def found_by(example: Example, owner: Attribute | Rule, pack: Pack) -> str:
    """The kinds of what is open in the end; else of what was only told to an agency; else nothing."""
    until = None if example.until is None else observed_bounds(example.until).end
    with_gaps = isinstance(owner, Rule) or until is not None or example.finds == "gap"
    findings: Mapping[str, Finding] = {}
    notices: list[Notice] = []
    failed = set()
    for _, state, outcomes in run(RecordState("example"), _steps(example, owner, pack), pack, until=until):
        findings = state.findings
        notices += [outcome for outcome in outcomes if isinstance(outcome, Notice)]
        failed |= {outcome.rule for outcome in outcomes if isinstance(outcome, CheckFailed)}
    if failed:
        return f"that a rule cannot be run: {', '.join(sorted(failed))}"
    kinds: set[str] = {
        finding.kind for finding in findings.values() if _is_of(finding, owner) and (with_gaps or finding.kind != "gap")
    }
    if not kinds:
        kinds = {notice.kind for notice in notices if _tells_of(notice, owner)}
    return " and ".join(sorted(kinds)) or NOTHING


def _is_of(finding: Finding, owner: Attribute | Rule) -> bool:
    if isinstance(owner, Rule):
        return owner.name in {finding.rule, finding.basis.by}
    return finding.rule in RESERVED and finding.question.attribute == owner.name


def _tells_of(notice: Notice, owner: Attribute | Rule) -> bool:
    if notice.kind != "overtaken":
        return False  # it tells of what is, or will be, a finding of its own
    if isinstance(owner, Attribute):
        return notice.question.attribute == owner.name
    if owner.family.meets is None:
        return notice.rule == owner.name
    return notice.question.attribute == str(owner.settings["one"]["attribute"])


def _steps(example: Example, owner: Attribute | Rule, pack: Pack) -> Iterator[EntryStep]:
    """Each entry as a step, recorded when it says, else when it was observed, or after the one before it."""
    at: datetime | None = None
    for number, entry in enumerate(example.entries, start=1):
        body = _body(entry, owner, pack)
        said = entry.get("recorded") or entry.get("observed") or body.get("observed")
        if said is not None:
            # The last second of that day: what is read of an entry without a date of its own is of the day recorded.
            recorded = observed_bounds(said).end - timedelta(seconds=1)
            at = recorded if at is None else max(at + timedelta.resolution, recorded)
        elif at is not None:
            at += timedelta.resolution
        assert at is not None, "the form asks of an example's first entry when it was"
        kind = entry.get("kind", "observation")
        field = NAMES_ENTRY.get(kind)
        target = _number(body[field]) if field in body else None
        if field is not None and target is not None:
            body = {**body, field: entry_id(_PSEUDONYM, target)}
        withdrawn = target if kind in {"correction", "void"} else None
        yield EntryStep(number=number, at=at, kind=kind, agency=entry["agency"], body=body, target=withdrawn)


def _body(entry: Mapping[str, Any], owner: Attribute | Rule, pack: Pack) -> dict[str, Any]:
    if "kind" in entry:
        return as_posted(entry["body"])
    claim = {key: value for key, value in entry.items() if key not in _OF_ENTRY}
    if isinstance(owner, Attribute):
        claim.setdefault("attribute", owner.name)
    attribute = pack.attributes.get(claim["attribute"])
    claim.setdefault("about", "child" if attribute is not None and attribute.about == "child" else "father")
    observation = {key: entry[key] for key in _OF_OBSERVATION if key in entry}
    return as_posted({**observation, "statement": claim.pop("statement", "fact"), "claims": [claim]})


def _number(text: object) -> int:
    return int(text) if isinstance(text, str) and text.isascii() and text.isdecimal() and len(text) < 4 else 0
