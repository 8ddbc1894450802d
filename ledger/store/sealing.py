"""What the sealer reads and writes: what waits, positions, leaves in the log's order, tiles, checkpoints.

The two logs differ in what a leaf is: an entry's envelope, by record and number, or the leaf of an access record.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, TextClause, text

from ledger.store.log import Log

#: How many leaves are read at once when a long stretch of the log is gone through.
_STRETCH: Final = 5_000
#: Sets this lock apart from others of the same database.
_LOCK: Final = 7_205_916


@dataclass(frozen=True, slots=True)
class Waiting:
    """One that waits. `leaf` is None where the ledger has none such; `is_next`: whatever goes before it is placed."""

    id: int
    record_id: UUID
    number: int
    leaf: bytes | None
    is_placed: bool
    is_next: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """The ledger's name, None where it has not been opened yet; whether anything waits; whether a closure stands."""

    origin: str | None
    has_work: bool
    is_closed: bool


@dataclass(frozen=True, slots=True)
class Checked:
    """A checkpoint as it was stored."""

    size: int
    root: bytes
    note: str
    signed_at: datetime


# In the order in which they came to wait, which within a record is that of its numbers.
_WAITING: Final[Mapping[Log, TextClause]] = {
    "entries": text("""
        SELECT w.id, w.record_id, w.number, e.envelope,
            EXISTS (SELECT FROM ledger.entry_positions p WHERE p.record_id = w.record_id AND p.number = w.number),
            w.number = 1 OR EXISTS (
                SELECT FROM ledger.entry_positions p WHERE p.record_id = w.record_id AND p.number = w.number - 1)
        FROM (SELECT id, record_id, number FROM ledger.unsealed ORDER BY id LIMIT :most) w
        LEFT JOIN ledger.entries e ON e.record_id = w.record_id AND e.number = w.number
        ORDER BY w.id"""),
    "access": text("""
        SELECT w.id, w.access_id, 1, a.leaf,
            EXISTS (SELECT FROM ledger.access_positions p WHERE p.access_id = w.access_id), true
        FROM (SELECT id, access_id FROM ledger.unsealed_access ORDER BY id LIMIT :most) w
        LEFT JOIN ledger.access_records a ON a.access_id = w.access_id
        ORDER BY w.id"""),
}
_PLACE: Final[Mapping[Log, TextClause]] = {
    "entries": text("""
        INSERT INTO ledger.entry_positions (index, record_id, number)
        SELECT * FROM unnest(CAST(:indexes AS bigint[]), CAST(:records AS uuid[]), CAST(:numbers AS bigint[]))"""),
    "access": text("""
        INSERT INTO ledger.access_positions (index, access_id)
        SELECT * FROM unnest(CAST(:indexes AS bigint[]), CAST(:records AS uuid[]))"""),
}
_TAKE_AWAY: Final[Mapping[Log, TextClause]] = {
    "entries": text("DELETE FROM ledger.unsealed WHERE id = ANY (:ids)"),
    "access": text("DELETE FROM ledger.unsealed_access WHERE id = ANY (:ids)"),
}
_LEAVES: Final[Mapping[Log, TextClause]] = {
    "entries": text("""
        SELECT p.index, e.envelope FROM ledger.entry_positions p
        LEFT JOIN ledger.entries e ON e.record_id = p.record_id AND e.number = p.number
        WHERE p.index >= :start AND p.index < :stop ORDER BY p.index"""),
    "access": text("""
        SELECT p.index, a.leaf FROM ledger.access_positions p
        LEFT JOIN ledger.access_records a ON a.access_id = p.access_id
        WHERE p.index >= :start AND p.index < :stop ORDER BY p.index"""),
}
_PLACED: Final[Mapping[Log, TextClause]] = {
    "entries": text("SELECT coalesce(max(index) + 1, 0) FROM ledger.entry_positions"),
    "access": text("SELECT coalesce(max(index) + 1, 0) FROM ledger.access_positions"),
}
_OUT_OF_ORDER: Final = text("""
    SELECT min(index) FROM (
        SELECT index, number, row_number() OVER (PARTITION BY record_id ORDER BY index) AS place
        FROM ledger.entry_positions) p
    WHERE number <> place""")
_GROW: Final = text("""
    INSERT INTO ledger.log_tiles (log, level, index, hashes) VALUES (:log, :level, :index, :hashes)
    ON CONFLICT (log, level, index) DO UPDATE SET hashes = EXCLUDED.hashes""")
_PUBLISH: Final = text("""
    INSERT INTO ledger.checkpoints (log, size, root, note, signed_at) VALUES (:log, :size, :root, :note, :signed_at)
    ON CONFLICT (log, size) DO NOTHING""")
_CHECKPOINTS: Final = text("""
    SELECT size, root, note, signed_at FROM ledger.checkpoints WHERE log = :log AND size > :beyond
    ORDER BY size LIMIT :window""")
_LARGEST: Final = text("""
    SELECT size, root, note, signed_at FROM ledger.checkpoints WHERE log = :log ORDER BY size DESC LIMIT 1""")
_AT: Final = text("SELECT root FROM ledger.checkpoints WHERE log = :log AND size = :size")
_ORIGIN: Final = text("SELECT origin FROM ledger.ledger_state")
_LOOK: Final = text("""
    SELECT (SELECT origin FROM ledger.ledger_state),
        EXISTS (SELECT FROM ledger.unsealed) OR EXISTS (SELECT FROM ledger.unsealed_access),
        EXISTS (SELECT FROM ledger.closures WHERE opened_at IS NULL)""")


def take_the_lock(connection: Connection) -> bool:
    """Become the one that seals, for as long as this connection lasts; False where another is."""
    taken: bool = connection.execute(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": _LOCK}).scalar_one()
    return taken


def origin_of(connection: Connection) -> str | None:
    """The ledger's name; None where it has not been opened yet."""
    origin: str | None = connection.scalar(_ORIGIN)
    return origin


def look(connection: Connection) -> Seen:
    """Whether there is anything to do; one statement, for it is asked all day."""
    return Seen(*connection.execute(_LOOK).one())


def waiting(connection: Connection, log: Log, most: int) -> list[Waiting]:
    """What waits, the longest waiting first."""
    rows = connection.execute(_WAITING[log], {"most": most})
    return [
        Waiting(i, record, number, None if leaf is None else bytes(leaf), *flags)
        for i, record, number, leaf, *flags in rows
    ]


def place(connection: Connection, log: Log, start: int, taken: Sequence[Waiting]) -> None:
    """Give what waited its positions, from `start` on."""
    given: dict[str, Any] = {
        "indexes": list(range(start, start + len(taken))),
        "records": [one.record_id for one in taken],
    }
    if log == "entries":
        given["numbers"] = [one.number for one in taken]
    connection.execute(_PLACE[log], given)


def take_away(connection: Connection, log: Log, ids: Sequence[int]) -> None:
    """Let these wait no longer."""
    connection.execute(_TAKE_AWAY[log], {"ids": list(ids)})


def placed_count(connection: Connection, log: Log) -> int:
    """One more than the last position that was given."""
    return int(connection.execute(_PLACED[log]).scalar_one())


def leaves(connection: Connection, log: Log, start: int, stop: int) -> Iterator[tuple[int, bytes | None]]:
    """Index and leaf of each position in order; None for a leaf that there is none of. Indexes may be left out."""
    while start < stop:
        until = min(start + _STRETCH, stop)
        for index, leaf in connection.execute(_LEAVES[log], {"start": start, "stop": until}):
            yield index, None if leaf is None else bytes(leaf)
        start = until


def first_out_of_order(connection: Connection) -> int | None:
    """The first index at which a record's number does not follow the one before it; None where all do."""
    index: int | None = connection.scalar(_OUT_OF_ORDER)
    return index


def grow(connection: Connection, log: Log, tiles: Mapping[tuple[int, int], bytes]) -> None:
    """Store tiles, of which those that are there become longer."""
    connection.execute(
        _GROW,
        [
            {"log": log, "level": level, "index": index, "hashes": hashes}
            for (level, index), hashes in sorted(tiles.items())
        ],
    )


def publish(connection: Connection, log: Log, checkpoint: Checked) -> bytes:
    """Store a checkpoint, if there is none of its size; the root that now stands at that size."""
    connection.execute(
        _PUBLISH,
        {
            "log": log,
            "size": checkpoint.size,
            "root": checkpoint.root,
            "note": checkpoint.note,
            "signed_at": checkpoint.signed_at,
        },
    )
    return bytes(connection.execute(_AT, {"log": log, "size": checkpoint.size}).scalar_one())


def root_at(connection: Connection, log: Log, size: int) -> bytes | None:
    """The root of the checkpoint of a size, if there is one."""
    root: bytes | None = connection.scalar(_AT, {"log": log, "size": size})
    return None if root is None else bytes(root)


def largest(connection: Connection, log: Log) -> Checked | None:
    """The checkpoint of the largest size."""
    row = connection.execute(_LARGEST, {"log": log}).one_or_none()
    return None if row is None else Checked(row.size, bytes(row.root), row.note, row.signed_at)


def checkpoints(connection: Connection, log: Log) -> Iterator[Checked]:
    """Every checkpoint, the smallest first."""
    beyond = -1
    while True:
        rows = connection.execute(_CHECKPOINTS, {"log": log, "beyond": beyond, "window": _STRETCH}).all()
        for row in rows:
            yield Checked(row.size, bytes(row.root), row.note, row.signed_at)
        if len(rows) < _STRETCH:
            return
        beyond = rows[-1].size
