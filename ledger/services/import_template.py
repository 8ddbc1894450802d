"""The files that people fill in and bring: the columns, and one row that shows how they are meant."""

import csv
import io
import zipfile
from collections.abc import Sequence
from typing import Final
from xml.sax.saxutils import escape

from ledger.domain.import_row import COLUMNS
from ledger.domain.pack import Pack

_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_SHEET: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_BEGINS: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
#: What the value of an attribute is that has no words to choose from.
_IN_PLACE_OF_VALUES: Final = {
    "state": "", "event": "", "text": "in a few words", "person": "a person’s reference",
    "place": "a place, its narrowest part first", "date": "a day", "quantity": "a number",
}  # fmt: skip
#: As old as an archive's parts can be: the same template is the same bytes.
_LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)


def template_csv() -> bytes:
    """As CSV, with the mark by which spreadsheets know the characters; the reader takes it away again."""
    held = io.StringIO()
    csv.writer(held).writerows(_filled())
    return held.getvalue().encode("utf-8-sig")


def template_xlsx(pack: Pack) -> bytes:
    """As a workbook, with a second sheet that explains the columns and a third with every attribute and its values.

    Every column is words: a number would lose the zero at its beginning. Written by hand, as it is so little: the
    library that reads workbooks writes them through files on disk.
    """
    explained = [["column", "needed", "what it holds"]]
    explained += [[column.name, "yes" if column.needed else "", column.says] for column in COLUMNS]
    words = [["attribute", "values", "what it says"]]
    words += [[name, ", ".join(one.values) or _IN_PLACE_OF_VALUES[one.type], one.meaning]
              for name, one in sorted(pack.attributes.items())]  # fmt: skip
    sheets = {"Observations": _filled(), "Columns": explained, "Words": words}
    names = [f'<sheet name="{name}" sheetId="{n}" r:id="r{n}"/>' for n, name in enumerate(sheets, 1)]
    kinds = [_kind(f"worksheets/sheet{n}", "worksheet") for n, _ in enumerate(sheets, 1)]
    tied = [_tie(n, "worksheet", f"worksheets/sheet{n}.xml") for n, _ in enumerate(sheets, 1)]
    inside = f"<sheets>{''.join(names)}</sheets>"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f"{_kind('workbook', 'sheet.main')}{''.join(kinds)}{_kind('styles', 'styles')}</Types>",
        "_rels/.rels": _ties(_tie(1, "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">{inside}</workbook>',
        "xl/_rels/workbook.xml.rels": _ties(*tied, _tie(9, "styles", "styles.xml")),
        "xl/styles.xml": _STYLES,
        **{f"xl/worksheets/sheet{n}.xml": _sheet(rows) for n, rows in enumerate(sheets.values(), 1)},
    }
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _LONG_AGO), _BEGINS + part, zipfile.ZIP_DEFLATED)
    return held.getvalue()


_PLAIN: Final = 'numFmtId="0" fontId="0" fillId="0" borderId="0"'
_WORDS: Final = _PLAIN.replace('numFmtId="0"', 'numFmtId="49"')
#: Format 49 is text, which a spreadsheet leaves as it was typed.
_STYLES: Final = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font><sz val="11"/><name val="Arial"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    f'<cellStyleXfs count="1"><xf {_PLAIN}/></cellStyleXfs><cellXfs count="2"><xf {_PLAIN} xfId="0"/>'
    f'<xf {_WORDS} xfId="0" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def _filled() -> list[list[str]]:
    return [[column.name for column in COLUMNS], [column.example for column in COLUMNS]]


def _sheet(rows: Sequence[Sequence[str]]) -> str:
    written = "".join(
        "<row>" + "".join(f'<c s="1" t="inlineStr"><is><t>{escape(text)}</t></is></c>' for text in row) + "</row>"
        for row in rows
    )
    wide = f'<cols><col min="1" max="{len(rows[0])}" width="22" style="1" customWidth="1"/></cols>'
    return f'<worksheet xmlns="{_MAIN}">{wide}<sheetData>{written}</sheetData></worksheet>'


def _kind(part: str, sort: str) -> str:
    return f'<Override PartName="/xl/{part}.xml" ContentType="{_SHEET}.{sort}+xml"/>'


def _tie(number: int, sort: str, to: str) -> str:
    return f'<Relationship Id="r{number}" Type="{_OFFICE}/{sort}" Target="{to}"/>'


def _ties(*ties: str) -> str:
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{"".join(ties)}</Relationships>'
