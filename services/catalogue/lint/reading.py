"""Rules about files as such: they are there, readable, and their rows even."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from services.catalogue.files import NAMES, Table, UnreadableFile, read_table
from services.catalogue.lint.finding import PROBLEM, Finding, Rule
from services.catalogue.source import Catalogue

MISSING_FILE = Rule(
    "missing_file",
    PROBLEM,
    _("缺少文件 %(name)s"),
    _("补上该文件；没有内容时也要保留表头"),
)
NOT_UTF8 = Rule(
    "not_utf8",
    PROBLEM,
    _("%(name)s 不是 UTF-8 文本"),
    _("以 UTF-8 编码重新保存"),
)
UNEVEN_ROW = Rule(
    "uneven_row",
    PROBLEM,
    _("本行列数与表头相差 %(surplus)+d"),
    _("检查逗号和引号：含逗号的内容须用双引号括起"),
)


def read(directory: Path) -> tuple[dict[str, Table], list[Finding]]:
    """Read all files; name each that cannot be read."""
    tables: dict[str, Table] = {}
    findings: list[Finding] = []
    for name in NAMES:
        try:
            tables[name] = read_table(directory, name)
        except UnreadableFile as error:
            rule = MISSING_FILE if error.missing else NOT_UTF8
            findings.append(rule.in_file(error.file, name=error.file))
    return tables, findings


def find_uneven_rows(catalogue: Catalogue) -> Iterator[Finding]:
    """Name rows with more or fewer cells than the header."""
    for table in catalogue.tables.values():
        for row in table:
            if row.surplus:
                yield UNEVEN_ROW.at(row, surplus=row.surplus)
