"""What to call the children of several records, as one reader may know them."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Connection

from ledger.services.child_told import child_told
from ledger.services.name_child import name_child
from ledger.services.see import Reader, open_eyes


def name_children(connection: Connection, reader: Reader, record_ids: Collection[UUID]) -> dict[UUID, str]:
    """By record; one whose details the reader may not know is left out. The connection acts for the reader's agency.

    It records no access: call it for records that were read already.
    """
    records = sorted(record_ids)
    if not records:
        return {}
    told = child_told(connection, open_eyes(connection, reader, records), records)
    return {record_id: name_child(details) for record_id, details in told.items()}
