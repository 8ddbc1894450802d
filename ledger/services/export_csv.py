"""The chronology as a table: one row an entry, in UTF-8 with the mark by which spreadsheet programs know it.

A cell that such a program would take for a formula begins with an apostrophe: what somebody wrote is never run.
Nor does anything in a cell steer what shows it: such characters are written as their Unicode numbers.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Final

from ledger.services.export_chronology import PROOF_WORDS, Line, Told
from ledger.services.export_entries import Shown
from ledger.services.word_text import visible

COLUMNS: Final = (
    "number", "recorded_at", "recorded", "seen_or_said", "title", "by", "agency", "kind", "text", "shown", "proof",
)  # fmt: skip
#: What begins a formula, or makes what follows begin one; the wide forms are taken for the narrow ones by some.
_BEGINS_FORMULA: Final = frozenset("=+-@\t\r\n|%\uff1d\uff0b\uff0d\uff20")


def csv_of(entries: Iterable[Told]) -> Iterator[bytes]:
    """The table, a row at a time."""
    yield b"\xef\xbb\xbf" + _row(COLUMNS)
    for told in entries:
        yield _row(
            (
                str(told.number), told.recorded_at, told.recorded, told.observed, told.title, told.who, told.agency,
                told.kind, "\n".join(map(_line, told.lines)), told.shown, PROOF_WORDS[Shown(told.shown)],
            )
        )  # fmt: skip


def guarded(cell: str) -> str:
    """A cell that no program takes for a formula."""
    return f"'{cell}" if cell.lstrip(" ")[:1] in _BEGINS_FORMULA and cell else cell


def _line(line: Line) -> str:
    if line.form == "fact":
        return f"{line.beside}: {line.words}"
    return f"{line.words} ({line.beside})" if line.beside else line.words


def _row(cells: Iterable[str]) -> bytes:
    row = io.StringIO()
    csv.writer(row, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow([guarded(visible(cell)) for cell in cells])
    return row.getvalue().encode()
