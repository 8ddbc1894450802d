"""Reading `brackets.jsonl`: earlier signed heads, each with the proof that the log only grew from it."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from ledger.domain.log.merkle import EMPTY_ROOT, verify_consistency
from ledger.domain.log.strict import hash_of
from ledger.domain.verify.fault import Faults, FileFaultError
from ledger.domain.verify.head import NO_TIMES, Head, read_head
from ledger.domain.verify.manifest import Manifest
from ledger.domain.verify.source import Source
from ledger.domain.verify.strict_json import strict_object, string_of, strings_of
from ledger.domain.verify.trust import Trust

BRACKETS = "brackets.jsonl"
_LINE_BYTES_OF_HEAD = 1024**2
_LONGEST_CONSISTENCY = 64


def read_brackets(
    source: Source, manifest: Manifest, head: Head, trust: Trust, faults: Faults, progress: Callable[[int, int], None]
) -> Iterator[Head]:
    """The heads that bracket entries, in order of size, those left out that are not what they must be.

    `progress` is told bytes read and in all: how many heads there are is known when the last has been read.
    """
    if BRACKETS not in source.names:
        faults.add_file(FileFaultError(BRACKETS, "the file is missing from the export"))
        return
    size = done = 0
    for number, line in enumerate(source.lines(BRACKETS, _LINE_BYTES_OF_HEAD), start=1):
        done += len(line) + 1
        progress(done, source.names[BRACKETS])
        try:
            members = strict_object(line)
            name = f"line {number} of {BRACKETS}"
            bracket = read_head(string_of(members, "checkpoint"), manifest.log_origin, trust, name)
            proof = [hash_of(text) for text in strings_of(members, "consistency", _LONGEST_CONSISTENCY)]
            _require_between(size, bracket.size, head.size)
        except ValueError as error:
            faults.add(f"line {number} cannot be used: {error}", file=BRACKETS)
            continue
        if not leads_to(bracket, head, proof):
            why = f"the log did not only grow from the head of size {bracket.size:,} in line {number} to the checkpoint"
            first, last = (size, bracket.size - 1) if bracket.size else (0, 0)
            # In a log's export the entries themselves show where; a record's has nothing but this proof.
            where = {"first": min(first, last), "last": last} if manifest.kind == "record" else {}
            faults.add(why, file=BRACKETS, **where)
            continue
        size = bracket.size
        yield replace(bracket, times=NO_TIMES)


def _require_between(before: int, size: int, last: int) -> None:
    if not before <= size <= last:
        raise ValueError("its size is not between that of the line before it and that of the checkpoint")


def leads_to(old: Head, new: Head, proof: list[bytes]) -> bool:
    """Whether the proof shows the newer head's log to begin with the older's; from an empty log there is no proof."""
    if old.size == 0:
        return not proof and old.root == EMPTY_ROOT
    return verify_consistency(old.size, new.size, old.root, new.root, proof)
