"""The log as others read it: a bundle's entries, how far it is signed, and between which cosignatures a leaf came."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, text

from ledger.store.log import Log

_SIGNED: Final = text("SELECT max(size) FROM ledger.checkpoints WHERE log = :log")
_LEAVES: Final[Mapping[Log, Any]] = {
    "entries": text("""
        SELECT e.envelope FROM ledger.entry_positions p JOIN ledger.entries e USING (record_id, number)
        WHERE p.index >= :first AND p.index < :first + :count ORDER BY p.index"""),
    "access": text("""
        SELECT a.leaf FROM ledger.access_positions p JOIN ledger.access_records a USING (access_id)
        WHERE p.index >= :first AND p.index < :first + :count ORDER BY p.index"""),
}
#: Of a cosignature `c`: whether :least or more cosigned the same checkpoint.
COSIGNED_ENOUGH: Final = (
    "(SELECT count(DISTINCT o.name) FROM ledger.cosignatures o WHERE o.log = c.log AND o.size = c.size) >= :least"
)
_BRACKET: Final = """
    SELECT c.size, max(c.cosigned_at) FROM {times} c
    WHERE c.log = :log AND c.size {side} :index AND {enough} GROUP BY c.size ORDER BY c.size {order} LIMIT 1"""
_BEFORE: Final = text(_BRACKET.format(side="<=", order="DESC", times="ledger.cosignatures", enough=COSIGNED_ENOUGH))
# By their first word: a log that rests is cosigned again.
_FIRST: Final = "(SELECT log, size, name, min(cosigned_at) AS cosigned_at FROM ledger.cosignatures GROUP BY 1, 2, 3)"
_COVERED: Final = text(_BRACKET.format(side=">", order="ASC", times=_FIRST, enough=COSIGNED_ENOUGH))


@dataclass(frozen=True, slots=True)
class Cosigned:
    """The size of a checkpoint that somebody else cosigned, and when the last who did says that they did."""

    size: int
    at: datetime


def signed_size(connection: Connection, log: Log) -> int:
    """How many leaves the largest signed checkpoint covers; 0 where none was signed yet."""
    return connection.scalar(_SIGNED, {"log": log}) or 0


def leaves_of(connection: Connection, log: Log, first: int, count: int) -> list[bytes]:
    """The leaves from one index on, as they are hashed; fewer where there are fewer. Only auditors' role sees all."""
    return [bytes(leaf) for leaf in connection.scalars(_LEAVES[log], {"first": first, "count": count})]


def brackets_of(
    connection: Connection, log: Log, index: int, least: int = 1
) -> tuple[Cosigned | None, Cosigned | None]:
    """The last checkpoint cosigned by so many that does not cover the leaf at an index, and the first that does."""
    given = {"log": log, "index": index, "least": least}
    before, covered = (connection.execute(query, given).one_or_none() for query in (_BEFORE, _COVERED))
    return (None if before is None else Cosigned(*before)), (None if covered is None else Cosigned(*covered))
