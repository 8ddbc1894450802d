"""What is read to know who is accountable for a record's alerts: look-ups for a lock's `reads`, or for any connection.

As the worker, and as an agency that is involved with the record; whoever else asks finds nobody who leads.
"""

from typing import Final
from uuid import UUID

from ledger.store.append import Statement

_LEAD: Final = """
    SELECT l.agency_id, l.person, l.deputy, l.number, l.ended_number, t.manager
    FROM ledger.leads l LEFT JOIN LATERAL (
        SELECT manager FROM ledger.teams WHERE agency_id = l.agency_id AND l.person = ANY (members)
        AND number = (SELECT max(n.number) FROM ledger.teams n WHERE n.agency_id = l.agency_id AND n.team = teams.team)
        ORDER BY number DESC LIMIT 1) t ON true
    WHERE l.record_id = %s ORDER BY l.number DESC LIMIT 1"""
_PLACE: Final = """
    SELECT p.nation, p.duty_desk, w.opens, w.closes, w.desk_agency, w.desk_person, ledger.clock_now()
    FROM ledger.heads h JOIN ledger.partnerships p USING (partnership_id) LEFT JOIN LATERAL (
        SELECT * FROM ledger.working_hours WHERE partnership_id = p.partnership_id
        ORDER BY number DESC LIMIT 1) w ON true
    WHERE h.record_id = %s"""
_LADDER: Final = """
    SELECT DISTINCT ON (l.agency_id, l.rung) l.agency_id, l.rung, l.to_agency, l.to_person
    FROM ledger.ladders l JOIN ledger.heads h USING (partnership_id)
    WHERE h.record_id = %s ORDER BY l.agency_id, l.rung, l.number DESC"""
_INVOLVED: Final = """
    SELECT DISTINCT agency_id FROM ledger.involvements
    WHERE record_id = %s AND person_id IS NULL AND (until IS NULL OR until > ledger.clock_now())"""
_ABSENT: Final = """
    SELECT a.agency_id, a.person, a.starts_at, a.ends_at, a.cover_agency, a.cover_person
    FROM ledger.absences a JOIN ledger.heads h USING (partnership_id)
    WHERE h.record_id = %s AND a.ended_number IS NULL AND (a.ends_at IS NULL OR a.ends_at > ledger.clock_now())
    ORDER BY a.number DESC"""
# Of those alone who can be in this line, or hold an alert from when they were: people leave for as long as there is a
# partnership. Of an agency that has ended nobody is there.
_LEFT: Final = """
    SELECT n.agency_id, n.person FROM (
        SELECT l.agency_id, x.person FROM ledger.leads l CROSS JOIN LATERAL (VALUES (l.person), (l.deputy)) x (person)
        WHERE l.record_id = %s AND l.number = (SELECT max(n.number) FROM ledger.leads n WHERE n.record_id = l.record_id)
        UNION SELECT t.agency_id, t.manager FROM ledger.teams t JOIN ledger.heads h USING (partnership_id)
            WHERE h.record_id = %s
        UNION SELECT r.to_agency, r.to_person FROM ledger.ladders r JOIN ledger.heads h USING (partnership_id)
            WHERE h.record_id = %s
        UNION SELECT w.desk_agency, w.desk_person FROM ledger.working_hours w JOIN ledger.heads h USING (partnership_id)
            WHERE h.record_id = %s
        UNION SELECT a.cover_agency, a.cover_person FROM ledger.absences a JOIN ledger.heads h USING (partnership_id)
            WHERE h.record_id = %s AND a.ended_number IS NULL
        UNION SELECT a.to_agency, a.to_person FROM ledger.alerts a WHERE a.record_id = %s AND a.ended_number IS NULL) n
    WHERE EXISTS (SELECT FROM ledger.leavings v
            WHERE v.agency_id = n.agency_id AND v.person = n.person AND v.returned_number IS NULL)
        OR EXISTS (SELECT FROM ledger.agencies g WHERE g.agency_id = n.agency_id AND g.ended_number IS NOT NULL)"""
_HAS_LEFT: Final = """
    SELECT v.number FROM ledger.leavings v WHERE v.agency_id = %s AND v.person = %s AND v.returned_number IS NULL"""
# A lock on one person's coming and going: shared by whoever names them, and taken alone by whoever lets them go.
_NAMING: Final = "SELECT pg_advisory_xact_lock_shared(hashtextextended(%s, 7205917))"
_LEAVING: Final = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 7205917))"


def line_statements(record_id: UUID) -> list[Statement]:
    """The look-ups of one line, in the order in which `ledger.services.line` takes their answers."""
    one = (record_id,)
    return [
        (_PLACE, one),
        (_LEAD, one),
        (_LADDER, one),
        (_INVOLVED, one),
        (_ABSENT, one),
        (_LEFT, one * 6),
    ]


def naming(agency: str, person: str) -> list[Statement]:
    """Look-ups whose second answer has a row where this person has left; until the transaction ends they do not."""
    return [(_NAMING, (f"{agency}/{person}",)), (_HAS_LEFT, (agency, person))]


def leaving(agency: str, person: str) -> list[Statement]:
    """The same for whoever lets them go: nobody names them meanwhile."""
    return [(_LEAVING, (f"{agency}/{person}",)), (_HAS_LEFT, (agency, person))]
