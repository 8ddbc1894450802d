import base64
import hashlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.domain.log import merkle
from ledger.domain.log.merkle import Frontier, Tree, verify_consistency, verify_inclusion
from ledger.domain.log.tiles import tile_of_node
from tests import sizes
from tests.standard_vectors import own, standard

# ── the definitions of RFC 9162, word by word and slowly ─────────────────────────────────────────────────


def mth(leaves: list[bytes]) -> bytes:
    """Section 2.1.1, over leaf hashes."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return hashlib.sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def split(count: int) -> int:
    """The largest power of two smaller than the count."""
    return 1 << ((count - 1).bit_length() - 1)


def path(index: int, leaves: list[bytes]) -> list[bytes]:
    """Section 2.1.3.1."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if index < k:
        return [*path(index, leaves[:k]), mth(leaves[k:])]
    return [*path(index - k, leaves[k:]), mth(leaves[:k])]


def subproof(old: int, leaves: list[bytes], *, is_known: bool = True) -> list[bytes]:
    """Section 2.1.4.1."""
    if old == len(leaves):
        return [] if is_known else [mth(leaves)]
    k = split(len(leaves))
    if old <= k:
        return [*subproof(old, leaves[:k], is_known=is_known), mth(leaves[k:])]
    return [*subproof(old - k, leaves[k:], is_known=False), mth(leaves[:k])]


def leaves_of(size: int) -> list[bytes]:
    return [merkle.leaf_hash(index.to_bytes(4, "big")) for index in range(size)]


# ── properties ───────────────────────────────────────────────────────────────────────────────────────────


@settings(max_examples=sizes.examples(), deadline=None)
@given(st.integers(0, 600), st.data())
def test_roots_and_proofs_are_those_of_the_definitions(size: int, data: st.DataObject) -> None:
    """Tree, frontier and proofs agree with RFC 9162's own recursion at every size, index and older size."""
    leaves = leaves_of(size)
    tree, frontier = Tree(leaves), Frontier()
    frontier.extend(leaves)
    assert tree.root() == frontier.root() == mth(leaves)
    assert frontier.hashes == Frontier.of(size, frontier.hashes).hashes
    if not size:
        return
    index, at = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    index = min(index, at - 1)
    root = mth(leaves[:at])
    assert tree.root(at) == root
    proof = tree.inclusion_proof(index, at)
    assert proof == path(index, leaves[:at])
    assert verify_inclusion(index, at, leaves[index], proof, root)
    proof = tree.consistency_proof(at)
    assert proof == subproof(at, leaves)
    assert verify_consistency(at, size, root, tree.root(), proof)


@settings(max_examples=sizes.examples(), deadline=None)
@given(st.integers(1, 300), st.data())
def test_no_changed_proof_verifies(size: int, data: st.DataObject) -> None:
    """A proof with a bit flipped, a hash missing, doubled or swapped, or for another index, size or root is refused."""
    leaves = leaves_of(size)
    tree = Tree(leaves)
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    inclusion, consistency = tree.inclusion_proof(index), tree.consistency_proof(old)
    root, older = tree.root(), tree.root(old)
    for changed in mutations(inclusion, data):
        assert not verify_inclusion(index, size, leaves[index], changed, root)
    for changed in mutations(consistency, data):
        assert not verify_consistency(old, size, older, root, changed)
    other = data.draw(st.integers(-2, size + 2).filter(lambda value: value != index))
    assert not verify_inclusion(other, size, leaves[index], inclusion, root)
    assert not verify_inclusion(index, size, leaves[index], inclusion, leaves[index] if size > 1 else merkle.EMPTY_ROOT)
    assert not verify_consistency(old, size, merkle.EMPTY_ROOT, root, consistency)
    assert not verify_consistency(old, size, older, merkle.EMPTY_ROOT, consistency)


def mutations(proof: list[bytes], data: st.DataObject) -> Iterator[list[bytes]]:
    yield [*proof, merkle.EMPTY_ROOT]
    if not proof:
        return
    at, bit = data.draw(st.integers(0, len(proof) - 1)), data.draw(st.integers(0, 255))
    flipped = bytearray(proof[at])
    flipped[bit // 8] ^= 1 << bit % 8
    yield [*proof[:at], bytes(flipped), *proof[at + 1 :]]
    yield [*proof[:at], *proof[at + 1 :]]
    yield [*proof[: at + 1], *proof[at:]]
    yield [*proof[:at], proof[at][:-1], *proof[at + 1 :]]
    yield [*proof[:at], proof[at] + b"\x00", *proof[at + 1 :]]
    if at and proof[at] != proof[0]:
        yield [proof[at], *proof[1:at], proof[0], *proof[at + 1 :]]


@settings(max_examples=sizes.examples(), deadline=None)
@given(
    st.binary(max_size=40), st.lists(st.binary(max_size=40), max_size=8), st.integers(-5, 2**70), st.integers(-5, 2**70)
)
def test_verifying_never_raises(value: bytes, proof: list[bytes], first: int, second: int) -> None:
    """Whatever bytes and numbers come in, the answer is no, and it comes at once."""
    assert not verify_inclusion(first, second, value, proof, merkle.EMPTY_ROOT)
    assert not verify_consistency(first, second, value, merkle.EMPTY_ROOT, proof) or first == second


def test_every_node_of_a_proof_is_a_whole_subtree_or_made_of_them() -> None:
    """A reader of complete subtrees within the size is enough for every proof of a tree, so tiles are."""
    tree = Tree(leaves_of(130))
    for size in range(1, 131):

        def read(level: int, index: int, size: int = size) -> bytes:
            assert (index + 1) << level <= size
            return tree.read(level, index)

        assert merkle.root_of(size, read) == tree.root(size)
        for index in range(size):
            merkle.inclusion_proof(index, size, read)
            merkle.consistency_proof(index + 1, size, read)


def test_hashes_of_other_lengths_are_refused() -> None:
    """What is not 32 bytes is never hashed into a tree."""
    builds: list[Callable[[bytes], Any]] = [Tree().append, Frontier().append]
    builds.append(lambda value: merkle.node_hash(value, merkle.EMPTY_ROOT))
    for build in builds:
        with pytest.raises(ValueError, match="32 bytes"):
            build(b"short")
    with pytest.raises(ValueError, match="count of hashes"):
        Frontier.of(3, [merkle.EMPTY_ROOT])


def test_sizes_and_indexes_outside_the_tree_are_refused() -> None:
    """A proof is asked for within the tree, and consistency from a size above nought."""
    tree = Tree(leaves_of(5))
    calls: list[Callable[[], Any]] = [
        lambda: tree.inclusion_proof(5),
        lambda: tree.inclusion_proof(-1),
        lambda: tree.consistency_proof(0),
        lambda: tree.consistency_proof(6),
        lambda: tree.root(6),
        lambda: merkle.root_of(-1, tree.read),
        lambda: merkle.root_of_run(leaves_of(3)),
    ]
    for call in calls:
        with pytest.raises(ValueError, match=r"tree|size|subtree"):
            call()


def test_a_copy_of_the_edge_goes_its_own_way() -> None:
    """Appending to a copy leaves the first as it was."""
    frontier = Frontier()
    frontier.extend(leaves_of(11))
    before, copy = frontier.root(), frontier.copy()
    copy.append(merkle.EMPTY_ROOT)
    assert (frontier.size, frontier.root(), copy.size) == (11, before, 12)


# ── vectors ──────────────────────────────────────────────────────────────────────────────────────────────


def b64(text: str) -> bytes:
    return base64.b64decode(text)


def test_published_inclusion_probes() -> None:
    """Of the published probes exactly those verify that must."""
    for case in standard("merkle/inclusion.json")["cases"]:
        proof = [b64(item) for item in case["proof"] or []]
        holds = verify_inclusion(case["leafIdx"], case["treeSize"], b64(case["leafHash"]), proof, b64(case["root"]))
        assert holds is not case["wantErr"], case["name"]


def test_published_consistency_probes() -> None:
    """Of the published probes exactly those verify that must; from size 0 nothing is shown."""
    for case in standard("merkle/consistency.json")["cases"]:
        proof = [b64(item) for item in case["proof"] or []]
        holds = verify_consistency(case["size1"], case["size2"], b64(case["root1"]), b64(case["root2"]), proof)
        assert holds is not case["wantErr"], case["name"]


def test_published_basics() -> None:
    """Hashes, roots, nodes and proofs of the eight published leaves."""
    vectors = standard("merkle/rfc6962-basics.json")
    for case in vectors["hash"]:
        if case["op"] == "leaf":
            assert merkle.leaf_hash(case.get("in_ascii", "").encode()).hex() == case["out"]
        elif case["op"] == "empty_root":
            assert merkle.EMPTY_ROOT.hex() == case["out"]
        else:  # these children are of four bytes, which the function for trees refuses
            children = case["left_ascii"].encode() + case["right_ascii"].encode()
            assert hashlib.sha256(b"\x01" + children).hexdigest() == case["out"]
    tree = Tree(merkle.leaf_hash(bytes.fromhex(leaf)) for leaf in vectors["leaves"])
    assert [tree.root(size).hex() for size in range(9)] == vectors["roots_by_size"]
    for level, hashes in enumerate(vectors["complete_node_hashes_by_level"]):
        assert [tree.read(level, index).hex() for index in range(len(hashes))] == hashes
    for case in vectors["inclusion_paths"]:
        proof = tree.inclusion_proof(case["leaf_index_1based"] - 1, case["tree_size"])
        assert [item.hex() for item in proof] == case["path"]
    for case in vectors["consistency_proofs"]:
        assert [item.hex() for item in tree.consistency_proof(case["size1"], case["size2"])] == case["proof"]


def test_published_digests_of_every_proof_of_a_small_tree() -> None:
    """All roots and proofs of trees of up to 130 leaves fold to the digests that another implementation came to."""
    tree = Tree(merkle.leaf_hash(bytes([index])) for index in range(130))

    def folded(lines: Iterator[str]) -> str:
        return hashlib.sha256("".join(lines).encode()).hexdigest()

    def line(head: str, hashes: list[bytes]) -> str:
        return head + "".join(f" {value.hex()}" for value in hashes) + "\n"

    roots = (f"{size} {tree.root(size).hex()}\n" for size in range(131))
    paths = (line(f"{i} {n}", tree.inclusion_proof(i, n)) for n in range(1, 131) for i in range(n))
    proofs = (line(f"{m} {n}", tree.consistency_proof(m, n)) for n in range(1, 131) for m in range(1, n + 1))
    found = [folded(roots), folded(paths), folded(proofs)]
    assert found == own("merkle.json")["digests_up_to_130"]
    digests = standard("merkle/subtree-accumulated.json")["plain_tree_digests"]["digests"]
    assert found == [item["sha256"] for item in digests]


def test_own_large_sizes() -> None:
    """Roots and a proof at sizes around whole tiles are pinned: a later change of the code cannot change them."""
    vectors = own("merkle.json")
    tree = Tree(leaves_of(70_000))
    for size, root in vectors["roots"].items():
        assert tree.root(int(size)).hex() == root
    assert [value.hex() for value in tree.inclusion_proof(65_535, 70_000)] == vectors["inclusion_65535_of_70000"]
    assert [value.hex() for value in tree.consistency_proof(257, 70_000)] == vectors["consistency_257_to_70000"]


def test_a_node_is_found_in_its_tile() -> None:
    """The hash of a complete subtree is the root of the run of hashes that its tile has for it."""
    tree = Tree(leaves_of(1_000))
    for level, index in ((0, 777), (1, 300), (5, 9), (7, 6), (8, 2)):
        tile_level, tile_index, first, count = tile_of_node(level, index)
        run = [tree.read(8 * tile_level, 256 * tile_index + first + step) for step in range(count)]
        assert merkle.root_of_run(run) == tree.read(level, index)
