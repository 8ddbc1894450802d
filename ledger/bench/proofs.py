"""What the log's tree costs beside pymerkle's, and what it takes to verify exports; needs no servers.

pymerkle is under the GPL and no dependency: it is measured beside where it can be imported, and left out, loudly, where
it cannot. Both trees are in memory, both hash with SHA-256, and both make and check the same proofs.
"""

import importlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any, Final

from ledger.bench.goal import Line, Wanted
from ledger.bench.made_log import MadeLog
from ledger.bench.whole_record import Rolls
from ledger.domain.log.merkle import Tree, leaf_hash, verify_consistency, verify_inclusion

OURS, PEER = "ledger", "pymerkle"
#: Proofs that are made and checked in a round, and rounds of which the median counts.
_PROOFS, _ROUNDS = 2_000, 5
#: What is measured, how it is called, and whether so many times pymerkle's pace is promised.
_KINDS: Final = {
    "append": ("one append", True),
    "inclusion": ("making an inclusion proof", True),
    "consistency": ("making a consistency proof", True),
    "inclusion checked": ("making and checking an inclusion proof", False),
    "consistency checked": ("making and checking a consistency proof, both roots made too", False),
}

Say = Callable[[str], None]
Act = Callable[[Sequence[int]], Any]


@dataclass(frozen=True, slots=True)
class Proving:
    """Seconds for one append or one proof, of each round, by side, kind and size of the tree."""

    seconds: Mapping[tuple[str, str, int], Sequence[float]]
    sizes: Sequence[int]
    has_peer: bool

    def each(self, side: str, kind: str, size: int) -> float:
        """The median of the rounds, in seconds."""
        return median(self.seconds[side, kind, size])

    def ratio(self, one: tuple[str, str, int], other: tuple[str, str, int]) -> float:
        """The median of the rounds' ratios: both sides of one take their turns right after each other."""
        return median(a / b for a, b in zip(self.seconds[one], self.seconds[other], strict=True))


@dataclass(frozen=True, slots=True)
class Verified:
    """How long `ledger verify` took in a process of its own, and the most memory that it held."""

    what: str
    entries: int
    seconds: float
    peak_bytes: int


@dataclass
class _Sides:
    """Both trees at one size."""

    size: int
    peer: Any
    tree: Tree = field(default_factory=Tree)

    def append_ours(self, places: Sequence[int]) -> None:
        for at in places:
            self.tree.append(leaf_hash(b"%d" % at))

    def append_peers(self, places: Sequence[int]) -> None:
        for at in places:
            self.peer.append_entry(b"%d" % at)


def prove(sizes: Sequence[int], say: Say) -> Proving:
    """Append and prove at each of these sizes, on both sides. Raises ArithmeticError for a proof that fails."""
    peer = _peer()
    if peer is None:
        say("pymerkle cannot be imported here: NOT measured beside it (it is GPL, and no dependency)")
    seconds: dict[tuple[str, str, int], list[float]] = {}
    trees = [_Sides(size, None if peer is None else peer.InmemoryTree(algorithm="sha256")) for size in sizes]
    for sides in trees:
        say(f"Growing trees of {sides.size:,} leaves")
        acts: list[tuple[str, Act]] = [(OURS, sides.append_ours)]
        acts += [] if peer is None else [(PEER, sides.append_peers)]
        part = sides.size // _ROUNDS
        for start in range(0, sides.size, part):
            for side, act in acts:
                took = _took(act, range(start, start + part))
                seconds.setdefault((side, "append", sides.size), []).append(took / part)
    say("Proofs, all sizes and sides in turns")
    doing = [(size, act) for size, sides in zip(sizes, trees, strict=True) for act in _acts(sides, peer)]
    for turn in range(_ROUNDS):
        rolls = Rolls(turn)
        for size, (side, kind, act) in sorted(doing, key=lambda one: one[1][1]):
            places = [rolls.below(size - 1) for _ in range(_PROOFS)]
            seconds.setdefault((side, kind, size), []).append(_took(act, places) / _PROOFS)
    return Proving(seconds, sizes, peer is not None)


def _peer() -> Any:
    try:
        return importlib.import_module(PEER)
    except ImportError:
        return None


def _took(act: Act, places: Sequence[int]) -> float:
    began = time.perf_counter()
    act(places)
    return time.perf_counter() - began


def _acts(sides: _Sides, peer: Any) -> list[tuple[str, str, Act]]:
    """What each side does at each of some places: making the proof there, or making and checking it."""
    tree, size, root = sides.tree, sides.size, sides.tree.root()

    def include(places: Sequence[int]) -> None:
        for at in places:
            tree.inclusion_proof(at)

    def extend(places: Sequence[int]) -> None:
        for at in places:
            tree.consistency_proof(at + 1)

    def check_included(places: Sequence[int]) -> None:
        for at in places:
            _require(verify_inclusion(at, size, tree.read(0, at), tree.inclusion_proof(at), root))

    def check_extended(places: Sequence[int]) -> None:
        for at in places:
            _require(verify_consistency(at + 1, size, tree.root(at + 1), root, tree.consistency_proof(at + 1)))

    ours = {"inclusion": include, "consistency": extend}
    ours |= {"inclusion checked": check_included, "consistency checked": check_extended}
    acts: list[tuple[str, str, Act]] = [(OURS, kind, act) for kind, act in ours.items()]
    return acts if peer is None else [*acts, *_peers_acts(sides, peer)]


def _peers_acts(sides: _Sides, peer: Any) -> list[tuple[str, str, Act]]:
    theirs, size = sides.peer, sides.size
    state = theirs.get_state(size)
    _require(state == sides.tree.root())

    def include(places: Sequence[int]) -> None:
        for at in places:
            theirs.prove_inclusion(at + 1, size)

    def extend(places: Sequence[int]) -> None:
        for at in places:
            theirs.prove_consistency(at + 1, size)

    def check_included(places: Sequence[int]) -> None:
        for at in places:
            peer.verify_inclusion(theirs.get_leaf(at + 1), state, theirs.prove_inclusion(at + 1, size))

    def check_extended(places: Sequence[int]) -> None:
        for at in places:
            peer.verify_consistency(theirs.get_state(at + 1), state, theirs.prove_consistency(at + 1, size))

    acts = {"inclusion": include, "consistency": extend}
    acts |= {"inclusion checked": check_included, "consistency checked": check_extended}
    return [(PEER, kind, act) for kind, act in acts.items()]


def _require(holds: bool) -> None:  # noqa: FBT001 - what is required is the argument
    if not holds:
        raise ArithmeticError("a proof does not hold: the measurement means nothing")


def verify_log(entries: int, say: Say) -> Verified:
    """Make an export of a log of so many entries and verify it."""
    say(f"Verifying a log of {entries:,} entries; making it first")
    made = MadeLog(entries, records=max(entries // 100, 1))
    with tempfile.TemporaryDirectory() as folder:
        made.write_log(Path(folder) / "export")
        return _verified(f"verifying a log of {entries:,} entries", entries, folder, made)


def verify_record(entries: int, say: Say) -> Verified:
    """Make an export of a record of so many entries, each with its offline proof, and verify it."""
    say(f"Verifying a record of {entries:,} entries; making it first")
    made = MadeLog(entries, records=1)
    with tempfile.TemporaryDirectory() as folder:
        made.write_record(Path(folder) / "export")
        return _verified(f"verifying a record of {entries:,} entries with their proofs", entries, folder, made)


def _verified(what: str, entries: int, folder: str, made: MadeLog) -> Verified:
    witnesses = [text for vkey in made.witness_vkeys for text in ("--witness", vkey)]
    command = [sys.executable, "-m", "ledger", "verify", f"{folder}/export", "--key", made.vkey, *witnesses]
    began = time.monotonic()
    # In a process of its own, so that the most that it holds is its own.
    done = subprocess.run(  # noqa: S603 - the ledger's own command
        [sys.executable, "-c", _MEASURED, *command], capture_output=True, text=True, check=False
    )
    seconds = time.monotonic() - began
    if done.returncode != 0:
        raise ArithmeticError("an honest export does not verify: the measurement means nothing")
    return Verified(what, entries, seconds, int(done.stdout.split()[-1]) * 1024)


_MEASURED: Final = (
    "import resource, subprocess, sys; code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode; "
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss); sys.exit(code)"
)


def lines_of_proofs(proving: Proving, verified: Sequence[Verified]) -> list[Line]:
    """Every figure beside its goal."""
    lines = []
    for kind in _KINDS:
        for size in proving.sizes:
            lines += _lines_at(proving, kind, size)
    for one in verified:
        rate = f"{one.entries / one.seconds:,.0f} entries/s"
        goal = 30.0 if one.entries == 1_000_000 else None
        lines.append(Line(one.what, one.seconds, "s", rate, Wanted.AT_MOST, goal))
        lines.append(
            Line("  most memory held", one.peak_bytes / 1024**2, "MiB", "", Wanted.AT_MOST, 1024.0 if goal else None)
        )
    return lines


def _lines_at(proving: Proving, kind: str, size: int) -> list[Line]:
    what, is_promised = _KINDS[kind]
    ours = (OURS, kind, size)
    lines = [Line(f"{what}, {size:,} leaves", proving.each(*ours) * 1e6, "µs")]
    if proving.has_peer:
        peers = (PEER, kind, size)
        beside = f"{proving.each(*peers) * 1e6:,.1f} µs"
        ratio = proving.ratio(peers, ours)
        lines.append(Line("  pymerkle's beside it", ratio, "×", beside, goal=5.0 if is_promised else None))
    least = proving.sizes[0]
    if kind != "append" and size != least:
        growth = proving.ratio(ours, (OURS, kind, least))
        lines.append(Line(f"  beside {least:,} leaves", growth, "×", "", Wanted.AT_MOST, 1.5))
    return lines
