"""Letters for the print: what the fonts have, how wide it is, where a line ends; scripts that join or run leftwards.

Fonts: DejaVu Sans, which has Latin, Greek, Cyrillic, Hebrew, Arabic, Armenian and Georgian letters, so that names stay
as they were written. A character that it lacks is written as its Unicode number. The letters of Arabic and of what is
written with it are joined by way of Unicode's presentation forms, and runs from right to left are put in the order in
which they are read (of the bidirectional algorithm, UAX 9, as much as names and short phrases need).
"""

import re
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from fpdf import FPDF

from ledger.services.word_text import visible

FONTS: Final = Path(__file__).parent / "export_fonts"
#: Plain and bold.
FILES: Final = {"": "DejaVuSans.ttf", "B": "DejaVuSans-Bold.ttf"}
_LEFTWARDS: Final = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_DIGITS: Final = re.compile("[0-9\u0660-\u0669\u06f0-\u06f9]+(?:[.,:/][0-9\u0660-\u0669\u06f0-\u06f9]+)*")
_MIRRORED: Final = str.maketrans("()[]{}<>«»", ")(][}{><»«")
_LAM: Final = "\u0644"


def lines_of(words: str, style: str, size_pt: float, width_mm: float) -> Iterator[str]:
    """What was written as lines that are no wider than this, each as it is put on paper. A line break is kept."""
    widths = _widths(style)
    most = width_mm / size_pt / _MM_PER_PT
    for paragraph in _known(words, widths).split("\n"):
        for line in _broken(paragraph, widths, most):
            yield visual(line, widths) if _LEFTWARDS.search(line) else line


_MM_PER_PT: Final = 25.4 / 72


def _known(words: str, widths: dict[str, float]) -> str:
    """Words with what the font lacks written as numbers, and nothing in them that only steers a printer."""
    words = visible(words)
    if all(one in widths for one in words):
        return words
    return "".join(one if one in widths or one == "\n" else _instead(one) for one in words)


def _instead(one: str) -> str:
    return " " if one in "\t\r" else f"[U+{ord(one):04X}]"


def _broken(paragraph: str, widths: dict[str, float], most: float) -> Iterator[str]:
    """One paragraph as lines; a word that is wider than a line is broken where it must be."""
    line, used, space = "", 0.0, widths[" "]
    for word in paragraph.split(" "):
        wide = sum(map(widths.__getitem__, word))
        if line and used + space + wide > most:
            yield line
            line, used = "", 0.0
        while wide > most:
            head = _head(word, widths, most)
            yield word[:head]
            word = word[head:]  # noqa: PLW2901 - what is left of it
            wide = sum(map(widths.__getitem__, word))
        line, used = (f"{line} {word}", used + space + wide) if line else (word, wide)
    yield line


def _head(word: str, widths: dict[str, float], most: float) -> int:
    used = 0.0
    for at, one in enumerate(word):
        used += widths[one]
        if used > most:
            return max(1, at)
    return len(word)


@lru_cache(maxsize=2)
def _widths(style: str) -> dict[str, float]:
    """What the font has a letter for, with its width as a share of the font's size."""
    pdf = FPDF()
    pdf.add_font("letters", style, FONTS / FILES[style])
    font: Any = pdf.fonts[f"letters{style}"]
    with closing(font.ttfont) as letters:
        advances, per_em = letters["hmtx"].metrics, letters["head"].unitsPerEm
        return {chr(code): advances[name][0] / per_em for code, name in letters.getBestCmap().items()}


# ── scripts that join, and that run from right to left ──


def visual(line: str, widths: dict[str, float]) -> str:
    """A line as its letters stand on paper, from left to right."""
    return "".join(_turned(_joined(run, widths)) if _LEFTWARDS.search(run) else run for run in _runs(line))


def _runs(line: str) -> Iterator[str]:
    """The line in stretches that run one way: spaces and signs between letters that run leftwards go with these."""
    places = [at for at, one in enumerate(line) if _LEFTWARDS.match(one)]
    begin = end = 0
    for at in places:
        if at > end and any(unicodedata.bidirectional(one) == "L" for one in line[end:at]):
            yield line[begin:end]
            begin = end
        if begin == end and at > begin:
            yield line[begin:at]
            begin = at
        end = at + 1
    yield line[begin:end]
    yield line[end:]


def _turned(run: str) -> str:
    turned = run.translate(_MIRRORED)[::-1]
    return _DIGITS.sub(lambda found: found[0][::-1], turned)


def _joined(run: str, widths: dict[str, float]) -> str:
    """Letters in the forms in which they join with those beside them, as far as the font has these."""
    forms, out, before = _forms(), list[str](), False
    letters = [one for one in run if unicodedata.category(one) != "Mn"]
    at = 0
    while at < len(letters):
        pair = "".join(letters[at : at + 2]) if letters[at] == _LAM else ""
        one = pair if pair in forms else letters[at]
        known, after = forms.get(one, {}), letters[at + len(one)] if at + len(one) < len(letters) else ""
        joins_before = before and "final" in known
        joins_after = "initial" in known and "final" in forms.get(after, {})
        name = _FORM[joins_before, joins_after]
        shaped = known.get(name, one)
        out.append(shaped if shaped in widths else one)
        before, at = joins_after, at + len(one)
    return "".join(out)


_FORM: Final = {(False, False): "isolated", (True, False): "final", (False, True): "initial", (True, True): "medial"}


@lru_cache(maxsize=1)
def _forms() -> dict[str, dict[str, str]]:
    """Of each letter, and of lam with alef, the forms that Unicode has for it, by where it joins."""
    found: dict[str, dict[str, str]] = {}
    for code in (*range(0xFB50, 0xFDFC), *range(0xFE70, 0xFEFD)):
        form, _, letters = unicodedata.decomposition(chr(code)).partition("> ")
        word = "".join(chr(int(one, 16)) for one in letters.split())
        if form.startswith("<") and (len(word) == 1 or word.startswith(_LAM)):
            found.setdefault(word, {}).setdefault(form[1:], chr(code))
    return found
