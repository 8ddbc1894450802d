"""Checking a whole log: every entry, every tile, every signed head, in one pass from the first entry to the last."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ledger.domain.log.access import parse_access_leaf
from ledger.domain.log.envelope import parse_envelope
from ledger.domain.log.merkle import leaf_hash
from ledger.domain.log.tiles import LARGEST_LEAF, WIDTH, Tile, bundles_of, leaves_of
from ledger.domain.verify.chain import Chains
from ledger.domain.verify.fault import Faults, FileFaultError
from ledger.domain.verify.growth import Growth
from ledger.domain.verify.head import Brackets, Head, why_outside
from ledger.domain.verify.kept import KeptReceipts
from ledger.domain.verify.source import Source
from ledger.domain.verify.strict_json import bytes_of_hex, strict_object, string_of, whole_of

_BUNDLE_BYTES = WIDTH * (LARGEST_LEAF + 2)
READS = "reads.jsonl"
#: A read's content is a few hundred bytes of names.
_READ_BYTES = 1024**2

Progress = Callable[[int, int], None]


@dataclass
class LogWatch:
    """What a pass over the log looks out for, and what it has seen when it ends."""

    heads: Sequence[Head]
    brackets: Brackets
    receipts: KeptReceipts | None = None
    #: A record whose entries are handed over as they pass: number, index, leaf.
    record: str | None = None
    entries_of_record: dict[int, tuple[int, bytes]] = field(default_factory=dict)
    #: The size and root at heads that fitted, and the time of the latest entry.
    fitted: list[Head] = field(default_factory=list)
    latest: str = ""
    #: Of each record the last entry met.
    chains: Chains | None = None

    @property
    def records(self) -> int:
        return 0 if self.chains is None else self.chains.records


def check_entries(source: Source, size: int, watch: LogWatch, faults: Faults, progress: Progress) -> None:
    """Check the log of entries against its tiles, heads, brackets and receipts."""
    watch.chains = chains = Chains(faults)

    def check(leaf: bytes, hashed: bytes, index: int) -> str | None:
        entry = chains.follow(leaf, hashed, index)
        if entry is None:
            return None
        if watch.receipts is not None and not watch.receipts.is_empty:
            watch.receipts.meet(entry, leaf, index)
        if entry.record == watch.record:
            watch.entries_of_record.setdefault(entry.number, (index, leaf))
        return entry.recorded_at

    _Pass(source, size, watch, faults, progress).run(check)


def check_reads(source: Source, size: int, watch: LogWatch, faults: Faults, progress: Progress) -> None:
    """Check the log of reads likewise, and that each read's content is what its leaf commits to."""
    contents = _contents(source, faults)
    waiting: list[tuple[int, bytes, str] | None] = [next(contents, None)]

    def check(leaf: bytes, _hashed: bytes, index: int) -> str | None:
        try:
            read = parse_access_leaf(leaf)
        except ValueError:
            faults.add("its bytes are not those of a read's leaf", first=index, last=index)
            return None
        if (told := waiting[0]) is not None and told[0] == index:
            waiting[0] = next(contents, None)
            if hashlib.sha256(told[1]).hexdigest() != read.commitment or told[2] != read.at:
                faults.add("what is told of this read is not what the log committed to", first=index, last=index)
        return read.at

    _Pass(source, size, watch, faults, progress).run(check)
    if waiting[0] is not None:
        faults.add("it tells of reads that the log does not have", file=READS)


def _contents(source: Source, faults: Faults) -> Iterator[tuple[int, bytes, str]]:
    """Of each read that is told: index, salt with content, and the time within it; indexes ascend."""
    if READS not in source.names:
        return
    last = -1
    for number, line in enumerate(source.lines(READS, _READ_BYTES), start=1):
        try:
            members = strict_object(line)
            index, content = _index_after(last, members), string_of(members, "content").encode()
            at = string_of(strict_object(content), "real_at")
            yield index, bytes_of_hex(string_of(members, "salt")) + content, at
            last = index
        except ValueError as error:
            faults.add(f"line {number} cannot be used: {error}", file=READS)
            return


def _index_after(last: int, members: Mapping[str, Any]) -> int:
    index = whole_of(members, "index")
    if index <= last:
        raise ValueError("its indexes do not ascend")
    return index


class _Pass:
    """One pass over the bundles of a log."""

    def __init__(self, source: Source, size: int, watch: LogWatch, faults: Faults, progress: Progress) -> None:
        self._source, self._size, self._watch = source, size, watch
        self._faults, self._progress = faults, progress
        self._growth = Growth(source, faults)
        self._heads = sorted((head for head in watch.heads if head.size <= size), key=lambda head: head.size)
        self._next = 0
        self._is_forked = False
        #: Up to which sizes the entries make a signed head, and one that stands outside the operator's hands.
        self._sound, self._sound_outside = 0, 0

    def run(self, check: Callable[[bytes, bytes, int], str | None]) -> None:
        self._meet_heads()
        for bundle in bundles_of(self._size):
            leaves = self._leaves(bundle)
            if leaves is None:
                return
            hashes = [leaf_hash(leaf) for leaf in leaves]
            self._growth.compare(Tile(0, bundle.index, len(hashes)), hashes)
            start = self._growth.size
            while (done := self._growth.size - start) < len(leaves):
                end = min(self._next_size() - start, len(leaves))
                self._check_part(check, leaves[done:end], hashes[done:end])
                self._growth.extend(hashes[done:end])
                self._meet_heads()
            self._progress(self._growth.size, self._size)
        self._growth.finish()

    def _check_part(
        self, check: Callable[[bytes, bytes, int], str | None], leaves: list[bytes], hashes: list[bytes]
    ) -> None:
        """Check entries between two heads, which share a bracket."""
        start = self._growth.size
        brackets, latest = self._watch.brackets, self._watch.latest
        bracket = brackets.of(start)
        low, high = brackets.limits(bracket)
        for index, (leaf, hashed) in enumerate(zip(leaves, hashes, strict=True), start=start):
            written = check(leaf, hashed, index)
            if written is None:
                continue
            latest = max(latest, written)
            if not low <= written <= high:
                self._faults.add(why_outside(written, bracket), first=index, last=index, **_named(leaf))
        self._watch.latest = latest
        brackets.count(bracket, len(leaves))

    def _leaves(self, bundle: Tile) -> list[bytes] | None:
        """The entries of a bundle; None, with a fault, where it is not to be had whole."""
        try:
            leaves = leaves_of(self._source.read(bundle.path, _BUNDLE_BYTES))
        except FileFaultError as error:
            why, entries = error.why, bundle.width
        except ValueError as error:
            why, entries = str(error), bundle.width
        else:
            if len(leaves) == bundle.width:
                return leaves
            why = f"it has {len(leaves)} entries where the checkpoint asks for {bundle.width}"
            entries = min(len(leaves) + 1, bundle.width)
        self._stop(why, bundle, entries)
        return None

    def _stop(self, why: str, bundle: Tile, entries: int) -> None:
        """Note why the pass ends at a bundle: nothing since the last signed head is held against a head any more."""
        last = bundle.index * WIDTH + entries - 1
        self._faults.add(why, first=self._sound, last=last, file=bundle.path)

    def _next_size(self) -> int:
        return self._heads[self._next].size if self._next < len(self._heads) else self._size

    def _meet_heads(self) -> None:
        """Compare the tree with the signed heads of its present size."""
        while self._next < len(self._heads) and self._heads[self._next].size == self._growth.size:
            head = self._heads[self._next]
            self._next += 1
            if self._growth.root() == head.root:
                self._watch.fitted.append(head)
                self._sound = head.size
                self._sound_outside = head.size if head.is_outside else self._sound_outside
            elif not self._is_forked or head.is_outside:
                self._is_forked = True
                # Who can sign anew signs every head anew: only what lies outside says what is still as it was.
                first = self._sound_outside if head.is_outside else self._sound
                # Where another head of this very size fits, none before it says where the two part.
                first = first if first < head.size else 0
                self._faults.add(why_forked(head), first=first, last=max(head.size - 1, 0))


def why_forked(head: Head) -> str:
    if head.is_kept:
        return (
            f"up to size {head.size:,} this is not the log that {head.name} is a signed head of: history was "
            "rewritten, and the two signatures together prove it"
        )
    return f"the entries up to size {head.size:,} do not make the root that was signed in {head.name}"


def _named(leaf: bytes) -> Mapping[str, Any]:
    """Record and number of an entry's leaf; nothing for a read's."""
    try:
        entry = parse_envelope(leaf)
    except ValueError:
        return {}
    return {"record": entry.record, "number": entry.number}
