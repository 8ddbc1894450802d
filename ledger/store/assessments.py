"""What is looked up of assessments: the one that is named, what was said in it, who has read the child's history.

All of it as far as row-level security lets the party see, so of what is not there and of what is held back alike
nothing is found.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, select

from ledger.store.append import Statement
from ledger.store.tables import access_records, people


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a child's history: by which agency, when, and up to which number of the record.

    ``person_ref``: of the reader's own agency alone, for the database shows nobody else its people.
    """

    agency: str
    person_ref: str | None
    at: datetime
    up_to: int


#: What a look at a child's history is recorded as.
HISTORY: Final = "history pack"
_NAMED: Final = """
    SELECT c.agency_id, c.kind, c.content FROM ledger.contents c JOIN ledger.heads h USING (record_id)
    WHERE c.record_id = %s AND h.pseudonym = %s AND c.number = %s"""
_SAID: Final = """
    SELECT c.content FROM ledger.ties t JOIN ledger.contents c ON c.record_id = t.record_id AND c.number = t.number
    WHERE t.record_id = %s AND t.of_number = %s AND c.kind = %s ORDER BY c.number"""
# Who had a part in the record when it went to another partnership is there still.
_HERE: Final = """
    SELECT a.agency_id, a.ended_number IS NOT NULL FROM ledger.agencies a JOIN ledger.heads h ON h.record_id = %s
    WHERE a.agency_id = ANY (%s::text[]) AND (a.partnership_id = h.partnership_id OR EXISTS (
        SELECT FROM ledger.{parts} p WHERE p.record_id = h.record_id AND p.agency_id = a.agency_id
        AND (p.until IS NULL OR p.until > ledger.clock_now())))"""
_LOOKED: Final = """
    SELECT a.person_id, p.ref FROM ledger.access_records a LEFT JOIN ledger.people p USING (person_id)
    WHERE a.record_id = %s AND a.agency_id = ledger.party() AND a.what = %s AND a.outcome = 'answered'
    AND a.up_to_number >= %s"""
#: By which references and names an agency knows its people.
_PEOPLE: Final = "SELECT agency_id, ref, name FROM ledger.people WHERE agency_id = %s"
_LEADS: Final = """
    SELECT agency_id FROM (
        SELECT agency_id, ended_number FROM ledger.leads WHERE record_id = %s ORDER BY number DESC LIMIT 1) l
    WHERE ended_number IS NULL"""


def assessment_named(record_id: UUID, named: tuple[str, int]) -> Statement:
    """(agency, kind, content) of the entry of this name."""
    return _NAMED, (record_id, *named)


def said_in(record_id: UUID, named: tuple[str, int], kind: str) -> Statement:
    """(content) of the entries of a kind that speak of the entry of this name."""
    return _SAID, (record_id, named[1], kind)


def agencies_here(record_id: UUID, agencies: Sequence[str]) -> Statement:
    """(agency, whether it has ended) of those of these that are of the record's partnership, or have a part in it."""
    return _HERE.format(parts="parts"), (record_id, list(agencies))


def told_here(record_id: UUID, agencies: Sequence[str]) -> Statement:
    """The same as the worker, who tells them."""
    return _HERE.format(parts="involvements"), (record_id, list(agencies))


def looked_at_history(record_id: UUID, since: int) -> Statement:
    """(person, reference) of the looks of the party at a child's history, as it was with an entry or later."""
    return _LOOKED, (record_id, HISTORY, since)


def people_called(agency: str) -> Statement:
    """(agency, reference, name) of the people of the party's own agency."""
    return _PEOPLE, (agency,)


def who_leads(record_id: UUID) -> Statement:
    """The agency of whoever leads now; nobody leads whose lead has ended."""
    return _LEADS, (record_id,)


def looks_at_history(connection: Connection, record_id: UUID, until: datetime) -> list[Look]:
    """The looks at a child's history up to a moment, the earliest first, as far as the party sees rows."""
    table = access_records.c
    query = (
        select(table.agency_id, people.c.ref, table.at, table.up_to_number)
        .join_from(access_records, people, people.c.person_id == table.person_id, isouter=True)
        .where(table.record_id == record_id, table.what == HISTORY, table.outcome == "answered", table.at <= until)
        .order_by(table.at, table.agency_id, people.c.ref)
    )
    return [Look(*row) for row in connection.execute(query)]
