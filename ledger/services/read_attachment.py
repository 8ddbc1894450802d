"""Read an attachment's bytes: to whoever sees its entry whole, and each time with an access record of its own.

What is withheld, erased, not an attachment or not there looks the same: there is nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Connection

from ledger.domain.entry import Chance, parse_entry_id
from ledger.domain.media import TAKEN
from ledger.domain.role import Right
from ledger.services.attach import KIND
from ledger.services.note_access import note_access
from ledger.services.reach import reaches
from ledger.services.see import NotKnownError, Reader, Sight, open_eyes
from ledger.store.attachments import kept_bytes, place_of
from ledger.store.timeline import by_number

#: Whatever a file turns out to be, a browser is to save it, run nothing of it and keep no copy.
_HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
}


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to be handed over. `name` is made of the entry's id, for what people call files says too much."""

    name: str
    media_type: str
    bytes: bytes = field(repr=False)

    @property
    def headers(self) -> dict[str, str]:
        """What goes with the bytes wherever they are handed over: to be saved, and not shown."""
        return {**_HEADERS, "Content-Disposition": f'attachment; filename="{self.name}"'}


def read_attachment(connection: Connection, reader: Reader, entry_id: str, *, chance: Chance) -> Attachment:
    """An attachment by its entry's id, and its access record; the connection acts for the reader.

    One's own agency's is read wherever it lies, others' where one's right to read reaches. Raises NotKnownError.
    """
    named = parse_entry_id(entry_id)
    place = None if named is None else place_of(connection, *named)
    found = [] if place is None else by_number(connection, [place])
    if place is None or not found:
        raise NotKnownError
    entry = found[0]
    if entry.agency != reader.agency and not reaches(connection, reader, entry.record_id, Right.READ):
        raise NotKnownError
    seen = open_eyes(connection, reader, [entry.record_id]).look(entry)
    if seen.sight is not Sight.FULL or seen.kind != KIND:
        raise NotKnownError
    kept = kept_bytes(connection, *place)
    if kept is None:
        raise NotKnownError
    note_access(connection, reader, {entry.record_id: entry.number}, "attachment", chance)
    return Attachment(f"{entry_id}.{TAKEN[kept.media_type]}", kept.media_type, kept.bytes)
