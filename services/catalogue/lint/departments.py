"""Rules about departments, districts and what departments answer."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from services.catalogue.definition import GOVERNMENT_ISSUED
from services.catalogue.lint.finding import ADVICE, PROBLEM, Finding, Rule
from services.catalogue.source import Catalogue

HOLDS_OTHERS = Rule(
    "holds_others",
    PROBLEM,
    _("%(material)s 由%(issuer)s核发，不能列在%(department)s名下"),
    _("改正 holds，或核对 materials.csv 的 issuer_department"),
)
NOBODY_HOLDS = Rule(
    "nobody_holds",
    PROBLEM,
    _("没有部门的 holds 列出 %(material)s，无法取得"),
    _("在 departments.csv 的核发部门一行补上"),
)
BAD_PATTERN = Rule(
    "bad_pattern",
    PROBLEM,
    _("区县机构名称没有 {district}"),
    _("写成如 {district}市场监督管理局；没有区县机构的留空"),
)
COPY_WITHOUT_HUB = Rule(
    "copy_without_hub",
    PROBLEM,
    _("不经公共数据平台的部门没有副本时效"),
    _("snapshot_hours 改为 0，或 via_hub 改为 1"),
)
SUCCESSOR_MISSING = Rule(
    "successor_missing",
    PROBLEM,
    _("已撤销的 %(district)s 没有现存的承接区划"),
    _("填写 successor，且承接区划不是已撤销的"),
)
SUCCESSOR_OF_CURRENT = Rule(
    "successor_of_current",
    PROBLEM,
    _("现存的 %(district)s 不应有承接区划"),
    _("清空 successor，或 abolished 改为 1"),
)
ATTRIBUTE_OF_UNHELD = Rule(
    "attribute_of_unheld",
    PROBLEM,
    _("%(material)s 不由部门提供，不会有属性"),
    _("删除本行，或在 holders.csv 写明部门"),
)
NO_ATTRIBUTES = Rule(
    "no_attributes",
    PROBLEM,
    _("%(material)s 由部门提供，却没有任何属性"),
    _("在 evidence_attributes.csv 补上属性"),
)
PERSONAL_NOT_MARKED = Rule(
    "personal_not_marked",
    PROBLEM,
    _("%(attribute)s 是个人信息，却没有标记"),
    _("personal 改为 1"),
)
IDLE_DEPARTMENT = Rule(
    "idle_department",
    ADVICE,
    _("%(department)s没有事项，也不提供材料"),
    _("确认是否需要这个部门"),
)
PERSONAL_TYPES = ("person_name", "id_number")


def find_holdings(catalogue: Catalogue) -> Iterator[Finding]:
    """Name materials that the wrong department holds, or none."""
    held = set()
    for row in catalogue.tables["departments"]:
        for material in row.many("holds"):
            held.add(material)
            issuer = catalogue.materials[material]["issuer_department"]
            if issuer != row["name"]:
                yield HOLDS_OTHERS.at(
                    row,
                    material=material,
                    issuer=issuer or "-",
                    department=row["name"],
                )
    for code, row in catalogue.materials.items():
        if row["kind"] == GOVERNMENT_ISSUED and code not in held:
            yield NOBODY_HOLDS.at(row, material=code)


def find_departments(catalogue: Catalogue) -> Iterator[Finding]:
    """Name departments that are described wrongly, or do nothing."""
    busy = {row["department"] for row in catalogue.tables["items"]}
    holding = set(catalogue.holders.values())
    for row in catalogue.tables["departments"]:
        pattern = row["district_name_pattern"]
        if pattern and "{district}" not in pattern:
            yield BAD_PATTERN.at(row)
        if row["via_hub"] == "0" and row["snapshot_hours"] != "0":
            yield COPY_WITHOUT_HUB.at(row)
        if row["name"] not in busy and row["code"] not in holding:
            yield IDLE_DEPARTMENT.at(row, department=row["name"])


def find_districts(catalogue: Catalogue) -> Iterator[Finding]:
    """Name abolished districts that nobody took over."""
    rows = catalogue.tables["districts"]
    current = {row["code"] for row in rows if row["abolished"] == "0"}
    for row in rows:
        if row["code"] in current and row["successor"]:
            yield SUCCESSOR_OF_CURRENT.at(row, district=row["name"])
        if row["code"] not in current and row["successor"] not in current:
            yield SUCCESSOR_MISSING.at(row, district=row["name"])


def find_attributes(catalogue: Catalogue) -> Iterator[Finding]:
    """Name evidence without attributes, attributes without evidence, and privacy."""
    described = set()
    for row in catalogue.tables["evidence_attributes"]:
        described.add(row["material_code"])
        if row["material_code"] not in catalogue.holders:
            yield ATTRIBUTE_OF_UNHELD.at(row, material=row["material_code"])
        if row["type"] in PERSONAL_TYPES and row["personal"] != "1":
            yield PERSONAL_NOT_MARKED.at(row, attribute=row["label"])
    for material in catalogue.holders:
        if material not in described:
            yield NO_ATTRIBUTES.at(catalogue.materials[material], material=material)
