"""
XLSX (ECMA-376) with texts only, so there is nothing in it that could be computed.

Rows go out while they are written; a sheet that is full is followed by another.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from xml.sax.saxutils import escape

from services.web.auditor.exports.zipped import Outgoing, archive

MOST_ROWS = 1_048_576  # of a sheet
MOST_CHARACTERS = 32_767  # of a cell
AT_A_TIME = 500  # rows
NO_XML = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def xlsx_file(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """Yield a workbook piece by piece."""
    left, sheets, first = iter(rows), 0, None
    with archive() as (book, going_out):
        while sheets == 0 or (first := next(left, None)) is not None:
            sheets += 1
            found = chain([head], [first] if first else [], left)
            yield from _sheet(book, going_out, sheets, islice(found, MOST_ROWS))
        for name, content in _frame(sheets).items():
            book.writestr(name, XML + content)
    yield from going_out.take(least=1)


def _sheet(
    book: zipfile.ZipFile,
    going_out: Outgoing,
    number: int,
    rows: Iterator[Sequence[str]],
) -> Iterator[bytes]:
    with book.open(f"xl/worksheets/sheet{number}.xml", "w", force_zip64=True) as sheet:
        sheet.write(f'{XML}<worksheet xmlns="{MAIN}"><sheetData>'.encode())
        while some := list(islice(rows, AT_A_TIME)):
            sheet.write("".join(map(_row, some)).encode())
            yield from going_out.take()
        sheet.write(b"</sheetData></worksheet>")


def _row(cells: Sequence[str]) -> str:
    return f"<row>{''.join(map(_cell, cells))}</row>"


def _cell(text: str) -> str:
    shown = escape(NO_XML.sub("\ufffd", text[:MOST_CHARACTERS]))
    return f'<c t="inlineStr"><is><t xml:space="preserve">{shown}</t></is></c>'


def _frame(sheets: int) -> dict[str, str]:
    """Return the parts that say where the sheets are."""
    numbers = range(1, sheets + 1)
    types = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml"'
        f' ContentType="{KIND}.worksheet+xml"/>'
        for n in numbers
    )
    listed = "".join(f'<sheet name="{n}" sheetId="{n}" r:id="r{n}"/>' for n in numbers)
    content_types = (
        f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/xl/workbook.xml"'
        f' ContentType="{KIND}.sheet.main+xml"/>{types}</Types>'
    )
    workbook = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets>'
        "</workbook>"
    )
    of_book = [("worksheet", f"worksheets/sheet{n}.xml") for n in numbers]
    return {
        "[Content_Types].xml": content_types,
        "_rels/.rels": _relations([("officeDocument", "xl/workbook.xml")]),
        "xl/_rels/workbook.xml.rels": _relations(of_book),
        "xl/workbook.xml": workbook,
    }


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    rows = "".join(
        f'<Relationship Id="r{n}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{rows}</Relationships>'
