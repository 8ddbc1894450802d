"""The words of a PDF that fpdf2 made with embedded fonts: enough of a reader to see what stands in ours."""

import re
import zlib
from collections.abc import Iterator

_STREAM = re.compile(rb"/Length ([0-9]+)[^>]*>>\s*stream\r?\n", re.DOTALL)
_PAIR = re.compile(rb"<([0-9A-Fa-f]+)> <([0-9A-Fa-f]+)>\s*\n")
_SHOWN = re.compile(rb"/(F[0-9]+) [0-9.]+ Tf|\(((?:[^()\\]|\\.)*)\) Tj", re.DOTALL)
_ESCAPED = {b"\\n": b"\n", b"\\r": b"\r", b"\\t": b"\t", b"\\b": b"\b", b"\\f": b"\f"}


def pdf_text(data: bytes) -> str:
    """All that is written on its pages, in the order in which it was put there."""
    streams = list(_streams(data))
    fonts = [_letters(one) for one in streams if b"begincmap" in one]
    words = []
    for stream in streams:
        if b" Tj" not in stream or b"begincmap" in stream:
            continue
        font = 0
        for match in _SHOWN.finditer(stream):
            if match[1]:
                font = int(match[1][1:]) - 1
            else:
                words.append(_read(match[2], fonts[font]))
    return "\n".join(words)


def _streams(data: bytes) -> Iterator[bytes]:
    for match in _STREAM.finditer(data):
        raw = data[match.end() : match.end() + int(match[1])]
        try:
            yield zlib.decompress(raw)
        except zlib.error:
            yield raw


def _letters(cmap: bytes) -> dict[int, str]:
    return {int(code, 16): bytes.fromhex(to.decode()).decode("utf-16-be") for code, to in _PAIR.findall(cmap)}


def _read(written: bytes, letters: dict[int, str]) -> str:
    plain = re.sub(rb"\\(.)", lambda m: _ESCAPED.get(m[0], m[1]), written, flags=re.DOTALL)
    codes = [int.from_bytes(plain[at : at + 2], "big") for at in range(0, len(plain), 2)]
    return "".join(letters.get(code, "\ufffd") for code in codes)
