"""What an agency was asked to put right and has not answered: the first due first."""

from typing import Any, Final

from sqlalchemy import Connection

from ledger.domain.entry import Chance, entry_id, written_time
from ledger.domain.month import days_left
from ledger.services.note_access import note_access
from ledger.services.see import Reader, open_eyes
from ledger.store.clock import now
from ledger.store.sharing import rectifications_of
from ledger.store.timeline import by_number

LIMIT: Final = 100
LIMIT_MAX: Final = 500


def read_rectifications(connection: Connection, reader: Reader, *, limit: int, chance: Chance) -> dict[str, Any]:
    """The requests that the reader's agency owes an answer, as far as it still sees them. Writes the access records."""
    owed = rectifications_of(connection, reader.agency, limit)
    records = {one.record_id for one in owed}
    seen_to = {record: max(one.number for one in owed if one.record_id == record) for record in records}
    note_access(connection, reader, seen_to, "rectifications", chance)
    eyes, at = open_eyes(connection, reader, records), now(connection)
    places = {(one.record_id, one.number) for one in owed}
    looked = {(entry.record_id, entry.number): eyes.look(entry) for entry in by_number(connection, places)}
    told = []
    for one in owed:
        entry = looked.get((one.record_id, one.number))
        if entry is None or not entry.is_visible:
            continue
        told.append(
            {
                "id": entry_id(one.pseudonym, one.number),
                "child": str(one.record_id),
                "of": entry_id(one.pseudonym, one.of_number),
                "from": entry.agency,
                **{name: entry.body.get(name) for name in ("asked_by", "says", "on")},
                "due": written_time(one.due_at),
                "days_left": days_left(one.due_at, at),
                "overdue": one.due_at <= at,
            }
        )
    return {"rectifications": told}
