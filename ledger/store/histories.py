"""Whole records for an auditor's eyes, one at a time, in transactions that cannot write.

Two locks on one door: the role has no right to write a row of a record, and the transaction is read-only besides. Each
record is read in a snapshot of its own, so that no transaction stays open while something is computed.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, Text, and_, cast, func, or_, select

from ledger.domain.calendar import Nation
from ledger.store import clock
from ledger.store.party import act_for
from ledger.store.tables import agencies, contents, entries, heads, partnerships

ROLE = "ledger_auditor"
PARTY = "auditor"
_PAGE = 500


@dataclass(frozen=True, slots=True)
class RecordPlace:
    """A child's record: its id, the name it has in public, and its partnership's nation."""

    record_id: UUID
    pseudonym: str
    nation: Nation


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One entry. Of one whose content was erased there is neither kind nor body."""

    number: int
    recorded_at: datetime
    agency: str
    kind: str | None
    body: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which records: those of these ids or pseudonyms, where any are named; with anything recorded since a moment; of
    one partnership, where it is given.
    """

    named: Sequence[str] = ()
    since: datetime | None = None
    partnership: str | None = None


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A read-only snapshot as the auditor; nothing that is done in it lasts."""
    with engine.connect() as connection:
        reader = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with reader.begin() as begun:
            act_for(reader, PARTY)
            yield reader
            begun.rollback()


def now(engine: Engine) -> datetime:
    """The ledger's now."""
    with reading(engine) as connection:
        return clock.now(connection)


def kinds_of_agencies(engine: Engine) -> dict[str, str]:
    """What sort of agency each is."""
    with reading(engine) as connection:
        return {row.agency_id: row.kind for row in connection.execute(select(agencies.c.agency_id, agencies.c.kind))}


def count_records(engine: Engine, chosen: Chosen) -> int:
    """How many records are chosen."""
    with reading(engine) as connection:
        return connection.scalar(select(func.count()).select_from(heads).where(*_where(chosen))) or 0


def records(engine: Engine, chosen: Chosen) -> Iterator[RecordPlace]:
    """The chosen records in the order of their pseudonyms, a page in memory at a time."""
    after = ""
    while True:
        query = (
            select(heads.c.record_id, heads.c.pseudonym, partnerships.c.nation)
            .join_from(heads, partnerships, heads.c.partnership_id == partnerships.c.partnership_id)
            .where(*_where(chosen), heads.c.pseudonym > after)
            .order_by(heads.c.pseudonym)
            .limit(_PAGE)
        )
        with reading(engine) as connection:
            page = [RecordPlace(*row) for row in connection.execute(query)]
        yield from page
        if len(page) < _PAGE:
            return
        after = page[-1].pseudonym


def history(engine: Engine, record_id: UUID) -> list[HistoryEntry]:
    """Every entry of one record, in order."""
    query = (
        select(entries.c.number, entries.c.recorded_at, entries.c.agency_id, contents.c.kind, contents.c.content)
        .join_from(
            entries,
            contents,
            and_(contents.c.record_id == entries.c.record_id, contents.c.number == entries.c.number),
            isouter=True,
        )
        .where(entries.c.record_id == record_id)
        .order_by(entries.c.number)
    )
    with reading(engine) as connection:
        return [_entry(row) for row in connection.execute(query)]


def _where(chosen: Chosen) -> list[Any]:
    clauses: list[Any] = [heads.c.kind == "child"]
    if chosen.named:
        clauses.append(or_(heads.c.pseudonym.in_(chosen.named), cast(heads.c.record_id, Text).in_(chosen.named)))
    if chosen.since is not None:
        clauses.append(heads.c.last_recorded_at >= chosen.since)
    if chosen.partnership is not None:
        clauses.append(heads.c.partnership_id == chosen.partnership)
    return clauses


def _entry(row: Any) -> HistoryEntry:
    body = None if row.content is None else json.loads(row.content)["body"]
    return HistoryEntry(row.number, row.recorded_at, row.agency_id, row.kind, body)
