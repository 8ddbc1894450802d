import os
import random
import zlib

import pytest

from ledger.domain.image_file import NOTES_BYTES_MAX, PARTS_MAX
from ledger.domain.media import BROKEN, NOT_AS_SAID, NOT_TAKEN, TAKEN, MediaFault, media_type_of, read_media
from tests.picture_files import LOCATED, NOT_LOCATED, WHOLE, box, chunk, exif, heic, jpeg, pdf, png, segment, webp


def fault(data: bytes, said: str) -> MediaFault:
    found = read_media(data, said)
    assert isinstance(found, MediaFault)
    return found


@pytest.mark.parametrize("media_type", TAKEN)
def test_every_kind_that_is_taken_is_known_by_its_bytes(media_type: str) -> None:
    """A whole file of each is taken, without a place, and as nothing but what it is."""
    assert media_type_of(WHOLE[media_type]) == media_type
    assert read_media(WHOLE[media_type], media_type) is False
    for other in TAKEN.keys() - {media_type}:
        assert fault(WHOLE[media_type], other).code == NOT_AS_SAID


REFUSED = {
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
    "svg after a declaration": (b"<?xml version='1.0'?>\n<svg/>", "SVG"),
    "svg after a byte order mark": (b"\xef\xbb\xbf  <SVG onload='x'/>", "SVG"),
    "html": (b"<!DOCTYPE html><p>hi", "HTML"),
    "html behind words": (b"Dear colleague <script>alert(1)</script>", "HTML"),
    "docx": (b"PK\x03\x04" + os.urandom(64), "Office"),
    "doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(64), "Office"),
    "rtf": (b"{\\rtf1 hello}", "Office"),
    "exe": (b"MZ\x90\0" + bytes(64), "program"),
    "elf": (b"\x7fELF" + bytes(64), "program"),
    "shell": (b"#!/bin/sh\nrm -r /\n", "program"),
    "gif": (b"GIF89a" + bytes(20), "GIF"),
    "tiff": (exif(), "TIFF"),
    "bmp": (b"BM\0\0\0\0", "BMP"),
    "mp4": (box(b"ftyp", b"isom\0\0\0\0mp42"), "film"),
    "wav": (b"RIFF\x24\0\0\0WAVEfmt ", "film"),
    "nothing": (b"", "no kind"),
    "latin-1": ("Café".encode("latin-1"), "no kind"),
    "utf-16": ("Dear".encode("utf-16"), "no kind"),
    "control characters": (b"Dear\x1b]0;x\x07", "no kind"),
    "noise": (b"\x00\x01\x02\x03", "no kind"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_taken_is_refused_in_words(name: str) -> None:
    """Pages, drawings with scripts, Office files, programs and films are refused by name, whatever they are called."""
    data, word = REFUSED[name]
    for said in TAKEN:
        found = fault(data, said)
        assert (found.code, word in found.words) == (NOT_TAKEN, True), found


@pytest.mark.parametrize("text", [b"MZ is how it begins.", b"BM was seen.", b"ID3 is a form."])
def test_letters_that_a_program_begins_with_may_begin_a_letter(text: bytes) -> None:
    """Where a signature is letters alone, plain text that begins so is plain text."""
    assert read_media(text, "text/plain") is False


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (jpeg()[:-1], "image/jpeg"),
        (jpeg()[:20], "image/jpeg"),
        (jpeg() + b"PK\x03\x04 more", "image/jpeg"),
        (b"\xff\xd8\xff\xd9", "image/jpeg"),
        (b"\xff\xd8" + segment(0xE0, b"JFIF\0") + b"\xff\xd9", "image/jpeg"),
        (png()[:-1], "image/png"),
        (png() + b"<html>", "image/png"),
        (png().replace(b"IDAT", b"IDAX"), "image/png"),
        (png()[:33], "image/png"),
        (webp()[:-2], "image/webp"),
        (webp() + b"\0\0", "image/webp"),
        (b"RIFF\x04\0\0\0WEBP", "image/webp"),
        (heic()[:-1], "image/heic"),
        (box(b"ftyp", b"heic\0\0\0\0"), "image/heic"),
        (pdf()[:-6], "application/pdf"),
    ],
)
def test_what_is_not_whole_is_refused(data: bytes, said: str) -> None:
    """A picture that breaks off, was damaged, or carries something behind its end is not taken."""
    assert fault(data, said).code == BROKEN


@pytest.mark.parametrize("part", [b"/JavaScript (x)", b"/Launch", b"/EmbeddedFile", b"/RichMedia", b"/XFA []"])
def test_a_pdf_that_acts_is_refused(part: bytes) -> None:
    """A document that runs something or carries other files is refused, and says how to make one that does not."""
    found = fault(pdf(part), "application/pdf")
    assert (found.code, "Print it" in found.words) == (NOT_TAKEN, True)


@pytest.mark.parametrize("name", LOCATED)
def test_a_place_is_found_however_it_is_written(name: str) -> None:
    """EXIF in either order of bytes, XMP, packed notes, a second picture behind: each gives its place away."""
    media_type, data = LOCATED[name]
    assert read_media(data, media_type) is True


@pytest.mark.parametrize("name", NOT_LOCATED)
def test_notes_without_a_place_are_no_place(name: str) -> None:
    """A camera's other notes, and a GPS directory that only tells the time, betray nobody."""
    media_type, data = NOT_LOCATED[name]
    assert read_media(data, media_type) is False


def test_a_file_that_was_made_to_keep_a_reader_busy_is_refused() -> None:
    """Notes that unpack to more than notes are, and pictures in more parts than pictures have, end in a refusal."""
    packed = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(NOTES_BYTES_MAX // 2 + 1)))
    assert fault(png(packed, packed), "image/png").code == BROKEN
    many = b"".join([segment(0xE1, b"")] * (PARTS_MAX + 1))
    assert fault(b"\xff\xd8" + many + jpeg()[2:], "image/jpeg").code == BROKEN
    assert fault(png(*[chunk(b"tIME", b"")] * (PARTS_MAX + 1)), "image/png").code == BROKEN


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "data",
    [pdf(b"Exif\0\0II*\0\x08\0\0\0\xff\xff" * 200_000), heic(b"\0\0\0\0II*\0\x08\0\0\0\xff\xff" * 200_000)],
    ids=["pdf", "heic"],
)
def test_blocks_without_end_count_as_a_place(data: bytes) -> None:
    """What cannot be followed in reasonable time is taken to say where, and costs no time to find."""
    assert read_media(data, str(media_type_of(data))) is True


def test_nothing_that_is_sent_makes_it_fail() -> None:
    """Whatever is cut out of, or put into, a good file: an answer, and never an exception."""
    chance = random.Random(9)
    files = [*WHOLE.items(), *LOCATED.values()]
    for turn in range(6_000):
        media_type, data = files[turn % len(files)]
        spoilt = bytearray(data)
        for _ in range(chance.randint(1, 6)):
            at = chance.randrange(len(spoilt) + 1)
            match chance.randrange(3):
                case 0:
                    del spoilt[at : at + chance.randint(1, 9)]
                case 1:
                    spoilt[at:at] = chance.randbytes(chance.randint(1, 9))
                case _:
                    spoilt[at : at + 1] = chance.randbytes(1)
        assert isinstance(read_media(bytes(spoilt), media_type), bool | MediaFault)
