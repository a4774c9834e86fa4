"""Rules about references that take more than one cell, or a file of every item."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from services.catalogue.definition import GOVERNMENT_ISSUED
from services.catalogue.files import Row
from services.catalogue.lint.finding import PROBLEM, Finding, Rule
from services.catalogue.lint.shape import UNKNOWN_REFERENCE
from services.catalogue.source import Catalogue

UNKNOWN_OPTION = Rule(
    "unknown_option",
    PROBLEM,
    _("事项 %(item)s 没有情形 %(question)s/%(option)s"),
    _("核对 situations.csv"),
)
ITEM_WITHOUT_ROW = Rule(
    "item_without_row",
    PROBLEM,
    _("事项 %(item)s 在 %(file)s 中没有对应行"),
    _("在 %(file)s 补上一行"),
)
GOVERNMENT_WITHOUT_DEPARTMENT = Rule(
    "government_without_department",
    PROBLEM,
    _("政府部门核发的 %(material)s 没有写明核发部门"),
    _("填写 issuer_department"),
)
OTHERS_WITH_DEPARTMENT = Rule(
    "others_with_department",
    PROBLEM,
    _("%(material)s 不是政府部门核发，却写了核发部门"),
    _("清空 issuer_department；由部门提供数据的写入 holders.csv"),
)
DUPLICATE_NAME = Rule(
    "duplicate_name",
    PROBLEM,
    _("名称 %(name)s 与第 %(first)d 行相同"),
    _("改用不同的名称：其他文件按名称引用"),
)
CITY_MATERIALS = ("licence_material", "credit_material", "commitment_material")


def find_options(catalogue: Catalogue) -> Iterator[Finding]:
    """Name rows about an option that the item does not have."""
    options = catalogue.tables["situations"].by(
        "item_seq", "question_code", "option_code"
    )
    for name in ("effects", "not_accepted", "auto_rules"):
        for row in catalogue.tables[name]:
            item, question, option = option_of(row)
            if (item, question, option) not in options:
                yield UNKNOWN_OPTION.at(
                    row, item=item, question=question, option=option
                )


def option_of(row: Row) -> tuple[str, str, str]:
    """Return what names an option: item, question, option."""
    return row["item_seq"], row["question_code"], row["option_code"]


def question_of(row: Row) -> tuple[str, str]:
    """Return what names a question: item, question."""
    return row["item_seq"], row["question_code"]


def find_items(catalogue: Catalogue) -> Iterator[Finding]:
    """Name items that a file with one row per item leaves out."""
    for name in ("items_extra", "guides"):
        table = catalogue.tables[name]
        present = table.by("item_seq")
        for item in catalogue.tables["items"]:
            if (item["seq"],) not in present:
                yield ITEM_WITHOUT_ROW.at(item, item=item["seq"], file=table.file)


def find_issuers(catalogue: Catalogue) -> Iterator[Finding]:
    """Name materials whose kind and issuing department contradict each other."""
    for row in catalogue.tables["materials"]:
        issued = row["kind"] == GOVERNMENT_ISSUED
        if issued and not row["issuer_department"]:
            yield GOVERNMENT_WITHOUT_DEPARTMENT.at(row, material=row["code"])
        if not issued and row["issuer_department"]:
            yield OTHERS_WITH_DEPARTMENT.at(row, material=row["code"])


def find_names(catalogue: Catalogue) -> Iterator[Finding]:
    """Name departments, materials and items that share a name with another."""
    for name in ("departments", "materials", "items"):
        first: dict[str, int] = {}
        for row in catalogue.tables[name]:
            if row["name"] in first:
                yield DUPLICATE_NAME.at(row, name=row["name"], first=first[row["name"]])
            first.setdefault(row["name"], row.line)


def find_city_materials(catalogue: Catalogue) -> Iterator[Finding]:
    """Name special materials of the city that do not exist."""
    for row in catalogue.tables["city"]:
        wanted = row.many("value") if row["key"] == "form_materials" else ()
        if row["key"] in CITY_MATERIALS:
            wanted = (row["value"],)
        for material in wanted:
            if material not in catalogue.materials:
                yield UNKNOWN_REFERENCE["material"].at(row, value=material)
