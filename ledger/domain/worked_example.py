"""Running a pack's own examples through detection: what each finds against what it says it finds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ledger.domain.edtf import EdtfError, observed_bounds
from ledger.domain.event import EntryStep
from ledger.domain.example import NOTHING, Example
from ledger.domain.fold import run
from ledger.domain.outcome import Notice, Outcome
from ledger.domain.pack import Pack
from ledger.domain.record_state import RecordState
from ledger.domain.vocabulary import Attribute

_OF_OBSERVATION = ("agency", "observed", "author")


@dataclass(frozen=True, slots=True)
class ExampleFailure:
    """An example of a pack that does not find what it says, by its place among its attribute's examples."""

    attribute: str
    place: int
    shows: str
    why: str


def check_examples(pack: Pack) -> list[ExampleFailure]:
    """Every example of the pack that cannot be run or finds something else than it says."""
    return [
        ExampleFailure(attribute.name, place, example.shows, why)
        for attribute in pack.attributes.values()
        for place, example in enumerate(attribute.examples)
        for why in _check(example, attribute, pack)
    ]


def _check(example: Example, attribute: Attribute, pack: Pack) -> Iterator[str]:
    faults = [*_faults(example, attribute, pack)]
    yield from faults
    if faults:
        return
    found = _found(example, attribute, pack)
    if found != example.finds:
        yield f"says that it finds {example.finds}, and finds {found}"


def _faults(example: Example, attribute: Attribute, pack: Pack) -> Iterator[str]:
    for place, sent in enumerate(example.claims):
        if not {"agency", "observed", "basis"} <= sent.keys():
            yield f"claim {place} lacks its agency, observed or basis"
            continue
        for path, message in pack.check_claim(_claim(sent, attribute)):
            yield f"claim {place}, {'/'.join(map(str, path))}: {message}"
        try:
            observed_bounds(sent["observed"])
        except EdtfError as error:
            yield f"claim {place}, observed: {error.reason}"


def _found(example: Example, attribute: Attribute, pack: Pack) -> str:
    """The kind of what is open in the end; else of what was only told to an agency; else nothing."""
    outcomes: list[Outcome] = []
    state = RecordState("example")
    for _, after, said in run(state, _steps(example, attribute), pack):
        state = after
        outcomes.extend(said)
    kinds: set[str] = {
        finding.kind for finding in state.findings.values() if example.finds == "gap" or finding.kind != "gap"
    }
    if not kinds:
        kinds = {outcome.kind for outcome in outcomes if isinstance(outcome, Notice)}
    return " and ".join(sorted(kinds)) or NOTHING


def _steps(example: Example, attribute: Attribute) -> Iterator[EntryStep]:
    """Each statement as an entry of its own, recorded when it was observed or after the one before it."""
    at = None
    for number, sent in enumerate(example.claims, start=1):
        observed = observed_bounds(sent["observed"])
        at = observed.end if at is None else max(at, observed.end)
        body = {
            "observed": sent["observed"],
            "statement": sent.get("statement", "fact"),
            "claims": [_claim(sent, attribute)],
            **({"author": sent["author"]} if "author" in sent else {}),
        }
        yield EntryStep(number=number, at=at, kind="observation", agency=sent["agency"], body=body)


def _claim(sent: Mapping[str, Any], attribute: Attribute) -> dict[str, Any]:
    claim = {key: value for key, value in sent.items() if key not in _OF_OBSERVATION}
    about = "child" if attribute.about == "child" else "father"
    return {"attribute": attribute.name, "about": about, "statement": "fact", **claim}
