"""Sealing: what waits gets its place in the log, and the log a signed head that never takes anything back.

In this order, so that a stop at any point leaves the same or a larger consistent head and never two of one size
(docs/decisions/0023-sealing-its-store-and-restoring.md):

1. In one transaction: what waits, the longest waiting first, gets positions; tiles grow; it waits no longer.
2. The leaves are read back by position, and the kept edge of the tree is extended by them: its root must be the tiles'.
3. The head is signed and kept in the sealer's own store.
4. The checkpoint is published in the database.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from ledger.domain.log.checkpoint import Checkpoint
from ledger.domain.log.merkle import Frontier, leaf_hash, root_of
from ledger.services.grow_tiles import grown_tiles
from ledger.services.hold_head import DIFFERS, OLDER, HeadNotHeldError, check_head
from ledger.services.kept_head import Head, KeptHeads
from ledger.services.sign_log import LogSigner, origin_of_log
from ledger.store import sealing
from ledger.store.log import LOGS, Log, reader, tile, tree_size

#: As many are placed by one transaction; what waits beyond it is placed by the next, at once.
BATCH: Final = 5_000


@dataclass(frozen=True, slots=True)
class Sealed:
    """What one round did in both logs: how many were placed, how many must wait for one before them that is not there,
    and which logs have a new head.
    """

    placed: int
    stuck: int
    signed: tuple[Log, ...]

    @property
    def is_idle(self) -> bool:
        """Whether there was nothing to do."""
        return not self.placed and not self.signed


@dataclass(frozen=True, slots=True)
class LogSealer:
    """The one sealer of a ledger: its connection, which holds the lock, and its store, which it has open alone."""

    connection: Connection
    store: KeptHeads
    signer: LogSigner
    #: The ledger's name.
    origin: str
    now: Callable[[], datetime]

    def begin(self) -> None:
        """Before the first round: hold the database to what was signed; publish a head that was kept and not published.

        Raises HeadNotHeldError, NotAdoptedError and StoreBrokenError.
        """
        for log in LOGS:
            head = self.store.read(log)
            with self.connection.begin():
                check_head(self.connection, log, head, origin_of_log(self.origin, log))
            if head is not None:
                publish_head(self.connection, log, head)
            self.store.thin(log, self.now())

    def round(self) -> Sealed:
        """Place what waits, and sign.

        Raises HeadNotHeldError, StoreBrokenError, and OSError where a head was not kept.
        """
        placed = stuck = 0
        signed: list[Log] = []
        for log in LOGS:
            done, left = place_waiting(self.connection, log)
            placed, stuck = placed + done, stuck + left
            if self.sign(log) is not None:
                signed.append(log)
        return Sealed(placed, stuck, tuple(signed))

    def sign(self, log: Log) -> Head | None:
        """Sign over all that is placed, keep it, publish it: the new head, or None where nothing was added."""
        last = self.store.read(log)
        head = extended(self.connection, log, last, origin_of_log(self.origin, log), self.signer, self.now)
        if head is None:
            return None
        self.store.keep(log, head)
        publish_head(self.connection, log, head)
        return head


def place_waiting(connection: Connection, log: Log, most: int = BATCH) -> tuple[int, int]:
    """Give what waits its positions and let the tiles grow, in one transaction: how many, and how many are stuck.

    Within a record no number is placed before the one before it is: whatever would be, and what is not in the ledger at
    all, stays waiting. Raises HeadNotHeldError where tiles and positions do not agree.
    """
    with connection.begin():
        rows = sealing.waiting(connection, log, most)
        if not rows:
            return 0, 0
        taken, gone = _in_order(rows)
        if taken:
            _add(connection, log, taken)
        sealing.take_away(connection, log, gone)
    return len(gone), len(rows) - len(gone)


def _in_order(rows: list[sealing.Waiting]) -> tuple[list[sealing.Waiting], list[int]]:
    """Which of them are placed now, and the ids of those that wait no longer, as some may have been placed before."""
    taken: list[sealing.Waiting] = []
    gone: list[int] = []
    names = set()
    for row in rows:
        if row.is_placed or (row.record_id, row.number) in names:
            gone.append(row.id)
        elif row.leaf is not None and (row.is_next or (row.record_id, row.number - 1) in names):
            names.add((row.record_id, row.number))
            taken.append(row)
            gone.append(row.id)
    return taken, gone


def _add(connection: Connection, log: Log, taken: list[sealing.Waiting]) -> None:
    size = tree_size(connection, log)
    placed = sealing.placed_count(connection, log)
    if placed != size:
        raise HeadNotHeldError(log, DIFFERS, min(placed, size), max(placed, size))
    sealing.place(connection, log, size, taken)
    hashes = [leaf_hash(one.leaf) for one in taken if one.leaf is not None]
    try:
        grown = grown_tiles(size, hashes, lambda level, index: tile(connection, log, level, index) or b"")
    except ValueError as error:
        raise HeadNotHeldError(log, DIFFERS) from error
    sealing.grow(connection, log, grown)


def extended(
    connection: Connection, log: Log, last: Head | None, log_origin: str, signer: LogSigner, now: Callable[[], datetime]
) -> Head | None:
    """The head over all that is placed, signed and told to nobody; None where that is no more than the last.

    Raises HeadNotHeldError where the database holds less than was signed, or leaves and tiles do not agree.
    """
    edge = Frontier() if last is None else last.frontier
    with connection.begin():
        size = tree_size(connection, log)
        if size < edge.size:
            raise HeadNotHeldError(log, OLDER, size, edge.size)
        if size == edge.size:
            return None
        extend_to(connection, log, edge, size)
        try:
            is_same = root_of(size, reader(connection, log, size)) == edge.root()
        except LookupError:
            is_same = False
        if not is_same:
            raise HeadNotHeldError(log, DIFFERS, 0 if last is None else last.size, size)
    root = edge.root()
    return Head(log_origin, size, root, edge.hashes, signer.sign(Checkpoint(log_origin, size, root)), now())


def extend_to(connection: Connection, log: Log, edge: Frontier, size: int) -> None:
    """Extend an edge by the leaves themselves, read at their positions. Raises HeadNotHeldError at the first gap."""
    for index, leaf in sealing.leaves(connection, log, edge.size, size):
        if index != edge.size or leaf is None:
            break
        edge.append(leaf_hash(leaf))
    if edge.size != size:
        raise HeadNotHeldError(log, DIFFERS, edge.size, edge.size + 1)


def publish_head(connection: Connection, log: Log, head: Head) -> None:
    """Store a kept head's checkpoint, if it is not there yet. Raises HeadNotHeldError where another stands there."""
    with connection.begin():
        checkpoint = sealing.Checked(head.size, head.root, head.note, head.signed_at)
        if sealing.publish(connection, log, checkpoint) != head.root:
            raise HeadNotHeldError(log, DIFFERS)
