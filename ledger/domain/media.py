"""What bytes are, by their own beginning and not by what was said of them, and which of that is taken as an attachment.

Taken are still pictures, PDF and plain text, each held to its structure. Whatever a program could run or a browser
could open as a page is refused by name. This is no search for viruses.
"""

import re
from dataclasses import dataclass
from typing import Final

from ledger.domain.image_file import BrokenImageError, Notes, is_heic, read_heic, read_jpeg, read_png, read_webp
from ledger.domain.located import holds_located, says_where

JPEG, PNG, WEBP, HEIC = "image/jpeg", "image/png", "image/webp", "image/heic"
PDF, TEXT = "application/pdf", "text/plain"

#: The media types that are taken, and the ending of a file of each.
TAKEN: Final = {JPEG: "jpg", PNG: "png", WEBP: "webp", HEIC: "heic", PDF: "pdf", TEXT: "txt"}
_READERS: Final = {JPEG: read_jpeg, PNG: read_png, WEBP: read_webp, HEIC: read_heic}

_LIST: Final = "Send a picture as JPEG, PNG, WebP or HEIC, a document as PDF, or plain text."
_OFFICE: Final = f"This is an Office document or an archive, which can carry macros and other files. {_LIST}"
_PROGRAM: Final = f"This is a program. {_LIST}"
_FILM: Final = f"This is a film or a sound recording, which is not taken. {_LIST}"
_PAGE: Final = f"This is HTML, SVG or other XML, which can carry scripts. {_LIST}"
_SIGNATURES: Final = ((b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG), (b"%PDF-", PDF))
#: What is refused, by how it begins. Where that is letters alone, plain text may begin so too.
_REFUSED: Final = (
    (b"PK\x03\x04", _OFFICE),
    (b"PK\x05\x06", _OFFICE),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _OFFICE),
    (b"{\\rtf", _OFFICE),
    (b"Rar!", _OFFICE),
    (b"7z\xbc\xaf\x27\x1c", _OFFICE),
    (b"\x1f\x8b", _OFFICE),
    (b"MZ", _PROGRAM),
    (b"\x7fELF", _PROGRAM),
    (b"#!", _PROGRAM),
    (b"GIF8", f"GIF is not taken. {_LIST}"),
    (b"BM", f"BMP is not taken. {_LIST}"),
    (b"II*\0", f"TIFF is not taken. {_LIST}"),
    (b"MM\0*", f"TIFF is not taken. {_LIST}"),
    (b"ID3", _FILM),
    (b"OggS", _FILM),
    (b"\x1a\x45\xdf\xa3", _FILM),
)
_ESCAPED_IN_PDF: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
#: Parts of a PDF that run something or carry other files.
_ACTIVE_IN_PDF: Final = (b"/JavaScript", b"/Launch", b"/EmbeddedFile", b"/RichMedia", b"/XFA")
_MARKUP: Final = (b"<!doctype", b"<html", b"<svg", b"<?xml", b"<script", b"<!--", b"<head", b"<body", b"<iframe")
_BOM: Final = b"\xef\xbb\xbf"
_CONTROL: Final = bytes(code for code in range(32) if code not in (9, 10, 12, 13)) + b"\x7f"


@dataclass(frozen=True, slots=True)
class MediaFault:
    """Why bytes are not taken: a code for programs, words for the sender. Neither repeats what was sent."""

    code: str
    words: str


NOT_TAKEN: Final = "media_type_not_taken"
NOT_AS_SAID: Final = "media_type_differs"
BROKEN: Final = "attachment_broken"


def media_type_of(data: bytes) -> str | MediaFault:
    """The media type that the bytes have, or why they are none that is taken."""
    found = _by_signature(data)
    if found is not None:
        return found
    is_text = _is_text(data)
    for start, words in _REFUSED:
        if data.startswith(start) and not (is_text and start.isalnum()):
            return MediaFault(NOT_TAKEN, words)
    if _is_markup(data):
        return MediaFault(NOT_TAKEN, _PAGE)
    return TEXT if is_text else MediaFault(NOT_TAKEN, f"This is no kind of file that is taken. {_LIST}")


def _by_signature(data: bytes) -> str | MediaFault | None:
    """What a file says of itself in its first bytes, where what is taken has such."""
    for start, media_type in _SIGNATURES:
        if data.startswith(start):
            return media_type
    if data.startswith(b"RIFF"):
        return WEBP if data[8:12] == b"WEBP" else MediaFault(NOT_TAKEN, _FILM)
    if data[4:8] == b"ftyp":
        return HEIC if is_heic(data) else MediaFault(NOT_TAKEN, _FILM)
    return None


def read_media(data: bytes, said: str) -> bool | MediaFault:
    """Whether bytes that were said to be of a media type say where they were taken, or why they are not taken."""
    found = media_type_of(data)
    if isinstance(found, MediaFault):
        return found
    if found != said:
        return MediaFault(NOT_AS_SAID, f"The file is {found}. Say what it is, or send the file that was meant.")
    try:
        return _read(data, found)
    except BrokenImageError as error:
        return MediaFault(BROKEN, f"The file cannot be taken: {error}.")


def _read(data: bytes, media_type: str) -> bool | MediaFault:
    if media_type in _READERS:
        notes: Notes = _READERS[media_type](data)
        return says_where(notes)
    if media_type == PDF:
        if b"%%EOF" not in data[-2048:]:
            return MediaFault(BROKEN, "The file cannot be taken: the document breaks off in the middle.")
        # A name may be written with any of its letters as # and two digits: /JavaScript is /Java#53cript too.
        plain = _ESCAPED_IN_PDF.sub(lambda escaped: bytes.fromhex(escaped[1].decode()), data)
        if any(part in plain for part in _ACTIVE_IN_PDF):
            return MediaFault(
                NOT_TAKEN,
                "This PDF carries scripts, programs or other files. Print it to a new PDF and send that.",
            )
        return holds_located(data)
    return False


def _is_markup(data: bytes) -> bool:
    """Whether text begins as a page or a drawing would, whatever stands before it."""
    start = data[:1024].removeprefix(_BOM).lstrip().lower()
    return start.startswith(_MARKUP) or b"<svg" in start or b"<html" in start or b"<script" in start


def _is_text(data: bytes) -> bool:
    """Whether it is UTF-8 without control characters, and something."""
    if not data or data.translate(None, _CONTROL) != data:
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
