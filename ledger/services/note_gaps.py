"""Keep of each open gap what an answer to a post needs: of whom it is, who tried, and what of it is not for everybody.

Detection knows all of it when it judges; a post must not read a record again to find out. What is kept is a function
of the entries, and is written beside the finding by the run that changed it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ledger.domain.claim import Claim
from ledger.domain.event import EntryStep, Event
from ledger.domain.finding import Finding
from ledger.domain.gap import gap_of
from ledger.domain.marking import marks_in
from ledger.domain.pack import Pack
from ledger.domain.record_state import RecordState
from ledger.store.append import Driver, Statement
from ledger.store.detection import Reading, read_entries
from ledger.store.gaps import gather_gaps, keep_gap
from ledger.store.markings import read_hidden


@dataclass(slots=True)
class GapNotes:
    """What is to be kept of the gaps that one run of detection changed."""

    reading: Reading
    _notes: dict[str, dict[str, Any]] = field(default_factory=dict)
    _withdrawn: Mapping[int, int] = field(default_factory=dict)
    _is_changed: bool = False

    def take(self, event: Event, before: RecordState, after: RecordState, pack: Pack) -> None:
        """Take up what a step made of the open gaps."""
        is_marked = isinstance(event, EntryStep) and (
            event.kind == "marking" or any(mark.person for mark in marks_in(event.kind, event.body, event.agency))
        )
        if before.findings is after.findings and before.people is after.people and not is_marked:
            return
        self._withdrawn = after.withdrawn
        # By a link somebody comes to have other names, though nothing is said of the gap.
        is_relinked = before.people != after.people or is_marked
        for key, finding in after.findings.items():
            if finding.kind == "gap" and (is_relinked or before.findings.get(key) is not finding):
                self._notes[finding.id] = _note(finding, after, pack)
        standing = {finding.id for finding in after.findings.values()}
        ended = (one for one in before.findings.values() if one.kind == "gap" and one.id not in standing)
        self._is_changed = self._is_changed or bool(self._notes) or any(True for _ in ended)

    def statements(self, driver: Driver, read_to: int) -> list[Statement]:
        """The projections' statements. Reads the entries that the gaps rest on, where there are any."""
        gathering = [gather_gaps(self.reading.record_id, read_to)] if self._is_changed else []
        if not self._notes:
            return gathering
        hidden = self._hidden(driver)
        statements = []
        for finding_id, note in self._notes.items():
            numbers = {*note["sides"], *(one[0] for one in note["tried"])}
            kept = {str(number): hidden[number] for number in sorted(numbers) if number in hidden}
            statements.append(keep_gap(finding_id, note | {"hidden": kept}))
        return [*statements, *gathering]

    def _hidden(self, driver: Driver) -> Mapping[int, str]:
        """Of these entries those of which anything is marked, by the agency whose they are: prompts are for everybody.

        A marking of a person counts for all that its agency wrote: which of it names them is not looked up here.
        """
        asked = {number for note in self._notes.values() for number in (*note["sides"], *(t[0] for t in note["tried"]))}
        record_id = self.reading.record_id
        marked, by_person = read_hidden(driver, record_id)
        near = {number: {number} for number in asked}
        for number in asked:
            near[number] |= {one for pair in _bearing({number}, [*self._withdrawn.items()]) for one in pair}
        of = {entry.number: entry.agency for entry in read_entries(driver, record_id, asked)}
        return {
            number: of[number]
            for number in asked
            if number in of and (not near[number].isdisjoint(marked) or of[number] in by_person)
        }


def _note(finding: Finding, state: RecordState, pack: Pack) -> dict[str, Any]:
    basis, question = finding.basis, finding.question
    refs = {ref for side in (*basis.sides, basis.evidence) for ref in side}
    gap = gap_of(finding, _claims_of(state, {ref.number for ref in refs}), pack)
    return {
        "question": question.as_mapping(),
        "keys": sorted(state.people.keys_of(question.about)),
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
