"""Whom to ring about a disagreement that nobody answers or settles: those who are next on each side of it, by name; and
about an assessment that nobody signs: the manager of whoever assesses.

Who is on the ladder of an agency, or else of the partnership, stands in the partnership's record; where an agency has
named nobody, its own contact is told.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, text

from ledger.domain.disagreement import Standing
from ledger.domain.pack import Pack
from ledger.store.disagreements import rows_of, standings
from ledger.store.people import Agency

#: Whose rung each stage is: practitioners have brought it as far as they can, so their managers are next.
_RUNG: Final[Mapping[str, str]] = {
    "practitioners": "manager",
    "managers": "manager",
    "senior": "senior",
    "chair": "chair",
}
#: What an agency's own word says goes before the partnership's, and of each the newest.
_LADDER: Final = text("""
    SELECT a.agency_id, l.to_agency, l.to_person, p.name, p.role
    FROM ledger.agencies a
    CROSS JOIN LATERAL (
        SELECT DISTINCT ON (l.agency_id) l.agency_id, l.to_agency, l.to_person FROM ledger.ladders l
        WHERE l.partnership_id = a.partnership_id AND l.rung = :rung
        AND (l.agency_id = a.agency_id OR l.agency_id IS NULL)
        ORDER BY l.agency_id, l.number DESC) l
    LEFT JOIN ledger.people p ON p.agency_id = l.to_agency AND p.ref = l.to_person
    WHERE a.agency_id = ANY (CAST(:agencies AS text[])) AND l.to_agency IS NOT NULL
    ORDER BY a.agency_id, l.agency_id NULLS LAST""")


def managers_to_ring(
    connection: Connection, standing: Standing, agencies: Mapping[str, Agency]
) -> list[dict[str, str | None]]:
    """One for each agency whose disagreement it is; of the chair, who is of no side, one."""
    return _on_rung(connection, _RUNG[standing.stage.name], sorted(standing.parties), agencies)


def _on_rung(
    connection: Connection, rung: str, parties: Sequence[str], agencies: Mapping[str, Agency]
) -> list[dict[str, str | None]]:
    rows = connection.execute(_LADDER, {"rung": rung, "agencies": parties})
    named: dict[str, Any] = {}
    for row in rows:
        named.setdefault(row.agency_id, row)
    found = [_told(agency, named.get(agency), agencies) for agency in parties]
    return list({(one["agency"], one["person"]): one for one in found}.values())


def with_managers(
    connection: Connection,
    told: Sequence[dict[str, Any]],
    sides: Iterable[Sequence[Sequence[Sequence[int]]]],
    pack: Pack,
    agencies: Mapping[str, Agency],
) -> None:
    """Add whom to ring to alerts about disagreements, and about assessments that nobody signs: there the manager of the
    agency that assesses. ``sides`` are those of their findings, in the same order.
    """
    for alert, of in zip(told, sides, strict=True):
        awaited = alert["finding"].get("awaited")
        if awaited and awaited["topic"] == "signature" and awaited["owed_by"]:
            awaited["managers"] = _on_rung(connection, "manager", [awaited["owed_by"]], agencies)
        if not awaited or not str(awaited["topic"]).startswith("disagreement"):
            continue
        found = standings(rows_of(connection, UUID(alert["child"]["id"])), pack.disagreements)
        named = [found[ref[0]] for side in of for ref in side if ref[0] in found]
        if named:
            awaited["managers"] = managers_to_ring(connection, named[0], agencies)


def _told(agency: str, row: Any, agencies: Mapping[str, Agency]) -> dict[str, str | None]:
    at = agency if row is None else str(row.to_agency)
    known = agencies.get(at)
    return {
        "agency": at,
        "agency_name": known.name if known else at,
        "contact": known.contact if known else None,
        "person": None if row is None else row.name or row.to_person,
        "office": None if row is None else row.role,
    }
