"""The size of the log that stands for a moment: a point across all records, to be named again for ever."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from ledger.domain.entry import written_time
from ledger.domain.log.merkle import EMPTY_ROOT, root_of
from ledger.services.see import Reader
from ledger.store.clock import now
from ledger.store.log import reader as read_hashes
from ledger.store.log import tree_size
from ledger.store.positions import size_at


def size_log(connection: Connection, _reader: Reader, known_at: datetime | None) -> dict[str, Any]:
    """The largest size of the log of which all was recorded by a moment, or by now, and its root.

    The connection acts for an auditor. What is not in the log yet, a second's worth, is not in it.
    """
    present = now(connection)
    moment = present if known_at is None else min(known_at, present)
    size = min(size_at(connection, moment), tree_size(connection, "entries"))
    root = root_of(size, read_hashes(connection, "entries", size)) if size else EMPTY_ROOT
    return {"size": size, "root": root.hex(), "known_at": written_time(moment)}
