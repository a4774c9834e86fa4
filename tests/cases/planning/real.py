"""The project's own 251 items as definitions, without a database."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from services.catalogue.compose import compose_item
from services.catalogue.definition import Definition
from services.catalogue.files import read_tables
from services.catalogue.source import Catalogue

FILES = Path(__file__).resolve().parents[3] / "fixtures" / "catalogue"


@cache
def catalogue() -> Catalogue:
    """Return the files, read once."""
    return Catalogue(read_tables(FILES))


@cache
def definitions() -> dict[int, Definition]:
    """Return every item by its number."""
    items = (compose_item(catalogue(), row) for row in catalogue().tables["items"])
    return {definition.seq: definition for definition in items}


def item(seq: int) -> Definition:
    """Return one item."""
    return definitions()[seq]
