"""Bring a record's state to where detection left it, in as few look-ups as the next steps need.

Only what is touched is loaded: the claims of the same attribute about the same person, and the findings open on those
questions. So a new claim costs as much in a long record as in a short one. Claims of entries that are not yet stepped
are never loaded: they come into the state by their own step.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ledger.domain.claim import Claim, Ref, claims_of, observation_of
from ledger.domain.event import EntryStep, Event, claims_in
from ledger.domain.finding import Basis, Finding
from ledger.domain.person import LinkFact
from ledger.domain.question import Question, question_of
from ledger.domain.record_state import Need, RecordState, Scope
from ledger.domain.rule import RULES
from ledger.store.append import Driver
from ledger.store.detection import (
    OpenFinding,
    ReadEntry,
    Reading,
    read_claiming,
    read_entries,
    read_open_findings,
)


class StateLoader:
    """Loads what steps need of one record, each thing once, within the transaction that read it."""

    def __init__(self, driver: Driver, reading: Reading) -> None:
        self._driver = driver
        self._reading = reading
        start = RecordState.partial(
            str(reading.record_id),
            [
                LinkFact("things" if link.kind == "things" else "people", link.is_unlink, link.members)
                for link in reading.links
            ],
        )
        # Findings are kept under the questions that the links of this moment make.
        self._people, self._things = start.people, start.things
        self._asked: set[str] = set()
        self._start = replace(start, withdrawn=dict(reading.withdrawn))

    def begin(self, events: Sequence[Event]) -> RecordState:
        """The state before the first of these events, with what they all need as far as that shows beforehand."""
        state = self._start
        while True:
            needs = [need for event in events if (need := state.questions_needed(event))]
            if not needs:
                break
            state = self._load(state, _together(needs))
        claims = [claim for event in events if isinstance(event, EntryStep) for claim in claims_in(event)]
        return self._with_findings(state, self._questions(claims) | self._questions(_claims_in(state)))

    def complete(self, state: RecordState, event: Event) -> RecordState:
        """The state with whatever this event still needs."""
        while need := state.questions_needed(event):
            state = self._load(state, need)
            state = self._with_findings(state, self._questions(_claims_in(state)))
        return state

    def _load(self, state: RecordState, need: Need) -> RecordState:
        if need.everything:
            return state.with_everything(self._claims(state, None))
        if need.entries:
            return self._with_entries(state, need.entries)
        return state.with_scopes(need.scopes, self._claims(state, _pairs(need.scopes)))

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
        return [
            claim
            for entry in entries
            if entry.number not in state.withdrawn
            for claim in _claims_of(entry)
            if pairs is None or (claim.attribute, claim.about) in pairs
        ]

    def _questions(self, claims: Iterable[Claim]) -> set[Question]:
        return {question_of(claim, self._people, self._things) for claim in claims}

    def _with_findings(self, state: RecordState, questions: set[Question]) -> RecordState:
        by_key = {rule.key(question): question for rule in RULES for question in questions}
        keys = by_key.keys() - self._asked
        if not keys:
            return state
        self._asked |= keys
        found = read_open_findings(self._driver, self._reading.record_id, sorted(keys))
        if not found:
            return state
        return state.with_findings([*state.findings.values(), *(_finding(one, by_key[one.key]) for one in found)])


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


def _claims_of(entry: ReadEntry) -> list[Claim]:
    observation = observation_of(entry.kind or "", entry.body or {})
    if observation is None:
        return []
    return claims_of(observation, agency=entry.agency, number=entry.number, recorded_at=entry.recorded_at)
