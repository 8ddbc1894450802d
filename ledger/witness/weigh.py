"""Whether a checkpoint grows from what a witness saw, and whether it contradicts it. Pure.

Two things a log may sign are proof against it by themselves: two roots of one size; and a checkpoint that, by a proof
that does lead to its root, had another root at a size that the log had signed for before.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from ledger.domain.log.checkpoint import Checkpoint
from ledger.domain.log.merkle import EMPTY_ROOT, node_hash, verify_consistency
from ledger.witness.submission import Submission


class Verdict(Enum):
    """What a witness does with a checkpoint whose signature holds."""

    COSIGN = "cosign"
    #: The old size is not what it cosigned last.
    CONFLICT = "conflict"
    #: The proof does not lead from what it cosigned last.
    REFUSE = "refuse"


class Kind(Enum):
    """In which way a signed checkpoint contradicts what a witness saw."""

    #: Two checkpoints of one size with two roots. Proof.
    SAME_SIZE = "same_size"
    #: The larger one's own tree has another root at the size of the smaller one. Proof.
    REWRITTEN = "rewritten"
    #: It came with a proof that does not hold. Anybody can send a wrong proof, so this proves nothing by itself.
    NOT_SHOWN = "not_shown"

    @property
    def is_proof(self) -> bool:
        """Whether nothing else is needed to show that the log misbehaved."""
        return self is not Kind.NOT_SHOWN


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A checkpoint against one that was seen before, of `against` leaves."""

    kind: Kind
    against: int


def weigh(submission: Submission, cosigned: Checkpoint | None) -> Verdict:
    """Judge a submission by the checkpoint that was cosigned last for its log, if any (C2SP tlog-witness)."""
    old, proof, new = submission.old, submission.proof, submission.checkpoint
    size, root = (0, EMPTY_ROOT) if cosigned is None else (cosigned.size, cosigned.root)
    if old != size:
        return Verdict.CONFLICT
    if old == new.size:
        holds = not proof and new.root == root
    elif old == 0:
        # Every tree grows from the empty one, and RFC 9162 knows no proof of it.
        holds = not proof
    else:
        holds = verify_consistency(old, new.size, root, new.root, list(proof))
    return Verdict.COSIGN if holds else Verdict.REFUSE


def contradiction(
    submission: Submission, verdict: Verdict, root_seen: Callable[[int], bytes | None]
) -> Contradiction | None:
    """What a submission contradicts, by the roots that were cosigned before; `root_seen` gives one by its size."""
    old, new = submission.old, submission.checkpoint
    same = root_seen(new.size)
    if same is not None and same != new.root:
        return Contradiction(Kind.SAME_SIZE, new.size)
    if not 0 < old < new.size:
        return None
    before = root_seen(old)
    if before is None:
        return None
    told = root_told(old, new.size, submission.proof, new.root)
    if told is not None and told != before:
        return Contradiction(Kind.REWRITTEN, old)
    return Contradiction(Kind.NOT_SHOWN, old) if verdict is Verdict.REFUSE else None


def root_told(old: int, new: int, proof: Sequence[bytes], new_root: bytes) -> bytes | None:
    """The root at size `old` of the tree of size `new` and this root, as a consistency proof tells it.

    RFC 9162 2.1.4.2, computed and not compared. None where the proof does not lead to the new root, so that it tells
    nothing; and where `old` is a power of two, for then the old root is left out of the proof.
    """
    if not 0 < old < new or not proof or old & (old - 1) == 0:
        return None
    first, second = old - 1, new - 1
    while first & 1:
        first, second = first >> 1, second >> 1
    old_root = root = proof[0]
    for sibling in proof[1:]:
        if second == 0:
            return None
        if first & 1 or first == second:
            old_root, root = node_hash(sibling, old_root), node_hash(sibling, root)
            while first and not first & 1:
                first, second = first >> 1, second >> 1
        else:
            root = node_hash(root, sibling)
        first, second = first >> 1, second >> 1
    return old_root if second == 0 and root == new_root else None
