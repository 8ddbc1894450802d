"""Which agencies came to have a part in records that somebody leads, and when.

Whose own part is whose own alone to read as a row (`ledger.involvements`), so the serving role reads it off the entries
that begin one: an involvement, or a lead entry that names another agency. Neither can be marked, and a broken glass is
neither: it has a list of its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, exists, or_, select, text

from ledger.store.tables import involvements


@dataclass(frozen=True, slots=True)
class Part:
    """That an agency has a part in a record since one entry, which agency recorded that, and by what sort of entry."""

    record_id: UUID
    number: int
    pseudonym: str
    at: datetime
    agency: str
    by: str
    is_lead: bool


_THEIRS: Final = "agency_id = :agency AND (CAST(:ref AS text) IS NULL OR :ref IN (person, deputy))"
# In a statement of its own, so that the next one looks at a few records, whatever the planner thinks of both.
_LED: Final = text(f"""
    SELECT DISTINCT l.record_id FROM ledger.leads l JOIN ledger.heads h USING (record_id)
    WHERE h.last_recorded_at >= :since AND {_THEIRS}""")  # noqa: S608 - made of constants alone
# Told to whoever leads now of all since they were first named, and to whoever led just before, whoever was named since:
# neither naming somebody else nor naming the same one again takes it from the list.
_NEW: Final = f"""
    WITH named AS (
        SELECT record_id, number, agency_id, coalesce({_THEIRS}, false) AS is_theirs
        FROM ledger.leads WHERE record_id = ANY (CAST(:records AS uuid[]))),
    led AS (
        SELECT record_id, min(number) FILTER (WHERE is_theirs) AS first,
            (array_agg(is_theirs ORDER BY number DESC))[1] AS is_now
        FROM named GROUP BY record_id)
    SELECT e.record_id, e.number, h.pseudonym, e.recorded_at, coalesce(n.agency_id, e.agency_id), e.agency_id,
        n.number IS NOT NULL
    FROM ledger.entries e
    JOIN led ON led.record_id = e.record_id AND led.first < e.number
    JOIN ledger.heads h ON h.record_id = e.record_id
    LEFT JOIN named n ON n.record_id = e.record_id AND n.number = e.number
    WHERE e.recorded_at >= :since AND e.recorded_at < :until AND e.agency_id <> :agency {{among}}
      AND coalesce(n.agency_id <> :agency, EXISTS (
            SELECT FROM ledger.contents c
            WHERE c.record_id = e.record_id AND c.number = e.number AND c.kind = 'involvement'))
      AND (led.is_now OR coalesce((
            SELECT b.is_theirs FROM named b WHERE b.record_id = e.record_id AND b.number < e.number
            ORDER BY b.number DESC LIMIT 1), false))
    ORDER BY e.recorded_at DESC, e.record_id, e.number LIMIT :limit"""  # noqa: S608 - made of constants alone
# Of a few records the index of entries finds what is new; of an agency's thousands they are faster read in one go.
_OF_FEW: Final = text(_NEW.format(among="AND e.record_id = ANY (CAST(:records AS uuid[]))"))
_OF_MANY: Final = text(_NEW.format(among=""))
_FEW: Final = 500


def new_parts(
    connection: Connection, agency: str, ref: str | None, span: tuple[datetime, datetime], limit: int
) -> list[Part]:
    """Parts that other agencies began within a stretch of the ledger's time, the newest first.

    Of records that somebody of an agency leads, or is the deputy of, under the reference `ref`; with None, of all that
    anybody of the agency leads. The connection acts for them.
    """
    asked = {"agency": agency, "ref": ref, "since": span[0], "until": span[1], "limit": limit}
    records = list(connection.scalars(_LED, asked))
    query = _OF_FEW if len(records) <= _FEW else _OF_MANY
    rows: Iterable[Any] = connection.execute(query, {**asked, "records": records}) if records else ()
    return [Part(*row) for row in rows]


def was_involved(connection: Connection, agency: str, record_id: UUID, number: int, moment: datetime) -> bool:
    """Whether an agency as a whole had a part in a record at one number, and at a moment it had not ended.

    The connection acts for that agency, or for an auditor.
    """
    table = involvements.c
    query = exists().where(
        table.agency_id == agency,
        table.record_id == record_id,
        table.person_id.is_(None),
        table.number <= number,
        or_(table.until.is_(None), table.until > moment),
    )
    return bool(connection.scalar(select(query)))
