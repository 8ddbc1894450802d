"""Keep of each open gap what an answer to a post needs: of whom it is, who tried, and what of it is not for everybody.

Detection knows all of it when it judges; a post must not read a record again to find out. What is kept is a function
of the entries: not of when, or in how many runs, they were read. So what bears on a gap of which nothing is said (by
which names somebody goes, what is held back from whom) is found again for every open gap when an entry changes it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from ledger.domain.claim import Claim
from ledger.domain.event import EntryStep, Event
from ledger.domain.finding import Finding
from ledger.domain.gap import gap_of
from ledger.domain.marking import marks_in
from ledger.domain.pack import Pack
from ledger.domain.person import Links
from ledger.domain.question import Question
from ledger.domain.record_state import RecordState
from ledger.store.append import Statement
from ledger.store.detection import authors_of
from ledger.store.gaps import gather_gaps, keep_gap, kept_gaps
from ledger.store.markings import hidden_at, read_hidden

#: What answers a look-up.
Look = Callable[[Statement], Sequence[tuple[Any, ...]]]

_WITHDRAWS = frozenset({"correction", "void", "marking", "erasure_answer"})


@dataclass(slots=True)
class GapNotes:
    """What is to be kept of the gaps that steps have changed."""

    record_id: UUID
    _notes: dict[str, dict[str, Any]] = field(default_factory=dict)
    _ended: set[str] = field(default_factory=set)
    _withdrawn: Mapping[int, int] = field(default_factory=dict)
    _people: Links = field(default_factory=Links)
    _things: Links = field(default_factory=Links)
    #: Something has changed that may bear on any open gap.
    _bears: bool = False

    def take(self, event: Event, before: RecordState, after: RecordState, pack: Pack) -> None:
        """Take up what a step made of the open gaps."""
        is_relinked = (before.people, before.things) != (after.people, after.things)
        self._bears = self._bears or is_relinked or _is_marked(event)
        self._withdrawn, self._people, self._things = after.withdrawn, after.people, after.things
        if before.findings is after.findings:
            return
        for key, finding in after.findings.items():
            if finding.kind == "gap" and before.findings.get(key) is not finding:
                self._notes[finding.id] = _note(finding, after, pack)
        standing = {finding.id for finding in after.findings.values()}
        gone = {one.id for one in before.findings.values() if one.kind == "gap"} - standing
        self._ended |= gone
        for finding_id in gone:
            self._notes.pop(finding_id, None)

    def statements(self, look: Look, read_to: int) -> list[Statement]:
        """The projections' statements, once entries are read to a number; looks up what the gaps rest on."""
        notes = dict(self._notes)
        if self._bears:
            kept = {name: note for name, note in look(kept_gaps(self.record_id)) if name not in self._ended}
            notes = {**kept, **notes}
        if not notes:
            return [gather_gaps(self.record_id)] if self._ended else []
        notes = {name: self._named(note) for name, note in notes.items()}
        hidden = self._hidden(look, notes.values(), read_to)
        statements = []
        for finding_id, note in notes.items():
            kept_back = {str(number): hidden[number] for number in sorted(_rests_on(note)) if number in hidden}
            statements.append(keep_gap(finding_id, note | {"hidden": kept_back}))
        return [*statements, gather_gaps(self.record_id)]

    def _named(self, note: Mapping[str, Any]) -> dict[str, Any]:
        """A note with its question, and whom it is of, by the links that stand."""
        question = Question.from_mapping(note["question"]).resolved(self._people, self._things)
        return {**note, "question": question.as_mapping(), "keys": sorted(self._people.keys_of(question.about))}

    def _hidden(self, look: Look, notes: Iterable[Mapping[str, Any]], read_to: int) -> Mapping[int, str]:
        """Of these entries those of which anything is marked, by the agency whose they are: prompts are for everybody.

        A marking of a person counts for all that its agency wrote: which of it names them is not looked up here.
        """
        asked = {number for note in notes for number in _rests_on(note)}
        marked, by_person = read_hidden(look(hidden_at(self.record_id, read_to)))
        near = {number: {number} for number in asked}
        for number in asked:
            near[number] |= {one for pair in _bearing({number}, [*self._withdrawn.items()]) for one in pair}
        of: dict[int, str] = dict(look(authors_of(self.record_id, asked)))
        return {
            number: of[number]
            for number in asked
            if number in of and (not near[number].isdisjoint(marked) or of[number] in by_person)
        }


def _is_marked(event: Event) -> bool:
    """Whether an entry may change what is held back of others, or which of them stands for which."""
    if not isinstance(event, EntryStep):
        return False
    return event.kind in _WITHDRAWS or bool(marks_in(event.kind, event.body, event.agency))


def _rests_on(note: Mapping[str, Any]) -> set[int]:
    return {*note["sides"], *(one[0] for one in note["tried"])}


def _note(finding: Finding, state: RecordState, pack: Pack) -> dict[str, Any]:
    basis, question = finding.basis, finding.question
    refs = {ref for side in (*basis.sides, basis.evidence) for ref in side}
    gap = gap_of(finding, _claims_of(state, {ref.number for ref in refs}), pack)
    return {
        "question": question.as_mapping(),
        "sides": sorted({ref.number for side in basis.sides for ref in side}),
        "tried": [[one.ref.number, one.agency, one.state, one.observed] for one in gap.attempts],
    }


def _claims_of(state: RecordState, numbers: Iterable[int]) -> Iterator[Claim]:
    for number in sorted(numbers):
        for topic in state.topics.get(number, ()):
            yield from (claim for claim in state.claims.get(topic, ()) if claim.number == number)


def _bearing(asked: Iterable[int], pairs: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The withdrawals that bear on these entries, also by way of each other."""
    left, reached, known = list(pairs), list[tuple[int, int]](), set(asked)
    while near := [pair for pair in left if known.intersection(pair)]:
        known |= {number for pair in near for number in pair}
        reached += near
        left = [pair for pair in left if pair not in near]
    return reached
