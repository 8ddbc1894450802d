"""The people of one's own agency as the line sees them: who has left, who is away, who covers, in which team."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy import Engine

from ledger.domain.entry import written_time
from ledger.domain.role import Right
from ledger.services.authenticate import authenticate
from ledger.store.append import Caller, Credential

_PEOPLE: Final = """
    SELECT p.ref, p.name, p.role, EXISTS (
        SELECT FROM ledger.leavings v
        WHERE v.agency_id = p.agency_id AND v.person = p.ref AND v.returned_number IS NULL) AS has_left
    FROM ledger.people p WHERE p.agency_id = %s ORDER BY p.ref"""
_ABSENCES: Final = """
    SELECT person, starts_at, ends_at, cover_agency, cover_person FROM ledger.absences
    WHERE agency_id = %s AND ended_number IS NULL AND (ends_at IS NULL OR ends_at > ledger.clock_now())
    ORDER BY starts_at, number"""
_TEAMS: Final = """
    SELECT DISTINCT ON (team) team, name, manager, members FROM ledger.teams WHERE agency_id = %s
    ORDER BY team, number DESC"""
_RUNGS: Final = """
    SELECT DISTINCT ON (agency_id, rung) agency_id, rung, to_agency, to_person FROM ledger.ladders
    WHERE agency_id = %s OR agency_id IS NULL ORDER BY agency_id, rung, number DESC"""
_REACH: Final = """
    SELECT DISTINCT ON (person) person, mail, phone FROM ledger.reachables WHERE agency_id = %s
    ORDER BY person, number DESC"""


def read_agency_people(engine: Engine, who: Credential | Caller) -> dict[str, Any]:
    """The people, teams, rungs and addresses of the caller's agency. Raises RefusedError."""
    with engine.begin() as connection:
        agency = authenticate(connection, who, Right.STAFF).agency
        people, absences, teams, rungs, reach = (
            connection.exec_driver_sql(query, (agency,)).all() for query in (_PEOPLE, _ABSENCES, _TEAMS, _RUNGS, _REACH)
        )
    addresses = {row.person: _address(row.mail, row.phone) for row in reach}
    away: dict[str, list[dict[str, Any]]] = {}
    for row in absences:
        away.setdefault(row.person, []).append(
            {
                "since": written_time(row.starts_at),
                "until": None if row.ends_at is None else written_time(row.ends_at),
                "cover": _party(row.cover_agency, row.cover_person),
            }
        )
    return {
        "agency": agency,
        "people": [
            {
                "person": row.ref,
                "name": row.name,
                "office": row.role,
                "has_left": row.has_left,
                "absences": away.get(row.ref, []),
                **addresses.get(row.ref, _address(None, None)),
            }
            for row in people
        ],
        "desk": addresses.get(None, _address(None, None)),
        "teams": [
            {"team": row.team, "name": row.name, "manager": row.manager, "members": list(row.members)}
            for row in teams
            if row.members
        ],
        "ladder": _ladder(rungs),
    }


def _ladder(rows: Iterable[Any]) -> list[dict[str, Any]]:
    """Of each rung who is on it for this agency: by its own word, else by the partnership's."""
    named: dict[str, Mapping[str, Any]] = {}
    for row in rows:
        to = _party(row.to_agency, row.to_person)
        if to is not None and (row.agency_id is not None or row.rung not in named):
            named[row.rung] = {"rung": row.rung, "to": to, "of": "partnership" if row.agency_id is None else "agency"}
    return [dict(named[rung]) for rung in ("manager", "senior", "chair") if rung in named]


def _address(mail: str | None, phone: str | None) -> dict[str, str | None]:
    return {"mail": mail, "phone": phone}


def _party(agency: str | None, person: str | None) -> dict[str, str | None] | None:
    return None if agency is None else {"agency": agency, "person": person}
