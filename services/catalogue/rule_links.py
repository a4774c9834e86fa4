"""Links to materials that no list of an item names and yet something reads. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from services.catalogue.files import Row
from services.catalogue.source import COMMON, Catalogue

WORD = re.compile(r"\w+")
COMMITMENT = "commitment"  # the question that serious dishonesty closes
RULE = "rule"  # source of these links: they are asked for, but nothing is due on them
LINKS = "item_materials"


def rule_rows(catalogue: Catalogue, seq: str) -> list[Row]:
    """Return a row as of item_materials.csv for each such material of an item."""
    listed = {row["material_code"] for row in catalogue.rows(LINKS, seq)}
    codes = dict.fromkeys(_read(catalogue, seq))
    return [
        _row(catalogue, seq, code)
        for code in codes
        if code in catalogue.holders and code not in listed
    ]


def _read(catalogue: Catalogue, seq: str) -> Iterator[str]:
    """Yield what rules read, and the credit record where commitment is a choice."""
    for row in catalogue.rows("auto_rules", seq):
        yield from WORD.findall(f"{row['source']} {row['value']} {row['conditions']}")
    asked = {row["question_code"] for row in catalogue.rows("situations", seq)}
    if COMMITMENT in asked:
        yield catalogue.city.credit_material


def _row(catalogue: Catalogue, seq: str, code: str) -> Row:
    """Return the link with the subject that most items give the material."""
    fields = {
        row["field_code"]
        for owner in (COMMON, seq)
        for row in catalogue.rows("form_fields", owner)
    }
    uses = [
        (row["subject"], row["subject_field"])
        for row in catalogue.tables[LINKS]
        if row["material_code"] == code
    ]
    fitting = [use for use in uses if not use[1] or use[1] in fields]
    subject, field = max(fitting, key=fitting.count, default=("entity", ""))
    cells = dict.fromkeys(catalogue.tables[LINKS].header, "")
    cells |= {"item_seq": seq, "material_code": code, "trust_level": "A"}
    cells |= {"subject": subject, "subject_field": field, "source": RULE}
    return Row(cells, file="auto_rules.csv", line=0)
