"""Which agencies took a part in records, told to whoever leads them: an involvement is told, and can be disputed.

Who and when is read off the entries' envelopes; the role and the reason are the entry's, as its reader sees it.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection

from ledger.domain.entry import Chance, entry_id, written_time
from ledger.domain.role import LEADING, Role
from ledger.services.child_told import child_told
from ledger.services.name_child import name_child
from ledger.services.note_access import note_access
from ledger.services.see import Reader, Seen, open_eyes
from ledger.store.clock import now
from ledger.store.involvements import Part, new_parts
from ledger.store.people import Agency, directory
from ledger.store.timeline import by_number, heads_of

#: How far back is told where nobody says.
DAYS: Final = 14
#: At most so many are listed at once.
LIMIT: Final = 200


def read_involvements(
    connection: Connection,
    reader: Reader,
    *,
    chance: Chance,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = LIMIT,
) -> dict[str, Any]:
    """The parts that others began in records that the reader leads, the newest first, and whether there are more.

    Times are the ledger's. An agency's system and a manager are told of all that their agency leads. The connection
    acts for the reader; that each record was listed is recorded in it.
    """
    at = now(connection)
    span = (since or at - timedelta(days=DAYS), until or at + timedelta(days=1))
    found = new_parts(connection, reader.agency, _whose(reader), span, limit + 1) if _may_lead(reader) else []
    told, more = found[:limit], len(found) > limit
    records = sorted({one.record_id for one in told})
    heads = heads_of(connection, records)
    note_access(connection, reader, {record: heads[record][1] for record in records}, "involvements", chance)
    eyes = open_eyes(connection, reader, records)
    places = {(one.record_id, one.number) for one in told}
    seen = {(one.record_id, one.number): eyes.look(one) for one in by_number(connection, places)}
    details = child_told(connection, eyes, records)
    agencies = directory(connection) if told else {}
    return {
        "since": written_time(span[0]),
        "involvements": [
            _rendered(one, seen.get((one.record_id, one.number)), details.get(one.record_id, {}), agencies)
            for one in told
        ],
        "more": more,
    }


def _may_lead(reader: Reader) -> bool:
    return reader.person_id is None or bool(LEADING & reader.roles)


def _whose(reader: Reader) -> str | None:
    return None if reader.person_id is None or Role.MANAGER in reader.roles else reader.person_ref


def _rendered(
    one: Part, entry: Seen | None, details: Mapping[str, Any], agencies: Mapping[str, Agency]
) -> dict[str, Any]:
    agency, by = agencies.get(one.agency), agencies.get(one.by)
    body = entry.body if entry is not None and entry.is_visible else {}
    by_name = by.name if by else one.by
    return {
        "entry": entry_id(one.pseudonym, one.number),
        "child": {"id": str(one.record_id), "name": name_child(details)},
        "agency": one.agency,
        "agency_name": agency.name if agency else one.agency,
        "contact": agency.contact if agency else None,
        "recorded_by": one.by,
        "role": body.get("role"),
        "reason": body.get("reason"),
        "words": f"Named lead, by {by_name}." if one.is_lead else None,
        "at": written_time(one.at),
    }
