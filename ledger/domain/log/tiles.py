"""Tiles and entry bundles as c2sp.org/tlog-tiles lays them out: where they stand, and what is in them."""

import re
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from ledger.domain.log.strict import LARGEST

#: A tile holds eight levels of the tree: 256 hashes, of which it writes the lowest row.
HEIGHT = 8
WIDTH = 256
#: Levels of tiles: eight to a tile of a tree of 2⁶³ leaves is fewer, C2SP allows these.
_LEVELS = 64
#: An entry's length is written in two bytes.
LARGEST_LEAF = 65_535

Level = int | Literal["entries"]

_PATH = re.compile(r"tile/(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")
_LONGEST_PATH = 64


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile, or one bundle where the level is `entries`; `width` hashes or entries, 256 when whole."""

    level: Level
    index: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        return tile_path(self.level, self.index, self.width)


def tile_path(level: Level, index: int, width: int = WIDTH) -> str:
    """Where it stands below the log's prefix, such as `tile/0/x001/x234/067.p/89`."""
    if not 0 <= index <= LARGEST or not 1 <= width <= WIDTH:
        raise ValueError("a tile counts from 0 and is 1 to 256 wide")
    if level != "entries" and not 0 <= level < _LEVELS:
        raise ValueError("a tile's level is 0 to 63")
    index, last = divmod(index, 1000)
    parts = [f"{last:03d}"]
    while index:
        index, part = divmod(index, 1000)
        parts.append(f"x{part:03d}")
    ending = "" if width == WIDTH else f".p/{width}"
    return f"tile/{level}/{'/'.join(reversed(parts))}{ending}"


def parse_tile_path(path: str) -> Tile:
    """The tile that a path names; `ValueError` for any other spelling."""
    match = _PATH.fullmatch(path) if len(path) <= _LONGEST_PATH else None
    if match is None:
        raise ValueError("not the path of a tile")
    level: Level = "entries" if match[1] == "entries" else int(match[1])
    tile = Tile(level, int(match[2].replace("x", "").replace("/", "")), int(match[3]) if match[3] else WIDTH)
    if tile.path != path:
        raise ValueError("not the path of a tile in its one spelling")
    return tile


def tile_of_node(level: int, index: int) -> tuple[int, int, int, int]:
    """Where the hash of the complete subtree (level, index) lies: tile level, tile index, first hash, count of hashes.

    With a count of 1 the tile holds the hash; else it is `merkle.root_of_run` of so many hashes from the first on.
    """
    tile_level, within = divmod(level, HEIGHT)
    tile_index, first = divmod(index << within, WIDTH)
    return tile_level, tile_index, first, 1 << within


def tiles_of(size: int) -> Iterable[Tile]:
    """Every tile of hashes that a tree of this size has, the partial ones at its edge included."""
    level = 0
    while size >> (HEIGHT * level):
        whole, width = divmod(size >> (HEIGHT * level), WIDTH)
        yield from (Tile(level, index) for index in range(whole))
        if width:
            yield Tile(level, whole, width)
        level += 1


def bundles_of(size: int) -> Iterable[Tile]:
    """Every bundle of entries of a tree of this size."""
    whole, width = divmod(size, WIDTH)
    yield from (Tile("entries", index) for index in range(whole))
    if width:
        yield Tile("entries", whole, width)


def bundle_of(leaves: Iterable[bytes]) -> bytes:
    """Entries as a bundle: each with its length before it, in two bytes, the larger first."""
    parts = []
    for leaf in leaves:
        if len(leaf) > LARGEST_LEAF:
            raise ValueError("an entry is at most 65,535 bytes")
        parts += [struct.pack(">H", len(leaf)), leaf]
    return b"".join(parts)


def leaves_of(bundle: bytes) -> list[bytes]:
    """The entries of a bundle, in order; `ValueError` where it ends in the middle of one."""
    leaves, at, end = [], 0, len(bundle)
    while at < end:
        start = at + 2
        if start > end:
            raise ValueError("the bundle ends in the middle of a length")
        at = start + (bundle[start - 2] << 8 | bundle[start - 1])
        if at > end:
            raise ValueError("the bundle ends in the middle of an entry")
        leaves.append(bundle[start:at])
    return leaves
