"""The Merkle tree of RFC 9162 section 2.1 over SHA-256: roots, proofs and their verification.

A tree is addressed by its complete subtrees: (level, index) is the one over 2^level leaves, the first of them leaf
index·2^level. What a tree of any size needs is made from these, and tiles store them. Indexes count from 0, sizes are
counts of leaves, hashes are 32 bytes.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence

from ledger.domain.log.strict import HASH_BYTES, checked

#: The root of the tree without leaves: SHA-256 of nothing.
EMPTY_ROOT = hashlib.sha256(b"").digest()

#: Reads the hash of the complete subtree at (level, index).
HashReader = Callable[[int, int], bytes]

_sha256 = hashlib.sha256


def leaf_hash(leaf: bytes) -> bytes:
    """The hash of one leaf (RFC 9162 section 2.1.1)."""
    return _sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node over its two children; `ValueError` for children that are not 32 bytes."""
    if len(left) != HASH_BYTES or len(right) != HASH_BYTES:
        raise ValueError("a hash is 32 bytes")
    return _sha256(b"\x01" + left + right).digest()


def root_of_run(hashes: Sequence[bytes]) -> bytes:
    """The root over 1, 2, 4 … hashes of equal subtrees that lie side by side, as a part of a tile does."""
    if not hashes or len(hashes) & (len(hashes) - 1):
        raise ValueError("a complete subtree has a power of two of hashes")
    level = hashes
    while len(level) > 1:
        pairs = iter(level)
        level = [_sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=True)]
    return level[0]


class Frontier:
    """The right edge of a tree: enough to append, and to know the root, without the rest of it."""

    __slots__ = ("_hashes", "size")

    def __init__(self) -> None:
        self.size = 0
        self._hashes: list[bytes] = []

    @property
    def hashes(self) -> tuple[bytes, ...]:
        """The roots of the complete subtrees that the size is the sum of, the largest first."""
        return tuple(self._hashes)

    @classmethod
    def of(cls, size: int, hashes: Iterable[bytes]) -> "Frontier":
        """The edge that was kept; `ValueError` when there are not as many hashes as the size has ones."""
        frontier = cls()
        frontier._hashes = [checked(value) for value in hashes]
        if size < 0 or len(frontier._hashes) != size.bit_count():
            raise ValueError("the size asks for another count of hashes")
        frontier.size = size
        return frontier

    def append(self, leaf: bytes) -> None:
        """Add one leaf by its hash; O(log n), and about one hash on average."""
        self.extend((leaf,))

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add leaves by their hashes, in order; `ValueError` at the first that is not 32 bytes."""
        edge, size = self._hashes, self.size
        for leaf in leaves:
            if len(leaf) != HASH_BYTES:
                raise ValueError("a hash is 32 bytes")
            whole, carry = leaf, size
            while carry & 1:
                whole = _sha256(b"\x01" + edge.pop() + whole).digest()
                carry >>= 1
            edge.append(whole)
            size += 1
            self.size = size

    def root(self) -> bytes:
        """The root at the present size."""
        return root_of_edge(self._hashes)

    def copy(self) -> "Frontier":
        """Another edge of the same size that goes its own way from here."""
        return Frontier.of(self.size, self._hashes)


def root_of_edge(edge: Sequence[bytes]) -> bytes:
    """The root over complete subtrees side by side, the largest first, as `Frontier.hashes` has them."""
    if not edge:
        return EMPTY_ROOT
    whole = edge[-1]
    for left in reversed(edge[:-1]):
        whole = _sha256(b"\x01" + left + whole).digest()
    return whole


def _edge(start: int, size: int, read: HashReader) -> bytes:
    """The root over the leaves from `start` to the end, where `start` is a multiple of more than there are."""
    left = size - start
    return root_of_edge(
        [read(level, (size >> level) - 1) for level in reversed(range(left.bit_length())) if left >> level & 1]
    )


def root_of(size: int, read: HashReader) -> bytes:
    """The root of the tree of this size."""
    if size < 0:
        raise ValueError("a size is not negative")
    return _edge(0, size, read)


def _path(level: int, index: int, size: int, read: HashReader) -> list[bytes]:
    """The siblings from the complete subtree (level, index) up to the root of the tree of this size.

    Up to where the way of the last leaf joins, siblings lie on either side, and the last of them may be ragged; from
    there on only those on the left are left.
    """
    inner = (index ^ ((size - 1) >> level)).bit_length()
    path = []
    for at in range(level, level + inner):
        sibling = index ^ 1
        is_whole = (sibling + 1) << at <= size
        path.append(read(at, sibling) if is_whole else _edge(sibling << at, size, read))
        index >>= 1
    at = level + inner
    while index:
        if index & 1:
            path.append(read(at, index - 1))
        index >>= 1
        at += 1
    return path


def inclusion_proof(index: int, size: int, read: HashReader) -> list[bytes]:
    """The proof that the leaf at `index` is in the tree of `size`, from its sibling up (RFC 9162 section 2.1.3.1)."""
    if not 0 <= index < size:
        raise ValueError("the index is not within the tree")
    return _path(0, index, size, read)


def consistency_proof(old: int, new: int, read: HashReader) -> list[bytes]:
    """The proof that the tree of `new` leaves begins with that of `old`, 0 < old <= new (RFC 9162 section 2.1.4.1)."""
    if not 0 < old <= new:
        raise ValueError("consistency is between a size above 0 and one that is not smaller")
    if old == new:
        return []
    level = (old & -old).bit_length() - 1
    index = (old - 1) >> level
    path = _path(level, index, new, read)
    # A complete old tree is its own first hash, which the verifier already has.
    return path if index == 0 else [read(level, index), *path]


def verify_inclusion(index: int, size: int, leaf_hash: bytes, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof leads from the leaf's hash to the root (RFC 9162 section 2.1.3.2); never raises."""
    if not 0 <= index < size or not _are_hashes((leaf_hash, root, *proof)):
        return False
    inner = (index ^ (size - 1)).bit_length()
    if len(proof) != inner + (index >> inner).bit_count():
        return False
    return _up(leaf_hash, index, inner, proof) == root


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows the new tree to begin with the old (RFC 9162 section 2.1.4.2); never raises.

    From the empty tree nothing is shown, so `old` 0 is False: who begins with an empty tree says so elsewhere. Of two
    trees of one size nothing is hashed: their roots are the same bytes, or not.
    """
    if old == new and old > 0:
        return not proof and old_root == new_root
    if not 0 < old < new or not _are_hashes((old_root, new_root, *proof)):
        return False
    level = (old & -old).bit_length() - 1
    index = (old - 1) >> level
    # A complete old tree is the subtree that the path begins with; of any other the proof's first hash is the last one.
    path = [old_root, *proof] if index == 0 else proof
    inner = (index ^ ((new - 1) >> level)).bit_length()
    if len(path) != 1 + inner + (index >> inner).bit_count():
        return False
    first, siblings = path[0], path[1:]
    older = first
    for step, sibling in enumerate(siblings):
        # To the right of its way the old tree has nothing.
        if step >= inner or index >> step & 1:
            older = _sha256(b"\x01" + sibling + older).digest()
    return older == old_root and _up(first, index, inner, siblings) == new_root


def _up(whole: bytes, index: int, inner: int, siblings: Sequence[bytes]) -> bytes:
    """The root that a subtree's hash and its siblings make: on either side for `inner` steps, then on the left."""
    for sibling in siblings[:inner]:
        if index & 1:
            whole = _sha256(b"\x01" + sibling + whole).digest()
        else:
            whole = _sha256(b"\x01" + whole + sibling).digest()
        index >>= 1
    for sibling in siblings[inner:]:
        whole = _sha256(b"\x01" + sibling + whole).digest()
    return whole


def _are_hashes(values: Iterable[object]) -> bool:
    for value in values:  # noqa: SIM110 - proofs are checked by the million, and this is twice as quick
        if not isinstance(value, bytes) or len(value) != HASH_BYTES:
            return False
    return True


class Tree:
    """A whole tree in memory: every complete subtree's hash, level by level; some 150 bytes a leaf."""

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        self._levels: list[list[bytes]] = [[]]
        for leaf in leaves:
            self.append(leaf)

    @property
    def size(self) -> int:
        return len(self._levels[0])

    def append(self, leaf: bytes) -> None:
        """Add one leaf by its hash, and every subtree that it completes."""
        whole = checked(leaf)
        for level in self._levels:
            level.append(whole)
            if len(level) & 1:
                return
            whole = _sha256(b"\x01" + level[-2] + whole).digest()
        self._levels.append([whole])

    def read(self, level: int, index: int) -> bytes:
        """The complete subtree's hash; `IndexError` where it is not complete yet."""
        return self._levels[level][index]

    def root(self, size: int | None = None) -> bytes:
        """The root at a size, by default the present one."""
        return root_of(self.size if size is None else self._within(size), self.read)

    def inclusion_proof(self, index: int, size: int | None = None) -> list[bytes]:
        """As the function of this name, at a size, by default the present one."""
        return inclusion_proof(index, self.size if size is None else self._within(size), self.read)

    def consistency_proof(self, old: int, new: int | None = None) -> list[bytes]:
        """As the function of this name, to a size, by default the present one."""
        return consistency_proof(old, self.size if new is None else self._within(new), self.read)

    def _within(self, size: int) -> int:
        if size > self.size:
            raise ValueError("the tree is not that large")
        return size
