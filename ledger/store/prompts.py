"""What only needs asking in the records that somebody leads, as the acting agency may read it."""

from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

# In records that nobody leads it is the duty desk's to ask. A rule in shadow tells nobody anything.
_PROMPTS: Final = text("""
    SELECT f.finding_id, f.record_id
    FROM ledger.findings f JOIN ledger.heads h USING (record_id) JOIN ledger.partnerships p USING (partnership_id)
    LEFT JOIN LATERAL (
        SELECT * FROM (SELECT agency_id, person, ended_number FROM ledger.leads WHERE record_id = f.record_id
            ORDER BY number DESC LIMIT 1) n WHERE n.ended_number IS NULL) l ON true
    WHERE f.closed_number IS NULL AND f.marks ->> 'tier' = 'prompt'
      AND (l.agency_id = :agency AND (CAST(:person AS text) IS NULL OR l.person = :person)
        OR l.agency_id IS NULL AND :at_desk AND p.duty_desk = :agency)
      AND coalesce((SELECT is_live FROM ledger.rule_states s
        WHERE s.partnership_id = h.partnership_id AND s.rule = f.rule ORDER BY s.number DESC LIMIT 1), true)
    ORDER BY f.raised_at DESC, f.finding_id LIMIT :limit""")


def open_prompts(
    connection: Connection, agency: str, person: str | None, *, at_desk: bool, limit: int
) -> list[tuple[str, UUID]]:
    """(finding, record) of each, the newest first; of one person of the agency, or with None of all of it."""
    asked = {"agency": agency, "person": person, "at_desk": at_desk, "limit": limit}
    return [(finding, record) for finding, record in connection.execute(_PROMPTS, asked)]
