import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.domain.log import merkle
from ledger.domain.log.checkpoint import parse_checkpoint
from ledger.domain.log.ed25519 import verify_ed25519
from ledger.domain.log.merkle import Tree, leaf_hash, root_of, root_of_run
from ledger.domain.log.note import opened, parse_note, parse_vkey
from ledger.domain.log.tiles import (
    Tile,
    bundle_of,
    bundles_of,
    leaves_of,
    parse_tile_path,
    tile_of_node,
    tile_path,
    tiles_of,
)
from ledger.domain.verify.signatures import best_verify
from tests import sizes
from tests.standard_vectors import own, standard, standard_path


@settings(max_examples=sizes.examples())
@given(st.integers(0, 63) | st.just("entries"), st.integers(0, 2**63 - 1), st.integers(1, 256))
def test_a_path_names_one_tile(level: int, index: int, width: int) -> None:
    """Every tile has one path and every path that is read names one tile."""
    path = tile_path(level, index, width)
    assert parse_tile_path(path) == Tile(level, index, width)
    assert re.fullmatch(r"tile/(entries|\d+)(/x\d{3})*/\d{3}(\.p/\d+)?", path)


@settings(max_examples=sizes.examples())
@given(st.text(alphabet="tile/0123x.pens", max_size=30))
def test_what_is_read_is_spelt_as_it_is_written(path: str) -> None:
    """Any path is refused, or is exactly what would be written for the tile that it is read as."""
    try:
        tile = parse_tile_path(path)
    except ValueError:
        return
    assert tile.path == path


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/x000/001",
        "tile/0/001.p/256",
        "tile/0/001.p/0",
        "tile/0/001.p/08",
        "tile/00/001",
        "tile/64/001",
        "tile/0/1",
        "tile/0/001/",
        "tile/0/../001",
        "/tile/0/001",
        "tile/0/001\n",
        "tile/0/\u0660\u0660\u0661",
        "tile/0/x999/x999/x999/x999/x999/x999/999",
        "tile/entries/x001",
    ],
)
def test_other_spellings_are_refused(path: str) -> None:
    """Leading zeroes, widths out of range, dots, other digits and levels that do not exist name nothing."""
    with pytest.raises(ValueError, match=r"path of a tile|counts from 0|level"):
        parse_tile_path(path)


def test_tiles_outside_the_layout_have_no_path() -> None:
    """No path is made for what cannot be a tile."""
    for level, index, width in ((64, 0, 1), (-1, 0, 1), (0, -1, 1), (0, 0, 0), (0, 0, 257)):
        with pytest.raises(ValueError, match="tile"):
            tile_path(level, index, width)


@settings(max_examples=sizes.examples())
@given(st.lists(st.binary(max_size=300), max_size=20), st.data())
def test_a_bundle_gives_back_its_entries(leaves: list[bytes], data: st.DataObject) -> None:
    """Entries come out as they went in, and a bundle cut anywhere else than between entries is refused."""
    bundle = bundle_of(leaves)
    assert leaves_of(bundle) == leaves
    cut = data.draw(st.integers(0, len(bundle)))
    ends = {len(bundle_of(leaves[:count])) for count in range(len(leaves) + 1)}
    if cut in ends:
        assert leaves_of(bundle[:cut]) == leaves[: sorted(ends).index(cut)]
    else:
        with pytest.raises(ValueError, match="in the middle"):
            leaves_of(bundle[:cut])


def test_an_entry_is_at_most_what_two_bytes_count() -> None:
    """65,535 bytes go into a bundle, one more do not."""
    assert leaves_of(bundle_of([bytes(65_535)])) == [bytes(65_535)]
    with pytest.raises(ValueError, match="65,535"):
        bundle_of([bytes(65_536)])


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 70_000, 65_536])
def test_a_trees_tiles_hold_all_that_its_proofs_need(size: int) -> None:
    """The root and proofs of a tree can be made from its tiles alone, and there are as many as the layout says."""
    tree = Tree(leaf_hash(index.to_bytes(4, "big")) for index in range(size))
    stored = {}
    for tile in tiles_of(size):
        assert isinstance(tile.level, int)
        rows = range(256 * tile.index, 256 * tile.index + tile.width)
        stored[tile.level, tile.index] = [tree.read(8 * tile.level, row) for row in rows]

    def read(level: int, index: int) -> bytes:
        tile_level, tile_index, first, count = tile_of_node(level, index)
        run = stored[tile_level, tile_index][first : first + count]
        assert len(run) == count
        return root_of_run(run)

    assert root_of(size, read) == tree.root()
    for index in {0, size // 2, size - 1} if size else set():
        assert merkle.inclusion_proof(index, size, read) == tree.inclusion_proof(index)
        assert merkle.consistency_proof(index + 1, size, read) == tree.consistency_proof(index + 1)
    assert sum(tile.width for tile in bundles_of(size)) == size


def test_own_paths() -> None:
    """Paths are pinned."""
    for case in own("tiles.json")["paths"]:
        assert tile_path(case["level"], case["index"], case["width"]) == case["path"]


def test_published_paths() -> None:
    """Paths, refusals, places of nodes and counts of tiles are as published."""
    vectors = standard("tiles/paths.json")
    for case in vectors["tile_path"]:
        assert tile_path(case["level"], case["index"], case["partial"] or 256) == case["path"]
    for case in vectors["entries_path_for_index"]:
        [bundle] = [
            Tile("entries", index, min(256, case["tree_size"] - 256 * index)) for index in [case["index"] // 256]
        ]
        assert bundle.path == case["path"]
    for case in vectors["parse_ok"]:
        tile = parse_tile_path(f"tile/{case['level']}/{case['path']}")
        assert (tile.level, tile.index, tile.width) == (int(case["level"]), case["index"], case["partial"] or 256)
    for case in vectors["parse_reject"]:
        with pytest.raises(ValueError, match="tile"):
            parse_tile_path(f"tile/{case['level']}/{case['path']}")
    for case in vectors["node_to_tile"]:
        tile_level, tile_index, first, count = tile_of_node(case["tree_level"], case["tree_index"])
        assert (tile_level, tile_index) == (case["tile_level"], case["tile_index"])
        assert (first, count) == (case["node_index"] << case["node_level"], 1 << case["node_level"])
    for case in vectors["tiles_of_tree"]:
        size = case["size"]
        for name, value in case.items():
            if match := re.fullmatch(r"level(\d)_(full|partial)", name):
                at_level = [tile for tile in tiles_of(size) if tile.level == int(match[1])]
                full = sum(tile.width == 256 for tile in at_level)
                partial = sum(tile.width for tile in at_level if tile.width < 256)
                assert value == (full if match[2] == "full" else partial)


def test_published_log_of_fifteen() -> None:
    """Each checkpoint of the published log verifies, its root is that of its bundle, and all pairs are consistent."""
    folder, expected = standard_path("tiled-log-15"), standard("tiled-log-15/EXPECT.json")
    key = parse_vkey(expected["vkey"])
    tree = Tree(leaf_hash(entry.encode()) for entry in expected["entries_utf8"])
    for size in expected["sizes"]:
        note = parse_note((folder / f"checkpoint.{size}").read_text())
        assert [signature.name for signature in opened(note, [key], verify_ed25519)] == [expected["origin"]]
        head = parse_checkpoint(note.text)
        assert (head.origin, head.size, head.root) == (expected["origin"], size, tree.root(size))
        if size:
            bundle = (folder / Tile("entries", 0, size).path).read_bytes()
            assert [entry.decode() for entry in leaves_of(bundle)] == expected["entries_utf8"][:size]
            assert (folder / Tile(0, 0, size).path).read_bytes() == b"".join(tree.read(0, i) for i in range(size))
        for old in range(1, size + 1):
            proof = tree.consistency_proof(old, size)
            assert merkle.verify_consistency(old, size, tree.root(old), head.root, proof)


def test_any_flipped_bit_of_the_published_log_is_noticed() -> None:
    """With one bit of the checkpoint, the tile or the bundle changed, nothing fits any more."""
    folder, expected = standard_path("tiled-log-15"), standard("tiled-log-15/EXPECT.json")
    key = parse_vkey(expected["vkey"])

    def holds(checkpoint: bytes, tile: bytes, bundle: bytes) -> bool:
        try:
            note = parse_note(checkpoint.decode())
            leaves = leaves_of(bundle)
            head = parse_checkpoint(note.text)
            is_signed = bool(opened(note, [key], best_verify()))
        except ValueError:
            return False
        tree = Tree(map(leaf_hash, leaves))
        is_tile = tile == b"".join(tree.read(0, index) for index in range(tree.size))
        return is_signed and is_tile and (head.size, head.root) == (tree.size, tree.root())

    files = [folder / "checkpoint.15", folder / "tile/0/000.p/15", folder / "tile/entries/000.p/15"]
    contents = [path.read_bytes() for path in files]
    assert holds(*contents)
    for which, content in enumerate(contents):
        for at in range(len(content)):
            changed = bytearray(content)
            changed[at] ^= 1 << at % 8
            assert not holds(*[bytes(changed) if other == which else contents[other] for other in range(3)])


def test_published_log_of_three_hundred() -> None:
    """The root comes from the lowest tiles, and again from the level above and the partial one; a witness signed it."""
    folder, expected = standard_path("tiled-log-300"), standard("tiled-log-300/EXPECT.json")
    note = parse_note((folder / "checkpoint").read_text())
    [cosignature] = opened(note, [parse_vkey(expected["cosigner_vkey"])], verify_ed25519)
    head = parse_checkpoint(note.text)
    assert int.from_bytes(cosignature.blob[:8], "big") == expected["cosignature_time"]
    assert (head.origin, head.size) == (expected["origin"], expected["size"])
    tree = Tree([*_hashes(folder / "tile/0/000"), *_hashes(folder / "tile/0/001.p/44")])
    assert tree.root() == head.root
    [above], partial = _hashes(folder / "tile/1/000.p/1"), Tree(_hashes(folder / "tile/0/001.p/44"))
    assert merkle.node_hash(above, partial.root()) == head.root


def _hashes(path: Path) -> list[bytes]:
    content = path.read_bytes()
    return [content[at : at + 32] for at in range(0, len(content), 32)]
