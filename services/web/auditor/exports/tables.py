"""CSV that no spreadsheet takes for formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

MARK = "\ufeff"  # tells spreadsheets that it is UTF-8
STARTS_FORMULA = "=+-@＝＋－＠\t\r\n"  # OWASP, CSV injection; and full-width forms
AT_A_TIME = 500  # rows


def csv_file(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """Yield a CSV file (RFC 4180) a few rows at a time."""
    yield MARK.encode()
    left = iter(chain([head], rows))
    while some := list(islice(left, AT_A_TIME)):
        page = io.StringIO(newline="")
        csv.writer(page).writerows([safe(cell) for cell in row] for row in some)
        yield page.getvalue().encode()


def safe(text: str) -> str:
    """Return a text that stays one: what might begin a formula gets an apostrophe."""
    return f"'{text}" if text.lstrip(" \u3000\u00a0")[:1] in STARTS and text else text


STARTS = frozenset(STARTS_FORMULA)
