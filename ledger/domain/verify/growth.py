"""The log's tree as it grows leaf by leaf, compared with every tile of the export on the way."""

from collections.abc import Sequence

from ledger.domain.log.merkle import Frontier, root_of_edge, root_of_run
from ledger.domain.log.strict import HASH_BYTES
from ledger.domain.log.tiles import WIDTH, Tile
from ledger.domain.verify.fault import Faults, FileFaultError
from ledger.domain.verify.source import Source

_TILE_BYTES = WIDTH * HASH_BYTES


class Growth:
    """A tree of some size, of which only the right edge is held."""

    def __init__(self, source: Source, faults: Faults) -> None:
        self._source = source
        self._faults = faults
        self.size = 0
        #: Whole bundles as leaves of a tree of their own, and the leaves of the bundle that is not whole yet.
        self._whole, self._open = Frontier(), Frontier()
        #: Of each level above 0 the hashes of its tile that is not whole yet, and how many of its tiles are.
        self._rows: list[list[bytes]] = []
        self._tiles: list[int] = []

    def root(self) -> bytes:
        """The root at the present size."""
        return root_of_edge((*self._whole.hashes, *self._open.hashes))

    def extend(self, hashes: Sequence[bytes]) -> None:
        """Add leaves of one bundle by their hashes."""
        self._open.extend(hashes)
        self.size += len(hashes)
        if self._open.size == WIDTH:
            [whole] = self._open.hashes
            self._whole.append(whole)
            self._open = Frontier()
            self._add(0, whole)

    def _add(self, row: int, whole: bytes) -> None:
        """Add a hash to the tile of level `row` + 1."""
        if row == len(self._rows):
            self._rows.append([])
            self._tiles.append(0)
        hashes = self._rows[row]
        hashes.append(whole)
        if len(hashes) == WIDTH:
            self.compare(Tile(row + 1, self._tiles[row]), hashes)
            self._rows[row] = []
            self._tiles[row] += 1
            self._add(row + 1, root_of_run(hashes))

    def finish(self) -> None:
        """Compare the tiles at the edge, which are not whole."""
        for row, hashes in enumerate(self._rows):
            if hashes:
                self.compare(Tile(row + 1, self._tiles[row], len(hashes)), hashes)

    def compare(self, tile: Tile, hashes: Sequence[bytes]) -> None:
        """Note a fault at the first hash in which the export's tile differs from the entries."""
        assert tile.level != "entries", "bundles are read, not compared"
        # A hash of this level stands for so many entries.
        span = WIDTH**tile.level
        start = tile.index * WIDTH * span
        try:
            stored = self._source.read(tile.path, _TILE_BYTES)
        except FileFaultError as error:
            self._faults.add_file(error, first=start, last=start + len(hashes) * span - 1)
            return
        made = b"".join(hashes)
        if stored == made:
            return
        at = next((i for i, value in enumerate(hashes) if stored[32 * i : 32 * i + 32] != value), None)
        if at is None:
            self._faults.add("the tile has more hashes than there are entries", file=tile.path)
            return
        why = (
            "the entry is not the one that the log's own tree has here"
            if span == 1
            else "the entries do not make the hash in this tile"
        )
        self._faults.add(why, first=start + at * span, last=start + (at + 1) * span - 1, file=tile.path)
