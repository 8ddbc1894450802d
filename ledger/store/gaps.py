"""The open gaps of records: what detection keeps of each, and the look-up of all in the first trip of a post.

A post reads one row of its record, so what is kept of each gap is gathered there when detection has changed one.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlalchemy import Connection, text

from ledger.store.append import Statement

_KEEP: Final = "UPDATE ledger.findings SET gap = %s WHERE finding_id = %s"
_GATHER: Final = """
    INSERT INTO ledger.record_gaps (record_id, gaps)
    SELECT %s::uuid, coalesce(jsonb_agg(f.gap || jsonb_build_object(
        'id', f.finding_id, 'rule', f.rule, 'since', f.raised_at, 'marks', f.marks)
        ORDER BY f.raised_at, f.opened_number, f.finding_id), '[]')
    FROM ledger.findings f
    WHERE f.record_id = %s AND f.kind = 'gap' AND f.closed_number IS NULL AND f.gap IS NOT NULL
    ON CONFLICT (record_id) DO UPDATE SET gaps = excluded.gaps"""
_OPEN: Final = """
    SELECT finding_id, gap FROM ledger.findings
    WHERE record_id = %s AND kind = 'gap' AND closed_number IS NULL AND gap IS NOT NULL ORDER BY finding_id"""
# As text, so that whoever has read the same before need not read it again.
_COLUMNS: Final = "SELECT g.record_id, g.gaps::text FROM ledger.record_gaps g WHERE "
_OF_ONE: Final = f"{_COLUMNS} g.record_id = %s"
_OF_NAMED: Final = f"""{_COLUMNS} g.record_id = ANY (
    %s::uuid[] || ARRAY(SELECT record_id FROM ledger.identifiers WHERE sought = ANY (%s::text[])))"""  # noqa: S608 - made of constants alone


def keep_gap(finding_id: str, note: Mapping[str, Any]) -> Statement:
    """What an answer to a post needs of an open gap: references, the pack's words and days."""
    return _KEEP, (Jsonb(note), finding_id)


def gather_gaps(record_id: UUID) -> Statement:
    """Put what is kept of a record's open gaps where a post finds it."""
    return _GATHER, (record_id, record_id)


def kept_gaps(record_id: UUID) -> Statement:
    """The look-up of what is kept of each gap that is open: (finding, note)."""
    return _OPEN, (record_id,)


def open_gaps(names: Sequence[UUID | str]) -> Statement:
    """The look-up of what is open in the records that a post names: (record, a JSON list, the oldest gap first).

    None where the party is not involved.
    """
    if len(names) == 1 and isinstance(names[0], UUID):
        return _OF_ONE, (names[0],)
    records = [name for name in names if isinstance(name, UUID)]
    return _OF_NAMED, (records, [name for name in names if isinstance(name, str)])


def gaps_open(connection: Connection, records: Collection[UUID]) -> dict[tuple[UUID, str], Mapping[str, Any]]:
    """What is kept of each open gap of these records, by record and finding; as far as the party takes part in them."""
    if not records:
        return {}
    rows = connection.execute(
        text("SELECT record_id, gaps FROM ledger.record_gaps WHERE record_id = ANY (:records)"),
        {"records": list(records)},
    )
    return {(row.record_id, one["id"]): one for row in rows for one in row.gaps}
