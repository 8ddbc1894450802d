"""Reading files that people bring: what spreadsheets write is read, and what would harm is refused within limits."""

import contextlib
import io
import zipfile
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.import_row import COLUMNS
from ledger.services.import_file import FILE_BYTES_MAX, ROWS_MAX, ImportFileError, read_import_file
from ledger.services.import_template import template_csv, template_xlsx
from tests.shipped import shipped_pack
from tests.workbooks import saved

HEAD = ["reference", "observed", "statement", "narrative"]


def book(*rows: list[Any]) -> bytes:
    made = openpyxl.Workbook()
    for row in [HEAD, *rows]:
        made.worksheets[0].append(row)
    return saved(made)


def packed(parts: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return held.getvalue()


def changed(data: bytes, name: str, part: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return packed({one: part if one == name else archive.read(one) for one in archive.namelist()})


@pytest.mark.parametrize("data", [template_csv(), template_xlsx(shipped_pack())], ids=["csv", "xlsx"])
def test_the_template_reads_as_it_is_explained(data: bytes) -> None:
    """One row, with the examples under their columns; a number keeps the zeroes at its beginning."""
    [(number, row)] = read_import_file(data)
    assert number == 2
    assert row == {column.name: column.example for column in COLUMNS if column.example}


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_read_as_spreadsheets_write_it(delimiter: str) -> None:
    """With any of their delimiters, names of columns in any case, lines in quotation marks and empty lines between."""
    lines = ["Reference,OBSERVED,Statement,narrative", "r-1,2023-10-05,fact,one", ",,,", "r-2,2023-10-06,fact,two", ""]
    data = "\r\n".join(lines).replace(",", delimiter).encode("utf-8-sig")
    assert [(n, row["reference"], row["narrative"]) for n, row in read_import_file(data)] == [
        (2, "r-1", "one"), (4, "r-2", "two"),
    ]  # fmt: skip


def test_csv_of_an_old_windows_keeps_its_letters() -> None:
    """Where it is no UTF-8 it is read as Windows writes it."""
    data = "reference,observed,statement,narrative\nr-1,2023-10-05,fact,Zoë’s café".encode("cp1252")
    assert read_import_file(data)[0][1]["narrative"] == "Zoë’s café"


def test_cells_of_a_workbook_become_the_words_that_were_meant() -> None:
    """Dates as days, whole numbers without a point, yes and no; rows that are empty are left out."""
    data = book(["r-1", date(2023, 10, 5), "fact", True], [], [7.0, datetime(2023, 10, 6, 14, 30), "fact", 3.5])  # noqa: DTZ001 - as a sheet has it
    assert [(n, list(row.values())) for n, row in read_import_file(data)] == [
        (2, ["r-1", "2023-10-05", "fact", "yes"]),
        (4, ["7", "2023-10-06T14:30", "fact", "3.5"]),
    ]


BOMB = b"\0" * (50 * 1024 * 1024)
ENTITIES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><workbook/>'
#: Entities behind more words than anybody would look through, and in letters of two bytes.
LATE = b"<!--" + b" " * 9000 + b"-->" + ENTITIES.partition(b"?>")[2]
WIDE = ENTITIES.partition(b"?>")[2].decode().encode("utf-16")
ROW = b"<worksheet><sheetData><row>" + b"<c/>" * 600_000 + b"</row></sheetData></worksheet>"
SHEET = "xl/worksheets/sheet1.xml"
HARMFUL = {
    "a formula": (book(["r-1", "2023-10-05", "fact", "=1+1"]), "holds a formula"),
    "a formula in csv": (b"reference,observed,statement\n=HYPERLINK(1),2,3", "holds a formula"),
    "an archive that grows": (packed({"xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": BOMB}), "far more"),
    "many parts": (packed({"xl/workbook.xml": b""} | {f"xl/{n}": b"" for n in range(400)}), "far more"),
    "entities": (changed(book(["r-1", "2", "3", "4"]), "xl/workbook.xml", ENTITIES), "no spreadsheet writes"),
    "entities put off": (changed(book(["r-1", "2", "3", "4"]), SHEET, LATE), "no spreadsheet writes"),
    "entities in other letters": (changed(book(["r-1", "2", "3", "4"]), SHEET, WIDE), "no spreadsheet writes"),
    "entities in a part of any name": (packed({"xl/workbook.xml": b"<x/>", "xl/any": LATE}), "no spreadsheet writes"),
    "a row without an end": (changed(book(["r-1", "2", "3", "4"]), SHEET, ROW), "far more than its rows"),
    "another archive": (packed({"word/document.xml": b""}), "neither a CSV file nor a workbook"),
    "a broken workbook": (changed(book(["r", "2", "3", "4"]), "xl/workbook.xml", b"<workbook"), "cannot be read"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0", "neither a CSV file nor a workbook"),
    "a quotation mark left open": (b'reference,observed,statement\n"r-1,2,3', "is not CSV"),
    "cells beyond the columns": (b"reference,observed,statement\nr-1,2,3,4", "Row 2 has more cells"),
    "a column twice": (b"reference,reference,observed,statement\n1,2,3,4", "there twice: reference"),
    "a long cell": (b"reference,observed,statement\n" + b"r" * 20_001 + b",2,3", "more than 20,000 characters"),
    "many rows": (b"reference,observed,statement\n" + b"r,2,3\n" * (ROWS_MAX + 1), "more than 2,000 rows"),
    "a large file": (b"x" * (FILE_BYTES_MAX + 1), "larger than 2 MB"),
}  # fmt: skip


@pytest.mark.parametrize("name", HARMFUL)
def test_what_cannot_be_taken_is_refused_with_what_to_do(name: str) -> None:
    """Whole, before anything of it is unpacked that would hurt."""
    data, said = HARMFUL[name]
    with pytest.raises(ImportFileError) as refused:
        read_import_file(data)
    assert said in str(refused.value)


_BYTES = st.binary(max_size=300)
SENT = _BYTES | _BYTES.map(b"PK\x03\x04".__add__) | st.text(max_size=300).map(str.encode)


@given(SENT)
def test_whatever_is_sent_is_read_or_refused(data: bytes) -> None:
    """No bytes make the reader fail in any other way."""
    with contextlib.suppress(ImportFileError):
        assert read_import_file(data)
