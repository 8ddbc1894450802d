"""Whether a picture says where it was taken: its place can betray a refuge, and nobody sees it by looking.

Read are EXIF's GPS directory (CIPA DC-008) and the same in XMP. A block that cannot be followed counts as saying where.
What a maker keeps in notes of its own form is not read.
"""

import struct
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from ledger.domain.image_file import Notes

_GPS_DIRECTORY: Final = 0x8825
#: Of the GPS directory what tells no place: its version, the time, the date.
_NO_PLACE: Final = frozenset({0x00, 0x07, 0x1D})
_IN_TEXT: Final = (b"GPSLatitude", b"GPSLongitude", b"GPSDest", b"GPSArea", b"GPSPosition")
_EMBEDDED: Final = b"Exif\0\0"
_ENTRY_BYTES: Final = 12
#: More blocks, or more entries of one, than any camera writes; what has them cannot be followed.
_BLOCKS_MAX: Final = 1_000
_ENTRIES_MAX: Final = 500


def says_where(notes: Notes) -> bool:
    """Whether any of a picture's notes holds a place."""
    return _any_place(notes.exif) or any(map(holds_located, notes.texts))


def holds_located(data: bytes) -> bool:
    """The same for a file that may hold pictures within it, such as a PDF, as far as they are not packed again."""
    return any(word in data for word in _IN_TEXT) or _any_place(_embedded(data))


def _embedded(data: bytes) -> Iterator[memoryview]:
    whole, at = memoryview(data), data.find(_EMBEDDED)
    while at >= 0:
        yield whole[at + len(_EMBEDDED) :]
        at = data.find(_EMBEDDED, at + 1)


def _any_place(blocks: Iterable[memoryview]) -> bool:
    for number, block in enumerate(islice(blocks, _BLOCKS_MAX + 1)):
        if number == _BLOCKS_MAX or _has_place(block):
            return True
    return False


def _has_place(block: memoryview) -> bool:
    """Whether a TIFF block's first directory leads to a GPS directory that tells more than a time."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(bytes(block[:4]))
    if order is None:
        return False
    try:
        (first,) = struct.unpack_from(f"{order}I", block, 4)
        entries = dict(_directory(block, order, first))
        if _GPS_DIRECTORY not in entries:
            return False
        return any(tag not in _NO_PLACE for tag, _ in _directory(block, order, entries[_GPS_DIRECTORY]))
    except struct.error:
        return True


def _directory(block: memoryview, order: str, at: int) -> Iterator[tuple[int, int]]:
    """Each entry's tag and the four bytes of its value, as a number. Raises struct.error where the block is short."""
    (count,) = struct.unpack_from(f"{order}H", block, at)
    if count > _ENTRIES_MAX:
        raise struct.error
    for place in range(count):
        tag, _, _, value = struct.unpack_from(f"{order}HHII", block, at + 2 + place * _ENTRY_BYTES)
        yield tag, value
