"""An entry that a body names, as its sender sees it: looked at in the trips of the append that the body makes.

What the sender may not see is not there for them: they are answered as if no entry had that id.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from ledger.domain.person import LinkFact, Links
from ledger.services.see import Reader, Seen, eyes_over
from ledger.store.append import Statement
from ledger.store.markings import OWN_ROWS, read_marks, resting
from ledger.store.timeline import StoredEntry

_ANY_TIME: Final = datetime.min.replace(tzinfo=UTC)
_HERE: Final = "SELECT 1 FROM ledger.heads WHERE record_id = %s AND pseudonym = %s"
# The entry, and those whose markings may bear on it.
_TOLD: Final = """
    SELECT c.record_id, c.number, c.agency_id, c.kind, c.content FROM ledger.contents c
    WHERE c.record_id = %s AND c.number IN (
        SELECT %s::bigint
        UNION SELECT number FROM ledger.withdrawals WHERE record_id = %s
        UNION SELECT by_number FROM ledger.withdrawals WHERE record_id = %s
        UNION SELECT of_number FROM ledger.ties WHERE record_id = %s)"""
_WITHDRAWN: Final = "SELECT record_id, number, by_number FROM ledger.withdrawals WHERE record_id = %s"
_TIES: Final = "SELECT record_id, number, of_number FROM ledger.ties WHERE record_id = %s"
_LINKS: Final = (
    "SELECT members, is_unlink FROM ledger.links WHERE record_id = %s AND kind = 'people' ORDER BY number, index"
)


class NamedEntry:
    """One entry of a record, by its id's two parts."""

    def __init__(self, record_id: UUID, named: tuple[str, int]) -> None:
        self._record_id, self._named = record_id, named

    def reads(self) -> list[Statement]:
        """What must be known under the lock."""
        record, (pseudonym, number) = self._record_id, self._named
        return [
            (_HERE, (record, pseudonym)),
            (_TOLD, (record, number, record, record, record)),
            (_WITHDRAWN, (record,)),
            (_TIES, (record,)),
            (_LINKS, (record,)),
            (OWN_ROWS, (record,)),
            resting([record]),
        ]

    def seen(self, agency: str, answers: Sequence[Sequence[tuple[Any, ...]]]) -> Seen | None:
        """The entry as this agency's system sees it, from the answers to `reads`; None where it sees nothing of it."""
        here, told, withdrawn, ties, links, marked, rested = answers
        stored = {
            at: StoredEntry(record, at, _ANY_TIME, by, "", b"", kind, sealed) for record, at, by, kind, sealed in told
        }
        entry = stored.get(self._named[1])
        if not here or entry is None:
            return None
        joined = Links.of(LinkFact("people", is_unlink, tuple(members)) for members, is_unlink in links)
        eyes = eyes_over(
            Reader(agency),
            [(record, number, by) for record, number, by in withdrawn],
            stored.values(),
            read_marks(marked),
            {self._record_id: joined},
            {(record, number): of for record, number, of in ties},
            rested=rested,
        )
        seen = eyes.look(entry)
        return seen if seen.is_visible else None
