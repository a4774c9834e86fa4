"""Rules about the form (form_fields.csv)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from services.catalogue.files import Row
from services.catalogue.lint.finding import ADVICE, PROBLEM, Finding, Rule
from services.catalogue.lint.vocabulary import REGISTRY_FACTS
from services.catalogue.source import COMMON, Catalogue

BAD_PREFILL = Rule(
    "bad_prefill",
    PROBLEM,
    _("无法由 %(prefill)s 预填"),
    _("写成 registry:字段 或 evidence:材料编码.属性，且该事项列有此材料"),
)
REPEATS_COMMON_FIELD = Rule(
    "repeats_common_field",
    PROBLEM,
    _("%(field)s 已是所有事项共有的字段"),
    _("删除本行"),
)
TWO_MEANINGS = Rule(
    "two_meanings",
    PROBLEM,
    _("字段 %(field)s 的名称或类型与第 %(first)d 行不同"),
    _("改用另一个字段编码，或统一名称和类型"),
)
BAD_CHOICES = Rule(
    "bad_choices",
    PROBLEM,
    _("字段 %(field)s 的选项与类型不符或有重复"),
    _("选择类字段用 | 列出不重复的选项，其他类型留空"),
)
BAD_VALIDATION = Rule(
    "bad_validation",
    PROBLEM,
    _("校验规则无法识别：%(validation)s"),
    _("写成 0..100、len 2..50 或正则表达式"),
)
NO_FIELD = Rule(
    "no_field", ADVICE, _("事项 %(item)s 没有自己的表单字段"), _("确认是否真的不需要")
)
SELECTING = ("choice", "multi_choice")
RANGE = re.compile(r"(len )?-?[\d.]+\.\.[\d.]*")


def find_fields(catalogue: Catalogue) -> Iterator[Finding]:
    """Name fields that cannot be shown, filled or checked."""
    common = {r["field_code"] for r in catalogue.rows("form_fields", COMMON)}
    meanings: dict[str, Row] = {}
    for row in catalogue.tables["form_fields"]:
        code = row["field_code"]
        if row["item_seq"] != COMMON and code in common:
            yield REPEATS_COMMON_FIELD.at(row, field=code)
        first = meanings.setdefault(code, row)
        if (first["label"], first["type"]) != (row["label"], row["type"]):
            yield TWO_MEANINGS.at(row, field=code, first=first.line)
        if row["prefill"] and not _fills(catalogue, row):
            yield BAD_PREFILL.at(row, prefill=row["prefill"])
        yield from _values(row)


def find_empty_forms(catalogue: Catalogue) -> Iterator[Finding]:
    """Advise on items without fields of their own."""
    for item in catalogue.tables["items"]:
        if not catalogue.rows("form_fields", item["seq"]):
            yield NO_FIELD.at(item, item=item["seq"])


def _fills(catalogue: Catalogue, row: Row) -> bool:
    kind, _colon, source = row["prefill"].partition(":")
    if kind == "registry":
        return source in REGISTRY_FACTS
    material, _dot, attribute = source.partition(".")
    if kind != "evidence" or (material, attribute) not in catalogue.attributes:
        return False
    item = row["item_seq"]
    return item == COMMON or material in catalogue.items[item].many("materials")


def _values(row: Row) -> Iterator[Finding]:
    options = row["choices"].split("|") if row["choices"] else []
    fits = (row["type"] in SELECTING) == bool(options)
    if not fits or len(set(options)) != len(options) or "" in options:
        yield BAD_CHOICES.at(row, field=row["field_code"])
    validation = row["validation"]
    if validation and not RANGE.fullmatch(validation):
        try:
            re.compile(validation)
        except re.error:
            yield BAD_VALIDATION.at(row, validation=validation)
