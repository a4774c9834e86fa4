"""The catalogue's CSV files as rows that know their file and line. Pure."""

from __future__ import annotations

import csv
import hashlib
import io
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

NAMES = (
    "city",
    "districts",
    "departments",
    "materials",
    "holders",
    "evidence_attributes",
    "items",
    "items_extra",
    "guides",
    "item_materials",
    "situations",
    "effects",
    "not_accepted",
    "auto_rules",
    "alternatives",
    "item_alternatives",
    "form_fields",
    "result_alias",
    "synonyms",
    "life_events",
    "popular",
    "negative_list",
    "negative_list_exceptions",
)


class Row(dict[str, str]):
    """One line of a file, by column; remembers where it stood."""

    __slots__ = ("file", "line", "surplus")

    def __init__(self, cells: Mapping[str, str], *, file: str, line: int) -> None:
        super().__init__(cells)
        self.file = file
        self.line = line
        self.surplus = 0  # cells too many (positive) or too few (negative)

    def many(self, column: str) -> tuple[str, ...]:
        """Return the members of a cell that holds a list separated by semicolons."""
        return tuple(part for part in self[column].split(";") if part)


@dataclass(frozen=True)
class Table:
    """One file: its header and its rows."""

    file: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def by(self, *columns: str) -> dict[tuple[str, ...], Row]:
        """Return the rows by a key of one or several columns; the last one wins."""
        return {tuple(row[c] for c in columns): row for row in self.rows}

    def grouped(self, *columns: str) -> dict[tuple[str, ...], list[Row]]:
        """Return the rows of each key, in the order of the file."""
        groups: dict[tuple[str, ...], list[Row]] = defaultdict(list)
        for row in self.rows:
            groups[tuple(row[c] for c in columns)].append(row)
        return groups


Tables = Mapping[str, Table]


class UnreadableFile(Exception):
    """A file is not there or is not UTF-8 text."""

    def __init__(self, file: str, *, missing: bool) -> None:
        super().__init__(file)
        self.file = file
        self.missing = missing


def read_table(directory: Path, name: str) -> Table:
    """
    Read one file.

    :raises UnreadableFile: if it is missing or not UTF-8.
    """
    file = f"{name}.csv"
    try:
        text = (directory / file).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise UnreadableFile(file, missing=True) from None
    except UnicodeDecodeError:
        raise UnreadableFile(file, missing=False) from None
    reader = csv.reader(io.StringIO(text, newline=""))
    header = tuple(next(reader, ()))
    return Table(file, header, tuple(_rows(reader, file=file, header=header)))


def _rows(
    reader: Iterator[list[str]], *, file: str, header: tuple[str, ...]
) -> Iterator[Row]:
    # `line_num` counts physical lines: a quoted cell may span several.
    start = 2
    for cells in reader:
        line, start = start, reader.line_num + 1  # type: ignore[attr-defined]
        if not cells:
            continue
        padded = cells + [""] * (len(header) - len(cells))
        row = Row(dict(zip(header, padded, strict=False)), file=file, line=line)
        row.surplus = len(cells) - len(header)
        yield row


def read_tables(directory: Path) -> dict[str, Table]:
    """
    Read every file of the catalogue.

    :raises UnreadableFile: for the first that cannot be read.
    """
    return {name: read_table(directory, name) for name in NAMES}


def digest(text: str) -> str:
    """Return the SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()
