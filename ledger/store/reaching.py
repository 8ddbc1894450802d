"""How people and desks are reached by mail, and when they are at work. As the worker's role, but for `hours_here`."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import cast

from sqlalchemy import Connection

from ledger.domain.calendar import Nation
from ledger.domain.hours import Hours, parse_time
from ledger.store.append import Driver
from ledger.store.trip import ask

# The newest word counts, and one that takes an address away is a word too. Whoever has left is not written to, and
# nobody of an agency that has ended.
_ADDRESSES = """
    SELECT w.party, r.mail FROM (
        SELECT t.party, p.agency_id, p.ref FROM unnest(%s::text[]) AS t (party)
        JOIN ledger.people p
            ON p.person_id = CASE WHEN starts_with(t.party, 'person:') THEN substr(t.party, 8)::uuid END
        WHERE NOT EXISTS (SELECT FROM ledger.leavings l
            WHERE l.agency_id = p.agency_id AND l.person = p.ref AND l.returned_number IS NULL)
        UNION ALL
        SELECT t.party, substr(t.party, 6), NULL FROM unnest(%s::text[]) AS t (party)
        WHERE starts_with(t.party, 'desk:')) w
    JOIN ledger.agencies a ON a.agency_id = w.agency_id AND a.ended_number IS NULL
    JOIN LATERAL (
        SELECT mail FROM ledger.reachables WHERE agency_id = w.agency_id AND person IS NOT DISTINCT FROM w.ref
        ORDER BY number DESC LIMIT 1) r ON r.mail IS NOT NULL"""
_HOURS = """
    SELECT a.agency_id, p.nation, w.opens, w.closes
    FROM ledger.agencies a JOIN ledger.partnerships p USING (partnership_id) LEFT JOIN LATERAL (
        SELECT opens, closes FROM ledger.working_hours WHERE partnership_id = p.partnership_id
        ORDER BY number DESC LIMIT 1) w ON true
    WHERE a.agency_id = ANY (%s)"""


def addresses_of(driver: Driver, parties: Collection[str]) -> dict[str, str]:
    """By party, where mail for them goes; who has no address, or has left, is not in it."""
    named = sorted(set(parties))
    return dict(ask(driver, _ADDRESSES, (named, named))) if named else {}


def hours_of(driver: Driver, agencies: Collection[str]) -> Mapping[str, Hours]:
    """By agency, when its partnership is at work."""
    return {agency: hours_in(*row) for agency, *row in ask(driver, _HOURS, (sorted(set(agencies)),))}


def hours_here(connection: Connection, agency: str) -> Hours:
    """When an agency's partnership is at work; as the agency."""
    [row] = connection.exec_driver_sql(_HOURS, ([agency],)).all()
    return hours_in(*row[1:])


def hours_in(nation: str, opens: str | None, closes: str | None) -> Hours:
    """The hours of a partnership in a nation; its own where it said any."""
    begin, end = parse_time(opens or ""), parse_time(closes or "")
    named = cast("Nation", nation)
    return Hours(named, begin, end) if begin is not None and end is not None else Hours(named)


def clock_of(driver: Driver) -> datetime:
    """The ledger's time, in the open transaction."""
    moment: datetime = ask(driver, "SELECT ledger.clock_now()")[0][0]
    return moment
