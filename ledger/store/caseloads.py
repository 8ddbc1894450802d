"""The children whom an agency has a part in now, and which of them one of its people leads: a page of them at a time.

Own parts are what row-level security lets the serving role read of involvements. The order says nothing that markings
could hold back: those whom somebody leads first, then by when the agency's part began, the newest first.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from ledger.store.clock import SQL as CLOCK_NOW

_MINE: Final = f"""
    WITH mine AS (
        SELECT i.record_id, min(i.number) AS number FROM ledger.involvements i
        WHERE i.agency_id = :agency AND (i.until IS NULL OR i.until > {CLOCK_NOW})
          AND (i.person_id IS NULL OR i.person_id::text = ledger.person())
        GROUP BY i.record_id),
    led AS (
        SELECT m.record_id, m.number, h.pseudonym, h.head_seq,
            l.agency_id AS lead_agency, CASE WHEN l.ended_number IS NULL THEN l.person END AS lead_person, l.deputy,
            l.agency_id = :agency AND l.ended_number IS NULL AND l.person = :ref AS leads,
            l.agency_id = :agency AND l.deputy = :ref AS deputises
        FROM mine m JOIN ledger.heads h ON h.record_id = m.record_id AND h.kind = 'child'
        LEFT JOIN LATERAL (
            SELECT agency_id, person, deputy, ended_number FROM ledger.leads
            WHERE record_id = m.record_id ORDER BY number DESC LIMIT 1) l ON true)"""  # noqa: S608 - constants alone
_PAGE: Final = text(f"""{_MINE}
    SELECT l.record_id, l.pseudonym, l.head_seq, e.recorded_at, l.lead_agency, l.lead_person, l.deputy,
        coalesce(l.leads, false), coalesce(l.deputises, false)
    FROM led l JOIN ledger.entries e ON e.record_id = l.record_id AND e.number = l.number
    WHERE NOT :own OR l.leads OR l.deputises
    ORDER BY coalesce(l.leads, false) DESC, coalesce(l.deputises, false) DESC, e.recorded_at DESC, l.record_id
    LIMIT :limit OFFSET :offset""")  # noqa: S608 - made of constants alone
_COUNT: Final = text(f"{_MINE} SELECT count(*), count(*) FILTER (WHERE leads OR deputises) FROM led")  # noqa: S608
_NAMED: Final = text(f"""{_MINE}
    SELECT l.record_id FROM led l JOIN ledger.children c USING (record_id)
    WHERE strpos(lower(c.details ->> 'name'), lower(:words)) > 0 ORDER BY c.details ->> 'name', l.record_id
    LIMIT :limit""")  # noqa: S608 - made of constants alone
_OF_THESE: Final = text(f"""{_MINE}
    SELECT l.record_id, l.pseudonym, l.head_seq, e.recorded_at, l.lead_agency, l.lead_person, l.deputy,
        coalesce(l.leads, false), coalesce(l.deputises, false)
    FROM led l JOIN ledger.entries e ON e.record_id = l.record_id AND e.number = l.number
    WHERE l.record_id = ANY (CAST(:records AS uuid[]))
    ORDER BY coalesce(l.leads, false) DESC, coalesce(l.deputises, false) DESC, e.recorded_at DESC, l.record_id
    """)  # noqa: S608 - made of constants alone
_IDENTIFIED: Final = text("SELECT record_id FROM ledger.identifiers WHERE sought = ANY (CAST(:sought AS text[]))")
_OPEN: Final = text("""
    SELECT finding_id, record_id FROM ledger.findings
    WHERE record_id = ANY (CAST(:records AS uuid[])) AND closed_number IS NULL""")
_COUNTED: Final = text("""
    SELECT record_id, count(*) FILTER (WHERE kind <> 'gap') AS findings, count(*) FILTER (WHERE kind = 'gap') AS gaps
    FROM ledger.findings WHERE record_id = ANY (CAST(:records AS uuid[])) AND closed_number IS NULL
    GROUP BY record_id""")


@dataclass(frozen=True, slots=True)
class Charge:
    """One child of a caseload: the record, since when the agency has a part, and who leads."""

    record_id: UUID
    pseudonym: str
    head: int
    since: datetime
    lead_agency: str | None
    lead_person: str | None
    deputy: str | None
    leads: bool
    deputises: bool


def caseload(
    connection: Connection, agency: str, ref: str | None, *, own: bool, limit: int, offset: int
) -> list[Charge]:
    """One page; ``own``: of those alone whom the person `ref` leads or is deputy of. The connection acts for them."""
    given = {"agency": agency, "ref": ref, "own": own, "limit": limit, "offset": offset}
    return [Charge(*row) for row in connection.execute(_PAGE, given)]


def these_of(connection: Connection, agency: str, ref: str | None, records: Collection[UUID]) -> list[Charge]:
    """Of these records those that the agency has a part in now."""
    given = {"agency": agency, "ref": ref, "records": list(records)}
    return [Charge(*row) for row in connection.execute(_OF_THESE, given)]


def count_caseload(connection: Connection, agency: str, ref: str | None) -> tuple[int, int]:
    """How many children the agency has a part in, and how many of them the person leads or is the deputy of."""
    row = connection.execute(_COUNT, {"agency": agency, "ref": ref}).one()
    return row[0], row[1]


def called(connection: Connection, agency: str, words: str, limit: int) -> list[UUID]:
    """The records of the caseload whose newest details hold these words in the child's name, as nobody may see them."""
    return list(connection.scalars(_NAMED, {"agency": agency, "ref": None, "words": words, "limit": limit}))


def identified(connection: Connection, sought: Sequence[str]) -> list[UUID]:
    """The records of these identifiers, which the transaction must have named before (`ledger.store.party.seek`)."""
    return list(connection.scalars(_IDENTIFIED, {"sought": list(sought)}))


def open_in(connection: Connection, records: Collection[UUID]) -> list[str]:
    """The open findings of these records, by id."""
    return [row.finding_id for row in connection.execute(_OPEN, {"records": list(records)})]


def count_open(connection: Connection, records: Collection[UUID]) -> dict[UUID, tuple[int, int]]:
    """How many findings that are no gaps, and how many gaps, are open in these records; of records without a mark."""
    rows = connection.execute(_COUNTED, {"records": list(records)})
    return {row.record_id: (row.findings, row.gaps) for row in rows}
