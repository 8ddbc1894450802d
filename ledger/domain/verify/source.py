"""The files of an export, in a folder or a zip, read as if whoever made it meant harm.

No name leads out of the export, no link is followed, no file is read beyond what it may be, and a zip that would grow
out of all proportion is refused before any of it is read.
"""

import hashlib
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Protocol, Self

from ledger.domain.verify.fault import FileFaultError, UnreadableError

_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
_LONGEST_NAME = 200
MOST_FILES = 20_000_000
#: Text and hashes deflate to a tenth at best; a zip that grows more than this is made to harm.
_GROWTH = 100
_SMALL = 64 * 1024**2
_CHUNK = 1024**2
#: What reading a zip's member may raise beside errors of the disk.
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError)


class Files(Protocol):
    """Where files are: their names with sizes, and a way to open each."""

    @property
    def sizes(self) -> Mapping[str, int]: ...

    def open(self, name: str) -> IO[bytes]: ...

    def close(self) -> None: ...


class FolderFiles:
    """The files of a folder and of those in it."""

    def __init__(self, path: str) -> None:
        self._path = path
        self.sizes: dict[str, int] = {}
        for folder, folders, files in os.walk(path):
            for name in (*folders, *files):
                place = Path(folder) / name
                about = place.lstat()
                inner = place.relative_to(path).as_posix()
                if stat.S_ISDIR(about.st_mode):
                    continue
                if not stat.S_ISREG(about.st_mode):
                    raise UnreadableError("the folder holds a link or a special file: an export is plain files")
                _add_file(self.sizes, inner, about.st_size)

    def open(self, name: str) -> IO[bytes]:
        return (Path(self._path) / name).open("rb")

    def close(self) -> None:
        """Nothing is kept open."""


class ZipFiles:
    """The files of a zip; a single folder around them all is passed over."""

    def __init__(self, path: str) -> None:
        try:
            self._zip = zipfile.ZipFile(path)
        except _DAMAGED as error:
            raise UnreadableError("the file is not a zip, or is damaged") from error
        members: dict[str, int] = {}
        self._members: dict[str, zipfile.ZipInfo] = {}
        for member in self._zip.infolist():
            if member.is_dir():
                continue
            if member.flag_bits & 1 or member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise UnreadableError("the zip is encrypted, or packed in a way that is not read here")
            if stat.S_ISLNK(member.external_attr >> 16):
                raise UnreadableError("the zip holds a link: an export is plain files")
            _add_file(members, member.filename, member.file_size)
            self._members[member.filename] = member
        if sum(members.values()) > max(_SMALL, _GROWTH * Path(path).stat().st_size):
            raise UnreadableError("the zip would grow out of all proportion; it was not unpacked")
        around = _folder_around(members)
        self._members = {name.removeprefix(around): member for name, member in self._members.items()}
        self.sizes: dict[str, int] = {name: member.file_size for name, member in self._members.items()}

    def open(self, name: str) -> IO[bytes]:
        return self._zip.open(self._members[name])

    def close(self) -> None:
        self._zip.close()


def _add_file(sizes: dict[str, int], name: str, size: int) -> None:
    if len(name) > _LONGEST_NAME or not _NAME.fullmatch(name):
        raise UnreadableError("a file of the export has a name that no export gives, or one that leads out of it")
    if name in sizes:
        raise UnreadableError("two files of the export have the same name")
    if len(sizes) >= MOST_FILES:
        raise UnreadableError("the export has too many files")
    sizes[name] = size


def _folder_around(names: Mapping[str, int]) -> str:
    if "export.json" in names:
        return ""
    folders = {name.partition("/")[0] + "/" for name in names}
    return folders.pop() if len(folders) == 1 else ""


class Source:
    """An export's files with their SHA-256, each worked out while the file is read, once."""

    def __init__(self, files: Files) -> None:
        self._files = files
        #: In hexadecimal, of the files that were read to their end.
        self.hashes: dict[str, str] = {}

    @property
    def names(self) -> Mapping[str, int]:
        return self._files.sizes

    def read(self, name: str, most: int) -> bytes:
        """A whole file of at most so many bytes; FileFaultError where it is missing, larger or damaged."""
        if self.names.get(name, 0) > most:
            raise FileFaultError(name, "the file is larger than it can be")
        content = b"".join(self.chunks(name))
        if len(content) > most:
            raise FileFaultError(name, "the file is larger than it can be")
        return content

    def text(self, name: str, most: int) -> str:
        """A whole file as text; FileFaultError besides where it is not UTF-8."""
        try:
            return self.read(name, most).decode()
        except UnicodeDecodeError:
            raise FileFaultError(name, "the file is not UTF-8 text") from None

    def chunks(self, name: str) -> Iterator[bytes]:
        """A file piece by piece; FileFaultError where it is missing or damaged."""
        if name not in self.names:
            raise FileFaultError(name, "the file is missing from the export")
        digest = hashlib.sha256()
        try:
            with self._files.open(name) as opened:
                while chunk := opened.read(_CHUNK):
                    digest.update(chunk)
                    yield chunk
        except (*_DAMAGED, OSError):
            raise FileFaultError(name, "the file is damaged and cannot be read") from None
        self.hashes[name] = digest.hexdigest()

    def lines(self, name: str, most: int) -> Iterator[bytes]:
        """A file's lines without their newlines; FileFaultError for one that is too long or has no newline."""
        rest = b""
        for chunk in self.chunks(name):
            *whole, rest = (rest + chunk).split(b"\n")
            if len(rest) > most or any(len(line) > most for line in whole):
                raise FileFaultError(name, "a line of the file is longer than it can be")
            yield from whole
        if rest:
            raise FileFaultError(name, "the file ends in the middle of a line")

    def finish(self, name: str) -> str:
        """The file's SHA-256 in hexadecimal, from what was read before or by reading it now."""
        if name not in self.hashes:
            for _ in self.chunks(name):
                pass
        return self.hashes[name]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the files."""
        self._files.close()


def open_source(path: str) -> Source:
    """The export at a path, a folder or a zip; UnreadableError where there is neither."""
    try:
        return Source(FolderFiles(path) if Path(path).is_dir() else ZipFiles(path))
    except OSError:
        raise UnreadableError("there is no export at this path, or it may not be read") from None
