"""Growing a log's tiles by the hashes of new leaves (c2sp.org/tlog-tiles); pure."""

from collections.abc import Callable, Sequence

from ledger.domain.log.merkle import root_of_run
from ledger.domain.log.tiles import WIDTH

HASH_BYTES = 32
#: What a tile of (level, index) holds now, 32 bytes a hash; asked only of tiles that are begun and not full.
ReadTile = Callable[[int, int], bytes]


def grown_tiles(size: int, leaves: Sequence[bytes], read: ReadTile) -> dict[tuple[int, int], bytes]:
    """The tiles that change when leaves, by their hashes, are added to a tree of `size`: (level, index) to hashes.

    Raises ValueError where a tile that is read does not hold as many hashes as the size says.
    """
    changed: dict[tuple[int, int], bytes] = {}
    level, start, hashes = 0, size, list(leaves)
    while hashes:
        index, offset = divmod(start, WIDTH)
        if offset:
            held = read(level, index)
            if len(held) != offset * HASH_BYTES:
                raise ValueError("a tile does not hold what the size of the tree says")
            hashes = [*(held[at : at + HASH_BYTES] for at in range(0, len(held), HASH_BYTES)), *hashes]
        tiles = [hashes[at : at + WIDTH] for at in range(0, len(hashes), WIDTH)]
        changed.update({(level, index + place): b"".join(tile) for place, tile in enumerate(tiles)})
        hashes = [root_of_run(tile) for tile in tiles if len(tile) == WIDTH]
        level, start = level + 1, index
    return changed
