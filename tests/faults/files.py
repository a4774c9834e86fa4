"""Two SQLite files in place of a server: what a power cut leaves is what is there."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.faults.checker.books import Ask, sqlite

KEPT = "template"
PLACES = ("first", "second")


class Files:
    """The databases of one hall, as files that can be moved to another folder."""

    def __init__(self, folder: Path, _logs: Path) -> None:
        self.folder = folder
        self._place = PLACES[0]
        (folder / self._place).mkdir()

    def url(self, name: str) -> str:
        return f"sqlite:///{self._file(name)}"

    def ask(self, name: str) -> Ask:
        """Return how to ask one of the databases."""
        return sqlite(self._file(name))

    def execute(self, name: str, words: str) -> None:
        with closing(sqlite3.connect(self._file(name), timeout=20)) as connection:
            connection.execute(words)
            connection.commit()

    def keep_as_template(self) -> None:
        """Remember both databases as they are now."""
        self._copy(self._place, KEPT)

    def begin_anew(self) -> None:
        """Put both databases back to what was remembered."""
        self._copy(KEPT, self._place)

    def move(self) -> None:
        """Copy everything to another folder, and go on there."""
        other = PLACES[self._place == PLACES[0]]
        self._copy(self._place, other)
        self._place = other

    def create(self) -> None:
        """Do nothing: a file is there when somebody writes."""

    start = stop = create

    def _file(self, name: str) -> Path:
        return self.folder / self._place / f"{name}.sqlite3"

    def _copy(self, source: str, target: str) -> None:
        shutil.rmtree(self.folder / target, ignore_errors=True)
        shutil.copytree(self.folder / source, self.folder / target)
