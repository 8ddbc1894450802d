"""What a reader is told of who a child is: of the newest details what an entry that they see says.

The details of a record are a projection of all its entries. Where any of these is marked, as a new name may be that
somebody is not to find the child under, only what the reader sees is told.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from ledger.services.see import Eyes
from ledger.store.access import child_details
from ledger.store.timeline import heads_of, of_all

_KINDS: Final = ("child",)


def child_told(connection: Connection, eyes: Eyes, record_ids: Sequence[UUID]) -> dict[UUID, Mapping[str, Any]]:
    """The details of these children, for these eyes; the connection acts for their reader."""
    details = child_details(connection, record_ids)
    marked = eyes.marks.records & details.keys()
    heads = heads_of(connection, sorted(marked)) if marked else {}
    return {
        record_id: _seen(connection, eyes, record_id, heads[record_id][1], held) if record_id in marked else held
        for record_id, held in details.items()
    }


def _seen(
    connection: Connection, eyes: Eyes, record_id: UUID, up_to: int, held: Mapping[str, Any]
) -> Mapping[str, Any]:
    looked = [eyes.look(entry) for entry in of_all(connection, record_id, _KINDS, up_to)]
    said = [entry.body for entry in looked if entry.is_visible]
    return {name: value for name, value in held.items() if any(body.get(name) == value for body in said)}
