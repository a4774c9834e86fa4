"""How the columns of a file are described."""

from __future__ import annotations

from typing import NamedTuple


class Column(NamedTuple):
    """One column and what its cells must be."""

    name: str
    kind: str = "text"
    required: bool = True
    choices: tuple[str, ...] = ()
    many: bool = False  # a list separated by semicolons
    refers_to: str = ""  # the set of known values, see references.py


class Shape(NamedTuple):
    """The columns of a file and those that identify a row."""

    key: tuple[str, ...]
    columns: tuple[Column, ...]


def text(*names: str) -> tuple[Column, ...]:
    """Return columns that must be filled."""
    return tuple(Column(name) for name in names)


def free(*names: str) -> tuple[Column, ...]:
    """Return columns that may be blank."""
    return tuple(Column(name, required=False) for name in names)


def english(*names: str) -> tuple[Column, ...]:
    """Return columns in English: filled, and without Chinese."""
    return tuple(Column(name, "english") for name in names)


def slug(*names: str) -> tuple[Column, ...]:
    """Return columns of codes such as `food_class`."""
    return tuple(Column(name, "slug") for name in names)


def number(*names: str, required: bool = True) -> tuple[Column, ...]:
    """Return columns of whole numbers."""
    return tuple(Column(name, "number", required) for name in names)


def flag(*names: str) -> tuple[Column, ...]:
    """Return columns of 0 or 1."""
    return tuple(Column(name, "choice", choices=("0", "1")) for name in names)


def choice(name: str, *choices: str, required: bool = True) -> Column:
    """Return a column with a closed list of values."""
    return Column(name, "choice", required, choices)


def ref(name: str, target: str, *, required: bool = True, many: bool = False) -> Column:
    """Return a column that names rows of another file."""
    return Column(name, "ref", required, many=many, refers_to=target)


def choices(name: str, *values: str) -> Column:
    """Return a column with any number of values of a closed list."""
    return Column(name, "choice", required=False, choices=values, many=True)
