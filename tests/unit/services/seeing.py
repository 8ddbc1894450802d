"""Entries and findings for tests of what a reader is shown: short builders with visible defaults."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from ledger.domain.pack import Pack
from ledger.domain.record_state import Surroundings
from ledger.services.marks import Marks
from ledger.services.render_finding import Beside, render_finding
from ledger.services.see import Eyes, Reader, Seen
from ledger.store.findings import StoredFinding
from ledger.store.markings import Leading
from ledger.store.people import Agency
from ledger.store.timeline import StoredEntry

RECORD = UUID(int=1)
PSEUDONYM = "p" * 26
CANARY = "QUETZALCOATLUS"
DIRECTORY = {
    "hv": Agency("hv", "Health visiting", "01743 000111"),
    "csc": Agency("csc", "Children’s social care", "0345 678 9021"),
    "police": Agency("police", "Police", "101"),
    "court": Agency("court", "Family court", "01743 000333"),
}
KINDS_OF_AGENCY = {"hv": "health_visiting", "csc": "childrens_social_care", "police": "police", "court": "court"}


def entry(number: int, agency: str, kind: str, body: Mapping[str, Any]) -> StoredEntry:
    """One stored entry, recorded on the day of October 2022 that is its number."""
    sealed = json.dumps({"agency": agency, "kind": kind, "event_id": "e", "body": body}).encode()
    at = datetime(2022, 10, number, 11, 0, tzinfo=UTC)
    return StoredEntry(RECORD, number, at, agency, "e", b"\1" * 32, kind, sealed)


def claim(**parts: Any) -> dict[str, Any]:
    """That the father is away, as the mother tells it; None takes a part away."""
    usual = {
        "about": "father",
        "attribute": "presence",
        "value": "absent",
        "valid": "2022-10/..",
        "basis": "told",
        "informant": "mother",
    }
    return {name: part for name, part in {**usual, **parts}.items() if part is not None}


def seen_by(**parts: Any) -> dict[str, Any]:
    """The same, seen by the author."""
    return claim(**{"basis": "seen", "informant": None} | parts)


def observation(number: int, agency: str, *claims: Mapping[str, Any], marking: str = "", **more: Any) -> StoredEntry:
    """An observation of the fifth of October."""
    body: dict[str, Any] = {
        "observed": "2022-10-05",
        "statement": "fact",
        "narrative": "as told",
        "author": {"ref": "w1", "role": "worker"},
        "claims": list(claims or [claim()]),
    } | more
    return entry(number, agency, "observation", body | ({"sharing": {"marking": marking}} if marking else {}))


def finding(*sides: Sequence[int], kind: str = "same_informant", **more: Any) -> StoredFinding:
    """A finding on the first claims of these entries."""
    parts: dict[str, Any] = {
        "rule": "states_of_the_world",
        "pack_version": "2.0.0",
        "evidence": [],
        "certain": True,
        "change_since": None,
        "raised_at": datetime(2022, 10, 20, 11, 0, tzinfo=UTC),
        "opened_number": 20,
    } | more
    evidence = [[number, 0] for number in parts.pop("evidence")]
    places = [[[number, 0] for number in side] for side in sides]
    return StoredFinding("f1", RECORD, kind, sides=places, evidence=evidence, **parts)


def changed(found: StoredFinding, day: str) -> StoredFinding:
    """The same, which may be a change since a day."""
    return StoredFinding(**{**_fields(found), "change_since": date.fromisoformat(day)})


def _fields(found: StoredFinding) -> dict[str, Any]:
    return {name: getattr(found, name) for name in StoredFinding.__dataclass_fields__}


def look(entries: Sequence[StoredEntry], agency: str) -> dict[int, Seen]:
    """The entries as an agency sees them that leads: what is restricted is a pointer to it."""
    eyes = Eyes(Reader(agency), {}, Marks((), (), leading={RECORD: Leading(agency)}))
    return {stored.number: eyes.look(stored) for stored in entries}


def render(
    found: StoredFinding,
    entries: Sequence[StoredEntry],
    pack: Pack,
    agency: str = "csc",
    *,
    named: bool = True,
    around: Sequence[StoredEntry] = (),
    now: datetime | None = None,
) -> dict[str, Any]:
    """A finding as an agency that leads is shown it."""
    told = render_finding(
        found,
        look(entries, agency),
        pack,
        DIRECTORY if named else {},
        Reader(agency),
        PSEUDONYM,
        beside=Beside(look(around, agency).values(), Surroundings(agency_kinds=KINDS_OF_AGENCY), now),
    )
    assert told is not None, "whoever leads may know of every finding"
    return told
