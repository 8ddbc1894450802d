"""Record a look at what others wrote, in the transaction that does the looking."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.entry import Chance
from ledger.services.see import Reader
from ledger.store.access import Access, insert_access


def note_access(connection: Connection, reader: Reader, seen: Mapping[UUID, int], what: str, chance: Chance) -> None:
    """Write one access record for each record looked at, with the number up to which it was seen."""
    insert_access(
        connection,
        [
            Access(
                UUID(bytes=chance(16), version=4),
                reader.agency,
                reader.person_id,
                record_id,
                what,
                reader.purpose,
                number,
                reader.request_id,
            )
            for record_id, number in seen.items()
        ],
    )
