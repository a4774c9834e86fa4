"""Rules about how an item uses each of its materials (item_materials.csv)."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from services.catalogue.definition import APPLICANT_MADE
from services.catalogue.files import Row
from services.catalogue.lint.finding import PROBLEM, Finding, Rule
from services.catalogue.source import COMMON, Catalogue

LINK_MISSING = Rule(
    "link_missing",
    PROBLEM,
    _("事项 %(item)s 用到 %(material)s，item_materials.csv 却没有这一行"),
    _("在 item_materials.csv 补上一行，source 为 %(source)s"),
)
LINK_UNUSED = Rule(
    "link_unused",
    PROBLEM,
    _("事项 %(item)s 的清单、情形和任选组都没有用到 %(material)s"),
    _("删除本行，或在 items.csv、effects.csv 中用到它"),
)
LINK_SOURCE = Rule(
    "link_source",
    PROBLEM,
    _("source 应为 %(wanted)s"),
    _("改正 source，或核对 items.csv 和 effects.csv"),
)
LICENCE_MISSING = Rule(
    "licence_missing",
    PROBLEM,
    _("事项 %(item)s 没有把营业执照列为关键材料"),
    _("在 items.csv 和 item_materials.csv 列入 %(material)s，key 为 1"),
)
COMMIT_TO_KEY = Rule(
    "commit_to_key",
    PROBLEM,
    _("关键材料不能以承诺代替"),
    _("commit_ok 改为 0，或 key 改为 0"),
)
COMMIT_KIND = Rule(
    "commit_kind",
    PROBLEM,
    _("commit_ok 与 commit_kind 不一致"),
    _("可承诺的写 proof 或 permit，不可承诺的留空"),
)
PERMIT_COMMITMENT = Rule(
    "permit_commitment",
    PROBLEM,
    _("事项未实行告知承诺，许可条件不能承诺"),
    _("commit_kind 改为 proof，或核对 commitment_allowed"),
)
WAIVED_WITHOUT_COMMITMENT = Rule(
    "waived_without_commitment",
    PROBLEM,
    _("选择承诺即免除 %(material)s，但该材料不可承诺"),
    _("item_materials.csv 的 commit_ok 改为 1，或删除免除"),
)
DEFERRED_KEY = Rule(
    "deferred_key",
    PROBLEM,
    _("关键材料不能容缺后补"),
    _("deferrable 改为 0"),
)
SUBJECT_FIELD = Rule(
    "subject_field",
    PROBLEM,
    _("核验对象 %(subject)s 与 subject_field“%(field)s”不一致"),
    _("对象是企业自己的留空，其他的写表单字段"),
)
UNKNOWN_FIELD = Rule(
    "unknown_field",
    PROBLEM,
    _("该事项的表单没有字段 %(field)s"),
    _("在 form_fields.csv 补上字段，或改正 subject_field"),
)
TRUST_LEVEL = Rule(
    "trust_level",
    PROBLEM,
    _("可信等级应为 %(wanted)s"),
    _("A 部门签发，B 机构回传，C 上传，D 自行填写"),
)


def find_links(catalogue: Catalogue) -> Iterator[Finding]:
    """Name links that are missing, unused or say where they come from wrongly."""
    expected = expected_sources(catalogue)
    present = catalogue.tables["item_materials"].by("item_seq", "material_code")
    for key, (source, row) in expected.items():
        if key not in present:
            item, material = key
            yield LINK_MISSING.at(row, item=item, material=material, source=source)
    for row in catalogue.tables["item_materials"]:
        item, material = row["item_seq"], row["material_code"]
        wanted = expected.get((item, material))
        if wanted is None:
            yield LINK_UNUSED.at(row, item=item, material=material)
        elif row["source"] != wanted[0]:
            yield LINK_SOURCE.at(row, wanted=wanted[0])


def expected_sources(catalogue: Catalogue) -> dict[tuple[str, str], tuple[str, Row]]:
    """Return every material an item may use: from where, and the row that says so."""
    found: dict[tuple[str, str], tuple[str, Row]] = {}
    for item in catalogue.tables["items"]:
        for material in item.many("materials"):
            found[item["seq"], material] = ("base", item)
    for row in catalogue.tables["effects"]:
        for material in _brought(catalogue, row):
            found.setdefault((row["item_seq"], material), ("situation", row))
    for row in catalogue.tables["item_alternatives"]:
        if row["basis"] == "fallback":
            for member in catalogue.members[(row["group_code"],)]:
                key = (row["item_seq"], member["member_material"])
                found.setdefault(key, ("fallback", row))
    return found


def _brought(catalogue: Catalogue, row: Row) -> tuple[str, ...]:
    if row["effect"] == "require_material":
        return row.many("value")
    if row["effect"] == "any_of_group":
        members = catalogue.members[(row["value"],)]
        return tuple(member["member_material"] for member in members)
    return ()


def find_conditions(catalogue: Catalogue) -> Iterator[Finding]:
    """Name links whose flags contradict each other."""
    for row in catalogue.tables["item_materials"]:
        item = catalogue.items[row["item_seq"]]
        if row["key"] == "1" and row["commit_ok"] == "1":
            yield COMMIT_TO_KEY.at(row)
        if (row["commit_ok"] == "1") != bool(row["commit_kind"]):
            yield COMMIT_KIND.at(row)
        if row["commit_kind"] == "permit" and item["commitment_allowed"] != "1":
            yield PERMIT_COMMITMENT.at(row)
        if row["key"] == "1" and row["deferrable"] == "1":
            yield DEFERRED_KEY.at(row)
        wanted = _trust(catalogue, row["material_code"])
        if row["trust_level"] != wanted:
            yield TRUST_LEVEL.at(row, wanted=wanted)


def _trust(catalogue: Catalogue, material: str) -> str:
    row = catalogue.materials[material]
    if row["issuer_department"]:
        return "A"
    if row["kind"] == APPLICANT_MADE:
        return "D"
    return "B" if material in catalogue.holders else "C"


def find_subjects(catalogue: Catalogue) -> Iterator[Finding]:
    """Name links that do not say whose evidence is meant."""
    for row in catalogue.tables["item_materials"]:
        field = row["subject_field"]
        if (row["subject"] == "entity") == bool(field):
            yield SUBJECT_FIELD.at(row, subject=row["subject"], field=field)
        elif field:
            places = {(row["item_seq"], field), (COMMON, field)}
            if not places & catalogue.field_codes:
                yield UNKNOWN_FIELD.at(row, field=field)


def find_licence(catalogue: Catalogue) -> Iterator[Finding]:
    """Name items that do not rest on the business licence."""
    licence = catalogue.city.licence_material
    links = catalogue.tables["item_materials"].by("item_seq", "material_code")
    for item in catalogue.tables["items"]:
        link = links.get((item["seq"], licence))
        if link is None or link["key"] != "1" or link["source"] != "base":
            yield LICENCE_MISSING.at(link or item, item=item["seq"], material=licence)


def find_commitments(catalogue: Catalogue) -> Iterator[Finding]:
    """Name materials that a commitment waives although nobody may commit to them."""
    links = catalogue.tables["item_materials"].by("item_seq", "material_code")
    for row in catalogue.tables["effects"]:
        offered = row["question_code"] == "commitment" and row["option_code"] == "yes"
        if not offered or row["effect"] != "waive_material":
            continue
        for material in row.many("value"):
            link = links.get((row["item_seq"], material))
            if link and link["commit_ok"] != "1":
                yield WAIVED_WITHOUT_COMMITMENT.at(row, material=material)
