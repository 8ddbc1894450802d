"""In which partnerships a record was when: what was in force there, and which agencies are there.

A record that was never handed over is in the partnership that its head names, and has no rows of its own here.
"""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from ledger.store.append import Statement

# The partnership before the first move that follows a number; where none does, the one of now.
_AROUND: Final = """
    SELECT p.nation, a.agency_id, a.kind, p.partnership_id, a.partnership_id, s.record_id
    FROM (SELECT h.record_id, h.partnership_id AS now_in, coalesce(
            (SELECT m.from_partnership FROM ledger.record_moves m
             WHERE m.record_id = h.record_id AND m.number > {number} ORDER BY m.number LIMIT 1),
            h.partnership_id) AS partnership_id
        FROM ledger.heads h WHERE h.record_id {records}) s
    JOIN ledger.partnerships p USING (partnership_id)
    LEFT JOIN ledger.agencies a ON a.partnership_id = ANY (s.now_in || ARRAY(
        SELECT unnest(ARRAY[m.from_partnership, m.to_partnership]) FROM ledger.record_moves m
        WHERE m.record_id = s.record_id))"""
_AROUND_NEXT: Final = _AROUND.format(number="h.detected_seq", records="= %s")
_AROUND_AT: Final = _AROUND.format(number="%s", records="= ANY (%s)")
#: Beyond every number of a record.
NOW: Final = 2**62
# Of each partnership the packs put in force while the record was there, and the one that was when it came.
_PACKS: Final = """
    SELECT greatest(p.recorded_at, s.since), p.digest FROM (
        SELECT m.to_partnership AS partnership_id, m.recorded_at AS since, m.number,
            lead(m.recorded_at) OVER (ORDER BY m.number) AS until
        FROM ledger.record_moves m WHERE m.record_id = %s
        UNION ALL
        SELECT coalesce(f.from_partnership, h.partnership_id), NULL, 0, f.recorded_at FROM ledger.heads h
        LEFT JOIN LATERAL (SELECT m.from_partnership, m.recorded_at FROM ledger.record_moves m
            WHERE m.record_id = h.record_id ORDER BY m.number LIMIT 1) f ON true
        WHERE h.record_id = %s) s
    JOIN ledger.pack_activations p USING (partnership_id)
    WHERE (s.until IS NULL OR p.recorded_at < s.until) AND NOT EXISTS (
        SELECT FROM ledger.pack_activations n
        WHERE n.partnership_id = p.partnership_id AND n.number > p.number AND n.recorded_at <= s.since)
    ORDER BY s.number, p.number"""


def packs_of(record_id: UUID) -> Statement:
    """The look-up of (since when, digest) of the packs in force for a record, in order."""
    return _PACKS, (record_id, record_id)


def around_next(record_id: UUID) -> Statement:
    """The look-up of what is around a record where detection goes on: a row for each agency.

    (nation, agency, kind, the record's partnership, the agency's, the record); the agencies are those of every
    partnership that the record was in.
    """
    return _AROUND_NEXT, (record_id,)


def around_at(record_ids: Collection[UUID], number: int) -> Statement:
    """The same of several, as it was once the entry of this number stood."""
    return _AROUND_AT, (number, list(record_ids))
