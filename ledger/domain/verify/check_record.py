"""Checking the export of one record: every entry from the first on, its proof in the log, its content where shown."""

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ledger.domain.log.merkle import leaf_hash, verify_inclusion
from ledger.domain.log.proof import TlogProof
from ledger.domain.log.strict import hash_of
from ledger.domain.verify.chain import Chains, End
from ledger.domain.verify.fault import Faults, FileFaultError
from ledger.domain.verify.head import Bracket, Brackets, Head, why_outside
from ledger.domain.verify.kept import KeptReceipts
from ledger.domain.verify.manifest import LARGEST_TEXT, Manifest
from ledger.domain.verify.source import Source
from ledger.domain.verify.strict_json import bytes_of_hex, strict_object, string_of, strings_of, whole_of

ENTRIES = "entries.jsonl"
#: An entry with its content and proof: a batch's largest item with every character escaped comes nowhere near.
_LINE_BYTES = 8 * 1024**2
_LONGEST_PROOF = 63
_SALT_BYTES = 32
_SHOWN = ("whole", "part", "withheld", "erased")


@dataclass
class RecordWatch:
    """What the pass over a record needs, and what it has seen when it ends."""

    head: Head
    checkpoint: str
    brackets: Brackets
    receipts: KeptReceipts
    shown: Counter[str] = field(default_factory=Counter)
    #: Of every number the index in the log and the envelope's bytes.
    entries: dict[int, tuple[int, bytes]] = field(default_factory=dict)
    first: Bracket | None = None
    last: Bracket | None = None
    #: The record's last entry here.
    end: End | None = None


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of the export, taken apart and not checked."""

    envelope: bytes
    index: int
    proof: Sequence[bytes]
    shown: str
    salt: bytes | None
    content: bytes | None


def check_record(
    source: Source, manifest: Manifest, watch: RecordWatch, faults: Faults, progress: Callable[[int, int], None]
) -> int:
    """Check every entry of the record's export; returns how many there were."""
    up_to = manifest.up_to or 0
    chains, last_hash, last_index = Chains(faults), b"", -1
    count = 0
    for number, data in enumerate(source.lines(ENTRIES, _LINE_BYTES), start=1):
        count = number
        try:
            line = _line_of(data)
        except ValueError as error:
            faults.add(f"line {number} cannot be used: {error}", file=ENTRIES, record=manifest.record, number=number)
            return count
        _check_line(line, number, manifest, watch, chains, faults)
        watch.end = chains.end(manifest.record or "")
        if line.index <= last_index:
            why = "it stands in the log before the entry that it follows"
            faults.add(why, first=line.index, last=last_index, record=manifest.record, number=number)
        _check_proof_file(source, line, number, watch, faults)
        last_hash, last_index = leaf_hash(line.envelope), line.index
        progress(number, up_to)
    _check_end(count, last_hash, last_index, manifest, faults)
    return count


def _check_end(count: int, last_hash: bytes, last_index: int, manifest: Manifest, faults: Faults) -> None:
    up_to = manifest.up_to or 0
    if count < up_to:
        missing = f"entry {up_to} is" if count == up_to - 1 else f"entries {count + 1} to {up_to} are"
        why = f"{missing} missing: the export says that it goes up to number {up_to}"
        where = {"first": last_index + 1, "last": max(manifest.size - 1, last_index + 1)}
        faults.add(why, record=manifest.record, number=count + 1, **where)
    elif count > up_to:
        faults.add(f"it has more entries than the {up_to} that export.json speaks of", file=ENTRIES)
    elif last_hash.hex() != manifest.last_hash:
        where = {"first": max(last_index, 0), "last": max(last_index, 0)}
        faults.add("its hash is not the one that export.json gives", record=manifest.record, number=count, **where)


def _line_of(data: bytes) -> _Line:
    members = strict_object(data)
    if members.keys() - {"envelope", "index", "proof", "shown", "salt", "content"}:
        raise ValueError("it has members that are not known here")
    shown = string_of(members, "shown")
    if shown not in _SHOWN or (shown == "whole") != ("salt" in members) or (shown == "whole") != ("content" in members):
        raise ValueError("salt and content go with an entry that is shown whole, and with no other")
    salt = bytes_of_hex(string_of(members, "salt")) if shown == "whole" else None
    if salt is not None and len(salt) != _SALT_BYTES:
        raise ValueError("a salt is 32 bytes")
    return _Line(
        envelope=string_of(members, "envelope").encode(),
        index=whole_of(members, "index"),
        proof=[hash_of(text) for text in strings_of(members, "proof", _LONGEST_PROOF)],
        shown=shown,
        salt=salt,
        content=string_of(members, "content").encode() if shown == "whole" else None,
    )


def _check_line(
    line: _Line, number: int, manifest: Manifest, watch: RecordWatch, chains: Chains, faults: Faults
) -> None:
    head, index = watch.head, line.index
    where: dict[str, Any] = {"first": index, "last": index, "record": manifest.record, "number": number}
    if not verify_inclusion(index, head.size, leaf_hash(line.envelope), line.proof, head.root):
        faults.add("the log does not hold this entry at this place: its proof does not lead to the checkpoint", **where)
    entry = chains.follow(line.envelope, leaf_hash(line.envelope), index)
    if entry is None:
        return
    if entry.record != manifest.record:
        faults.add("it is of another record than the one that is exported", **where)
    commitment = hashlib.sha256((line.salt or b"") + (line.content or b"")).hexdigest()
    if line.content is not None and commitment != entry.commitment:
        faults.add("its content is not what the entry committed to", **where)
    bracket = watch.brackets.of(index)
    low, high = watch.brackets.limits(bracket)
    if not low <= entry.recorded_at <= high:
        faults.add(why_outside(entry.recorded_at, bracket), **where)
    watch.brackets.count(bracket, 1)
    watch.receipts.meet(entry, line.envelope, index)
    watch.shown[line.shown] += 1
    watch.entries[number] = (index, line.envelope)
    watch.first, watch.last = watch.first or bracket, bracket


def _check_proof_file(source: Source, line: _Line, number: int, watch: RecordWatch, faults: Faults) -> None:
    """The offline proof of the same entry says the same as the line."""
    name = f"proofs/{number}.tlog-proof"
    try:
        text = source.text(name, LARGEST_TEXT)
    except FileFaultError as error:
        faults.add_file(error)
        return
    if text != TlogProof(line.index, tuple(line.proof), watch.checkpoint).to_text():
        faults.add(f"it is not the proof that {ENTRIES} has for entry {number}", file=name)
