"""One finding of a child's record for one reader, whosever its alert is: as a page about the child shows it.

Whoever may read the record may see it here; what is to be done about it stays with the one person whose alert it is.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.alert import OUTCOME
from ledger.domain.entry import Chance
from ledger.domain.pack import Pack
from ledger.services.find_as_of import PointAsked
from ledger.services.find_introductions import find_introductions
from ledger.services.gather_disputes import with_disputes
from ledger.services.line_of_finding import line_of_finding
from ledger.services.managers_to_ring import with_managers
from ledger.services.past import Past, open_past
from ledger.services.read_findings import with_alerts
from ledger.services.render_closing import Regard, by_whom, outcome_places, render_closing
from ledger.services.render_finding import Beside, places_of, render_finding
from ledger.services.render_statement import claims_by_place
from ledger.services.see import NotKnownError, Reader, Seen
from ledger.store.findings import StoredFinding
from ledger.store.people import directory, names, names_by_ref, surroundings_of
from ledger.store.timeline import by_number, of_all


def read_finding(
    connection: Connection,
    reader: Reader,
    record_id: UUID,
    finding_id: str,
    asked: PointAsked,
    *,
    pack: Pack,
    chance: Chance,
) -> dict[str, Any]:
    """The finding as it stood at the point, with its line, who has its alert, and how it closed. Writes access.

    The connection acts for the reader's agency. Raises NotKnownError where the reader may not know of it, or it was
    not raised by then; and RefusedError for a point that is not there.
    """
    past = open_past(connection, reader, record_id, asked, what="findings", chance=chance)
    stored = past.findings().get(finding_id)
    if stored is None:
        raise NotKnownError
    numbers = places_of(stored) | ({stored.closed_number} if stored.closed_number is not None else set())
    looked = [past.look(entry) for entry in by_number(connection, {(record_id, number) for number in numbers})]
    seen = with_disputes(connection, past.eyes, record_id, past.pseudonym, looked, past.point.number)
    claims = [claim for group in claims_by_place(seen.values()).values() for claim in group]
    beside = Beside(
        find_introductions(connection, past.eyes, {record_id: claims})[record_id],
        surroundings_of(connection, [record_id])[record_id],
        _clock(past),
    )
    agencies = directory(connection)
    told = render_finding(stored, seen, pack, agencies, reader, past.pseudonym, beside=beside)
    if told is None:
        raise NotKnownError
    [whole] = with_alerts(past, [(stored, told)])
    with_managers(connection, [{"finding": whole, "child": {"id": str(record_id)}}], [stored.sides], pack, agencies)
    return past.head() | {
        "finding": whole,
        "line": line_of_finding(whole, pack),
        "closing": _closing(past, stored, seen, whole),
        "holder": _holder(connection, whole),
    }


def _clock(past: Past) -> datetime | None:
    """The moment by which a clock is told: none of the past, where what is told does not change with time."""
    return None if past.asked.is_by_number else past.moment


def _closing(past: Past, stored: StoredFinding, seen: dict[int, Seen], told: dict[str, Any]) -> dict[str, Any] | None:
    """How it closed, or that an outcome is recorded."""
    closed = seen.get(stored.closed_number) if stored.closed_number is not None else None
    places = outcome_places([closed] if closed is not None else [])
    entries = of_all(past.connection, past.record_id, (OUTCOME,), past.point.number)
    outcomes = [
        entry
        for entry in (past.look(one) for one in entries)
        if entry.body.get("finding") == stored.finding_id or entry.number in places
    ]
    people = names(past.connection, {person for entry in outcomes if (person := by_whom(entry))})
    regard = Regard(
        is_pointer=bool(told["withheld"]),
        kind=told["kind"],
        needs_two=bool((told.get("awaited") or {}).get("needs_two")),
        reader=past.reader.person_id,
    )
    return render_closing(closed, outcomes, past.pseudonym, directory(past.connection), people, regard)


def _holder(connection: Connection, told: dict[str, Any]) -> dict[str, Any] | None:
    """Who is to act on it: an agency with whom to ring there, and a person of it where one is named."""
    to = (told.get("alert") or {}).get("to")
    if not to:
        return None
    agency = directory(connection).get(to["agency"])
    ref = to.get("person")
    known = names_by_ref(connection, {ref}) if ref else {}
    return {
        "agency": to["agency"],
        "agency_name": agency.name if agency else to["agency"],
        "contact": agency.contact if agency else None,
        "person": known.get((to["agency"], ref), ref) if ref else None,
    }
