"""What a pack would make of this ledger's records: replayed one by one, read-only, and told without a word of them.

Each record's entries are stepped through again in memory, by the fold that the workers run, up to the ledger's now.
Then either two packs are compared, or what a pack leaves open is compared with what is open now. What is told of a
record is its pseudonym and counts of findings by kind, rule and attribute: no statement, value, name or reference.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from ledger.domain.claim import Claim, Ref
from ledger.domain.entry import parse_entry_id
from ledger.domain.event import EntryStep, claims_in
from ledger.domain.finding import Basis
from ledger.domain.fold import DETECTION_READS
from ledger.domain.fold import run as fold
from ledger.domain.pack import Pack
from ledger.domain.pack_change import Change, differences
from ledger.domain.person import Links
from ledger.domain.question import Question
from ledger.domain.raised import Raised
from ledger.domain.record_state import RecordState, Surroundings
from ledger.domain.rule import Rule
from ledger.domain.scenario import KINDS
from ledger.services.gather_findings import Gathered
from ledger.store.database import SYSTEM
from ledger.store.histories import Chosen, HistoryEntry, RecordPlace, history, kinds_of_agencies, now, records

_NAMES_TARGET = {"correction": "corrects", "void": "voids"}


@dataclass(frozen=True, slots=True, order=True)
class Tale:
    """How a finding is told without its record: where it was one thing and is another, `was` has what differs."""

    change: Change
    kind: str
    rule: str
    attribute: str
    severity: str
    was_kind: str = ""
    was_rule: str = ""
    was_severity: str = ""


@dataclass(frozen=True, slots=True)
class RecordChange:
    """One record's differences, counted. ``erased``: so many of its entries have no content left to read.

    ``refused`` counts the claims that the old pack, and the new one, would not have taken. ``failed`` names rules that
    could not be run; where not even the steps could, nothing is compared and ``is_whole`` is false.
    """

    pseudonym: str
    tales: Counter[Tale]
    old: int
    new: int
    erased: int
    refused: tuple[int, int]
    failed: tuple[str, ...]
    is_whole: bool = True


def compare_live(engine: Engine, chosen: Chosen, new: Pack, old: Pack | None) -> Iterator[RecordChange]:
    """Each chosen record by both packs; without an old one, what is open now by what the new one leaves open."""
    until, kinds = now(engine), kinds_of_agencies(engine)
    for place in records(engine, chosen):
        entries = history(engine, place.record_id)
        try:
            change = _compared(place, kinds, entries, until, new, old)
        except Exception:  # noqa: BLE001 - whatever is wrong with one record, the others are compared and it is said
            erased = sum(entry.body is None for entry in entries)
            change = RecordChange(place.pseudonym, Counter(), 0, 0, erased, (0, 0), (), is_whole=False)
        yield change


def _compared(
    place: RecordPlace,
    kinds: dict[str, str],
    entries: Sequence[HistoryEntry],
    until: datetime,
    new: Pack,
    old: Pack | None,
) -> RecordChange:
    steps = [step for entry in entries if (step := step_of(entry)) is not None]
    replayed = _Replay(place, kinds, steps, until)
    after, failed = replayed.by(new)
    if old is None:
        before, after = _open_now(entries, steps), [one for one in after if _is_open(one)]
        refused = (0, _refused(steps, new))
    else:
        before, failed_before = replayed.by(old)
        failed = tuple(sorted({*failed, *failed_before}))
        refused = (_refused(steps, old), _refused(steps, new))
    return RecordChange(
        place.pseudonym,
        Counter(_tales(before, after)),
        old=sum(not one.is_notice for one in before),
        new=sum(not one.is_notice for one in after),
        erased=sum(entry.body is None for entry in entries),
        refused=refused,
        failed=failed,
    )


def change_json(change: RecordChange) -> Iterator[dict[str, Any]]:
    """One record's differences as the command gives them, each with how often it is so."""
    for tale, count in sorted(change.tales.items()):
        told: dict[str, Any] = {
            "record": change.pseudonym,
            "change": tale.change,
            "kind": tale.kind,
            "rule": tale.rule,
            "attribute": tale.attribute,
            "severity": tale.severity or None,
        }
        was = {"was_kind": tale.was_kind, "was_rule": tale.was_rule, "was_severity": tale.was_severity}
        yield told | {name: value for name, value in was.items() if value} | {"count": count}


class _Numbers:
    """Names that give nothing away: entries are numbers, and nobody is shown."""

    def ids(self, refs: Sequence[Ref]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(str(ref.number) for ref in refs))

    def person(self, _key: str, _links: Links) -> tuple[str, frozenset[str]]:
        return "", frozenset()

    def explain(self, _basis: Basis, _rule: Rule | None, _area: Question) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class _Replay:
    """One record, ready to be stepped through by any pack.

    A person's outcome names a finding by its id: it counts where the pack raises that finding at that same step.
    """

    place: RecordPlace
    kinds: dict[str, str]
    steps: Sequence[EntryStep]
    until: datetime

    def by(self, pack: Pack) -> tuple[list[Raised], tuple[str, ...]]:
        gathered = Gathered(_Numbers(), pack)
        moved = next((one.body["from"] for one in self.steps if one.kind == "record_moved"), None)
        around = Surroundings(self.place.nation if moved is None else moved["nation"], self.kinds)
        beginning = RecordState(record=str(self.place.record_id), around=around)
        for event, state, outcomes in fold(beginning, self.steps, pack, until=self.until):
            gathered.take(event, state, outcomes)
        return list(gathered.raised), gathered.failed


def step_of(entry: HistoryEntry) -> EntryStep | None:
    """The step of an entry; None for one that detection does not read, and one whose content was erased."""
    if entry.agency == SYSTEM or entry.kind not in DETECTION_READS or entry.body is None:
        return None
    named = parse_entry_id(str(entry.body.get(_NAMES_TARGET.get(entry.kind, ""), "")))
    target = named[1] if named else None
    return EntryStep(entry.number, entry.recorded_at, entry.kind, entry.agency, entry.body, target)


def _refused(steps: Sequence[EntryStep], pack: Pack) -> int:
    """How many claims this pack would not have taken."""
    return sum(bool(pack.check_claim(claim)) for step in steps for claim in _sent(step))


def _sent(step: EntryStep) -> Sequence[Any]:
    body = step.body.get("observation", step.body) if step.kind == "correction" else step.body
    claims: Sequence[Any] = body.get("claims", ()) if step.kind in {"observation", "contact", "correction"} else ()
    return claims


def _open_now(entries: Sequence[HistoryEntry], steps: Sequence[EntryStep]) -> list[Raised]:
    """What the ledger's own entries say stands open: its newest word on each finding."""
    claims = {claim.ref: claim for step in steps for claim in claims_in(step)}
    standing: dict[str, Raised] = {}
    for entry in entries:
        if entry.agency != SYSTEM or entry.body is None:
            continue
        body, name = entry.body, str(entry.body.get("finding"))
        if entry.kind == "finding_raised" and body["kind"] in KINDS:
            standing[name] = _stands(name, body, entry, claims)
        elif entry.kind == "finding_joined" and name in standing:
            joined = _stands(name, {"rule": standing[name].rule, "question": standing[name].key, **body}, entry, claims)
            standing[name] = replace(joined, raised_at=standing[name].raised_at)
        elif entry.kind == "finding_closed":
            standing.pop(name, None)
    return list(standing.values())


def _stands(name: str, body: dict[str, Any], entry: HistoryEntry, claims: dict[Ref, Claim]) -> Raised:
    sides = tuple(tuple(dict.fromkeys(str(number) for number, _ in side)) for side in body["sides"])
    first = next((claims[Ref(*ref)] for side in body["sides"] for ref in side if Ref(*ref) in claims), None)
    return Raised(
        id=name,
        kind=body["kind"],
        rule=body["rule"],
        severity="",
        raised_at=datetime.fromisoformat(body["raised_at"]) if "raised_at" in body else entry.recorded_at,
        explanation="",
        about="",
        attribute=first.attribute if first else "",
        key=body.get("question", ""),
        topic=None,
        sides=sides,
        evidence=(),
        grown=(),
    )


def _is_open(one: Raised) -> bool:
    return one.closed_at is None and not one.is_notice


def _tales(old: Sequence[Raised], new: Sequence[Raised]) -> Iterator[Tale]:
    for difference in differences(old, new):
        shown, before, after = difference.shown, difference.old, difference.new
        for change in difference.changes:
            tale = Tale(change, shown.kind, shown.rule, shown.attribute, shown.severity)
            if before is not None and after is not None and change == "renamed":
                tale = replace(tale, was_kind=before.kind, was_rule=before.rule)
            elif before is not None and change == "regraded":
                tale = replace(tale, was_severity=before.severity)
            yield tale
