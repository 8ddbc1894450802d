"""A record's point in time is a number: find it from a moment or check the one that is given, and what stood then."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.entry import GENESIS
from ledger.services.refusal import RefusedError
from ledger.services.see import Eyes, Reader, Seen, Sight
from ledger.store.database import SYSTEM
from ledger.store.findings import StoredFinding
from ledger.store.timeline import hash_at, last_number, of_kinds


@dataclass(frozen=True, slots=True)
class Point:
    """The record up to and with this number; number 0, before the first entry, has the genesis hash."""

    number: int
    hash: bytes


def find_as_of(
    connection: Connection,
    record_id: UUID,
    *,
    known_at: datetime | None = None,
    number: int | None = None,
    hash_: str | None = None,
) -> Point:
    """The point asked for, or the newest. Raises RefusedError where the record has no such point."""
    if number is not None and known_at is not None:
        raise RefusedError("two_points", "give known_at or as_of, not both", "/as_of")
    if number is None:
        number = last_number(connection, record_id, known_at)
    found = GENESIS if number == 0 else hash_at(connection, record_id, number)
    if found is None:
        raise RefusedError("as_of_not_reached", "the record has no entry of this number yet", "/as_of")
    if hash_ is not None and hash_ != found.hex():
        raise RefusedError(
            "as_of_differs", "the entry of this number has another hash: this is another history", "/as_of"
        )
    return Point(number, found)


def findings_as_of(connection: Connection, record_id: UUID, number: int) -> dict[str, StoredFinding]:
    """Every finding raised up to a number, with the sides it had then and whether it was closed."""
    kinds = ("finding_raised", "finding_joined", "finding_closed")
    eyes = Eyes(Reader(SYSTEM))
    standing: dict[str, StoredFinding] = {}
    for entry in of_kinds(connection, record_id, kinds, SYSTEM, number):
        seen = eyes.look(entry)
        if seen.sight is Sight.FULL:
            _apply(standing, seen)
    return standing


def _apply(standing: dict[str, StoredFinding], entry: Seen) -> None:
    body, name = entry.body, entry.body["finding"]
    if entry.kind == "finding_raised":
        standing[name] = StoredFinding(
            name,
            entry.record_id,
            body["kind"],
            body["rule"],
            body["pack_version"],
            body["sides"],
            body.get("evidence", []),
            body["certain"],
            _date(body.get("change_since")),
            datetime.fromisoformat(body["raised_at"]),
            entry.number,
            is_stale=bool(body.get("is_stale")),
            marks=body.get("marks", {}),
            key=body.get("question", ""),
        )
    elif name in standing and entry.kind == "finding_joined":
        standing[name] = replace(
            standing[name],
            kind=body.get("kind", standing[name].kind),
            sides=body["sides"],
            evidence=body.get("evidence", []),
            certain=body["certain"],
            is_stale=bool(body.get("is_stale")),
            marks=body.get("marks", {}),
            before={**standing[name].before, entry.number: standing[name]},
            change_since=_date(body["change_since"]) if "change_since" in body else standing[name].change_since,
        )
    elif name in standing:
        standing[name] = replace(standing[name], closed_number=entry.number)


def _date(text: Any) -> date | None:
    return date.fromisoformat(text) if isinstance(text, str) else None
