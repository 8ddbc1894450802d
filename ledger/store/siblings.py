"""Other children's records into which an entry of one record was posted as well, and who is rung about each."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

# An entry and its copies have one sender and one event id. Row-level security leaves the rows of records that the party
# has a part in, and what it sent itself.
_TOGETHER: Final = text("""
    SELECT o.record_id, coalesce(l.agency_id, p.duty_desk) AS rings, min(e.number) AS first
    FROM ledger.entries e
    JOIN ledger.entries o ON o.agency_id = e.agency_id AND o.event_id = e.event_id AND o.record_id <> e.record_id
    JOIN ledger.heads h ON h.record_id = o.record_id AND h.kind = 'child'
    JOIN ledger.partnerships p ON p.partnership_id = h.partnership_id
    LEFT JOIN LATERAL (
        SELECT n.agency_id, n.ended_number FROM ledger.leads n WHERE n.record_id = o.record_id
        ORDER BY n.number DESC LIMIT 1) l ON l.ended_number IS NULL
    WHERE e.record_id = :record AND e.number = ANY (CAST(:numbers AS bigint[])) AND e.agency_id <> 'ledger'
    GROUP BY 1, 2 ORDER BY first, o.record_id""")


@dataclass(frozen=True, slots=True)
class Sibling:
    """Another child's record, and the agency that is rung about it: that of whoever leads, else the duty desk."""

    record_id: UUID
    rings: str


def posted_together(connection: Connection, record_id: UUID, numbers: Collection[int]) -> list[Sibling]:
    """The records that have a copy of one of these entries, by the first of them; as far as the party sees rows."""
    rows = connection.execute(_TOGETHER, {"record": record_id, "numbers": list(numbers)})
    return [Sibling(row.record_id, str(row.rings)) for row in rows]
