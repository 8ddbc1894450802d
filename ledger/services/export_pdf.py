"""The chronology to be printed: A4, with the same words as the page.

The same lines give the same bytes: the date in the file is that of the last entry, and nothing else in it has a time.
Lines are broken here and not by the library, which weighs every letter anew: a long record takes a fifth of the time.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Final

from fpdf import FPDF

from ledger.services.export_chronology import FACT, ITEM, NOTICE, PROOF_WORDS, QUOTE, STRONG, Line, Summary, Told
from ledger.services.export_entries import Shown
from ledger.services.export_letters import FILES, FONTS, lines_of
from ledger.services.export_words import Heading
from ledger.services.word_text import visible

_FAMILY: Final = "DejaVu"
_MARGIN_MM, _BOTTOM_MM = 18, 18
_SIZE_PT, _SMALL_PT = 9.5, 8
_INK, _GREY = (11, 12, 12), (72, 73, 73)
_LABEL_MM: Final = 44
#: How high a line is, for each point of its letters' size, and how far down in it they stand.
_LINE_MM, _BASE = 0.47, 0.78
#: Stands for the count of pages until it is known; as wide as any count is.
_PAGES: Final = "{pages}"


def write_pdf(
    about: Heading, summary: Summary, entries: Iterable[Told], made_at: datetime, write: Callable[[bytes], object]
) -> None:
    """Write the print; `made_at` is the time of the last entry, which stands in the file as its date."""
    printing = _Printing(about, made_at)
    printing.head(summary)
    for told in entries:
        printing.entry(told)
    write(printing.done())


class _Print(FPDF):
    """Pages with a footer that says what they are part of."""

    footing = ""

    def footer(self) -> None:
        """Say of each page of what it is one."""
        self.set_xy(_MARGIN_MM, -_BOTTOM_MM + 5)  # a page may end within what is indented
        self.set_font(_FAMILY, size=7)
        self.set_text_color(*_GREY)
        self.cell(0, 4, f"{self.footing}. Page {self.page_no()} of {_PAGES}")
        self.set_text_color(*_INK)


class _Printing:
    def __init__(self, about: Heading, made_at: datetime) -> None:
        self._about, self._pdf = about, _Print(format="A4")
        pdf = self._pdf
        pdf.set_creation_date(made_at)
        pdf.alias_nb_pages(_PAGES)
        pdf.set_title(visible(f"Chronology: {about.child}"))
        pdf.set_lang("en-GB")
        pdf.set_margins(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
        pdf.set_auto_page_break(auto=True, margin=_BOTTOM_MM)
        for style, name in FILES.items():
            pdf.add_font(_FAMILY, style, FONTS / name)
        pdf.footing = about.footing
        pdf.add_page()

    # ── what stands where ──

    def head(self, summary: Summary) -> None:
        """What it is, of whom, for whom, and what was found and decided."""
        self._write("Chronology", size=18, style="B", after=0)
        self._write(self._about.child, size=12, after=3)
        self._write("Confidential: information about a child and others.", style="B", after=2)
        for label, value in self._about.facts:
            self._fact(label, value)
        self._pdf.ln(2)
        for said in self._about.counted:
            self._item(said)
        self._pdf.ln(2)
        for said in self._about.how:
            self._write(said, size=_SMALL_PT, colour=_GREY, after=1)
        self._heading("What was found, and what became of it")
        found = [*summary.findings()]
        for one, after in found:
            self._write(f"{one.words} ({one.beside})", style="B", after=0.5, keep=14)
            for line in after:
                self._item(line.words)
            self._pdf.ln(1.5)
        if not found:
            self._write("Nothing that may be shown here.")
        self._heading("Decisions")
        for line in summary.decisions:
            self._item(f"{line.words} {line.beside}")
        if not summary.decisions:
            self._write("None that may be shown here.")
        self._before()
        self._heading("Entries")

    def _before(self) -> None:
        for heading, lines, nothing in self._about.before:
            self._heading(heading)
            for said in lines or [nothing]:
                self._item(said)

    def entry(self, told: Told) -> None:
        """One entry, which does not begin at the very end of a page."""
        pdf = self._pdf
        if pdf.will_page_break(26):
            pdf.add_page()
        pdf.set_draw_color(177, 180, 182)
        pdf.line(pdf.l_margin, pdf.get_y(), pdf.w - pdf.r_margin, pdf.get_y())
        pdf.ln(1.8)
        seen = f"    Seen or said {told.observed}" if told.observed else ""
        self._write(f"{told.number}    Recorded {told.recorded}{seen}", size=_SMALL_PT, colour=_GREY, after=0.3)
        if told.title:
            self._write(told.title, style="B", size=10.5, after=0)
            self._write(told.who, colour=_GREY, after=0.8)
        self._lines(told.lines)
        if told.shown:
            self._write(PROOF_WORDS[Shown(told.shown)], size=7.5, colour=_GREY, after=2.2)

    def done(self) -> bytes:
        """The whole of it."""
        return bytes(self._pdf.output())

    def _lines(self, lines: Sequence[Line]) -> None:
        for line in lines:
            match line.form:
                case form if form == ITEM:
                    self._item(line.words, line.beside)
                case form if form == FACT:
                    self._fact(line.beside, line.words)
                case form if form == QUOTE:
                    self._barred(line.words)
                case form if form == NOTICE:
                    self._barred(line.words, size=_SMALL_PT + 0.5)
                case form:
                    self._write(line.words, style="B" if form == STRONG else "", after=0.8)

    # ── ways of setting ──

    def _heading(self, words: str) -> None:
        self._pdf.ln(4)
        self._write(words, size=13, style="B", after=1.5, keep=20)

    def _item(self, words: str, beside: str = "") -> None:
        self._indented(4)
        self._pdf.set_font(_FAMILY, size=_SIZE_PT)
        self._pdf.text(self._pdf.l_margin - 4, self._pdf.get_y() + 3.4, "–")
        self._write(words, after=0 if beside else 0.6)
        if beside:
            self._write(beside, size=_SMALL_PT, colour=_GREY, after=0.8)
        self._indented(-4)

    def _fact(self, label: str, value: str) -> None:
        pdf, top = self._pdf, self._pdf.get_y()
        if pdf.will_page_break(5):
            pdf.add_page()
            top = pdf.get_y()
        page = pdf.page
        self._write(label, colour=_GREY, width=_LABEL_MM - 2, after=0)
        below = (pdf.page, pdf.get_y())
        pdf.page = page
        pdf.set_y(top)
        self._indented(_LABEL_MM)
        self._write(value, after=0)
        self._indented(-_LABEL_MM)
        if below > (pdf.page, pdf.get_y()):
            pdf.set_y(below[1])
        pdf.ln(0.8)

    def _barred(self, words: str, size: float = _SIZE_PT) -> None:
        """Somebody's own words, or what is set off: with a bar beside it on each page that it is on."""
        pdf = self._pdf
        self._indented(4)
        for paragraph in words.split("\n"):
            top, page = pdf.get_y(), pdf.page
            self._write(paragraph or " ", size=size, after=0)
            for of in range(page, pdf.page + 1):
                ends = pdf.get_y() if of == pdf.page else pdf.h - _BOTTOM_MM
                self._bar(of, top if of == page else pdf.t_margin, ends)
        self._indented(-4)
        pdf.ln(1)

    def _bar(self, page: int, top: float, bottom: float) -> None:
        pdf = self._pdf
        last, pdf.page = pdf.page, page
        pdf.set_draw_color(150, 150, 150)
        if bottom - top > 1:
            pdf.line(pdf.l_margin - 2.5, top, pdf.l_margin - 2.5, bottom)
        pdf.page = last

    def _indented(self, by: float) -> None:
        self._pdf.set_left_margin(self._pdf.l_margin + by)
        self._pdf.set_x(self._pdf.l_margin)

    def _write(
        self,
        words: str,
        *,
        size: float = _SIZE_PT,
        style: str = "",
        colour: tuple[int, int, int] = _INK,
        after: float = 1.2,
        width: float = 0,
        keep: float = 0,
    ) -> None:
        pdf = self._pdf
        if keep and pdf.will_page_break(keep):
            pdf.add_page()
        pdf.set_font(_FAMILY, style, size)
        pdf.set_text_color(*colour)
        high = size * _LINE_MM
        for line in lines_of(words, style, size, width or pdf.epw):
            if pdf.will_page_break(high):
                pdf.add_page()
            pdf.text(pdf.l_margin, pdf.get_y() + high * _BASE, line)
            pdf.set_y(pdf.get_y() + high)
        pdf.set_text_color(*_INK)
        if after:
            pdf.ln(after)


# What it has to say of fonts and missing letters is dealt with above.
logging.getLogger("fontTools").setLevel(logging.ERROR)
logging.getLogger("fpdf").setLevel(logging.ERROR)
