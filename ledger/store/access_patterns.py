"""Who opened one record, by reader and by day beside what was recorded on it: counts and numbers. As the auditors."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Row, text

# By the ledger's clock, so that looks and entries stand on one line of time; refusals are told apart.
_READERS: Final = text("""
    SELECT a.agency_id, a.person_id, p.name,
        count(*) FILTER (WHERE a.outcome = 'answered') AS times,
        count(*) FILTER (WHERE a.outcome = 'refused') AS refused,
        count(*) FILTER (WHERE a.by_glass) AS by_glass,
        min(a.at) AS first_at, max(a.at) AS last_at,
        max(a.up_to_number) FILTER (WHERE a.what <> ALL (CAST(:lists AS text[]))) AS up_to
    FROM ledger.access_records a LEFT JOIN ledger.people p USING (person_id)
    WHERE a.record_id = :record AND a.agency_id IN (
        SELECT x.agency_id FROM ledger.agencies x JOIN ledger.agencies mine USING (partnership_id)
        WHERE mine.agency_id = :home)
    GROUP BY a.agency_id, a.person_id, p.name ORDER BY max(a.at) DESC, a.agency_id, p.name LIMIT :most""")
_NEVER: Final = text("""
    SELECT DISTINCT i.agency_id FROM ledger.involvements i
    WHERE i.record_id = :record AND i.person_id IS NULL AND (i.until IS NULL OR i.until > ledger.clock_now())
    AND NOT EXISTS (SELECT FROM ledger.access_records a WHERE a.record_id = i.record_id
        AND a.agency_id = i.agency_id AND a.outcome = 'answered') ORDER BY 1""")
_DAYS: Final = text("""
    WITH looked AS (
        SELECT (a.at AT TIME ZONE 'Europe/London')::date AS day, a.agency_id, a.person_id,
            count(*) FILTER (WHERE a.outcome = 'answered') AS times,
            count(*) FILTER (WHERE a.outcome = 'refused') AS refused
        FROM ledger.access_records a
        WHERE a.record_id = :record AND a.agency_id IN (
            SELECT x.agency_id FROM ledger.agencies x JOIN ledger.agencies mine USING (partnership_id)
            WHERE mine.agency_id = :home)
        GROUP BY 1, 2, 3),
    said AS (
        SELECT (e.recorded_at AT TIME ZONE 'Europe/London')::date AS day, e.agency_id, count(*) AS entries,
            min(e.number) AS first_number, max(e.number) AS last_number
        FROM ledger.entries e WHERE e.record_id = :record GROUP BY 1, 2),
    days AS (
        SELECT day FROM (SELECT day FROM looked UNION SELECT day FROM said) each_day
        WHERE day < CAST(:before AS date) ORDER BY day DESC LIMIT :most)
    SELECT day, 'said' AS what, agency_id, NULL::uuid AS person_id, NULL AS name, entries AS times, 0 AS refused,
        first_number, last_number FROM said JOIN days USING (day)
    UNION ALL
    SELECT day, 'looked', l.agency_id, l.person_id, p.name, l.times, l.refused, NULL, NULL
    FROM looked l JOIN days USING (day) LEFT JOIN ledger.people p USING (person_id)
    ORDER BY day DESC, what, agency_id, name""")


def readers_of(
    connection: Connection, home: str, record_id: UUID, lists: Sequence[str], most: int
) -> Sequence[Row[Any]]:
    """Whoever opened a record, whoever looked last first: how often, from when to when, and up to which entry.

    `lists` are looks that open no record: they do not count as having read up to a number.
    """
    given = {"record": record_id, "home": home, "lists": list(lists), "most": most}
    return connection.execute(_READERS, given).all()


def never_opened(connection: Connection, record_id: UUID) -> list[str]:
    """Agencies that have a part in a record now and never had an answer to a look at it."""
    return list(connection.scalars(_NEVER, {"record": record_id}))


def days_of(connection: Connection, home: str, record_id: UUID, before: str, most: int) -> Sequence[Row[Any]]:
    """Each of the last days before one on which anything was recorded in a record or anybody opened it."""
    given = {"record": record_id, "home": home, "before": before, "most": most}
    return connection.execute(_DAYS, given).all()
