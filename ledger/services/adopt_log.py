"""Going through a whole log, and taking it over into a store that lacks it.

Everything that the database holds of a log is made again from its leaves: positions without a gap, each record's
numbers in order, every tile, and the root and signature of every checkpoint. What this cannot know is whether the
database is an older one, or was written anew with the key: only witnesses, receipts and older checkpoints tell that.
So whoever adopts says how much there is to be, as somebody outside the database knows it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, text

from ledger.domain.log.checkpoint import Checkpoint
from ledger.domain.log.merkle import Frontier, leaf_hash, root_of_run
from ledger.domain.log.tiles import WIDTH
from ledger.services.hold_head import DIFFERS, HeadNotHeldError, NotAdoptedError, check_head
from ledger.services.kept_head import Head, KeptHeads
from ledger.services.sign_log import LogSigner, origin_of_log
from ledger.store import sealing
from ledger.store.log import LOGS, Log, hashes_of, tile, tree_size

_WORDS: Final[Mapping[Log, str]] = {"entries": "entries", "access": "recorded reads"}
#: After how many leaves it says how far it is.
_STEP: Final = 10_000
_TAKE_TIME: Final = text("SET LOCAL statement_timeout = 0")
Say = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Looked:
    """What a log is: how many leaves are placed, and the last checkpoint as a head, None where nothing was signed."""

    size: int
    head: Head | None


def look_through(connection: Connection, log: Log, log_origin: str, signer: LogSigner, say: Say) -> Looked:
    """Make a log again from its leaves and compare, in one transaction; `say` is told how many leaves of how many.

    Raises HeadNotHeldError with the first index that is wrong, where it can be told.
    """
    with connection.begin():
        connection.execute(_TAKE_TIME)
        size = tree_size(connection, log)
        if sealing.placed_count(connection, log) != size:
            raise HeadNotHeldError(log, DIFFERS, min(sealing.placed_count(connection, log), size))
        misplaced = sealing.first_out_of_order(connection) if log == "entries" else None
        if misplaced is not None:
            raise HeadNotHeldError(log, DIFFERS, misplaced, misplaced + 1)
        tiles, edge, head = _Tiles(connection, log), Frontier(), None
        checkpoints = sealing.checkpoints(connection, log)
        wanted = next(checkpoints, None)
        for leaf in _hashes(connection, log, size):
            edge.append(leaf)
            tiles.add(leaf)
            while wanted is not None and wanted.size == edge.size:
                head = _head_at(log_origin, wanted, edge)
                if not _holds(wanted, head, signer):
                    tiles.end()  # which leaf it is, where a tile still tells
                    raise HeadNotHeldError(log, DIFFERS, None, wanted.size)
                wanted = next(checkpoints, None)
            if edge.size % _STEP == 0:
                say(edge.size, size)
        tiles.end()
        if wanted is not None:  # it covers more than there is, or nothing at all
            raise HeadNotHeldError(log, DIFFERS, size, wanted.size)
    return Looked(size, head)


def adopt_both(
    connection: Connection, store: KeptHeads, origin: str, signer: LogSigner, at_least: Mapping[Log, int], say: Say
) -> dict[Log, int]:
    """Take over both logs, which hold at least so many leaves each: how many of each are signed.

    Raises as `adopt`, and NotAdoptedError, before anything is kept, where one holds less.
    """
    with connection.begin():
        for log in LOGS:
            size = tree_size(connection, log)
            if size < at_least.get(log, 0):
                raise NotAdoptedError(
                    f"the log of {_WORDS[log]} holds {size} here, and {at_least[log]} or more were signed: the "
                    "database is an older one. Restore a newer backup, or recover to a later point in time"
                )
    heads = {log: adopt(connection, store, log, origin_of_log(origin, log), signer, say) for log in LOGS}
    return {log: 0 if head is None else head.size for log, head in heads.items()}


def adopt(
    connection: Connection, store: KeptHeads, log: Log, log_origin: str, signer: LogSigner, say: Say
) -> Head | None:
    """Look a log through and keep its last checkpoint as the sealer's own: the head, or None where nothing was signed.

    Raises HeadNotHeldError, and NotAdoptedError where the store knows of another log, or of more than there is.
    """
    kept = store.read(log)
    looked = look_through(connection, log, log_origin, signer, say)
    if kept is not None:
        if kept.origin != log_origin:
            raise NotAdoptedError("the store holds another log's head: name another folder by LEDGER_LOG_STORE")
        with connection.begin():
            check_head(connection, log, kept, log_origin, is_last=False)
        if looked.head is None or looked.head.size <= kept.size:
            return kept
    if looked.head is not None:
        store.keep(log, looked.head)
    return looked.head


def _hashes(connection: Connection, log: Log, size: int) -> Iterator[bytes]:
    expected = 0
    for index, leaf in sealing.leaves(connection, log, 0, size):
        if index != expected or leaf is None:
            break
        yield leaf_hash(leaf)
        expected += 1
    if expected != size:
        raise HeadNotHeldError(log, DIFFERS, expected, expected + 1)


def _head_at(log_origin: str, stored: sealing.Checked, edge: Frontier) -> Head:
    return Head(log_origin, edge.size, edge.root(), edge.hashes, stored.note, stored.signed_at)


def _holds(stored: sealing.Checked, head: Head, signer: LogSigner) -> bool:
    checkpoint = Checkpoint(head.origin, head.size, head.root)
    return stored.root == head.root and signer.has_signed(stored.note, checkpoint)


class _Tiles:
    """Makes the tiles again, and holds each that is complete, and at the end those at the edge, to what is stored."""

    def __init__(self, connection: Connection, log: Log) -> None:
        self._connection, self._log = connection, log
        self._levels: list[list[bytes]] = []
        self._done: list[int] = []

    def add(self, whole: bytes, level: int = 0) -> None:
        if level == len(self._levels):
            self._levels.append([])
            self._done.append(0)
        held = self._levels[level]
        held.append(whole)
        if len(held) == WIDTH:
            self._compare(level)
            self._levels[level] = []
            self._done[level] += 1
            self.add(root_of_run(held), level + 1)

    def end(self) -> None:
        for level, held in enumerate(self._levels):
            if held:
                self._compare(level)

    def _compare(self, level: int) -> None:
        index, made = self._done[level], self._levels[level]
        held = hashes_of(tile(self._connection, self._log, level, index) or b"")
        if held[: len(made)] != made:
            same = next((place for place, pair in enumerate(zip(held, made, strict=False)) if pair[0] != pair[1]), 0)
            start = (index * WIDTH + same) * WIDTH**level
            raise HeadNotHeldError(self._log, DIFFERS, start, start + WIDTH**level)
