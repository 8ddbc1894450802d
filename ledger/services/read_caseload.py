"""The children whom a reader's agency has a part in: who leads, and how many findings and gaps are open with each.

What counts is what the reader may know of: in a record where something is marked each finding is looked at as it would
be shown to them, in any other all of them are counted.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.entry import Chance, written_time
from ledger.domain.pack import Pack
from ledger.domain.role import LEADING
from ledger.services.child_told import child_told
from ledger.services.name_child import name_child
from ledger.services.note_access import note_access
from ledger.services.render_finding import Beside, places_of, render_finding
from ledger.services.see import Eyes, Reader, Seen, open_eyes
from ledger.services.submission import identify_nhs, identify_reference
from ledger.store.caseloads import (
    Charge,
    called,
    caseload,
    count_caseload,
    count_open,
    identified,
    open_in,
    these_of,
)
from ledger.store.findings import by_id
from ledger.store.party import seek
from ledger.store.people import directory, names_by_ref, surroundings_of
from ledger.store.timeline import by_number

#: As what it is recorded that a child was listed.
LOOK: Final = "children"
PAGE: Final = 25
_GAP: Final = "gap"


def read_caseload(
    connection: Connection, reader: Reader, *, pack: Pack, chance: Chance, own: bool = False, page: int = 1
) -> dict[str, Any]:
    """One page of the children, those whom the reader leads first. Writes an access record for each.

    ``own``: of those alone whom the reader leads or is the deputy of. The connection acts for the reader.
    """
    ref = _ref(reader)
    total, led = count_caseload(connection, reader.agency, ref)
    charges = caseload(connection, reader.agency, ref, own=own, limit=PAGE, offset=PAGE * (page - 1))
    return {
        "children": _told(connection, reader, charges, pack, chance),
        "total": total,
        "led": led,
        "pages": -(-(led if own else total) // PAGE),
    }


def find_children(
    connection: Connection, reader: Reader, words: str, *, pack: Pack, chance: Chance
) -> tuple[list[dict[str, Any]], list[UUID]]:
    """The children of the caseload whom a number, the agency's own reference, or words of a name mean: one page.

    Whom the agency has no part in is not among them; the records that a number means beside them come second, for a
    refusal to be recorded of each, and are to be told to nobody.
    """
    digits = words.replace(" ", "").replace("-", "")
    sought = [identify_reference(reader.agency, words)] + ([identify_nhs(digits)] if digits.isdigit() else [])
    seek(connection, sought)
    by_number = identified(connection, sought)
    records = by_number or called(connection, reader.agency, words, PAGE)
    charges = these_of(connection, reader.agency, _ref(reader), records)
    told = _told(connection, reader, charges, pack, chance)
    if by_number:
        return told, sorted(set(by_number) - {one.record_id for one in charges})
    # Nobody is found by a name that is held back from whoever asks.
    return [one for one in told if words.lower() in one["name"].lower()], []


def _told(
    connection: Connection, reader: Reader, charges: Sequence[Charge], pack: Pack, chance: Chance
) -> list[dict[str, Any]]:
    if not charges:
        return []
    records = [one.record_id for one in charges]
    note_access(connection, reader, {one.record_id: one.head for one in charges}, LOOK, chance)
    eyes, agencies = open_eyes(connection, reader, records), directory(connection)
    details = child_told(connection, eyes, records)
    people = names_by_ref(connection, {ref for one in charges for ref in (one.lead_person, one.deputy) if ref})
    counts = _counts(connection, reader, eyes, charges, pack)
    return [
        {
            "id": str(one.record_id),
            "name": name_child(details.get(one.record_id, {})),
            "born": details.get(one.record_id, {}).get("born"),
            "expected": details.get(one.record_id, {}).get("expected"),
            "since": written_time(one.since),
            "leads": one.leads,
            "deputises": one.deputises,
            "lead": None
            if one.lead_agency is None or one.lead_person is None
            else {
                "agency": one.lead_agency,
                "agency_name": agencies[one.lead_agency].name if one.lead_agency in agencies else one.lead_agency,
                "contact": agencies[one.lead_agency].contact if one.lead_agency in agencies else None,
                "person": people.get((one.lead_agency, one.lead_person)),
            },
            "findings": counts.get(one.record_id, (0, 0))[0],
            "gaps": counts.get(one.record_id, (0, 0))[1],
        }
        for one in charges
    ]


def _counts(
    connection: Connection, reader: Reader, eyes: Eyes, charges: Sequence[Charge], pack: Pack
) -> dict[UUID, tuple[int, int]]:
    """Findings and gaps that are open, by record, of which the reader may know."""
    records = {one.record_id for one in charges}
    marked = records & eyes.marks.records
    counted = count_open(connection, records - marked)
    if marked:
        counted |= _looked_at(connection, reader, eyes, {one.record_id: one.pseudonym for one in charges}, marked, pack)
    return counted


def _looked_at(
    connection: Connection,
    reader: Reader,
    eyes: Eyes,
    pseudonyms: Mapping[UUID, str],
    marked: Collection[UUID],
    pack: Pack,
) -> dict[UUID, tuple[int, int]]:
    findings = by_id(connection, open_in(connection, marked)).values()
    places = {(one.record_id, number) for one in findings for number in places_of(one)}
    seen: dict[UUID, dict[int, Seen]] = {record_id: {} for record_id in marked}
    for entry in by_number(connection, places):
        seen[entry.record_id][entry.number] = eyes.look(entry)
    around = surroundings_of(connection, marked)
    counted = dict.fromkeys(marked, (0, 0))
    for one in findings:
        beside = Beside(surroundings=around[one.record_id])
        shown = render_finding(one, seen[one.record_id], pack, {}, reader, pseudonyms[one.record_id], beside=beside)
        if shown is None:
            continue
        found, gaps = counted[one.record_id]
        # Of what is withheld not even that it is a gap is told.
        is_gap = not shown["withheld"] and one.kind == _GAP
        counted[one.record_id] = (found, gaps + 1) if is_gap else (found + 1, gaps)
    return counted


def _ref(reader: Reader) -> str | None:
    """The reference by which the reader may be named lead: of those only who may lead."""
    return reader.person_ref if LEADING & reader.roles else None
