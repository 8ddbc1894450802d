"""Read back one's own entries: what the ledger holds that an agency told it, as it was told.

Paged in order of the sender's own event ids, which an index keeps already; the place in the order is passed on as an
entry's id, so that no event id stands in an address.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, and_, select

from ledger.domain.door import DoorWarning
from ledger.domain.entry import parse_entry_id
from ledger.services.authenticate import authenticate
from ledger.services.context import Context
from ledger.services.refusal import NOT_KNOWN, RefusedError
from ledger.store.append import Caller, Credential, Stored
from ledger.store.landmarks import own_warnings
from ledger.store.tables import contents, entries, heads


@dataclass(frozen=True, slots=True)
class OwnEntry:
    """One of the caller's own entries; `kind` and `body` are None once its content has been erased."""

    entry: Stored
    event_id: str
    kind: str | None
    body: dict[str, Any] | None
    #: What was warned of when it was sent.
    warnings: tuple[DoorWarning, ...] = ()


def read_own_entry(context: Context, credential: Credential | Caller, entry_id: str) -> OwnEntry:
    """One of the caller's own entries by its id. Raises RefusedError."""
    with context.engine.begin() as connection:
        caller = authenticate(connection, credential, "observe")
        return own_entry(connection, caller.agency, entry_id)


def own_entry(connection: Connection, agency: str, entry_id: str) -> OwnEntry:
    """One of the acting agency's own entries by its id. Raises RefusedError."""
    (found,) = _own(connection, [_one(connection, agency, entry_id)])
    return found


def read_own_entries(
    context: Context, credential: Credential | Caller, *, after: str | None, limit: int, child: UUID | None = None
) -> tuple[list[OwnEntry], str | None]:
    """A page of the caller's own entries and, where there are more, the id after which the next begins."""
    with context.engine.begin() as connection:
        caller = authenticate(connection, credential, "observe")
        query = _of(caller.agency).order_by(entries.c.event_id, entries.c.record_id).limit(limit + 1)
        if child is not None:
            query = query.where(entries.c.record_id == child)
        if after is not None:
            last = _one(connection, caller.agency, after)
            query = query.where(
                (entries.c.event_id > last.event_id)
                | and_(entries.c.event_id == last.event_id, entries.c.record_id > last.record_id)
            )
        rows: Sequence[Row[Any]] = connection.execute(query).all()
        page = _own(connection, rows[:limit])
    return page, page[-1].entry.entry_id if len(rows) > limit else None


def _one(connection: Connection, agency: str, entry_id: str) -> Row[Any]:
    named = parse_entry_id(entry_id)
    row = (
        connection.execute(_of(agency).where(heads.c.pseudonym == named[0], entries.c.number == named[1])).one_or_none()
        if named
        else None
    )
    if row is None:
        raise RefusedError(NOT_KNOWN.code, NOT_KNOWN.detail)
    return row


def _of(agency: str) -> Select[Any]:
    return (
        select(entries, heads.c.pseudonym, contents.c.kind, contents.c.salt, contents.c.content)
        .join(heads, heads.c.record_id == entries.c.record_id)
        .outerjoin(contents, and_(contents.c.record_id == entries.c.record_id, contents.c.number == entries.c.number))
        # What its administrators did stands in the partnership's record, and is not theirs to read who post.
        .where(entries.c.agency_id == agency, heads.c.kind == "child")
    )


def _own(connection: Connection, rows: Sequence[Row[Any]]) -> list[OwnEntry]:
    given = own_warnings(connection, [(row.record_id, row.number) for row in rows])
    found = []
    for row in rows:
        stored = Stored(
            row.record_id,
            row.pseudonym,
            row.number,
            row.recorded_at,
            row.envelope,
            is_copy=row.is_copy,
            salt=row.salt,
        )
        body = json.loads(row.content)["body"] if row.content is not None else None
        warnings = given.get((row.record_id, row.number), ())
        found.append(OwnEntry(stored, row.event_id, row.kind, body, warnings))
    return found
