"""The classes of data: every event type has one, and the page says the same."""

import re
from datetime import timedelta
from pathlib import Path

from services.ledger.events import EVENT_TYPES
from services.ledger.retention import (
    CLASSES,
    FORGOTTEN,
    NAMES,
    NAMES_KEPT,
    YEAR,
    class_of,
)

PAGE = Path(__file__).resolve().parents[2] / "docs/log-format.md"
ROW = re.compile(r"^\| `(\w+)` \| (.+?) \| (\d+) × 365 days \|", re.M)


def test_every_type_but_one_is_forgotten_some_day() -> None:
    kept_for_ever = {name for name in EVENT_TYPES if class_of(name) is None}

    assert kept_for_ever == {FORGOTTEN}


def test_each_type_stands_in_one_class() -> None:
    listed = [name for each in CLASSES for name in each.types]

    assert sorted([*listed, FORGOTTEN]) == sorted(EVENT_TYPES)


def test_the_table_of_the_page_is_the_table_of_the_code() -> None:
    rows = ROW.findall(PAGE.read_text(encoding="utf-8"))

    told = {
        code: (set(re.findall(r"`(\w+)\.\*`", types)), int(years) * YEAR)
        for code, types, years in rows
    }

    assert told == {
        **{each.code: (set(each.groups), each.kept) for each in CLASSES},
        NAMES: (set(), NAMES_KEPT),
    }
    assert timedelta(days=365) == YEAR
