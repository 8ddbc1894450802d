"""Small whole pictures of every kind that is taken, with or without a place in their notes."""

import struct
import zlib

#: What a place in EXIF is written as here, in either order of bytes.
_ORDERS = {"<": b"II*\0", ">": b"MM\0*"}


def exif(*, tags: tuple[int, ...] | None = (0, 2, 4), order: str = "<") -> bytes:
    """A TIFF block whose first directory leads to a GPS directory with these tags; with None, to none."""
    first = 8
    if tags is None:
        return _ORDERS[order] + struct.pack(f"{order}I", first) + _directory(order, [(0x0112, 1)])
    gps = first + 2 + 12 + 4
    block = _ORDERS[order] + struct.pack(f"{order}I", first) + _directory(order, [(0x8825, gps)])
    return block + _directory(order, [(tag, 0) for tag in tags])


def _directory(order: str, entries: list[tuple[int, int]]) -> bytes:
    packed = b"".join(struct.pack(f"{order}HHII", tag, 4, 1, value) for tag, value in entries)
    return struct.pack(f"{order}H", len(entries)) + packed + b"\0\0\0\0"


def segment(marker: int, body: bytes) -> bytes:
    """One part of a JPEG."""
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def jpeg(*notes: bytes, scan: bytes = b"\x12\xff\x00\x34\xff\xd0\x56") -> bytes:
    """A JPEG of one scan; each note is the body of an APP1 part."""
    frame = segment(0xC0, b"\x08\x00\x10\x00\x10\x01\x01\x11\x00")
    start = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00")
    return b"\xff\xd8" + b"".join(segment(0xE1, note) for note in notes) + frame + start + scan + b"\xff\xd9"


def chunk(kind: bytes, body: bytes) -> bytes:
    """One part of a PNG."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(*parts: bytes) -> bytes:
    """A PNG of one grey point; each part stands before its picture."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    picture = chunk(b"IDAT", zlib.compress(b"\0\x80"))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(parts) + picture + chunk(b"IEND", b"")


def webp(*parts: tuple[bytes, bytes]) -> bytes:
    """A WebP; each further part by its kind and body."""
    inside = b"WEBP"
    for kind, body in ((b"VP8L", b"\x2f\0\0\0\0"), *parts):
        inside += kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
    return b"RIFF" + struct.pack("<I", len(inside)) + inside


def box(kind: bytes, body: bytes) -> bytes:
    """One box of a HEIC."""
    return struct.pack(">I", len(body) + 8) + kind + body


def heic(note: bytes = b"", brand: bytes = b"heic") -> bytes:
    """A HEIC whose picture's bytes hold a note."""
    return box(b"ftyp", brand + b"\0\0\0\0mif1") + box(b"meta", b"\0\0\0\0") + box(b"mdat", b"\x01\x02" + note)


def pdf(inside: bytes = b"1 0 obj << >> endobj") -> bytes:
    """A PDF as far as its beginning and its end go."""
    return b"%PDF-1.7\n" + inside + b"\n%%EOF\n"


#: One of each kind, without a place.
WHOLE = {
    "image/jpeg": jpeg(),
    "image/png": png(),
    "image/webp": webp(),
    "image/heic": heic(),
    "application/pdf": pdf(),
    "text/plain": b"Dear colleague,\r\n\tI saw Robin. \xc2\xa35.\n",
}

_MARKED = b"Exif\0\0" + exif()
_XMP = b"http://ns.adobe.com/xap/1.0/\0<x exif:GPSLatitude='53,2N'/>"
#: Files that say where they were taken, each in its own way.
LOCATED = {
    "jpeg": ("image/jpeg", jpeg(_MARKED)),
    "jpeg of the other order": ("image/jpeg", jpeg(b"Exif\0\0" + exif(order=">"))),
    "jpeg by xmp": ("image/jpeg", jpeg(_XMP)),
    "jpeg behind a jpeg": ("image/jpeg", jpeg() + jpeg(_MARKED)),
    "jpeg with a broken block": ("image/jpeg", jpeg(b"Exif\0\0" + exif()[:30])),
    "jpeg with a height alone": ("image/jpeg", jpeg(b"Exif\0\0" + exif(tags=(6,)))),
    "png": ("image/png", png(chunk(b"eXIf", exif()))),
    "png by text": ("image/png", png(chunk(b"tEXt", b"Comment\0GPSLatitude=53"))),
    "png by packed text": ("image/png", png(chunk(b"zTXt", b"Comment\0\0" + zlib.compress(_XMP)))),
    "png by packed international text": (
        "image/png",
        png(chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(_XMP))),
    ),
    "png by text in hexadecimal": (
        "image/png",
        png(
            chunk(
                b"zTXt",
                b"Raw profile type exif\0\0"
                + zlib.compress(b"\nexif\n      %d\n" % len(_MARKED) + _MARKED.hex().encode() + b"\n"),
            )
        ),
    ),
    "webp": ("image/webp", webp((b"EXIF", exif()))),
    "webp by xmp": ("image/webp", webp((b"XMP ", _XMP))),
    "heic": ("image/heic", heic(b"\0\0\0\x06" + _MARKED)),
    "heic without a mark": ("image/heic", heic(b"\0\0\0\0" + exif(order=">"))),
    "pdf with a jpeg in it": ("application/pdf", pdf(jpeg(_MARKED))),
}
#: Pictures with notes that say no place.
NOT_LOCATED = {
    "no gps": ("image/jpeg", jpeg(b"Exif\0\0" + exif(tags=None))),
    "only a time": ("image/jpeg", jpeg(b"Exif\0\0" + exif(tags=(0, 7, 0x1D)))),
    "two pictures": ("image/jpeg", jpeg() + jpeg(b"Exif\0\0" + exif(tags=None)) + b"\0\0\0"),
    "a colour profile": ("image/png", png(chunk(b"iCCP", b"x\0\0" + zlib.compress(b"profile")))),
    "an uncompressed note": ("image/png", png(chunk(b"iTXt", b"Title\0\0\0\0\0Body map"))),
}
