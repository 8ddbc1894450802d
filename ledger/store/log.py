"""The log as it is read: tiles, positions, checkpoints with their cosignatures, how far it lags, and closures.

`log` is `entries` or `access`. Whoever asks sees what their role's policies show: of positions an agency its own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import Connection, Row, text

from ledger.domain.log.merkle import HashReader, root_of_run
from ledger.domain.log.note import parse_note
from ledger.domain.log.policy import NONE, Policy, is_met
from ledger.domain.log.tiles import WIDTH, tile_of_node

Log = Literal["entries", "access"]
LOGS: Final[tuple[Log, Log]] = ("entries", "access")
HASH_BYTES: Final = 32
#: Checkpoints looked at together when one that meets the policy is sought.
_WINDOW: Final = 200


@dataclass(frozen=True, slots=True)
class Published:
    """A checkpoint as it is shown: the note is the log's own with the cosignatures there are now.

    `met`: whether the witnesses that the policy asks for cosigned it; False where no policy asks for any.
    """

    size: int
    root: bytes
    note_with_cosignatures: str
    met: bool
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits to be sealed in one log: how much, and for how many seconds the oldest has."""

    count: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Closure:
    """Why no entry is taken, and which indexes of the log are missing or wrong, from the first up to the last."""

    id: int
    closed_at: datetime
    why: str
    log: str
    from_index: int | None
    to_index: int | None


_TILE: Final = text("SELECT hashes FROM ledger.log_tiles WHERE log = :log AND level = :level AND index = :index")
_EDGE: Final = text("""
    SELECT index, octet_length(hashes) FROM ledger.log_tiles
    WHERE log = :log AND level = 0 ORDER BY index DESC LIMIT 1""")
_NOTED: Final = """
    SELECT c.size, c.root, c.note, c.signed_at,
        ARRAY(SELECT s.line FROM ledger.cosignatures s
              WHERE s.log = c.log AND s.size = c.size ORDER BY s.name, s.cosigned_at) AS lines
    FROM ledger.checkpoints c WHERE c.log = :log """
_NEWEST: Final = text(_NOTED + "AND c.size <= :most ORDER BY c.size DESC LIMIT 1")
_FIRST: Final = text(_NOTED + "AND c.size >= :least ORDER BY c.size LIMIT 1")
_SIGNED: Final = text(_NOTED + "AND c.size = :size")
_COSIGNED: Final = """
    AND c.size {beyond} :size AND EXISTS (SELECT FROM ledger.cosignatures s WHERE s.log = c.log AND s.size = c.size)
    ORDER BY c.size {order} LIMIT :window"""
_COSIGNED_DOWN: Final = text(_NOTED + _COSIGNED.format(beyond="<", order="DESC"))
_COSIGNED_UP: Final = text(_NOTED + _COSIGNED.format(beyond=">", order="ASC"))
_POSITION: Final = text("""
    SELECT index FROM ledger.entry_positions WHERE record_id = :record AND number = :number""")
_COUNT: Final = """
    SELECT (SELECT count(*) FROM (SELECT FROM ledger.{table} LIMIT 100000) counted),
        clock_timestamp() - (SELECT since FROM ledger.{table} ORDER BY id LIMIT 1)"""
_WAITING: Final[Mapping[Log, Any]] = {
    "entries": text(_COUNT.format(table="unsealed")),
    "access": text(_COUNT.format(table="unsealed_access")),
}
_AGE: Final = text("""
    SELECT extract(epoch FROM clock_timestamp() - signed_at) FROM ledger.checkpoints
    WHERE log = :log ORDER BY size DESC LIMIT 1""")
_CLOSURES: Final = text("""
    SELECT id, closed_at, why, log, from_index, to_index FROM ledger.closures WHERE opened_at IS NULL ORDER BY id""")
_CLOSE: Final = text("""
    INSERT INTO ledger.closures (why, log, from_index, to_index)
    SELECT CAST(:why AS text), CAST(:log AS text), CAST(:from_index AS bigint), CAST(:to_index AS bigint)
    WHERE NOT EXISTS (SELECT FROM ledger.closures c WHERE c.opened_at IS NULL AND c.why = :why AND c.log = :log)""")
#: Larger than any log: no upper bound.
_ANY_SIZE: Final = 2**62


def tile(connection: Connection, log: Log, level: int, index: int) -> bytes | None:
    """The hashes of a tile as far as it has grown, 32 bytes each; None where there is none. A narrower one is a
    prefix.
    """
    hashes: bytes | None = connection.scalar(_TILE, {"log": log, "level": level, "index": index})
    return hashes


def tree_size(connection: Connection, log: Log) -> int:
    """How many leaves the tiles hold, signed or not yet."""
    edge = connection.execute(_EDGE, {"log": log}).one_or_none()
    return 0 if edge is None else edge[0] * WIDTH + edge[1] // HASH_BYTES


def reader(connection: Connection, log: Log, size: int) -> HashReader:
    """Reads hashes of complete subtrees within the first `size` leaves; each tile is fetched once.

    The function raises LookupError for a subtree that is not complete at that size, or that the database lacks.
    """
    fetched: dict[tuple[int, int], bytes] = {}

    def read(level: int, index: int) -> bytes:
        if (index + 1) << level > size:
            raise LookupError("the subtree is not complete at this size")
        tile_level, tile_index, first, count = tile_of_node(level, index)
        key = tile_level, tile_index
        if key not in fetched:
            fetched[key] = tile(connection, log, tile_level, tile_index) or b""
        hashes = hashes_of(fetched[key])[first : first + count]
        if len(hashes) < count:
            raise LookupError("a tile of the log is missing or too short")
        return root_of_run(hashes)

    return read


def hashes_of(tile_bytes: bytes) -> list[bytes]:
    """A tile's hashes one by one."""
    return [tile_bytes[at : at + HASH_BYTES] for at in range(0, len(tile_bytes), HASH_BYTES)]


def position_of(connection: Connection, record_id: UUID, number: int) -> int | None:
    """Where an entry stands in the log; None where it is not sealed yet, or is not for whoever asks."""
    index: int | None = connection.scalar(_POSITION, {"record": record_id, "number": number})
    return index


def signed(connection: Connection, log: Log, size: int, policy: Policy | None = None) -> Published | None:
    """The checkpoint of exactly this size, if there is one."""
    row = connection.execute(_SIGNED, {"log": log, "size": size}).one_or_none()
    return None if row is None else _published(row, policy)


def newest(connection: Connection, log: Log, policy: Policy | None = None) -> Published | None:
    """The newest checkpoint that was signed, whoever cosigned it."""
    row = connection.execute(_NEWEST, {"log": log, "most": _ANY_SIZE}).one_or_none()
    return None if row is None else _published(row, policy)


def published(connection: Connection, log: Log, policy: Policy | None = None) -> Published | None:
    """The checkpoint to show: the newest that meets the policy; where that asks for no witness, the newest signed.

    None where there is none. Under a policy that asks for witnesses nothing is shown that they have not cosigned.
    """
    if not asks_witnesses(policy):
        return newest(connection, log, policy)
    return _first_met(connection, _COSIGNED_DOWN, log, _ANY_SIZE, policy)


def covering(connection: Connection, log: Log, index: int, policy: Policy | None = None) -> Published | None:
    """The first checkpoint to be shown that covers the leaf at `index`; None where there is none yet."""
    if not asks_witnesses(policy):
        row = connection.execute(_FIRST, {"log": log, "least": index + 1}).one_or_none()
        return None if row is None else _published(row, policy)
    return _first_met(connection, _COSIGNED_UP, log, index, policy)


def asks_witnesses(policy: Policy | None) -> bool:
    """Whether a policy wants any cosignature at all."""
    return policy is not None and policy.quorum != NONE


def waiting(connection: Connection, log: Log) -> Waiting:
    """What waits to be sealed, by the database's clock; beyond 100,000 it is not counted."""
    count, age = connection.execute(_WAITING[log]).one()
    return Waiting(count, 0.0 if age is None else max(0.0, age.total_seconds()))


def newest_age(connection: Connection, log: Log) -> float | None:
    """How many seconds ago the newest checkpoint was signed; None where there is none."""
    age = connection.scalar(_AGE, {"log": log})
    return None if age is None else max(0.0, float(age))


def closures(connection: Connection) -> list[Closure]:
    """The closures that stand; with any, no entry is taken."""
    return [Closure(*row) for row in connection.execute(_CLOSURES)]


def close(connection: Connection, why: str, log: Log, from_index: int | None, to_index: int | None) -> None:
    """Close the ledger to every append, unless it is closed already for the same reason; the caller commits."""
    connection.execute(_CLOSE, {"why": why, "log": log, "from_index": from_index, "to_index": to_index})


def _published(row: Row[Any], policy: Policy | None) -> Published:
    is_asked = policy is not None and asks_witnesses(policy)
    met = is_asked and policy is not None and is_met(policy, _names(policy, row.note, row.lines))
    return Published(row.size, bytes(row.root), row.note + "".join(row.lines), met, row.signed_at)


def _names(policy: Policy, note: str, lines: Iterable[str]) -> set[str]:
    """The policy's names of those whose lines these are. They were verified before they were stored."""
    keys = {(line.name, line.key_id) for line in parse_note(note + "".join(lines)).signatures}
    return {name for name, (key, _) in policy.witnesses.items() if (key.name, key.key_id) in keys}


def _first_met(connection: Connection, query: Any, log: Log, size: int, policy: Policy | None) -> Published | None:
    while True:
        rows = connection.execute(query, {"log": log, "size": size, "window": _WINDOW}).all()
        for row in rows:
            found = _published(row, policy)
            if found.met:
                return found
        if len(rows) < _WINDOW:
            return None
        size = rows[-1].size
