"""A child's page for one reader: the picture, who leads, what is open and with whom, and which decisions do not stand.

Everything comes out of one reading of the record, so the page says of one point what the picture says of it.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Engine

from ledger.domain.entry import Chance, written_time
from ledger.domain.pack import Pack
from ledger.services.line_of_finding import line_of_finding
from ledger.services.past import Past, open_past
from ledger.services.read_picture import LOOK, Asked, draw, told_of
from ledger.services.see import Reader
from ledger.store.open_alerts import HeldAlert, held_alerts
from ledger.store.parts import lead_at
from ledger.store.people import Agency, names_by_ref

_GAP: Final = "gap"
_DECISION: Final = "decision_basis"
_WEIGHTS: Final = ("high", "medium", "low")


def read_child(
    connection: Connection,
    reader: Reader,
    record_id: UUID,
    asked: Asked,
    *,
    pack: Pack,
    chance: Chance,
    directory: Mapping[str, Agency],
    auditor: Engine | None = None,
) -> dict[str, Any]:
    """The page's whole content. Writes the access record, as for a picture. Cost: that of reading the record once.

    With whom an alert is, is told of now alone. The connection acts for the reader's agency. Raises NotKnownError, and
    RefusedError for a point that is not there.
    """
    past = open_past(connection, reader, record_id, asked, what=LOOK, chance=chance)
    drawing = draw(past, pack, asked.valid_at or past.moment, directory)
    told = told_of(past, drawing, asked, pack, directory, auditor)
    alerts = held_alerts(connection, record_id) if asked.known_at is None and asked.number is None else {}
    people = names_by_ref(connection, {one.person for one in alerts.values() if one.person})
    lead = _lead(past, directory)
    found = [
        {
            **finding,
            **line_of_finding(finding, pack),
            "alert": _alert(alerts.get(finding["finding"]), reader, directory, people),
        }
        for finding in drawing.sheet.findings
    ]
    gaps = [one for one in found if one.get("kind") == _GAP]
    open_now = sorted((one for one in found if one.get("kind") != _GAP), key=_order)
    return told | {
        "lead": lead,
        "gaps": len(gaps),
        "decisions": [one for one in open_now if one.get("kind") == _DECISION],
        "open": [one for one in open_now if one.get("kind") != _DECISION],
    }


def _lead(past: Past, directory: Mapping[str, Agency]) -> dict[str, Any] | None:
    """Who leads, and their deputy; None where nobody does, or the reader may not know."""
    named = lead_at(past.connection, past.record_id, past.point.number)
    if named is None:
        return None
    people = names_by_ref(past.connection, {ref for ref in (named.person, named.deputy) if ref})
    return {
        **_agency(named.agency, directory),
        "person": people.get((named.agency, named.person)) if named.person else None,
        "has_left": named.person is None,
        "deputy": people.get((named.agency, named.deputy)) if named.deputy else None,
    }


def _alert(
    held: HeldAlert | None, reader: Reader, directory: Mapping[str, Agency], people: Mapping[tuple[str, str], str]
) -> dict[str, Any] | None:
    if held is None:
        return None
    return {
        "id": held.alert_id,
        **_agency(held.agency, directory),
        "person": people.get((held.agency, held.person)) if held.person else None,
        "yours": held.agency == reader.agency and (held.person is None or held.person == reader.person_ref),
        "state": held.state,
        "act_by": None if held.act_by is None else written_time(held.act_by),
        "tier": held.tier,
    }


def _agency(agency: str, directory: Mapping[str, Agency]) -> dict[str, Any]:
    known = directory.get(agency)
    return {
        "agency": agency,
        "agency_name": known.name if known else agency,
        "contact": known.contact if known else None,
    }


def _order(finding: Mapping[str, Any]) -> tuple[int, str]:
    """The weightiest first, and of these the oldest; what is withheld stands among the weightiest."""
    weight = finding.get("severity")
    return (_WEIGHTS.index(weight) if weight in _WEIGHTS else 0), finding["raised_at"]


def count_uncertain(people: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """How much of a picture is not to be relied on: what conflicts, what is stale, and what is not known."""
    rows = [row for one in people for row in one["attributes"]]
    holds = [(row, hold) for row in rows for cell in row["cells"] for hold in cell["holds"]]
    return {
        "conflicts": sum(row["conflict"] is not None for row in rows),
        "stale": sum(hold["state"] == "stale" for _, hold in holds),
        "unknown": sum(len(cell["not_known"]) for row in rows for cell in row["cells"]),
        "told": sum(hold["basis"] == "told" and not row["conflict"] for row, hold in holds),
    }
