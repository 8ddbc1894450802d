"""The picture of a child's record for one reader: what each agency holds about whom, as known at one point.

A point in time is a number of the record and the moment of the child's life is a time; both are resolved once and given
back. Nothing else in the answer depends on when it is asked, so the same `as_of`, `valid_at` and rights give the same
bytes for ever under one rule pack. Only what the reader may see of an entry is taken as of now.

Everything is worked out from the entries that the reader sees in full: claims, links and conflicts alike. Of the others
it is said who holds something, as the timeline says it, and nothing about what.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.claim import Claim, claims_of_entry
from ledger.domain.entry import Chance, entry_id, written_time
from ledger.domain.pack import Pack
from ledger.domain.person import Links, link_facts
from ledger.domain.picture import Frame, picture
from ledger.services.find_as_of import Point, find_as_of, findings_as_of
from ledger.services.note_access import note_access
from ledger.services.render_finding import Beside, places_of, render_finding
from ledger.services.render_picture import Sheet, columns_of, render_people
from ledger.services.see import Eyes, NotKnownError, Reader, Seen, Sight, check_involved, open_eyes
from ledger.services.word_claim import wording_of
from ledger.services.word_picture import brief_finding, word_withheld
from ledger.store.clock import now
from ledger.store.findings import StoredFinding
from ledger.store.people import Agency, agency_kinds, surroundings_of
from ledger.store.timeline import by_number, heads_of, of_agencies


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a picture. At most one of `known_at` and `number`; `hash` only with a number."""

    known_at: datetime | None = None
    number: int | None = None
    hash: str | None = None
    valid_at: datetime | None = None
    history: bool = False


def read_picture(
    connection: Connection,
    reader: Reader,
    record_id: UUID,
    asked: Asked,
    *,
    pack: Pack,
    chance: Chance,
    directory: Mapping[str, Agency] | None = None,
) -> dict[str, Any]:
    """The picture as this reader may see it. Writes the access record. Cost: that of reading the record once.

    The connection acts for the reader's agency. Raises NotKnownError, and RefusedError for a point that is not there.
    A page for people passes a directory for names and contacts; without one, agencies are named by their ids.
    """
    check_involved(connection, reader, record_id)
    head = heads_of(connection, [record_id]).get(record_id)
    if head is None:
        raise NotKnownError
    pseudonym, _ = head
    point = find_as_of(connection, record_id, known_at=asked.known_at, number=asked.number, hash_=asked.hash)
    note_access(connection, reader, {record_id: point.number}, "picture", chance)
    valid_at = _moment(connection, record_id, asked, point)
    eyes = open_eyes(connection, reader, [record_id])
    seen = [eyes.look(entry, up_to=point.number) for entry in of_agencies(connection, record_id, point.number)]
    standing = [entry for entry in seen if entry.withdrawn_by is None]
    known = directory or {}
    names = {name: agency.name for name, agency in known.items()}
    frame = Frame(_links(seen, "people"), _links(seen, "things"), pack, agency_kinds(connection))
    beside = Beside(surroundings=surroundings_of(connection, [record_id])[record_id])
    drawn = picture(_claims(standing), frame, valid_at, history=asked.history)
    findings = _open_findings(connection, record_id, point)
    glimpses = _glimpses(connection, record_id, eyes, seen, findings)
    rendered = [
        told
        for finding in findings
        if (told := render_finding(finding, glimpses, pack, known, reader, pseudonym, beside=beside)) is not None
    ]
    sheet = Sheet(drawn, frame.people, pack, wording_of(standing, names), pseudonym, rendered)
    return {
        "child": str(record_id),
        "as_of": {"number": point.number, "hash": point.hash.hex()},
        "valid_at": written_time(valid_at),
        "history": asked.history,
        "pack": {"name": pack.name, "version": pack.version},
        "agencies": columns_of(sheet),
        "people": render_people(sheet),
        "findings": [brief_finding(finding) for finding in rendered],
        "withheld": word_withheld(standing, known, pseudonym),
        "erased": [entry_id(pseudonym, entry.number) for entry in standing if entry.sight is Sight.ERASED],
    }


def _moment(connection: Connection, record_id: UUID, asked: Asked, point: Point) -> datetime:
    """Which moment of the child's life: that asked for, else the present of the point that is asked for."""
    if asked.valid_at is not None:
        return asked.valid_at
    if asked.number:
        return by_number(connection, [(record_id, point.number)])[0].recorded_at
    present = now(connection)
    return min(asked.known_at, present) if asked.known_at is not None else present


def _links(seen: Iterable[Seen], sort: str) -> Links:
    """The links that stand by the entries that are seen: a declared role stays when its entry is corrected."""
    return Links.of(
        fact
        for entry in seen
        if entry.kind is not None
        for fact in link_facts(entry.kind, entry.agency, entry.body)
        if fact.sort == sort
    )


def _claims(seen: Iterable[Seen]) -> list[Claim]:
    """The claims that are seen, each at its place among them."""
    return [
        replace(claim, index=entry.shown_index(claim.index)) if entry.hidden else claim
        for entry in seen
        if entry.kind is not None
        for claim in claims_of_entry(
            entry.kind, entry.body, agency=entry.agency, number=entry.number, recorded_at=entry.recorded_at
        )
    ]


def _open_findings(connection: Connection, record_id: UUID, point: Point) -> list[StoredFinding]:
    """The findings that were open at a point, in the order in which they were raised."""
    standing = findings_as_of(connection, record_id, point.number).values()
    found = [finding for finding in standing if finding.closed_number is None]
    return sorted(found, key=lambda finding: (finding.opened_number, finding.finding_id))


def _glimpses(
    connection: Connection, record_id: UUID, eyes: Eyes, seen: Iterable[Seen], findings: Iterable[StoredFinding]
) -> dict[int, Seen]:
    """Every entry that the findings refer to, and those at hand."""
    glimpses = {entry.number: entry for entry in seen}
    missing = {number for finding in findings for number in places_of(finding)} - glimpses.keys()
    others = by_number(connection, [(record_id, number) for number in missing])
    return glimpses | {entry.number: eyes.look(entry) for entry in others}
