"""Detection over a whole record again, in memory: what it is still to look at, what fails, and what is kept of gaps.

Findings and alerts are told by entries; these three are told by the steps alone. The steps are those that detection
made: every entry that it has read, and every moment up to where it has come, each under the pack then in force.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from heapq import heappop, heappush
from uuid import UUID

from ledger.domain.event import Event
from ledger.domain.fold import step
from ledger.domain.pack import Pack
from ledger.domain.record_state import RecordState, Surroundings
from ledger.services.detect import Packs, digest_at, due_step, entry_step
from ledger.services.failed_checks import FailedChecks
from ledger.services.note_gaps import GapNotes
from ledger.services.say_findings import links_declared, moments_asked
from ledger.store.append import Statement
from ledger.store.detection import DueMoment, ReadEntry, Reading


@dataclass(frozen=True, slots=True)
class Position:
    """How far detection has come in a record: to which entry, and before which moment."""

    detected_seq: int
    #: Moments before this are behind it. Of those that are due already and stand there still, the first.
    until: datetime


@dataclass(slots=True)
class Folded:
    """What the steps leave."""

    gaps: GapNotes
    failed: FailedChecks
    due: list[DueMoment] = field(default_factory=list)
    links: list[Statement] = field(default_factory=list)


def fold_again(
    record_id: UUID,
    entries: Sequence[ReadEntry],
    around: Surroundings,
    in_force: Sequence[tuple[datetime, str]],
    packs: Packs,
    position: Position,
) -> Folded:
    """Step through a record's entries, and what fell due meanwhile, as far as detection has come.

    `in_force` are the packs put in force, as (from when, digest). Raises what a step raises that cannot be run.
    """
    reading = Reading(record_id, is_child=True, clock=position.until, detected_seq=0, read_to=position.detected_seq)
    folding = _Folding(Folded(GapNotes(record_id), FailedChecks(reading)), record_id, around)

    def pack_at(event: Event) -> Pack:
        return packs(digest_at(in_force, event.at))

    for entry in entries:
        event = entry_step(entry) if entry.number <= position.detected_seq else None
        if event is not None:
            folding.catch_up((event.at, entry.number), pack_at)
            folding.take(event, pack_at(event))
    folding.catch_up((position.until, 0), pack_at)
    folding.folded.due = sorted(folding.waiting)
    return folding.folded


@dataclass(slots=True)
class _Folding:
    folded: Folded
    record_id: UUID
    around: Surroundings
    waiting: list[DueMoment] = field(default_factory=list)
    _known: set[DueMoment] = field(default_factory=set)
    _state: RecordState = field(init=False)

    def __post_init__(self) -> None:
        self._state = RecordState(record=str(self.record_id), around=self.around)

    def catch_up(self, place: tuple[datetime, int], pack_at: Callable[[Event], Pack]) -> None:
        """Step through the moments that come before a time and, at that time, before a number."""
        while self.waiting and (self.waiting[0].at, self.waiting[0].number) < place:
            event = due_step(heappop(self.waiting))
            self.take(event, pack_at(event))

    def take(self, event: Event, pack: Pack) -> None:
        """One step, and what it asks for."""
        after, outcomes = step(self._state, event, pack)
        folded = self.folded
        folded.links += links_declared(self.record_id, event)
        for moment in moments_asked(folded.failed, event, after, pack, outcomes):
            if moment not in self._known:  # asked for again before it came: it comes once
                self._known.add(moment)
                heappush(self.waiting, moment)
        folded.gaps.take(event, self._state.under(pack), after, pack)
        self._state = after
