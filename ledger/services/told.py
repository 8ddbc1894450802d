"""One entry as projections take it, and what they may take besides: nothing that other entries do not say."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from ledger.domain.entry import parse_entry_id
from ledger.store.append import Statement, Stored


@dataclass(frozen=True, slots=True)
class Told:
    """One entry: whose it is, where it stands, and what it says."""

    record_id: UUID
    pseudonym: str
    number: int
    recorded_at: datetime
    agency: str
    kind: str
    body: Mapping[str, Any]

    @classmethod
    def of(cls, entry: Stored, agency: str, kind: str, body: Mapping[str, Any]) -> "Told":
        """An entry that has just been given its place."""
        return cls(entry.record_id, entry.pseudonym, entry.number, entry.recorded_at, agency, kind, body)

    @property
    def place(self) -> tuple[UUID, int]:
        """Its record and number."""
        return self.record_id, self.number

    def named(self, field: str) -> int | None:
        """The number of the entry of this very record that a field names; None where it names none."""
        found = parse_entry_id(str(self.body.get(field, "")))
        return found[1] if found is not None and found[0] == self.pseudonym else None


@dataclass(frozen=True, slots=True)
class Before:
    """What entries before it said, as far as a projection of some few kinds needs that.

    An append reads it under the record's lock; a rebuild gathers it from the entries that it has gone through.
    """

    #: Of a marking, a rectification: the number in this record of the entry that is named, and whose that is.
    number: int = 0
    agency: str = ""
    #: Of a breaking of the glass: (beginning, reason) of the reader's that are still open, and the partnership's desk.
    standing: tuple[tuple[datetime, str], ...] = ()
    desk: str = ""
    #: Of what is said of an adult in two records: the other one of them.
    other: UUID | None = None


NOTHING = Before()
#: What an entry does to the projections, in order: a pure function of it, and of what stood before it.
Projection = Callable[[Told, Before], Iterable[Statement]]
