"""A second reader of exports, written from RFC 9162, the C2SP texts and the guide alone: no code of the first is in it.

It imports nothing of the program, holds whole files in memory and explains little. Its use is to agree: what the
program's own verifier passes this one passes, and what one refuses the other refuses at the same entry.
"""

import hashlib
import json
import struct
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.independent_notes import (
    Key,
    Read,
    RefusedError,
    checkpoint,
    consistent,
    included,
    leaf,
    opened,
    sha,
    tree_head,
    unbase64,
)

GENESIS = "0" * 64


@dataclass(frozen=True)
class Brought:
    """What whoever checks has from elsewhere than the export; of the witnesses so many must have cosigned."""

    key: str
    receipts_key: str | None = None
    witnesses: tuple[str, ...] = ()
    quorum: int = 0
    checkpoints: tuple[str, ...] = ()
    receipts: tuple[str, ...] = ()
    log: Path | None = None
    skew_s: int = 60


def read(folder: Path, brought: Brought) -> Read:
    """Read an export that lies in a folder. Raises RefusedError."""
    try:
        return _read(folder, brought)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, OSError, struct.error) as error:
        raise RefusedError(f"it cannot be read: {type(error).__name__}") from error


def _read(folder: Path, brought: Brought) -> Read:
    data = (folder / "export.json").read_bytes()
    manifest = json.loads(data)
    _check_description(folder, data, manifest, brought)
    key, others = Key.of(brought.key), [Key.of(one) for one in brought.witnesses]
    if key.name != manifest["origin"] + {"entries": "/log", "access": "/log/access"}[manifest["log"]]:
        raise RefusedError("the key is another log's")
    head = checkpoint((folder / "checkpoint").read_text(), key, others)
    if head.size != manifest["size"]:
        raise RefusedError("the checkpoint is of another size than it says")
    seen = [*_brackets(folder, head, key, others), head]
    if manifest["kind"] == "log":
        _read_log(folder, manifest["log"], head)
    else:
        _read_record(folder, manifest, head)
    if manifest["log"] == "access":
        _check_reads(folder, head)
    _check_brought(manifest["kind"], head, seen, brought)
    if brought.log is not None:
        log = _read(brought.log, Brought(brought.key))
        _check_whole(log, head, manifest["record"])
        _check_brought("log", log, [log], replace(brought, quorum=0))
    return head


def _check_description(folder: Path, data: bytes, manifest: dict[str, Any], brought: Brought) -> None:
    """Every file is the one described, there is no other, and the description is the one that was signed."""
    if manifest["format"] != "ledger-export/1" or manifest["kind"] not in ("record", "log"):
        raise RefusedError("not an export")
    there = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    if there != manifest["files"].keys() | {"export.json", "export.note"}:
        raise RefusedError("a file is missing, or is not described")
    for path, digest in manifest["files"].items():
        if hashlib.sha256((folder / path).read_bytes()).hexdigest() != digest:
            raise RefusedError(f"{path} is not the file that was exported")
    note = (folder / "export.note").read_text()
    if note.rpartition("\n\n")[0] != f"{manifest['origin']}/exports\n{sha(data).hex()}":
        raise RefusedError("another description was signed")
    if brought.receipts_key is not None:
        opened(note, Key.of(brought.receipts_key), [])


def _brackets(folder: Path, head: Read, key: Key, witnesses: list[Key]) -> list[Read]:
    found: list[Read] = []
    for line in (folder / "brackets.jsonl").read_text().splitlines():
        bracket = json.loads(line)
        old = checkpoint(bracket["checkpoint"], key, witnesses)
        path = [unbase64(one) for one in bracket["consistency"]]
        if old.size == 0:
            holds = not path and old.root == sha(b"")
        else:
            holds = consistent(old.size, head.size, old.root, head.root, path)
        if not holds or (found and found[-1].size > old.size):
            raise RefusedError("an earlier checkpoint is of another history")
        found.append(old)
    return found


# ── what only whoever checks can bring ──


def _check_brought(kind: str, head: Read, seen: list[Read], brought: Brought) -> None:
    if brought.quorum:
        if len(head.cosigners) < brought.quorum:
            raise RefusedError("too few witnesses cosigned the checkpoint")
        _check_times(head, [one for one in seen if len(one.cosigners) >= brought.quorum], brought)
    for note in brought.checkpoints:
        old = checkpoint(note, Key.of(brought.key), [])
        known = {one.size: one.root for one in seen}
        if kind == "log" and old.size <= head.size:
            known[old.size] = tree_head([leaf(data) for _, data in head.entries[: old.size]])
        if known.get(old.size, old.root) != old.root:
            raise RefusedError("the checkpoint that was kept is of another history")
    latest = max((json.loads(data).get("recorded_at", "") for _, data in head.entries), default="")
    for note in brought.receipts:
        text, _ = opened(note, Key.of(brought.receipts_key or ""), [])
        promised = text.split("\n")[1].encode()
        _check_receipt(promised, head, latest if kind == "log" else "")
        _check_follows(promised, head)
        if brought.quorum and kind == "record" and brought.log is None:
            _check_not_left_out(json.loads(promised), head, brought)


def _marks(heads: list[Read], brought: Brought) -> list[tuple[int, int, int]]:
    """Of each head its size, since when a quorum had seen it, and by when."""
    marks = []
    for one in heads:
        late = sorted(max(times) for times in one.cosigners.values())[-brought.quorum]
        soon = sorted(min(times) for times in one.cosigners.values())[brought.quorum - 1]
        late_first = sorted(min(times) for times in one.cosigners.values())[-brought.quorum]
        soon_last = sorted(max(times) for times in one.cosigners.values())[brought.quorum - 1]
        marks.append((one.size, min(late, soon_last), max(soon, late_first)))
    return marks


def _check_times(head: Read, heads: list[Read], brought: Brought) -> None:
    """Of any quorum one witness at least is honest: what a head lacks came later, what it has came sooner."""
    marks = _marks(heads, brought)
    for index, data in head.entries:
        envelope = json.loads(data)
        at = datetime.fromisoformat(envelope.get("recorded_at") or envelope["at"]).timestamp()
        after = [since for size, since, _ in marks if size <= index][-1:]
        before = [by for size, _, by in marks if size > index][:1]
        if any(at < since - brought.skew_s for since in after) or any(at > by + brought.skew_s + 1 for by in before):
            raise RefusedError("witnesses saw it at another time", index)


def _check_receipt(promised: bytes, head: Read, latest: str) -> None:
    told = json.loads(promised)
    for index, data in head.entries:
        envelope = json.loads(data)
        if (envelope["record"], envelope["number"]) == (told["record"], told["number"]):
            if data != promised:
                raise RefusedError("another entry was promised", index)
            return
    if latest and datetime.fromisoformat(told["recorded_at"]) + timedelta(seconds=60) < datetime.fromisoformat(latest):
        raise RefusedError("an entry that was promised is missing")


def _check_follows(promised: bytes, head: Read) -> None:
    """An entry that is beyond the last one here of its record can come after that one."""
    told = json.loads(promised)
    ours = [data for _, data in head.entries if json.loads(data).get("record") == told["record"]]
    if not ours or told["number"] <= json.loads(ours[-1])["number"]:
        return
    last = json.loads(ours[-1])
    if told["number"] == last["number"] + 1 and told["previous"] != leaf(ours[-1]).hex():
        raise RefusedError("an entry that was promised comes after another one")
    if told["recorded_at"] < last["recorded_at"]:
        raise RefusedError("an entry that was promised was recorded before the one that it comes after")


def _check_not_left_out(told: dict[str, Any], head: Read, brought: Brought) -> None:
    """What was promised well before witnesses saw this head is in the record's export, if of that record."""
    last = json.loads(head.entries[-1][1])
    if told["record"] != last["record"] or told["number"] <= last["number"]:
        return
    at, since = datetime.fromisoformat(told["recorded_at"]).timestamp(), _marks([head], brought)[0][1]
    if at < since - brought.skew_s - 60:
        raise RefusedError("an entry that was promised is left out")


def _check_whole(log: Read, head: Read, record: str) -> None:
    """The log beside a record has of it what the record has, and no more under the record's checkpoint."""
    theirs = [(index, data) for index, data in log.entries if json.loads(data)["record"] == record]
    if log.size >= head.size and tree_head([leaf(data) for _, data in log.entries[: head.size]]) != head.root:
        raise RefusedError("the log is another one than the record's")
    for at, (index, data) in enumerate(theirs):
        if index < head.size and (at >= len(head.entries) or head.entries[at] != (index, data)):
            raise RefusedError("the record leaves out what the log has", index)


# ── the log ──


def _read_log(folder: Path, log: str, head: Read) -> None:
    leaves: list[bytes] = []
    for bundle in range(-(-head.size // 256)):
        width = min(256, head.size - 256 * bundle)
        data = _tile(folder, "entries", bundle, width)
        while data and len(leaves) < 256 * bundle + width:
            (length,) = struct.unpack(">H", data[:2])
            leaves.append(data[2 : 2 + length])
            data = data[2 + length :] if len(data) >= 2 + length else b"cut off"
        if data or len(leaves) != 256 * bundle + width:
            raise RefusedError("a bundle has other entries than it must")
    hashes = [leaf(one) for one in leaves]
    if log == "entries":
        _check_chains(leaves)
    head.entries = list(enumerate(leaves))
    level, below = 0, hashes
    while below:
        for tile in range(-(-len(below) // 256)):
            some = below[256 * tile : 256 * (tile + 1)]
            held = _tile(folder, str(level), tile, len(some))
            if held != b"".join(some):
                wrong = [at for at, one in enumerate(some) if held[32 * at : 32 * at + 32] != one]
                place = 256 * tile + wrong[0] if wrong and level == 0 else None
                raise RefusedError(f"a tile of level {level} is not that of the leaves", place)
        below = [tree_head(below[i : i + 256]) for i in range(0, len(below) - 255, 256)]
        level += 1
    if len(leaves) != head.size or tree_head(hashes) != head.root:
        raise RefusedError("the leaves are not those of the checkpoint")
    head.leaves = len(leaves)


def _check_reads(folder: Path, head: Read) -> None:
    """Each read is its own canonical bytes, and what is told of some of them is what they commit to."""
    leaves = []
    for index, data in head.entries:
        told = json.loads(data)
        if canonical(told) != data or told.keys() != {"at", "commitment", "format"} or not is_hash(told["commitment"]):
            raise RefusedError("not a read", index)
        if told["format"] != "ledger-access/1" or not is_time(told["at"]):
            raise RefusedError("not a read", index)
        leaves.append(told)
    last = -1
    if not (folder / "reads.jsonl").is_file():
        return
    for line in (folder / "reads.jsonl").read_text().splitlines():
        item = json.loads(line)
        index, content = item["index"], item["content"].encode()
        if not last < index < len(leaves):
            raise RefusedError("a read that is not there, or out of order")
        if sha(bytes.fromhex(item["salt"]) + content).hex() != leaves[index]["commitment"]:
            raise RefusedError("it is not what was read", index)
        if json.loads(content)["real_at"] != leaves[index]["at"]:
            raise RefusedError("it was read at another time", index)
        last = index


def _tile(folder: Path, level: str, index: int, width: int) -> bytes:
    """c2sp.org/tlog-tiles, Merkle tree: groups of three digits, all but the last with an x."""
    groups = [f"{index % 1000:03d}"]
    while index := index // 1000:
        groups.insert(0, f"x{index % 1000:03d}")
    path = folder / "tile" / level / "/".join(groups)
    path = path if width == 256 else path.with_name(path.name + ".p") / str(width)
    if not path.is_file():
        raise RefusedError(f"there is no {path.relative_to(folder)}")
    return path.read_bytes()


def _check_chains(leaves: list[bytes]) -> None:
    ends: dict[str, tuple[int, str, str]] = {}
    for index, data in enumerate(leaves):
        envelope = _envelope(data, index)
        number, previous, at = ends.get(envelope["record"], (0, GENESIS, ""))
        _check_link(envelope, number, previous, at, index)
        ends[envelope["record"]] = (number + 1, leaf(data).hex(), envelope["recorded_at"])


def canonical(value: Any) -> bytes:
    """RFC 8785, for texts in ASCII and small whole numbers."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def is_hash(text: str) -> bool:
    return len(text) == 64 and set(text) <= set("0123456789abcdef")


def is_time(text: str) -> bool:
    return datetime.fromisoformat(text).strftime("%Y-%m-%dT%H:%M:%S.%fZ") == text


def _envelope(data: bytes, index: int) -> dict[str, Any]:
    """Decision 1: five members beside the format, in their one spelling."""
    try:
        told: dict[str, Any] = json.loads(data)
        names = {"commitment", "format", "number", "previous", "record", "recorded_at"}
        holds = told.keys() == names and canonical(told) == data and type(told["number"]) is int
        holds = holds and is_hash(told["commitment"]) and is_hash(told["previous"]) and is_time(told["recorded_at"])
        holds = holds and len(told["record"]) == 26 and set(told["record"]) <= set("abcdefghijklmnopqrstuvwxyz234567")
    except (ValueError, TypeError, AttributeError):
        told, holds = {}, False
    if not holds:
        raise RefusedError("not an entry", index)
    return told


def _check_link(envelope: dict[str, Any], number: int, previous: str, at: str, index: int) -> None:
    if envelope["format"] != "ledger-entry/1" or envelope["number"] != number + 1:
        raise RefusedError("a number is left out, or comes twice", index)
    if envelope["previous"] != previous:
        raise RefusedError("it does not follow the entry before it", index)
    if envelope["recorded_at"] < at:
        raise RefusedError("it was recorded before the entry before it", index)


def _read_record(folder: Path, manifest: dict[str, Any], head: Read) -> None:
    note = (folder / "checkpoint").read_text()
    number, previous, at, last = 0, GENESIS, "", -1
    for line in (folder / "entries.jsonl").read_text().split("\n")[:-1]:
        item = json.loads(line)
        data, index = item["envelope"].encode(), item["index"]
        envelope = _envelope(data, index)
        _check_link(envelope, number, previous, at, index)
        if envelope["record"] != manifest["record"] or index <= last:
            raise RefusedError("it is another record's, or out of order", index)
        path = [unbase64(one) for one in item["proof"]]
        if not included(index, head.size, leaf(data), path, head.root):
            raise RefusedError("it is not in the log where it says", index)
        _check_content(item, envelope, index)
        _check_proof(folder / "proofs" / f"{envelope['number']}.tlog-proof", item, note)
        head.entries.append((index, data))
        number, previous, at, last = number + 1, leaf(data).hex(), envelope["recorded_at"], index
    if manifest["as_of"] != {"number": number, "hash": previous}:
        raise RefusedError("the record ends elsewhere than it says")
    head.leaves = number


def _check_content(item: dict[str, Any], envelope: dict[str, Any], index: int) -> None:
    if item["shown"] == "whole":
        salt = bytes.fromhex(item["salt"])
        if len(salt) != 32 or sha(salt + item["content"].encode()).hex() != envelope["commitment"]:
            raise RefusedError("the content is not what was committed to", index)
    elif item["shown"] not in ("part", "withheld", "erased") or item.keys() & {"salt", "content"}:
        raise RefusedError("an entry that is not shown whole has no content", index)


def _check_proof(path: Path, item: dict[str, Any], note: str) -> None:
    """c2sp.org/tlog-proof: the same index, path and checkpoint as the export has them elsewhere."""
    told, _, checkpoint_told = path.read_text().partition("\n\n")
    first, *lines = told.split("\n")
    if lines and lines[0].startswith("extra "):
        lines = lines[1:]
    if first != "c2sp.org/tlog-proof@v1" or lines != [f"index {item['index']}", *item["proof"]]:
        raise RefusedError("not the proof of this entry", item["index"])
    if checkpoint_told != note:
        raise RefusedError("a proof under another checkpoint", item["index"])
