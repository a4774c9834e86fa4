"""The negative list (负面清单): what government may not interfere with."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from services.catalogue.files import Row
from services.catalogue.lint.finding import ADVICE, PROBLEM, Finding, Rule
from services.catalogue.source import Catalogue

TOUCHES_NEGATIVE_LIST = Rule(
    "touches_negative_list",
    PROBLEM,
    _("“%(text)s”涉及负面清单的“%(word)s”：%(why)s"),
    _("删除，或在 negative_list_exceptions.csv 写明法律依据"),
)
IDLE_EXCEPTION = Rule(
    "idle_exception",
    ADVICE,
    _("事项 %(item)s 的 %(code)s 没有涉及负面清单"),
    _("删除本行"),
)
Place = tuple[str, str, str]  # item, "field" or "question", code


def find_negative(catalogue: Catalogue) -> Iterator[Finding]:
    """Name fields and questions that touch the negative list without a basis."""
    allowed = catalogue.tables["negative_list_exceptions"].by(
        "item_seq", "part", "code"
    )
    touched = set()
    for place, text, row in _texts(catalogue):
        for word in catalogue.tables["negative_list"]:
            if word["word"] not in text or place in touched:
                continue
            touched.add(place)
            if place not in allowed:
                yield TOUCHES_NEGATIVE_LIST.at(
                    row, text=text, word=word["word"], why=word["why"]
                )
    for exception, row in allowed.items():
        if exception not in touched:
            yield IDLE_EXCEPTION.at(row, item=row["item_seq"], code=row["code"])


def _texts(catalogue: Catalogue) -> Iterator[tuple[Place, str, Row]]:
    for row in catalogue.tables["form_fields"]:
        place = (row["item_seq"], "field", row["field_code"])
        yield place, f"{row['label']} {row['choices']}".strip(), row
    for row in catalogue.tables["situations"]:
        place = (row["item_seq"], "question", row["question_code"])
        yield place, f"{row['question']} {row['option']}", row
