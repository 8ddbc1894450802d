"""Where the files of an export are put: a folder or a zip, with the SHA-256 of each.

Names, order, times and rights are the same each time, so that the same export is the same bytes. One file is open at a
time, and none is held in memory.
"""

import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final, Protocol

from ledger.domain.entry import canonical

#: A zip has no time before this, and needs one.
_NO_TIME: Final = (1980, 1, 1, 0, 0, 0)
_REGULAR_FILE: Final = 0o100600 << 16
#: What is kept for a while stands in memory up to this, beyond it in a file without a name.
_IN_MEMORY_BYTES: Final = 4 * 1024**2

Write = Callable[[bytes], object]


class Parcel(Protocol):
    """Takes an export's files one after the other; `hashes` are of those that are closed, in hexadecimal."""

    @property
    def hashes(self) -> dict[str, str]: ...

    def file(self, path: str) -> AbstractContextManager[Write]:
        """Open the file of this path for as long as the block lasts."""

    def close(self) -> None:
        """Nothing comes any more; what was written is on the disk, where there is one."""


class Folder:
    """A folder, which is made and must not be there; nobody but its owner may look into it."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self.hashes: dict[str, str] = {}
        place.mkdir(mode=0o700)

    @contextmanager
    def file(self, path: str) -> Iterator[Write]:
        """Open one of its files."""
        place = self._place / path
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
            yield (writing := _Hashed(opened))
        self.hashes[path] = writing.digest

    def close(self) -> None:
        """Bring every file and folder to the disk."""
        for folder, _, names in os.walk(self._place, topdown=False):
            for name in names:
                fsync(Path(folder) / name)
            fsync(Path(folder))


class Zip:
    """A zip, written to a file that is open for writing and reading."""

    def __init__(self, to: IO[bytes]) -> None:
        self._to = to
        self._zip = zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED)
        self.hashes: dict[str, str] = {}

    @contextmanager
    def file(self, path: str) -> Iterator[Write]:
        """Open one of its files."""
        about = zipfile.ZipInfo(path, _NO_TIME)
        about.compress_type, about.external_attr, about.create_system = zipfile.ZIP_DEFLATED, _REGULAR_FILE, 3
        with self._zip.open(about, "w", force_zip64=True) as opened:
            yield (writing := _Hashed(opened))
        self.hashes[path] = writing.digest

    def close(self) -> None:
        """End the zip; the file stays open."""
        self._zip.close()
        self._to.flush()


class _Hashed:
    def __init__(self, to: IO[bytes]) -> None:
        self._to, self._sum = to, hashlib.sha256()

    def __call__(self, data: bytes) -> None:
        self._to.write(data)
        self._sum.update(data)

    @property
    def digest(self) -> str:
        return self._sum.hexdigest()


class Spool:
    """Values that JSON can hold, put down once and read again in order, as often as is wanted."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES)  # noqa: SIM115 - closed by `close`

    def put(self, value: Any) -> None:
        """Add one value."""
        self._file.seek(0, os.SEEK_END)
        self._file.write(json.dumps(value, separators=(",", ":")).encode() + b"\n")

    def __iter__(self) -> Iterator[Any]:
        at = 0
        while True:
            self._file.seek(at)
            line = self._file.readline()
            if not line:
                return
            at = self._file.tell()
            yield json.loads(line)

    def close(self) -> None:
        """Let go of what was kept."""
        self._file.close()


@contextmanager
def spool() -> Iterator[Spool]:
    """A spool for as long as the block lasts."""
    made = Spool()
    try:
        yield made
    finally:
        made.close()


def put(parcel: Parcel, path: str, parts: Iterable[bytes]) -> None:
    """Write one file out of its parts."""
    with parcel.file(path) as write:
        for part in parts:
            write(part)


def json_line(value: Any) -> bytes:
    """A value as one line of canonical JSON (RFC 8785)."""
    return canonical(value) + b"\n"


def fsync(place: Path) -> None:
    """Bring a file, or a folder's names, to the disk."""
    descriptor = os.open(place, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
