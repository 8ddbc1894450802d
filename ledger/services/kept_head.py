"""What the sealer signed last, kept in files of its own: whoever changes or restores the database does not change it.

For each log a file with the head (size, root, the right edge of the tree, the signed note) and a journal of all heads.
A head is written beside, synced and renamed into place: whenever the machine stops, the one before it or the new one
is there, whole. A new head is given to nobody before it is kept, so one that failed to be kept was never said.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, Self

from ledger.domain.entry import written_time
from ledger.domain.log.checkpoint import Checkpoint, parse_checkpoint
from ledger.domain.log.merkle import Frontier
from ledger.domain.log.note import parse_note

FORMAT: Final = "ledger-head/1"
#: A journal longer than this is thinned when the store is next opened.
JOURNAL_BYTES_MAX: Final = 8_000_000
_A_DAY, _A_MONTH = timedelta(days=1), timedelta(days=30)


class StoreInUseError(Exception):
    """Another process has the store open."""


class StoreBrokenError(Exception):
    """A file of the store does not hold what it must; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Head:
    """A signed tree head. `edge`: the hashes of its complete subtrees, the largest first; `note`: as it was signed."""

    origin: str
    size: int
    root: bytes
    edge: tuple[bytes, ...]
    note: str
    signed_at: datetime

    @property
    def frontier(self) -> Frontier:
        """A right edge to go on from."""
        return Frontier.of(self.size, self.edge)

    def to_bytes(self) -> bytes:
        """As it is kept."""
        said = {
            "format": FORMAT,
            "origin": self.origin,
            "size": self.size,
            "root": self.root.hex(),
            "edge": [whole.hex() for whole in self.edge],
            "note": self.note,
            "signed_at": written_time(self.signed_at),
        }
        return json.dumps(said, indent=1).encode() + b"\n"

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """What was kept. Raises ValueError where it does not agree with itself: edge, root and signed text."""
        said: dict[str, Any] = json.loads(data)
        if said.get("format") != FORMAT:
            raise ValueError("it is of another format")
        edge = tuple(bytes.fromhex(whole) for whole in said["edge"])
        head = cls(
            said["origin"],
            said["size"],
            bytes.fromhex(said["root"]),
            edge,
            said["note"],
            datetime.fromisoformat(said["signed_at"]),
        )
        if head.frontier.root() != head.root:
            raise ValueError("its root is not that of its edge")
        if parse_checkpoint(parse_note(head.note).text) != Checkpoint(head.origin, head.size, head.root):
            raise ValueError("its note says something else")
        return head


@dataclass(frozen=True, slots=True)
class Signed:
    """A line of the journal: that a head of this size was signed, and when."""

    size: int
    root: bytes
    signed_at: datetime


class Disk:
    """The steps by which a file comes to be kept, each of which can fail, before it took effect or after."""

    def write(self, path: Path, data: bytes) -> None:
        """Make a file anew, for its owner alone."""
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)

    def add(self, path: Path, data: bytes) -> None:
        """Write on at the end of a file."""
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "ab") as file:
            file.write(data)

    def sync(self, path: Path) -> None:
        """Wait until what a file or folder holds is on the disk."""
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def rename(self, path: Path, to: Path) -> None:
        """Put a file in the place of another."""
        path.replace(to)


class KeptHeads:
    """The store, open for this process alone. Close it, or end: the lock goes with the process."""

    def __init__(self, folder: Path, disk: Disk | None = None) -> None:
        """Open it, made if it is not there. Raises StoreInUseError, and OSError where the folder cannot be used."""
        self.folder, self._disk = folder, disk or Disk()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(self._lock)
            raise StoreInUseError from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let another process have it."""
        os.close(self._lock)

    def read(self, log: str) -> Head | None:
        """The head that was kept last, from the disk. Raises StoreBrokenError."""
        return read_head(self.folder, log)

    def keep(self, log: str, head: Head) -> None:
        """Keep a head in the place of the last. Raises OSError: then the last or this one is there, see `read`.

        Raises StoreBrokenError for one that is not of the same log, or not larger: what was signed is not taken back.
        """
        last = self.read(log)
        if last is not None and (last.origin != head.origin or last.size >= head.size):
            raise StoreBrokenError("a kept head is only ever followed by a larger one of the same log")
        path = self.folder / f"{log}.head"
        beside = path.with_suffix(".new")
        self._disk.write(beside, head.to_bytes())
        self._disk.sync(beside)
        self._disk.rename(beside, path)
        self._disk.sync(self.folder)
        journal = self.folder / f"{log}.journal"
        torn = "" if _ends_whole(journal) else "\n"
        self._disk.add(journal, f"{torn}{_line(Signed(head.size, head.root, head.signed_at))}".encode())

    def thin(self, log: str, now: datetime) -> None:
        """Drop from a journal that grew long all but one head a minute after a day, one an hour after a month."""
        path = self.folder / f"{log}.journal"
        if not path.exists() or path.stat().st_size <= JOURNAL_BYTES_MAX:
            return
        beside = path.with_suffix(".thin")
        self._disk.write(beside, "".join(map(_line, _thinned(journal(self.folder, log), now))).encode())
        self._disk.sync(beside)
        self._disk.rename(beside, path)
        self._disk.sync(self.folder)


def read_head(folder: Path, log: str) -> Head | None:
    """The head that a store keeps, whoever has it open; None where there is none. Raises StoreBrokenError."""
    path = folder / f"{log}.head"
    try:
        return Head.from_bytes(path.read_bytes())
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise StoreBrokenError(f"{path} does not hold a head: {error}") from error
    except OSError as error:
        raise StoreBrokenError(f"{path} cannot be read") from error


def journal(folder: Path, log: str) -> Iterator[Signed]:
    """The heads that were signed, the first one first; a line that a crash tore is passed over."""
    try:
        lines = (folder / f"{log}.journal").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return
    for line in lines:
        try:
            size, root, signed_at = line.split(" ")
            yield Signed(int(size), bytes.fromhex(root), datetime.fromisoformat(signed_at))
        except ValueError:
            continue


def signed_between(folder: Path, log: str, from_size: int, to_size: int) -> tuple[datetime | None, datetime | None]:
    """Between which moments the leaves from one size up to another were signed; None where the journal lacks it."""
    after: datetime | None = None
    before: datetime | None = None
    for head in journal(folder, log):
        if head.size <= from_size:
            after = head.signed_at
        if head.size >= to_size and before is None:
            before = head.signed_at
    return after, before


def _line(head: Signed) -> str:
    return f"{head.size} {head.root.hex()} {written_time(head.signed_at)}\n"


def _ends_whole(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            if file.seek(0, os.SEEK_END) == 0:
                return True
            file.seek(-1, os.SEEK_END)
            return file.read(1) == b"\n"
    except FileNotFoundError:
        return True


def _thinned(heads: Iterator[Signed], now: datetime) -> Iterator[Signed]:
    last: datetime | None = None
    for head in heads:
        age = now - head.signed_at
        apart = timedelta(hours=1) if age > _A_MONTH else timedelta(minutes=1) if age > _A_DAY else timedelta()
        if last is None or head.signed_at - last >= apart:
            last = head.signed_at
            yield head
