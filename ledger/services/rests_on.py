"""What disagreements about findings rest on: what is said in one is seen no further than that, its parties apart.

A finding moves on, and what was said of it before was said of what it rested on then: all that it ever rested on bears.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from ledger.domain.marking import RESTRICTED, WHOLE, Mark, Sharing
from ledger.services.marked_for import Reads
from ledger.store.markings import MarkRow

Place = tuple[UUID, int]
#: No entry has this number. It stands for what a finding rests on where that cannot be told.
_LOST: Final = 0


@dataclass(frozen=True, slots=True)
class Resting:
    """A disagreement about a finding: the agencies whose it is, and the entries that the finding rests on or did."""

    record_id: UUID
    parties: frozenset[str]
    numbers: frozenset[int]

    def bearing(self, reads: Reads) -> list[Place]:
        """The entries whose markings bear on it, for one reader. Its parties read what they say to each other."""
        is_between_them = reads.agency in self.parties and not reads.audience
        return [] if is_between_them else [(self.record_id, number) for number in self.numbers]


def resting_of(rows: Iterable[Sequence[Any]]) -> tuple[dict[Place, Resting], list[MarkRow]]:
    """The disagreements about findings by the entries that opened them, from `resting_in`; and the marks that hold
    back those of which nobody can tell what they rest on: restricted to nobody.
    """
    parties: dict[Place, frozenset[str]] = {}
    numbers: dict[Place, set[int]] = {}
    for record, number, agency, others, sides, evidence in rows:
        parties[record, number] = frozenset({agency, *others})
        known = numbers.setdefault((record, number), set())
        known.update(ref[0] for side in (*(sides or ()), evidence or ()) for ref in side)
    found = {place: Resting(place[0], parties[place], frozenset(known or {_LOST})) for place, known in numbers.items()}
    lost = {place[0] for place, known in numbers.items() if not known}
    return found, [MarkRow(record, _LOST, Mark(WHOLE, Sharing(RESTRICTED)), "", 0) for record in sorted(lost)]
