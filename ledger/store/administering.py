"""A partnership as administrators see it on pages: its agencies and people with counts, and what an end would take.

Metadata alone. What children's records hold of an agency is counted as the administrators' role, by sort, not listed.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Row, text

from ledger.store.work import LEFT_BEHIND

_AGENCIES: Final = text("""
    SELECT a.agency_id, a.kind, a.name, a.contact, a.ended_number IS NOT NULL AS has_ended,
        p.duty_desk = a.agency_id AS is_desk,
        (SELECT count(*) FROM ledger.people x WHERE x.agency_id = a.agency_id) AS people,
        (SELECT count(*) FROM ledger.agency_keys k WHERE k.agency_id = a.agency_id AND k.revoked_at IS NULL
            AND k.expires_at > :now) AS keys,
        (SELECT count(*) FROM ledger.sessions s JOIN ledger.people x USING (person_id)
            WHERE x.agency_id = a.agency_id AND s.ended_at IS NULL AND s.began_at > :began AND s.seen_at > :seen
        ) AS sessions
    FROM ledger.agencies a JOIN ledger.partnerships p USING (partnership_id)
    WHERE p.partnership_id = :partnership AND (CAST(:agency AS text) IS NULL OR a.agency_id = :agency)
    ORDER BY a.ended_number IS NOT NULL, a.name, a.agency_id""")
_ENDING: Final = text("""
    SELECT count(*) FROM ledger.agency_keys k JOIN ledger.agencies a USING (agency_id)
    WHERE a.partnership_id = :partnership AND k.revoked_at IS NULL AND k.expires_at > :now AND k.expires_at < :soon""")
_PERSON: Final = text("""
    SELECT EXISTS (SELECT FROM ledger.leavings v WHERE v.agency_id = p.agency_id AND v.person = p.ref
            AND v.returned_number IS NULL) AS has_left,
        (SELECT count(*) FROM ledger.sessions s WHERE s.person_id = p.person_id AND s.ended_at IS NULL
            AND s.began_at > :began AND s.seen_at > :seen) AS sessions,
        EXISTS (SELECT FROM ledger.passwords w WHERE w.person_id = p.person_id) AS has_password,
        EXISTS (SELECT FROM ledger.second_factors f WHERE f.person_id = p.person_id) AS has_factor,
        (SELECT count(*) FROM ledger.sign_in_links l WHERE l.person_id = p.person_id AND l.used_at IS NULL
            AND l.expires_at > :now) AS links
    FROM ledger.people p WHERE p.person_id = :person""")
_TOKENS: Final = text("""
    SELECT count(*) FROM ledger.access_tokens WHERE key_id = :key AND revoked_at IS NULL AND expires_at > :now""")


def agencies_of(
    connection: Connection, partnership: str, moments: Mapping[str, datetime], agency: str | None = None
) -> list[Row[Any]]:
    """A partnership's agencies, or one of them: those that have ended last. `moments` are now, began and seen."""
    return list(connection.execute(_AGENCIES, {"partnership": partnership, "agency": agency, **moments}))


def keys_ending(connection: Connection, partnership: str, now: datetime, soon: datetime) -> int:
    """How many of its keys in use end between `now` and `soon`."""
    return connection.scalar(_ENDING, {"partnership": partnership, "now": now, "soon": soon}) or 0


def standing_of_person(connection: Connection, person_id: UUID, moments: Mapping[str, datetime]) -> Row[Any]:
    """Whether somebody has left, and what they could sign in with now. `moments` as with agencies."""
    return connection.execute(_PERSON, {"person": person_id, **moments}).one()


def tokens_of_key(connection: Connection, key_id: str, now: datetime) -> int:
    """How many tokens that were got with a key hold now."""
    return connection.scalar(_TOKENS, {"key": key_id, "now": now}) or 0


def count_left_behind(connection: Connection, agency: str) -> Sequence[tuple[str, int]]:
    """(sort, how many) of what an agency would leave behind. As the administrators' role."""
    query = f"SELECT what, count(*) FROM ({LEFT_BEHIND}) r GROUP BY what ORDER BY what"  # noqa: S608 - constants
    return [(row[0], row[1]) for row in connection.exec_driver_sql(query, (agency,) * 3)]
