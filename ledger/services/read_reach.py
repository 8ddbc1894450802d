"""Who knows what of a child, for one page: who is involved and has not seen what, and what rests on little.

Each part is what its own service tells; here the record is opened, looked through and recorded as looked at once.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine

from ledger.domain.entry import Chance
from ledger.domain.pack import Pack
from ledger.services.past import open_past
from ledger.services.read_corroboration import corroborated
from ledger.services.read_involved import UnseenAsked, involved_in, unseen_in
from ledger.services.read_sources import resting_on_little
from ledger.services.see import Reader
from ledger.store.people import directory


def read_reach(
    connection: Connection,
    reader: Reader,
    record_id: UUID,
    asked: UnseenAsked,
    *,
    pack: Pack,
    chance: Chance,
    auditing: Engine | None,
) -> dict[str, Any]:
    """The parts by their names. Writes one access record, of looking at sources.

    The connection acts for the reader's agency. Raises NotKnownError, and RefusedError for a point that is not there.
    """
    past = open_past(connection, reader, record_id, asked, what="sources", chance=chance)
    names = directory(connection)
    return past.head() | {
        "involved": involved_in(past, auditing),
        "unseen": unseen_in(past, asked, auditing),
        "sources": resting_on_little(past, pack, names),
        "asked": corroborated(past, pack, names),
    }
