"""Whether tiles, checkpoints and cosignatures agree with the leaves: the part of a self-audit about the tree."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlalchemy import Connection

from ledger.domain.log.checkpoint import Checkpoint, parse_checkpoint, parse_cosignature
from ledger.domain.log.merkle import Frontier, root_of, root_of_run
from ledger.domain.log.note import Verifier, opened, parse_note
from ledger.domain.log.tiles import WIDTH
from ledger.services.audit_entries import Problem
from ledger.services.sign_log import verified
from ledger.store.auditing import checkpoints_from, cosigned_from, newest_checkpoint, tile_counts
from ledger.store.log import Log, hashes_of, reader, tile, tree_size

NOT_ITS_LEAF: Final = "its hash in the tiles is not its leaf's"
NOT_THE_ROOT: Final = "a checkpoint has another root than the leaves"
NOT_SIGNED: Final = "a checkpoint is not signed by a key that was announced"


class Tree:
    """One log's tree, as the leaves of an audit are gone through in their order."""

    def __init__(self, connection: Connection, log: Log, origin: str, keys: Sequence[Verifier], start: int) -> None:
        self._connection, self._log, self._origin, self._keys = connection, log, origin, list(keys)
        self.size = tree_size(connection, log)
        self._start = start
        self._tile: tuple[int, list[bytes]] = (-1, [])
        #: The edge over all leaves: only where they are gone through from the first on.
        self._edge = Frontier() if start == 0 else None
        self._checkpoints: Iterator[Any] = checkpoints_from(connection, log, 0) if start == 0 else iter(())
        self._next = next(self._checkpoints, None)

    def take(self, index: int, leaf: bytes | None) -> Problem | None:
        """The next leaf; what is wrong with how the tree holds it."""
        held = self._hash_at(index)
        problem = None
        if leaf is not None and held != leaf:
            problem = Problem(self._log, NOT_ITS_LEAF, index=index)
        if self._edge is not None and self._edge.size != index:
            self._edge = None  # leaves are missing: there is no root to be had
        if self._edge is not None:
            self._edge.append(leaf or held or bytes(32))
            problem = problem or self._checked(self._edge)
        return problem

    def _checked(self, edge: Frontier) -> Problem | None:
        problem = None
        while self._next is not None and self._next.size <= edge.size:
            at = self._next
            if at.size == edge.size:
                problem = problem or self._of_checkpoint(at, edge.root())
            else:
                problem = Problem(self._log, NOT_THE_ROOT, index=at.size)
            self._next = next(self._checkpoints, None)
        return problem

    def _hash_at(self, index: int) -> bytes | None:
        number, place = divmod(index, WIDTH)
        if self._tile[0] != number:
            self._tile = (number, hashes_of(tile(self._connection, self._log, 0, number) or b""))
        hashes = self._tile[1]
        return hashes[place] if place < len(hashes) else None

    def problems(self) -> Iterator[Problem]:
        """Once the leaves are through: of upper tiles, of the newest checkpoint, and of those cosigned."""
        shape = list(self._of_shape())
        yield from shape
        if not shape:
            yield from self._of_upper()
        newest = newest_checkpoint(self._connection, self._log)
        if newest is not None:
            if newest.size > self.size:
                yield Problem(self._log, "less is in the log than was signed", index=self.size)
            else:
                problem = self._of_newest(newest)
                if problem is not None:
                    yield problem
        yield from self._of_cosignatures(self._start)

    def root(self) -> bytes | None:
        """The root over all that the tiles hold; None where they hold nothing, or not what they must."""
        if not self.size:
            return None
        try:
            return root_of(self.size, reader(self._connection, self._log, self.size))
        except (LookupError, ValueError):
            return None

    def _of_newest(self, newest: Any) -> Problem | None:
        try:
            root = root_of(newest.size, reader(self._connection, self._log, self.size))
        except (LookupError, ValueError):
            return Problem(self._log, NOT_THE_ROOT, index=newest.size)
        return self._of_checkpoint(newest, root)

    def _of_checkpoint(self, row: Any, root: bytes) -> Problem | None:
        at = row.size - 1
        if row.root != root:
            return Problem(self._log, NOT_THE_ROOT, index=at)
        try:
            note = parse_note(row.note)
            if parse_checkpoint(note.text) != Checkpoint(self._origin, row.size, root):
                return Problem(self._log, "a checkpoint's note says something else", index=at)
            # Before a key is announced nobody says which is the log's.
            if self._keys and not opened(note, self._keys, verified):
                return Problem(self._log, NOT_SIGNED, index=at)
        except ValueError:
            return Problem(self._log, NOT_SIGNED, index=at)
        return None

    def _of_shape(self) -> Iterator[Problem]:
        """Each level has as many hashes as the one below has complete tiles, in tiles that follow each other."""
        left, level = self.size, 0
        for row in tile_counts(self._connection, self._log):
            full = -(-left // WIDTH)
            if row != (level, full, left, 0, full - 1):
                yield Problem(self._log, f"the tiles of level {row[0]} are not those that belong there", index=0)
                return
            left, level = left // WIDTH, level + 1
        if left:
            yield Problem(self._log, f"there are no tiles of level {level}", index=0)

    def _of_upper(self) -> Iterator[Problem]:
        level, first, end, width = 0, self._start // WIDTH, self.size // WIDTH, WIDTH
        while end > first:
            for number in range(first, end):
                hashes = hashes_of(tile(self._connection, self._log, level, number) or b"")
                above = hashes_of(tile(self._connection, self._log, level + 1, number // WIDTH) or b"")
                place = number % WIDTH
                if len(hashes) != WIDTH or place >= len(above) or root_of_run(hashes) != above[place]:
                    yield Problem(self._log, "a hash of a whole tile is not that of its hashes", index=number * width)
            level, first, end, width = level + 1, first // WIDTH, end // WIDTH, width * WIDTH

    def _of_cosignatures(self, start: int) -> Iterator[Problem]:
        for row in cosigned_from(self._connection, self._log, start):
            try:
                signatures = parse_note(f"{parse_note(row.note).text}\n{row.line}").signatures
                is_so = [one.name for one in signatures] == [row.name] and (
                    parse_cosignature(signatures[0].blob)[0] == int(row.cosigned_at.timestamp())
                )
            except (ValueError, TypeError):
                is_so = False
            if not is_so:
                yield Problem(self._log, "a cosignature is not of its checkpoint", index=row.size - 1)
