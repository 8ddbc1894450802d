"""Bring a record's state to where detection left it, in as few look-ups as the next steps need.

Only what is touched is loaded: the claims of the same attribute about the same person, and the findings open on those
questions. So a new claim costs as much in a long record as in a short one. Claims of entries that are not yet stepped
are never loaded: they come into the state by their own step.
"""

from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import replace

from ledger.domain.claim import Claim, Ref, claims_of_entry
from ledger.domain.event import EntryStep, Event
from ledger.domain.facts import Facts
from ledger.domain.finding import Basis, Finding, marks_of, read_marks
from ledger.domain.need import Need, areas_of, look_ahead, needed, with_findings, with_scopes
from ledger.domain.pack import Pack
from ledger.domain.person import LinkFact
from ledger.domain.question import Question
from ledger.domain.record_state import RecordState, Scope
from ledger.domain.rule import ANYBODY
from ledger.store.append import Driver
from ledger.store.detection import (
    OpenFinding,
    ReadEntry,
    Reading,
    read_claiming,
    read_entries,
    read_findings_by_id,
    read_open_findings,
)


class StateLoader:
    """Loads what steps need of one record, each thing once, within the transaction that read it.

    ``pack_at`` gives the pack that is in force at an event.
    """

    def __init__(self, driver: Driver, reading: Reading, pack_at: Callable[[Event], Pack]) -> None:
        self._driver = driver
        self._reading = reading
        self._pack_at = pack_at
        start = RecordState.partial(
            str(reading.record_id),
            [
                LinkFact("things" if link.kind == "things" else "people", link.is_unlink, link.members)
                for link in reading.links
            ],
            reading.around,
            reading.keys,
        )
        self._asked: set[str] = set()
        self._brought: set[str] = set()
        self._start = replace(start, withdrawn=dict(reading.withdrawn))

    def begin(self, events: Sequence[Event]) -> RecordState:
        """The state before the first of these events, with what they all need as far as that shows beforehand."""
        state = self._start.under(self._pack_at(events[0])) if events else self._start
        while True:
            needs = [need for event in events if (need := needed(state, event, self._pack_at(event)))]
            if not needs:
                break
            state = self._load(state, _together(needs))
        for event in events:
            state = self._with_findings(state, event)
        return state

    def complete(self, state: RecordState, event: Event) -> RecordState:
        """The state with whatever this event still needs."""
        pack = self._pack_at(event)
        state = state.under(pack)
        while need := needed(state, event, pack):
            state = self._load(state, need)
        return self._with_findings(state, event)

    def _load(self, state: RecordState, need: Need) -> RecordState:
        if need.everything:
            return state.with_everything(self._claims(state, None))
        if need.entries:
            return self._with_entries(state, need.entries)
        return with_scopes(state, need.scopes, self._claims(state, _pairs(need.scopes)))

    def _with_entries(self, state: RecordState, numbers: frozenset[int]) -> RecordState:
        # What an entry of this very run claims is in the state once it is stepped, and not before.
        earlier = {number for number in numbers if number <= self._reading.detected_seq}
        found = {entry.number: entry for entry in read_entries(self._driver, self._reading.record_id, earlier)}
        for number in sorted(numbers):
            claims = _claims_of(found[number]) if number in found else []
            state = state.with_entry(number, claims, state.withdrawn.get(number))
        return state

    def _claims(self, state: RecordState, pairs: set[tuple[str, str]] | None) -> list[Claim]:
        entries = read_claiming(self._driver, self._reading.record_id, pairs, self._reading.detected_seq)
        on = None if pairs is None else {attribute for attribute, _ in pairs}
        return [
            claim
            for entry in entries
            if entry.number not in state.withdrawn
            for claim in _claims_of(entry, on)
            if pairs is None or (claim.attribute, claim.about) in pairs or (claim.attribute, ANYBODY) in pairs
        ]

    def _with_findings(self, state: RecordState, event: Event) -> RecordState:
        """The state with the findings that the event may bear on, and those that people settled there."""
        pack = self._pack_at(event)
        if isinstance(event, EntryStep) and event.kind == "outcome":
            return self._with_named(state, str(event.body.get("finding")), pack)
        return self._with_keys(state, self._touched(state.under(pack), event, pack))

    def _touched(self, state: RecordState, event: Event, pack: Pack) -> dict[str, Question]:
        """The keys of the findings that stand, or may come to stand, where the event bears; and their areas.

        Findings are kept under the questions that the links before this run make; later links rename them in the state.
        """
        if isinstance(event, EntryStep) and state.links_after(event) != (state.people, state.things):
            touched = {state.question_of(claim) for claim in _claims_in(state)}
            areas = areas_of(touched, Facts(state.after(event)[0], pack))
        else:
            areas = look_ahead(state, event, pack)[1].areas
        return {rule.key(area): area for rule, area, _ in areas}

    def _with_keys(self, state: RecordState, areas: dict[str, Question]) -> RecordState:
        keys = (areas.keys() & self._reading.keys) - self._asked
        if not keys:
            return state
        self._asked |= keys
        return self._adding(state, read_open_findings(self._driver, self._reading.record_id, sorted(keys)), areas)

    def _with_named(self, state: RecordState, finding_id: str, pack: Pack) -> RecordState:
        """The state with one finding that an outcome names: its question is that of what it rests on."""
        # One that this run has closed still stands in the projection: brought in again, it would be closed twice.
        if finding_id in self._brought or any(finding.id == finding_id for finding in state.findings.values()):
            return state
        rows = read_findings_by_id(self._driver, self._reading.record_id, [finding_id])
        numbers = {ref[0] for row in rows for side in row.sides for ref in side}
        found = read_entries(self._driver, self._reading.record_id, numbers)
        state = state.under(pack)
        claims = [claim for entry in found for claim in _claims_of(entry)]
        questions = {state.question_of(claim) for claim in claims}
        areas = {rule.key(area): area for rule, area, _ in areas_of(questions, Facts(_whole(state, claims), pack))}
        self._asked |= {row.key for row in rows}
        return self._adding(state, rows, areas)

    def _adding(self, state: RecordState, rows: Sequence[OpenFinding], areas: dict[str, Question]) -> RecordState:
        if not rows:
            return state
        self._brought |= {row.finding_id for row in rows}
        found = [(_finding(row, areas.get(row.key, _UNKNOWN)), row.outcome) for row in rows]
        opened = [finding for finding, outcome in found if outcome is None]
        settled = [finding for finding, outcome in found if outcome is not None]
        return with_findings(state, [*state.findings.values(), *opened], settled)


#: The question of a finding whose statements no longer count: it is closed, and never judged again.
_UNKNOWN = Question("", "")


def _whole(state: RecordState, claims: Iterable[Claim]) -> RecordState:
    """The state with these claims as if they were all there is: enough to name areas."""
    return replace(state, loaded=None).adding(claims)


def as_projected(finding: Finding) -> OpenFinding:
    """A finding as the projection keeps it: references only."""
    basis = finding.basis
    return OpenFinding(
        finding_id=finding.id,
        key=finding.key,
        kind=basis.kind,
        rule=finding.rule,
        pack_version=finding.pack_version,
        sides=[[place_of(ref) for ref in side] for side in basis.sides],
        evidence=[place_of(ref) for ref in basis.evidence],
        certain=basis.certain,
        change_since=basis.change_since,
        is_stale=basis.is_stale,
        marks=marks_of(basis),
        raised_at=finding.raised_at,
    )


def place_of(ref: Ref) -> list[int]:
    """A claim's place as it is written."""
    return [ref.number, ref.index]


def _finding(row: OpenFinding, question: Question) -> Finding:
    basis = Basis(
        kind=row.kind,  # type: ignore[arg-type] # what was written is what is read
        sides=tuple(tuple(Ref(*ref) for ref in side) for side in row.sides),
        evidence=tuple(Ref(*ref) for ref in row.evidence),
        certain=row.certain,
        change_since=row.change_since,
        is_stale=row.is_stale,
        **read_marks(row.marks),
    )
    # Which step opened it is in the entry that did, and in its id; nothing later asks for it.
    return Finding(row.finding_id, row.key, question, row.rule, row.pack_version, basis, row.raised_at, step="")


def _together(needs: Iterable[Need]) -> Need:
    """One need that covers all: entries first, because what they claim says which questions are touched."""
    everything, entries, scopes = False, set[int](), set[Scope]()
    for need in needs:
        everything = everything or need.everything
        entries |= need.entries
        scopes |= set(need.scopes)
    if entries:
        return Need(entries=frozenset(entries))
    return Need(everything=True) if everything else Need(scopes=tuple(sorted(scopes, key=lambda scope: scope.topic)))


def _pairs(scopes: Iterable[Scope]) -> set[tuple[str, str]]:
    return {(scope.topic.attribute, key) for scope in scopes for key in scope.keys}


def _claims_in(state: RecordState) -> Iterable[Claim]:
    return (claim for claims in state.claims.values() for claim in claims)


def _claims_of(entry: ReadEntry, on: Container[str] | None = None) -> list[Claim]:
    kind, body, at = entry.kind or "", entry.body or {}, entry.recorded_at
    return claims_of_entry(kind, body, agency=entry.agency, number=entry.number, recorded_at=at, on=on)
