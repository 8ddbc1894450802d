"""Growing tiles by batches of any size gives the tiles that the whole tree has."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.domain.log.merkle import leaf_hash, root_of_run
from ledger.domain.log.tiles import WIDTH
from ledger.services.grow_tiles import grown_tiles
from tests import sizes

HASHES = [leaf_hash(str(number).encode()) for number in range(66_000)]


def brute_force(hashes: list[bytes]) -> dict[tuple[int, int], bytes]:
    """Every tile, from the leaves."""
    tiles: dict[tuple[int, int], bytes] = {}
    level = 0
    while hashes:
        parts = [hashes[at : at + WIDTH] for at in range(0, len(hashes), WIDTH)]
        tiles.update({(level, index): b"".join(part) for index, part in enumerate(parts)})
        hashes = [root_of_run(part) for part in parts if len(part) == WIDTH]
        level += 1
    return tiles


@given(st.lists(st.integers(1, 700), min_size=1, max_size=8))
@settings(max_examples=sizes.examples(), deadline=None)
def test_batches_grow_the_tiles_of_the_whole(batches: list[int]) -> None:
    """However the leaves are cut into batches; and what was there is a prefix of what is there then."""
    tiles: dict[tuple[int, int], bytes] = {}
    size = 0
    for batch in batches:
        grown = grown_tiles(size, HASHES[size : size + batch], lambda *name: tiles[name])
        assert all(hashes.startswith(tiles.get(name, b"")) for name, hashes in grown.items())
        tiles.update(grown)
        size += batch
    assert tiles == brute_force(HASHES[:size])


@pytest.mark.parametrize("cut", [1, 255, 256, 257, 65_535, 65_536, 65_537])
def test_the_third_level_begins(cut: int) -> None:
    """At the ends of tiles of every level, which are where counting goes wrong."""
    tiles = grown_tiles(0, HASHES[:cut], lambda _level, _index: b"")
    tiles |= grown_tiles(cut, HASHES[cut:], lambda level, index: tiles[level, index])
    assert tiles == brute_force(HASHES)


def test_a_tile_that_is_not_as_long_as_it_must_be_is_refused() -> None:
    """What is stored is not trusted to be what the size says."""
    for width in (0, 1, 4):
        with pytest.raises(ValueError, match="tile"):
            grown_tiles(3, HASHES[:1], lambda _level, _index: bytes(32 * width))  # noqa: B023 - read at once
