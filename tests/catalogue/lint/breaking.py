"""A copy of the second city's files that a test may break, one row at a time."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

SECOND_CITY = Path(__file__).parents[2] / "fixtures" / "second_city"


class Place(NamedTuple):
    """Where a finding must point."""

    file: str
    line: int


class Files:
    """The files of a small catalogue without any finding, in a folder of its own."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory / "catalogue"
        shutil.copytree(SECOND_CITY, self.directory)

    def edit(self, name: str, where: dict[str, str], /, **cells: str) -> Place:
        """Change cells of the one row that fits; return its place."""
        header, rows = self._read(name)
        number, row = self._only(rows, where)
        row.update(cells)
        self._write(name, header, rows)
        return Place(f"{name}.csv", number + 2)

    def add(self, name: str, like: dict[str, str], /, **cells: str) -> Place:
        """Append a copy of a row with other cells; return its place."""
        header, rows = self._read(name)
        _number, row = self._only(rows, like)
        rows.append({**row, **cells})
        self._write(name, header, rows)
        return Place(f"{name}.csv", len(rows) + 1)

    def drop(self, name: str, where: dict[str, str]) -> Place:
        """Remove a row; return where it stood."""
        header, rows = self._read(name)
        number, _row = self._only(rows, where)
        del rows[number]
        self._write(name, header, rows)
        return Place(f"{name}.csv", number + 2)

    def place(self, name: str, where: dict[str, str]) -> Place:
        """Return where a row stands."""
        return self.edit(name, where)

    def header(self, name: str, change: Callable[[list[str]], list[str]]) -> Place:
        """Change the columns of a file."""
        header, rows = self._read(name)
        kept = change(header)
        self._write(name, kept, [{c: row.get(c, "") for c in kept} for row in rows])
        return Place(f"{name}.csv", 1)

    def path(self, name: str) -> Path:
        """Return the path of a file."""
        return self.directory / f"{name}.csv"

    def _read(self, name: str) -> tuple[list[str], list[dict[str, str]]]:
        with self.path(name).open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            return list(reader.fieldnames or ()), list(reader)

    def _write(self, name: str, header: list[str], rows: list[dict[str, str]]) -> None:
        with self.path(name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, header, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)

    @staticmethod
    def _only(
        rows: list[dict[str, str]], where: dict[str, str]
    ) -> tuple[int, dict[str, str]]:
        found = [(n, r) for n, r in enumerate(rows) if where.items() <= r.items()]
        assert len(found) == 1, f"{where} fits {len(found)} rows"
        return found[0]


Break = Callable[[Files], "Place | list[Place]"]


class Case(NamedTuple):
    """A way to break the files, and the one rule that must notice."""

    rule: str
    break_files: Break
    name: str = ""


def names(cases: list[Case]) -> Iterator[str]:
    """Return a name for each case."""
    return (case.name or case.rule for case in cases)
