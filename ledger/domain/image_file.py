"""Whether the bytes of a picture are one whole picture, and the notes that a camera or a program left in it.

Nothing is decoded: each format's outer structure is walked, which is enough to know that the file is what it says,
that it is all there, and that nothing is carried behind it. Sources: ITU-T T.81 (JPEG), W3C PNG third edition, the WebP
container specification, ISO/IEC 14496-12 and 23008-12 (HEIC).
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

#: What is inflated of a picture's compressed notes, all together, at most.
NOTES_BYTES_MAX: Final = 4 * 1024 * 1024
#: A picture of more parts than this was made to keep a reader busy.
PARTS_MAX: Final = 20_000
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_JPEG: Final = b"\xff\xd8"
#: Parts of a JPEG that stand alone, without a length.
_BARE: Final = frozenset({0x01, *range(0xD0, 0xD8)})
_FRAMES: Final = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_START, _END, _SCAN = 0xD8, 0xD9, 0xDA
#: Within a scan 0xFF is followed by 0, by a restart mark or by another 0xFF; by anything else where it ends.
_AFTER_SCAN: Final = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
#: How a program that writes PNG keeps EXIF as text: two lines, then the block in hexadecimal.
_IN_HEX: Final = re.compile(rb"Raw profile type (?:exif|APP1)\0.*?\n\w+\n *\d+\n([0-9a-fA-F\s]+)", re.DOTALL)
#: The kinds of HEIC still pictures.
_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"})


class BrokenImageError(ValueError):
    """The bytes are not one whole picture of their format; the text says what is wrong, in words for the sender."""


@dataclass(slots=True)
class Notes:
    """What a picture says of itself: blocks of EXIF (a TIFF header and what follows), and other text."""

    exif: list[memoryview] = field(default_factory=list)
    texts: list[bytes] = field(default_factory=list)
    _parts: int = 0
    _inflated: int = 0

    def count_part(self) -> None:
        """One more part of the picture was met. Raises BrokenImageError where there are too many."""
        self._parts += 1
        if self._parts > PARTS_MAX:
            raise BrokenImageError("the picture is in more parts than a picture has")

    def inflate(self, packed: bytes) -> None:
        """Keep what is packed, if it is. Raises BrokenImageError where it is more than notes are."""
        inflating = zlib.decompressobj()
        try:
            text = inflating.decompress(packed, NOTES_BYTES_MAX - self._inflated + 1)
        except zlib.error:
            return
        self._inflated += len(text)
        if self._inflated > NOTES_BYTES_MAX:
            raise BrokenImageError("its notes are longer than a picture's notes are")
        self.texts.append(text)


def read_jpeg(data: bytes) -> Notes:
    """The notes of a JPEG, and of further pictures that stand directly behind it, as telephones store them."""
    notes, at = Notes(), 0
    while data.startswith(_JPEG, at):
        at = _one_jpeg(data, at, notes)
    if data[at:].strip(b"\0"):
        raise BrokenImageError(
            "there is something else behind the end of the picture, such as a moving clip or an editor's notes; "
            "save it as a plain picture"
        )
    return notes


def _one_jpeg(data: bytes, at: int, notes: Notes) -> int:
    """Walk one picture; where it ends."""
    at, has_frame = at + 2, False
    while True:
        notes.count_part()
        at = _next_marker(data, at)
        marker, at = data[at], at + 1
        if marker == _END:
            if not has_frame:
                raise BrokenImageError("the file holds no picture")
            return at
        if marker in _BARE:
            continue
        length = int.from_bytes(data[at : at + 2])
        part = data[at + 2 : at + length]
        if length < 2 or at + length > len(data) or marker == _START:
            raise BrokenImageError("the picture breaks off in the middle")
        at += length
        if 0xE0 <= marker <= 0xEF or marker == 0xFE:
            _keep(part, notes)
        elif marker in _FRAMES:
            has_frame = len(part) >= 6 and bool(int.from_bytes(part[3:5]))
        elif marker == _SCAN:
            at = _end_of_scan(data, at)


def _next_marker(data: bytes, at: int) -> int:
    if data[at : at + 1] != b"\xff":
        raise BrokenImageError("the picture breaks off in the middle")
    while data[at : at + 1] == b"\xff":
        at += 1
    if at >= len(data):
        raise BrokenImageError("the picture breaks off in the middle")
    return at


def _end_of_scan(data: bytes, at: int) -> int:
    found = _AFTER_SCAN.search(data, at)
    if found is None:
        raise BrokenImageError("the picture breaks off in the middle")
    return found.start()


def _keep(part: bytes, notes: Notes) -> None:
    if part.startswith(b"Exif\0"):
        notes.exif.append(memoryview(part)[6:])
    else:
        notes.texts.append(part)


def read_png(data: bytes) -> Notes:
    """The notes of a PNG; every part's checksum must be right."""
    notes, kinds = Notes(), []
    for kind, part in _png_parts(data):
        notes.count_part()
        kinds.append(kind)
        if kind == b"eXIf":
            notes.exif.append(memoryview(part))
        elif kind in (b"tEXt", b"iTXt", b"zTXt"):
            _keep_text(part, notes)
    if kinds[:1] != [b"IHDR"] or b"IDAT" not in kinds or kinds[-1] != b"IEND":
        raise BrokenImageError("the file holds no whole picture")
    return notes


def _keep_text(part: bytes, notes: Notes) -> None:
    """A note as it stands and as it is when unpacked; of EXIF kept as text, the block."""
    name, _, rest = part.partition(b"\0")
    notes.texts.append(part)
    if rest[:1] == b"\0":
        notes.inflate(rest[1:])
    elif rest[:2] == b"\1\0":
        notes.inflate(rest[2:].split(b"\0", 2)[-1])
    found = _IN_HEX.match(name + b"\0" + notes.texts[-1]) or _IN_HEX.match(part)
    if found:
        digits = b"".join(found[1].split()).decode()
        notes.texts.append(bytes.fromhex(digits[: len(digits) // 2 * 2]))


def _png_parts(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_PNG)
    while at < len(data):
        length = int.from_bytes(data[at : at + 4])
        end = at + 12 + length
        kind, part = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        if end > len(data) or zlib.crc32(kind + part) != int.from_bytes(data[end - 4 : end]):
            raise BrokenImageError("the picture breaks off in the middle or was damaged")
        yield kind, part
        at = end
        if kind == b"IEND" and at < len(data):
            raise BrokenImageError("there is something else behind the end of the picture; save it as a plain picture")


def read_webp(data: bytes) -> Notes:
    """The notes of a WebP."""
    if 8 + int.from_bytes(data[4:8], "little") != len(data):
        raise BrokenImageError("the picture breaks off in the middle, or there is something else behind its end")
    notes, at, has_picture = Notes(), 12, False
    while at < len(data):
        notes.count_part()
        kind, length = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        part, at = data[at + 8 : at + 8 + length], at + 8 + length + length % 2
        if at > len(data):
            raise BrokenImageError("the picture breaks off in the middle")
        has_picture |= kind in (b"VP8 ", b"VP8L", b"ANMF")
        if kind == b"EXIF":
            notes.exif.append(memoryview(part.removeprefix(b"Exif\0\0")))
        elif kind == b"XMP ":
            notes.texts.append(part)
    if not has_picture:
        raise BrokenImageError("the file holds no picture")
    return notes


def read_heic(data: bytes) -> Notes:
    """The notes of a HEIC. Where in the file each lies is not followed: every place that looks like one is taken."""
    notes, boxes, at = Notes(texts=[data]), set(), 0
    while at < len(data):
        notes.count_part()
        length, kind = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        start = 8
        if length == 1:
            length, start = int.from_bytes(data[at + 8 : at + 16]), 16
        length = len(data) - at if length == 0 else length
        if length < start or at + length > len(data):
            raise BrokenImageError("the picture breaks off in the middle")
        boxes.add(kind)
        at += length
    if not {b"meta", b"mdat"} <= boxes:
        raise BrokenImageError("the file holds no still picture")
    whole = memoryview(data)
    notes.exif = [whole[place:] for place in islice(_tiff_headers(data), PARTS_MAX)]
    return notes


def is_heic(data: bytes) -> bool:
    """Whether a file of boxes is a still picture and not a film."""
    brands = data[8 : min(int.from_bytes(data[:4]), 256)]
    return data[4:8] == b"ftyp" and any(brands[at : at + 4] in _BRANDS for at in range(0, len(brands), 4))


def _tiff_headers(data: bytes) -> Iterator[int]:
    """Where a block of EXIF may begin that says by four zero bytes that nothing stands before it."""
    for header in (b"\0\0\0\0II*\0", b"\0\0\0\0MM\0*"):
        at = data.find(header)
        while at >= 0:
            yield at + 4
            at = data.find(header, at + 1)
