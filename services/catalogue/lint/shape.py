"""Rules about single cells and keys: filled, well formed, known, said once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from django.utils.translation import gettext_lazy as _

from services.catalogue.files import Row, Table, Tables
from services.catalogue.lint.columns import Column
from services.catalogue.lint.finding import ADVICE, PROBLEM, Finding, Rule
from services.catalogue.lint.schema import SHAPES
from services.catalogue.lint.vocabulary import (
    CITY_KEYS,
    MATERIAL_CODE,
    RESULT_CODE,
    SLUG,
)
from services.catalogue.source import COMMON, Catalogue

MISSING_COLUMN = Rule(
    "missing_column", PROBLEM, _("缺少列 %(column)s"), _("在表头补上该列")
)
UNKNOWN_COLUMN = Rule(
    "unknown_column",
    ADVICE,
    _("多出的列 %(column)s 不会被读取"),
    _("删除该列，或检查列名"),
)
BLANK_VALUE = Rule("blank_value", PROBLEM, _("%(column)s 为空"), _("填写该列"))
MISSING_ENGLISH = Rule(
    "missing_english", PROBLEM, _("缺少英文 %(column)s"), _("补上英文译文")
)
CHINESE_IN_ENGLISH = Rule(
    "chinese_in_english",
    PROBLEM,
    _("英文列 %(column)s 含有汉字：%(value)s"),
    _("改为完整的英文译文"),
)
NOT_A_NUMBER = Rule(
    "not_a_number",
    PROBLEM,
    _("%(column)s 应为非负数：%(value)s"),
    _("改为不带单位的数字"),
)
NOT_A_CHOICE = Rule(
    "not_a_choice",
    PROBLEM,
    _("%(column)s 不能是 %(value)s"),
    _("从下列值中选择：%(choices)s"),
)
BAD_CODE = Rule(
    "bad_code",
    PROBLEM,
    _("%(column)s 的编码 %(value)s 不符合格式"),
    _("改为 %(wanted)s"),
)
UNKNOWN_REFERENCE = {
    "item": Rule(
        "unknown_item", PROBLEM, _("没有编号为 %(value)s 的事项"), _("核对 items.csv")
    ),
    "material": Rule(
        "unknown_material", PROBLEM, _("没有材料 %(value)s"), _("核对 materials.csv")
    ),
    "department": Rule(
        "unknown_department",
        PROBLEM,
        _("没有部门 %(value)s"),
        _("核对 departments.csv"),
    ),
    "group": Rule(
        "unknown_group",
        PROBLEM,
        _("没有任选组 %(value)s"),
        _("核对 alternatives.csv"),
    ),
    "district": Rule(
        "unknown_district", PROBLEM, _("没有区划 %(value)s"), _("核对 districts.csv")
    ),
}
DUPLICATE_ROW = Rule(
    "duplicate_row",
    PROBLEM,
    _("与第 %(first)d 行重复：%(key)s"),
    _("保留一行，删除另一行"),
)
MISSING_CITY_KEY = Rule(
    "missing_city_key", PROBLEM, _("缺少 %(key)s"), _("在 city.csv 补上一行")
)

CHINESE = re.compile("[一-鿿]")
DECIMAL = re.compile(r"\d+(\.\d+)?")
PATTERNS = {
    "slug": (SLUG, "food_class"),
    "material_code": (MATERIAL_CODE, "M001"),
    "district_code": (re.compile(r"\d{6}"), "330106"),
}
Known = Mapping[str, frozenset[str]]


def find_columns(catalogue: Catalogue) -> Iterator[Finding]:
    """Name columns that are missing or not read."""
    for name, shape in SHAPES.items():
        wanted = {column.name for column in shape.columns}
        table = catalogue.tables[name]
        for column in sorted(wanted - set(table.header)):
            yield MISSING_COLUMN.in_file(table.file, column=column)
        for column in table.header:
            if column not in wanted:
                yield UNKNOWN_COLUMN.in_file(table.file, column=column)


def find_cells(catalogue: Catalogue) -> Iterator[Finding]:
    """Name cells that are blank, malformed or refer to nothing."""
    known = known_values(catalogue.tables)
    for name, shape in SHAPES.items():
        for row in catalogue.tables[name]:
            for column in shape.columns:
                yield from _check_cell(row, column, known)


def find_keys(catalogue: Catalogue) -> Iterator[Finding]:
    """Name rows that say the same thing twice, and keys of the city not given."""
    for name, shape in SHAPES.items():
        yield from _repeated(catalogue.tables[name], shape.key)
    given = {row["key"] for row in catalogue.tables["city"]}
    for key in CITY_KEYS:
        if key not in given:
            yield MISSING_CITY_KEY.in_file("city.csv", key=key)


def known_values(tables: Tables) -> Known:
    """Return what a reference may name, by kind of reference."""
    items = _column(tables["items"], "seq")
    return {
        "item": items,
        "item_or_common": items | {COMMON},
        "material": _column(tables["materials"], "code"),
        "department_code": _column(tables["departments"], "code"),
        "department_name": _column(tables["departments"], "name"),
        "group": _column(tables["alternatives"], "group_code"),
        "district": _column(tables["districts"], "code"),
    }


def _column(table: Table, name: str) -> frozenset[str]:
    return frozenset(row[name] for row in table)


def _repeated(table: Table, key: tuple[str, ...]) -> Iterator[Finding]:
    first: dict[tuple[str, ...], int] = {}
    for row in table:
        values = tuple(row[column] for column in key)
        if values in first:
            yield DUPLICATE_ROW.at(row, first=first[values], key=" ".join(values))
        first.setdefault(values, row.line)


def _check_cell(row: Row, column: Column, known: Known) -> Iterator[Finding]:
    value = row[column.name]
    if not value.strip():
        if column.required:
            rule = MISSING_ENGLISH if column.kind == "english" else BLANK_VALUE
            yield rule.at(row, column=column.name)
        return
    check = CHECKS.get(column.kind)
    if check is None:
        return
    for part in value.split(";") if column.many else (value,):
        if finding := check(row, column, part, known):
            yield finding


def _english(row: Row, column: Column, value: str, _known: Known) -> Finding | None:
    if CHINESE.search(value):
        return CHINESE_IN_ENGLISH.at(row, column=column.name, value=value)
    return None


def _number(row: Row, column: Column, value: str, _known: Known) -> Finding | None:
    fits = value.isdecimal() if column.kind == "number" else DECIMAL.fullmatch(value)
    return None if fits else NOT_A_NUMBER.at(row, column=column.name, value=value)


def _choice(row: Row, column: Column, value: str, _known: Known) -> Finding | None:
    if value in column.choices:
        return None
    allowed = "、".join(column.choices)
    return NOT_A_CHOICE.at(row, column=column.name, value=value, choices=allowed)


def _pattern(row: Row, column: Column, value: str, _known: Known) -> Finding | None:
    pattern, wanted = PATTERNS[column.kind]
    reserved = column.kind == "material_code" and RESULT_CODE.fullmatch(value)
    if pattern.fullmatch(value) and not reserved:
        return None
    return BAD_CODE.at(row, column=column.name, value=value, wanted=wanted)


def _reference(row: Row, column: Column, value: str, known: Known) -> Finding | None:
    if value in known[column.refers_to]:
        return None
    rule = UNKNOWN_REFERENCE[column.refers_to.partition("_")[0]]
    return rule.at(row, value=value)


CHECKS: dict[str, Callable[[Row, Column, str, Known], Finding | None]] = {
    "english": _english,
    "number": _number,
    "decimal": _number,
    "choice": _choice,
    "slug": _pattern,
    "material_code": _pattern,
    "district_code": _pattern,
    "ref": _reference,
}
