"""Read the rows of a file that somebody brings: CSV as spreadsheets write it, or the first sheet of a workbook.

A file comes from outside and may be made to harm. It is read within limits that are said in its refusal; a workbook's
archive is measured before anything of it is unpacked; nothing in it is ever worked out, so a formula is refused.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import IO, Any, Final
from xml.parsers import expat

from ledger.domain.import_row import is_column, lacking

FILE_BYTES_MAX: Final = 2 * 1024 * 1024
ROWS_MAX: Final = 2_000
CELL_CHARS_MAX: Final = 20_000
_COLUMNS_MAX: Final = 60
#: Of a workbook unpacked: far more than so many rows of words take, far less than would hurt.
_UNPACKED_BYTES_MAX: Final = 40 * 1024 * 1024
_PARTS_MAX: Final = 300
#: In all of its parts: a cell takes two and its words two more, and a row of a million cells is read as one.
_ELEMENTS_MAX: Final = 4 * _COLUMNS_MAX * ROWS_MAX + 20_000
_PIECE_BYTES: Final = 64 * 1024
#: Rows that are looked at for the sake of those among them that say something.
_LOOKED_AT_MAX: Final = 3 * ROWS_MAX
_FAR_MORE: Final = "The workbook holds far more than its rows: save the one sheet as CSV"
_NO_SPREADSHEET: Final = "The workbook holds what no spreadsheet writes: save the sheet as CSV"
_DAMAGED: Final = "The workbook cannot be read: it is damaged, or locked with a password"
_ZIP: Final = b"PK\x03\x04"
_DELIMITERS: Final = ",;\t"

Row = dict[str, str]


class ImportFileError(Exception):
    """The file as a whole cannot be read; the message says what is wrong with it and what to do."""


def read_import_file(data: bytes) -> list[tuple[int, Row]]:
    """Its rows with anything in them: each by its number in the file, and its cells by the name of their column.

    Raises ImportFileError.
    """
    if len(data) > FILE_BYTES_MAX:
        raise ImportFileError(f"The file is larger than {FILE_BYTES_MAX // 1024 // 1024} MB: bring it in parts")
    table = _sheet(data) if data.startswith(_ZIP) else _lines(data)
    return list(_rows(table))


def _rows(table: Iterable[tuple[int, Sequence[str]]]) -> Iterator[tuple[int, Row]]:
    names: list[str] | None = None
    found = 0
    for number, cells in table:
        if not any(cells):
            continue
        if names is None:
            names = _names(cells)
            continue
        found += 1
        if found > ROWS_MAX:
            raise ImportFileError(f"The file has more than {ROWS_MAX:,} rows: bring it in parts")
        if any(cells[len(names) :]):
            raise ImportFileError(f"Row {number} has more cells than there are columns")
        yield number, {name: text for name, text in zip(names, cells, strict=False) if text}
    if names is None or not found:
        raise ImportFileError("The file has no rows: the first line names the columns, each further one is a row")


def _names(cells: Sequence[str]) -> list[str]:
    names = ["_".join(cell.lower().split()) for cell in cells]
    while names and not names[-1]:
        names.pop()
    unknown = [
        cells[place] or f"(column {place + 1} has no name)" for place, name in enumerate(names) if not is_column(name)
    ]
    if unknown:
        raise ImportFileError(
            f"These columns are not known: {', '.join(unknown[:5])}. Take them away, or name them as the template does"
        )
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ImportFileError(f"These columns are there twice: {', '.join(twice)}")
    absent = lacking(names)
    if absent:
        raise ImportFileError(f"These columns are missing: {', '.join(absent)}. The template has them")
    return names


def _lines(data: bytes) -> Iterator[tuple[int, Sequence[str]]]:
    text = _decoded(data)
    first = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            yield reader.line_num, [_cell(text, reader.line_num) for text in cells]
    except csv.Error as error:
        raise ImportFileError(f"Line {reader.line_num} is not CSV: look for a quotation mark left open") from error


def _decoded(data: bytes) -> str:
    if b"\0" in data:
        raise ImportFileError("This is neither a CSV file nor a workbook (.xlsx): save it as one of the two")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # As spreadsheets on Windows save CSV unless they are told otherwise.
        return data.decode("cp1252", errors="replace")


def _sheet(data: bytes) -> Iterator[tuple[int, Sequence[str]]]:
    import openpyxl  # noqa: PLC0415 — 5 MB, for those who bring a workbook alone

    _measure(data)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        try:
            cells = book.worksheets[0].iter_rows(max_row=_LOOKED_AT_MAX, max_col=_COLUMNS_MAX)
            for number, row in enumerate(cells, start=1):
                yield number, [_worded(cell.value, number) for cell in row]
        finally:
            book.close()
    except ImportFileError:
        raise
    except Exception as error:  # whatever a broken workbook makes its reader raise, it cannot be read
        raise ImportFileError("The workbook cannot be read: open it, save it anew as .xlsx and try again") from error


def _measure(data: bytes) -> None:
    """Refuse an archive that would unpack to far more than it says, or that is no workbook."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _measure_parts(archive)
    except ImportFileError:
        raise
    except Exception as error:  # each way of packing has faults of its own
        raise ImportFileError(_DAMAGED) from error


def _measure_parts(archive: zipfile.ZipFile) -> None:
    parts, left = archive.infolist(), _ELEMENTS_MAX
    if "xl/workbook.xml" not in archive.namelist():
        raise ImportFileError("This is neither a CSV file nor a workbook (.xlsx): save it as one of the two")
    if len(parts) > _PARTS_MAX or sum(part.file_size for part in parts) > _UNPACKED_BYTES_MAX:
        raise ImportFileError(_FAR_MORE)
    for part in parts:
        with archive.open(part) as opened:
            left -= _elements(opened, left, must_be_read=part.filename.endswith((".xml", ".rels")))


def _elements(part: IO[bytes], most: int, *, must_be_read: bool) -> int:
    """How many elements a part has. Refuses more than ``most``, and entities, however they are encoded or put off."""
    found = 0

    def count(_name: str, _attributes: object) -> None:
        nonlocal found
        found += 1
        if found > most:
            raise ImportFileError(_FAR_MORE)

    def refuse(*_of: object) -> None:
        raise ImportFileError(_NO_SPREADSHEET)

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.StartDoctypeDeclHandler = count, refuse
    try:
        while piece := part.read(_PIECE_BYTES):
            parser.Parse(piece, False)  # noqa: FBT003 - it takes no names
    except expat.ExpatError:
        if must_be_read:  # else it is a picture, or what else is no XML
            raise ImportFileError(_DAMAGED) from None
    return found


def _worded(value: Any, number: int) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return _cell("" if value is None else str(value), number)


def _cell(text: str, number: int) -> str:
    if len(text) > CELL_CHARS_MAX:
        raise ImportFileError(f"A cell of row {number} has more than {CELL_CHARS_MAX:,} characters")
    text = text.strip()
    if text.startswith("="):
        raise ImportFileError(f"A cell of row {number} holds a formula: paste its value instead")
    return text
