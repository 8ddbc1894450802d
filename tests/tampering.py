"""Ways of tampering with a ledger and its exports, by people who hold more and more of its keys.

Each way gives the export that the auditor gets, what the auditor brought, and which entry is the first that is not as
it was: an index of the log, or a number of a record where only its own entries are to be seen.
"""

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from ledger.domain.entry import Envelope, leaf_hash
from ledger.domain.log.note import COSIGNATURE
from ledger.domain.log.policy import parse_policy
from ledger.domain.log.tiles import Tile, leaves_of, parse_tile_path
from ledger.domain.verify.check import check_export
from ledger.domain.verify.report import Report
from ledger.domain.verify.signatures import best_verify
from ledger.domain.verify.source import Source
from ledger.domain.verify.trust import Kept as Brought
from ledger.domain.verify.trust import Trust, keys_of
from tests.exports import (
    LOG,
    POLICY,
    RECEIPTS,
    Exported,
    Kept,
    Key,
    Ledger,
    MemoryFiles,
    envelope_at,
    export_log,
    export_record,
    indexes_of,
    receipt_of,
    rechained,
    resealed,
    resigned,
)

#: What an auditor may bring: nothing but the keys, a policy, a checkpoint or a receipt that somebody kept.
NOTHING, QUORUM, CHECKPOINT, RECEIPT = "nothing", "quorum", "checkpoint", "receipt"


@dataclass(frozen=True)
class Case:
    """One export, honest or not, and what it is checked with."""

    name: str
    files: Exported
    trust: Trust
    #: The first index that is not as it was, for a log; the first number, for a record.
    first: int | None = None
    number: int | None = None
    log: Exported | None = None


def trusting(*brought: str, checkpoints: Sequence[str] = (), receipts: Sequence[bytes] = ()) -> Trust:
    """The keys of the log and of receipts, and what else is brought."""
    return Trust(
        log_keys=keys_of([LOG.vkey], "log key"),
        policy=parse_policy(POLICY) if QUORUM in brought else None,
        receipt_keys=keys_of([RECEIPTS.vkey], "receipt key"),
        checkpoints=[Brought(f"kept-{at}", note) for at, note in enumerate(checkpoints)],
        receipts=[Brought(f"receipt-{at}", receipt_of(leaf)) for at, leaf in enumerate(receipts)],
        verify=best_verify(),
    )


def checked(case: Case) -> Report:
    """The report on a case."""
    log = None if case.log is None else Source(MemoryFiles(case.log))
    return check_export(Source(MemoryFiles(case.files)), case.trust, lambda _what: lambda _done, _total: None, log)


def honest(chance: random.Random) -> Case:
    """An honest export of a record or of the log, with anything that an auditor may bring."""
    ledger = grown(chance)
    kept, brought = ledger.kept, chance.choice((NOTHING, QUORUM))
    heads = [head.note for head in chance.sample(kept.heads, chance.randrange(len(kept.heads)))]
    trust = trusting(brought, checkpoints=heads, receipts=chance.sample(kept.leaves, min(2, len(kept.leaves))))
    if chance.random() < 0.5:
        return Case("honest log", export_log(kept), trust)
    record = chance.choice([record for record in ledger.records if indexes_of(kept, record)])
    files = export_record(kept, record, shown=chance.choice(("whole", "withheld", "erased")))
    return Case("honest record", files, trust, log=export_log(kept) if chance.random() < 0.3 else None)


def grown(chance: random.Random) -> Ledger:
    """A ledger of a few entries or a few hundred, in a few records, with heads among them."""
    ledger = Ledger(chance.randrange(2**32), records=chance.randrange(1, 6))
    most = 600 if chance.random() < 0.1 else 60
    ledger.grow(chance.randrange(8, most), heads=chance.randrange(1, 6))
    return ledger


# ── changes to the tables ────────────────────────────────────────────────────────────────────────────────

Change = Callable[[random.Random, Kept], None]


def _somewhere(chance: random.Random, kept: Kept, last: int = 0) -> int:
    return chance.randrange(len(kept.leaves) - last)


def change_commitment(chance: random.Random, kept: Kept) -> None:
    """Another content under an entry, chained again or not."""
    index = _somewhere(chance, kept)
    entry = envelope_at(kept, index)
    kept.leaves[index] = replace(entry, commitment=chance.randbytes(32)).to_bytes()
    if chance.random() < 0.5:
        rechained(kept, entry.record)


def change_time(chance: random.Random, kept: Kept) -> None:
    """Back-date or post-date an entry, chained again or not."""
    index = _somewhere(chance, kept)
    entry = envelope_at(kept, index)
    shift = timedelta(seconds=chance.choice((-1, 1)) * chance.randrange(1, 10**6))
    kept.leaves[index] = replace(entry, recorded_at=entry.recorded_at + shift).to_bytes()
    if chance.random() < 0.5:
        rechained(kept, entry.record)


def flip_bit(chance: random.Random, kept: Kept) -> None:
    """One bit of one stored entry."""
    index = _somewhere(chance, kept)
    leaf = bytearray(kept.leaves[index])
    leaf[chance.randrange(len(leaf))] ^= 1 << chance.randrange(8)
    kept.leaves[index] = bytes(leaf)


def delete(chance: random.Random, kept: Kept) -> None:
    """Delete an entry; its record is left with the gap, or closed up again."""
    index = _somewhere(chance, kept, last=1)
    record = envelope_at(kept, index).record
    del kept.leaves[index], kept.contents[index]
    if chance.random() < 0.5:
        rechained(kept, record)


def swap(chance: random.Random, kept: Kept) -> None:
    """Two entries in each other's place."""
    one, other = sorted(chance.sample(range(len(kept.leaves)), 2))
    for rows in (kept.leaves, kept.contents):
        rows[one], rows[other] = rows[other], rows[one]  # type: ignore[assignment]


def insert(chance: random.Random, kept: Kept) -> None:
    """An entry between others that was never there, chained in or not."""
    index = _somewhere(chance, kept)
    entry = envelope_at(kept, index)
    kept.leaves.insert(index, replace(entry, commitment=chance.randbytes(32)).to_bytes())
    kept.contents.insert(index, (bytes(32), b"{}"))
    if chance.random() < 0.5:
        rechained(kept, entry.record)


def truncate(chance: random.Random, kept: Kept) -> None:
    """The tail is gone."""
    size = chance.randrange(1, len(kept.leaves))
    del kept.leaves[size:], kept.contents[size:]


def fork(chance: random.Random, kept: Kept) -> None:
    """From some entry on all is different: a restored copy that went its own way."""
    for index in range(_somewhere(chance, kept), len(kept.leaves)):
        kept.leaves[index] = replace(envelope_at(kept, index), commitment=chance.randbytes(32)).to_bytes()
    for record in {envelope_at(kept, index).record for index in range(len(kept.leaves))}:
        rechained(kept, record)


CHANGES: tuple[Change, ...] = (change_commitment, change_time, flip_bit, delete, swap, insert, truncate, fork)


def first_difference(old: Sequence[bytes], new: Sequence[bytes]) -> int:
    """The first index at which two logs differ."""
    pairs = enumerate(zip(old, new, strict=False))
    return next((index for index, (one, other) in pairs if one != other), min(len(old), len(new)))


# ── who tampers, and with what in hand ───────────────────────────────────────────────────────────────────


def in_the_tables(chance: random.Random) -> Case:
    """A superuser changes entries and has the export made again, without the log's key."""
    old = grown(chance).kept
    change, new = chance.choice(CHANGES), old.copy()
    change(chance, new)
    trust = trusting(chance.choice((NOTHING, QUORUM)))
    return Case(f"tables: {change.__name__}", export_log(new), trust, first_difference(old.leaves, new.leaves))


def with_the_log_key(chance: random.Random) -> Case:
    """Whoever holds the log's key rewrites the log and signs every head anew; witnesses do not cosign that."""
    return _rewritten(chance, chance.choice((QUORUM, CHECKPOINT, RECEIPT)))


def with_the_log_key_and_nothing_outside(chance: random.Random) -> Case:
    """The same, and the auditor has brought nothing: this cannot be seen, and is what has to be said."""
    return _rewritten(chance, NOTHING)


def _rewritten(chance: random.Random, brought: str) -> Case:
    while True:
        ledger = grown(chance)
        old = ledger.kept
        change, new = chance.choice(CHANGES), old.copy()
        change(chance, new)
        for record in ledger.records:
            if change is not flip_bit:
                rechained(new, record)
        first = first_difference(old.leaves, new.leaves)
        # A flipped bit may leave no envelope; a change of time or order may show in the chain itself.
        if brought == NOTHING and not is_whole(new):
            continue
        if brought == RECEIPT and (first >= len(new.leaves) or change in (swap, insert, truncate, flip_bit)):
            continue
        later = [head for head in old.heads if first < head.size <= len(new.leaves)]
        if brought == CHECKPOINT and not later:
            continue
        # Old heads that nothing changed under still fit, cosignatures and all: a careful rewriter keeps them.
        signed, stay = resigned(new), [head for head in old.heads[:-1] if head.size <= first]
        signed.heads = [*stay, *(head for head in signed.heads[:-1] if head.size > first), signed.heads[-1]]
        if brought == RECEIPT and not _is_promised(chance, old, new, first):
            continue
        trust = trusting(
            brought,
            checkpoints=[chance.choice(later).note] if brought == CHECKPOINT else [],
            receipts=[old.leaves[first]] if brought == RECEIPT else [],
        )
        name, files = f"log key, {brought}: {change.__name__}", export_log(signed)
        if brought == RECEIPT:  # it speaks of one entry by its number, wherever that came to stand
            return Case(name, files, trust, number=envelope_at(old, first).number)
        # Of a log that was cut off, what is left is as it was: it is caught, and no entry of it is bad. Where a swap
        # shows in a record's times, it is told where they run backwards, which is not where the swap begins.
        is_placed = change is not truncate and (change is not swap or is_whole(new))
        return Case(name, files, trust, first if is_placed else None)


def _is_promised(chance: random.Random, old: Kept, new: Kept, first: int) -> bool:
    """Whether the log goes on for long enough to have sealed the entry whose receipt was kept."""
    entry = envelope_at(old, first)
    numbers = {envelope_at(new, index).number for index in indexes_of(new, entry.record)}
    latest = max(envelope_at(new, index).recorded_at for index in range(len(new.leaves)))
    return entry.number in numbers or entry.recorded_at + timedelta(seconds=61) < latest


def is_whole(kept: Kept) -> bool:
    """Whether each record of the log is a chain whose times do not run backwards."""
    last: dict[str, tuple[int, bytes, str]] = {}
    for leaf in kept.leaves:
        try:
            members = json.loads(leaf)
            entry = Envelope.from_members(members)
        except (ValueError, KeyError):
            return False
        number, previous, at = last.get(entry.record, (0, bytes(32), ""))
        if (entry.number, entry.previous) != (number + 1, previous) or members["recorded_at"] < at:
            return False
        if entry.to_bytes() != leaf:
            return False
        last[entry.record] = (entry.number, leaf_hash(leaf), members["recorded_at"])
    return True


def by_the_operator(chance: random.Random) -> Case:
    """The operator never rewrites, and gives a new entry a time that is long past, or yet to come."""
    ledger = Ledger(chance.randrange(2**32), records=2)
    ledger.grow(chance.randrange(2, 30))
    ledger.wait(3_000)
    index = len(ledger.kept.leaves)
    shift = timedelta(seconds=chance.choice((-1, 1)) * chance.randrange(100, 10**6))
    ledger.records.append("a" * 26)
    # The head right before it is seen by witnesses, and so is the one right after.
    ledger.sign()
    ledger.append("a" * 26, ledger.now + shift)
    ledger.sign()
    ledger.grow(chance.randrange(1, 20))
    return Case("operator: time", export_log(ledger.kept), trusting(QUORUM), index)


def in_a_log_file(chance: random.Random) -> Case:
    """A bit of a bundle or tile of the finished export is flipped; what describes the files is made anew, or not."""
    files = export_log(grown(chance).kept)
    name = chance.choice([name for name in files if name.startswith("tile/")])
    tile, data = parse_tile_path(name), bytearray(files[name])
    at = chance.randrange(len(data))
    data[at] ^= 1 << chance.randrange(8)
    changed = files | {name: bytes(data)}
    case = Case(f"file: {name}", resealed(changed) if chance.random() < 0.7 else changed, trusting())
    return replace(case, first=_first_in(tile, files[name], bytes(data), at))


def _first_in(tile: Tile, old: bytes, new: bytes, at: int) -> int | None:
    if tile.level != "entries":
        return int((256 * tile.index + at // 32) * 256**tile.level)
    try:
        return 256 * tile.index + first_difference(leaves_of(old), leaves_of(new))
    except ValueError:
        return None


def in_a_record(chance: random.Random) -> Case:
    """Lines of a record's export are changed, chained again where that helps, and described and signed anew."""
    ledger = grown(chance)
    kept = ledger.kept
    record = max(ledger.records, key=lambda record: len(indexes_of(kept, record)))
    files = export_record(kept, record)
    lines = [json.loads(line) for line in files["entries.jsonl"].splitlines()]
    at = chance.randrange(len(lines) - 1)
    way = chance.choice(("delete", "drop", "swap", "insert", "commitment", "content", "index", "proof", "truncate"))
    _change_lines(way, chance, lines, at)
    if way in ("drop", "insert", "commitment"):
        _rechain_lines(lines)
    changed = files | {"entries.jsonl": b"".join(json.dumps(line).encode() + b"\n" for line in lines)}
    for number in range(1, len(lines) + 2):
        changed.pop(f"proofs/{number}.tlog-proof", None)
    return Case(f"record: {way}", resealed(changed), trusting(), number=at + 1)


def _change_lines(way: str, chance: random.Random, lines: list[dict[str, object]], at: int) -> None:
    line = lines[at]
    match way:
        case "delete" | "drop":
            del lines[at]
        case "truncate":
            del lines[at:]
        case "swap":
            lines[at], lines[at + 1] = lines[at + 1], lines[at]
        case "insert":
            entry = Envelope.from_members(json.loads(str(line["envelope"])))
            forged = replace(entry, commitment=chance.randbytes(32)).to_bytes().decode()
            lines.insert(at, {**line, "envelope": forged})
        case "commitment":
            entry = Envelope.from_members(json.loads(str(line["envelope"])))
            line["envelope"] = replace(entry, commitment=chance.randbytes(32)).to_bytes().decode()
        case "content":
            line["content"] = str(line["content"]).replace("hv", "xx")
        case "index":
            line["index"] = int(str(line["index"])) + 1
        case _:
            line["proof"] = [*line["proof"], line["proof"][0]] if line["proof"] else ["A" * 43 + "="]  # type: ignore[index, misc]


def _rechain_lines(lines: list[dict[str, object]]) -> None:
    previous = bytes(32)
    for number, line in enumerate(lines, start=1):
        entry = Envelope.from_members(json.loads(str(line["envelope"])))
        leaf = replace(entry, number=number, previous=previous).to_bytes()
        line["envelope"], previous = leaf.decode(), leaf_hash(leaf)


def behind_the_end_of_a_record(chance: random.Random) -> Case:
    """The end of a record is withheld and everything else made to fit; an export of the log lies beside it."""
    ledger = grown(chance)
    kept = ledger.kept
    record = max(ledger.records, key=lambda record: len(indexes_of(kept, record)))
    up_to = chance.randrange(1, len(indexes_of(kept, record)))
    files = export_record(kept, record, up_to)
    first = indexes_of(kept, record)[up_to]
    return Case("record: withheld", files, trusting(), first, number=up_to + 1, log=export_log(kept))


TAMPERINGS: tuple[Callable[[random.Random], Case], ...] = (
    in_the_tables,
    in_the_tables,
    with_the_log_key,
    by_the_operator,
    in_a_log_file,
    in_a_record,
    behind_the_end_of_a_record,
)


def witness_key(name: str, seed: int) -> Key:
    """A witness that is in no policy."""
    return Key(name, seed, COSIGNATURE)
