"""One child's record at one point, as one reader may see it: what every view of the past begins with.

The point is resolved once, to a number; the look at it is recorded; and what the reader may see is worked out as things
stood then, by the stricter of the markings of then and of now.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.entry import Chance, written_time
from ledger.services.find_as_of import Point, PointAsked, find_point, findings_as_of, findings_over, moment_of
from ledger.services.known_by import Knowledge, KnownBy, gather_knowledge, read_until
from ledger.services.note_access import note_access
from ledger.services.see import Eyes, NotKnownError, Reader, Seen, check_involved, open_eyes
from ledger.store.findings import StoredFinding
from ledger.store.timeline import StoredEntry, heads_of, of_agencies

#: What a look is recorded as that shows what an agency knew: it shows that agency nothing new.
KNOWN_BY_LOOK = "known by"


@dataclass(frozen=True)
class Past:
    """One record at one point. `asked` is how the point was named."""

    connection: Connection
    reader: Reader
    record_id: UUID
    pseudonym: str
    point: Point
    asked: PointAsked
    eyes: Eyes
    knowledge: Knowledge | None = None
    kept: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def moment(self) -> datetime:
        """The present of the point."""
        if "moment" not in self.kept:
            self.kept["moment"] = moment_of(self.connection, self.record_id, self.asked, self.point)
        found: datetime = self.kept["moment"]
        return found

    def look(self, entry: StoredEntry) -> Seen:
        """What is seen of an entry at the point."""
        return self.eyes.look(entry, up_to=self.point.number)

    @property
    def stored(self) -> list[StoredEntry]:
        """All that agencies recorded by the point, in order: read once."""
        if "stored" not in self.kept:
            self.kept["stored"] = of_agencies(self.connection, self.record_id, self.point.number)
        found: list[StoredEntry] = self.kept["stored"]
        return found

    def seen(self) -> list[Seen]:
        """The same as the reader sees it: looked at once."""
        if "seen" not in self.kept:
            self.kept["seen"] = [self.look(entry) for entry in self.stored]
        found: list[Seen] = self.kept["seen"]
        return found

    def findings(self) -> dict[str, StoredFinding]:
        """Every finding raised by then, as it stood."""
        return self._known(findings_as_of(self.connection, self.record_id, self.point.number))

    def findings_over(self, stored: Iterable[StoredEntry]) -> dict[str, StoredFinding]:
        """The same of the record's entries, where they were read already; those after the point are left out."""
        return self._known(findings_over(one for one in stored if one.number <= self.point.number))

    def _known(self, found: dict[str, StoredFinding]) -> dict[str, StoredFinding]:
        return found if self.knowledge is None else self.knowledge.known_findings(found)

    def head(self) -> dict[str, Any]:
        """What answers begin with: which record, at which point, and as known by whom where that was asked."""
        told: dict[str, Any] = {"child": str(self.record_id), "as_of": self.point.as_json()}
        return told if self.knowledge is None else told | {"known_by": self.knowledge.as_json()}


def open_past(
    connection: Connection,
    reader: Reader,
    record_id: UUID,
    asked: PointAsked,
    *,
    what: str,
    chance: Chance,
    known_by: KnownBy | None = None,
) -> Past:
    """The record at the point asked for. Writes the access record, under the name of `what` is read.

    The connection acts for the reader's agency. Raises NotKnownError, and RefusedError for a point that is not there.
    """
    check_involved(connection, reader, record_id)
    head = heads_of(connection, [record_id]).get(record_id)
    if head is None:
        raise NotKnownError
    point = find_point(connection, reader, record_id, asked)
    note_access(connection, reader, {record_id: point.number}, what if known_by is None else KNOWN_BY_LOOK, chance)
    eyes = open_eyes(connection, reader, [record_id])
    past = Past(connection, reader, record_id, head[0], point, asked, eyes)
    if known_by is None:
        return past
    until = read_until(connection, known_by, asked, past.moment)
    knowledge = gather_knowledge(connection, eyes, (record_id, head[0]), point, known_by, until)
    return Past(connection, reader, record_id, head[0], point, asked, knowledge.eyes, knowledge)


def look_again(past: Past, what: str, chance: Chance) -> Past:
    """The same, to show more of it: it is not read again. Writes another access record, under the name of `what`."""
    note_access(
        past.connection,
        past.reader,
        {past.record_id: past.point.number},
        what if past.knowledge is None else KNOWN_BY_LOOK,
        chance,
    )
    return past


def reopen(past: Past, connection: Connection, reader: Reader) -> Past:
    """The same in another transaction, of a look that is recorded already. Raises NotKnownError."""
    check_involved(connection, reader, past.record_id)
    eyes = open_eyes(connection, reader, [past.record_id])
    # What the one saw is not what the other sees: of what is kept the moment alone is the same.
    moment = {name: kept for name, kept in past.kept.items() if name == "moment"}
    return Past(connection, reader, past.record_id, past.pseudonym, past.point, past.asked, eyes, kept=moment)


def as_moment(moment: datetime | None) -> str | None:
    """A moment as answers write it."""
    return None if moment is None else written_time(moment)


def names_in(directory: Mapping[str, Any]) -> dict[str, str]:
    """The names of a directory's agencies."""
    return {name: agency.name for name, agency in directory.items()}
