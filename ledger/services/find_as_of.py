"""A record's point in time is a number: find it from a moment or check the one that is given, and what stood then.

Across records a point is a size of the log: of each record it is the last entry whose place in the log lies before it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from ledger.domain.entry import GENESIS
from ledger.services.refusal import LOG_SIZE_FOR_AUDITORS, RefusedError
from ledger.services.see import Eyes, Reader, Seen, Sight
from ledger.store.clock import now
from ledger.store.database import SYSTEM
from ledger.store.findings import StoredFinding
from ledger.store.party import AUDITOR
from ledger.store.positions import last_number_within, size_now
from ledger.store.timeline import StoredEntry, by_number, hash_at, last_number, of_kinds

_STEPS: Final = ("finding_raised", "finding_joined", "finding_closed")


@dataclass(frozen=True, slots=True)
class Point:
    """The record up to and with this number; number 0, before the first entry, has the genesis hash."""

    number: int
    hash: bytes

    def as_json(self) -> dict[str, Any]:
        """As every answer gives it, and as it is taken again."""
        return {"number": self.number, "hash": self.hash.hex()}


@dataclass(frozen=True, slots=True)
class PointAsked:
    """Which point of a record: at most one of `known_at`, `number` and `log_size`; `hash` only with a number."""

    known_at: datetime | None = None
    number: int | None = None
    hash: str | None = None
    log_size: int | None = field(default=None, kw_only=True)

    @property
    def is_by_number(self) -> bool:
        """Whether it is named in a way that no clock has a part in."""
        return self.number is not None or self.log_size is not None


def find_point(connection: Connection, reader: Reader, record_id: UUID, asked: PointAsked) -> Point:
    """The point asked for, or the newest. Raises RefusedError where the record, or the log, has no such point.

    A size of the log is for auditors: where entries of others stand in it, the database tells nobody else.
    """
    if asked.log_size is None:
        return find_as_of(connection, record_id, known_at=asked.known_at, number=asked.number, hash_=asked.hash)
    if asked.known_at is not None or asked.number is not None:
        raise RefusedError("two_points", "give known_at, as_of or log_size, and only one of them", "/log_size")
    if reader.agency != AUDITOR:
        raise RefusedError(LOG_SIZE_FOR_AUDITORS.code, LOG_SIZE_FOR_AUDITORS.detail)
    if asked.log_size > size_now(connection):
        raise RefusedError("log_size_not_reached", "the log has not grown to this size yet", "/log_size")
    return find_as_of(connection, record_id, number=last_number_within(connection, record_id, asked.log_size))


def moment_of(connection: Connection, record_id: UUID, asked: PointAsked, point: Point) -> datetime:
    """The present of a point: that of its last entry where it is named by a number, else the moment asked for, or now.

    Before the first entry it is the time of that one: no clock has a part in what a number is answered with.
    """
    if asked.is_by_number:
        return by_number(connection, [(record_id, max(point.number, 1))])[0].recorded_at
    present = now(connection)
    return min(asked.known_at, present) if asked.known_at is not None else present


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
    return findings_over(of_kinds(connection, record_id, _STEPS, SYSTEM, number))


def findings_over(stored: Iterable[StoredEntry]) -> dict[str, StoredFinding]:
    """The same of a record's entries that were read already, in order: all of them up to a number."""
    eyes = Eyes(Reader(SYSTEM))
    standing: dict[str, StoredFinding] = {}
    for entry in stored:
        if entry.agency != SYSTEM or entry.kind not in _STEPS:
            continue
        seen = eyes.look(entry)
        if seen.sight is Sight.FULL:
            apply_step(standing, seen)
    return standing


def open_by_key(standing: Iterable[StoredFinding], keys: Collection[str]) -> dict[str, StoredFinding]:
    """Those that are open, each once, by whichever of these keys it has, or else had last.

    A link gives a finding another key: whoever may not see the link knows the finding by the one before.
    """
    found: dict[str, StoredFinding] = {}
    for one in standing:
        key = next((key for key in one.keys if key in keys), None) if one.closed_number is None else None
        if key is not None and (key == one.key or key not in found):
            found[key] = one
    return found


def apply_step(standing: dict[str, StoredFinding], entry: Seen) -> None:
    """Move findings on by one of the ledger's own entries, seen whole."""
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
            key=body.get("question", standing[name].key),  # a link gives it another
            before={**standing[name].before, entry.number: standing[name]},
            change_since=_date(body["change_since"]) if "change_since" in body else standing[name].change_since,
        )
    elif name in standing:
        standing[name] = replace(standing[name], closed_number=entry.number)


def _date(text: Any) -> date | None:
    return date.fromisoformat(text) if isinstance(text, str) else None
