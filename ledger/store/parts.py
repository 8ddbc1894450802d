"""Who takes part in a record, for those who take part themselves; and what others said of something, by agency.

Row-level security gives the rows of `parts` to whoever is involved with the child, and claims as their marks allow.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, text

from ledger.store.append import Statement
from ledger.store.clock import SQL as CLOCK_NOW
from ledger.store.identity import NamedLead

#: So many of an agency's newest claims on one attribute of one person are held against what is posted.
NEWEST: Final = 2

_KEEP: Final = "INSERT INTO ledger.parts (record_id, agency_id, number, until) VALUES (%s, %s, %s, %s)"
#: Nobody of an agency that has ended would see anything.
_IS_THERE: Final = "(SELECT ended_number FROM ledger.agencies a WHERE a.agency_id = p.agency_id) IS NULL"
_OTHERS: Final = f"""
    SELECT p.record_id, p.agency_id, min(p.number) FROM ledger.parts p
    WHERE {{which}} AND (p.until IS NULL OR p.until > {CLOCK_NOW}) AND {_IS_THERE}
    GROUP BY p.record_id, p.agency_id ORDER BY p.record_id, p.agency_id"""  # noqa: S608 - made of constants alone
_OF_ONE: Final = _OTHERS.format(which="p.record_id = %s")
# A child may be named by an identifier, which is resolved in the same trip: so both ways to a record stand here.
_NAMED: Final = "ANY (%s::uuid[] || ARRAY(SELECT record_id FROM ledger.identifiers WHERE sought = ANY (%s::text[])))"
_OF_NAMED: Final = _OTHERS.format(which=f"p.record_id = {_NAMED}")
# Asked of one child alone, and in so many words as there are topics: a list would be planned anew each time, which
# takes longer than the search. What the party said itself is not gone through, however much it is.
_BESIDE: Final = f"""
    SELECT r.record_id, p.agency_id, p.since, c.attribute, c.about, c.number, c.index
    FROM (SELECT {{record}} AS record_id) r
    CROSS JOIN LATERAL (
        SELECT p.agency_id, min(p.number) AS since FROM ledger.parts p
        WHERE p.record_id = r.record_id AND (p.until IS NULL OR p.until > {CLOCK_NOW}) AND {_IS_THERE}
        GROUP BY p.agency_id) p
    LEFT JOIN LATERAL (
        SELECT t.attribute, t.about, n.number, n.index
        FROM (VALUES {{topics}}) AS t (attribute, about)
        CROSS JOIN LATERAL (
            SELECT number, index FROM ledger.claims
            WHERE record_id = r.record_id AND attribute = t.attribute AND about = t.about AND agency_id = p.agency_id
            ORDER BY number DESC LIMIT {NEWEST}) n) c ON p.agency_id <> %s"""  # noqa: S608 - made of constants alone
_BY_ID: Final = "%s::uuid"
_BY_IDENTIFIER: Final = "(SELECT record_id FROM ledger.identifiers WHERE sought = %s)"
_CONTENTS: Final = """
    SELECT number, agency_id, kind, content FROM ledger.contents WHERE record_id = %s AND number = ANY (%s::bigint[])"""
_WITHDRAWN: Final = """
    SELECT number, by_number FROM ledger.withdrawals
    WHERE record_id = %s AND (number = ANY (%s::bigint[]) OR by_number = ANY (%s::bigint[]))"""
_HELD_BACK: Final = """
    SELECT agency_id, index, person FROM ledger.markings
    WHERE record_id = %s AND index <> -1 AND ended_number IS NULL AND marking <> 'shared'
      AND agency_id <> ledger.party() AND NOT (marking = 'restricted' AND ledger.party() = ANY (to_agencies))"""
_LINKS: Final = """
    SELECT members, is_unlink FROM ledger.links WHERE record_id = %s AND kind = 'people' ORDER BY number, index"""
_PARTS: Final = text("""
    SELECT i.agency_id, i.number, i.until, e.recorded_at
    FROM ledger.parts i JOIN ledger.entries e USING (record_id, number)
    WHERE i.record_id = :record AND i.number <= :up_to ORDER BY i.agency_id, i.number""")

_ENDED: Final = text("""
    SELECT a.agency_id, e.recorded_at FROM ledger.agencies a
    JOIN ledger.partnerships p USING (partnership_id)
    JOIN ledger.entries e ON e.record_id = p.record_id AND e.number = a.ended_number
    WHERE a.ended_number IS NOT NULL""")

_LEAD: Final = text("""
    SELECT l.agency_id, CASE WHEN coalesce(l.ended_number, :up_to + 1) > :up_to THEN l.person END AS person, l.deputy
    FROM ledger.leads l WHERE l.record_id = :record AND l.number <= :up_to ORDER BY l.number DESC LIMIT 1""")


@dataclass(frozen=True, slots=True)
class Part:
    """That an agency has a part in a record since one entry, and until when where that is said."""

    agency: str
    number: int
    until: datetime | None
    since: datetime


def keep_part(record_id: UUID, agency: str, number: int, until: datetime | None) -> Statement:
    """That an agency, as a whole, has a part in a record."""
    return _KEEP, (record_id, agency, number, until)


def involved_with(names: Sequence[UUID | str]) -> Statement:
    """The look-up of the agencies that are involved with whom a post names: (record, agency, since number).

    None where the party is not involved itself.
    """
    if len(names) == 1 and isinstance(names[0], UUID):
        return _OF_ONE, (names[0],)
    records = [name for name in names if isinstance(name, UUID)]
    return _OF_NAMED, (records, [name for name in names if isinstance(name, str)])


def beside(name: UUID | str, agency: str, topics: Sequence[tuple[str, str]]) -> Statement:
    """The same of one child, and where each of these agencies but ``agency`` last spoke of these (attribute, person's
    key), of which there is one at least: (record, agency, since number, attribute, key, number, index), the last four
    NULL where it did not.
    """
    statement = _beside(_BY_ID if isinstance(name, UUID) else _BY_IDENTIFIER, len(topics))
    return statement, (name, *(part for topic in topics for part in topic), agency)


@lru_cache(maxsize=32)
def _beside(record: str, topics: int) -> str:
    return _BESIDE.format(record=record, topics=", ".join(["(%s::text, %s::text)"] * topics))


def spoken(record_id: UUID, numbers: Sequence[int]) -> list[Statement]:
    """The look-ups of what entries say, as far as the party may see them, and of what may keep a part of them from it:
    (number, agency, kind, content); (number, by number) of withdrawals; (agency, index, person) of marks on claims and
    people that are for others; (members, is unlink) of links of people.
    """
    asked = list(numbers)
    return [
        (_CONTENTS, (record_id, asked)),
        (_WITHDRAWN, (record_id, asked, asked)),
        (_HELD_BACK, (record_id,)),
        (_LINKS, (record_id,)),
    ]


def parts_of(connection: Connection, record_id: UUID, up_to: int) -> list[Part]:
    """Every part that began by a number, each agency's in order."""
    return [Part(*row) for row in connection.execute(_PARTS, {"record": record_id, "up_to": up_to})]


def ended_agencies(connection: Connection) -> dict[str, datetime]:
    """The agencies that have ended, and when. The connection is the auditors'."""
    return {row.agency_id: row.recorded_at for row in connection.execute(_ENDED)}


def read_involved(rows: Iterable[Sequence[Any]]) -> dict[UUID, dict[str, int]]:
    """What `involved_with` answered: by record the number since which each agency has a part."""
    found: dict[UUID, dict[str, int]] = {}
    for record_id, agency, number in rows:
        found.setdefault(record_id, {})[agency] = number
    return found


def lead_at(connection: Connection, record_id: UUID, up_to: int) -> NamedLead | None:
    """The lead and deputy of a record at a number; None where there was neither, or the acting party may not know."""
    row = connection.execute(_LEAD, {"record": record_id, "up_to": up_to}).one_or_none()
    return None if row is None or (row.person is None and row.deputy is None) else NamedLead(*row)
