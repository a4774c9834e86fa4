"""The no-submission list: nobody is asked for what government issued."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from services.catalogue.definition import GOVERNMENT_ISSUED
from services.catalogue.files import Row
from services.catalogue.lint.finding import PROBLEM, Finding, Rule
from services.catalogue.source import Catalogue

SUBMITTED_BY_APPLICANT = Rule(
    "submitted_by_applicant",
    PROBLEM,
    _("政府部门核发的 %(material)s 被写成由申请人提供"),
    _("obtain_mode 改为 电子证照、数据核验 或 批文共享"),
)
GOVERNMENT_AS_FORM = Rule(
    "government_as_form",
    PROBLEM,
    _("政府部门核发的 %(material)s 被列为申请人填写或签署的材料"),
    _("从 city.csv 的该行删除"),
)
ALTERNATIVE_ASKS = Rule(
    "alternative_asks",
    PROBLEM,
    _("任选组 %(group)s 在查不到时向申请人索要政府部门核发的 %(material)s"),
    _("清空 asked_of_applicant_only_if"),
)
REASON_ASKS = Rule(
    "reason_asks",
    PROBLEM,
    _("说明要求申请人提交政府部门核发的 %(material)s"),
    _("改为“由系统向…核验《…》，您无需交材料”"),
)
TEXT_ASKS = Rule(
    "text_asks",
    PROBLEM,
    _("文字要求申请人提交政府部门核发的《%(material)s》：%(text)s"),
    _("改为由系统核验的说法，或删除"),
)
FIELD_ASKS = Rule(
    "field_asks",
    PROBLEM,
    _("表单字段 %(field)s 要求上传政府部门核发的《%(material)s》"),
    _("删除该字段，或改为填写编号"),
)
DEFERRABLE_GOVERNMENT = Rule(
    "deferrable_government",
    PROBLEM,
    _("由部门提供的 %(material)s 不能容缺后补，那等于要求申请人补交"),
    _("deferrable 改为 0"),
)
NO_REASON = Rule(
    "no_reason",
    PROBLEM,
    _("没有写明为何无需提交 %(material)s"),
    _("填写 reason_not_required，写出提供数据的部门"),
)
REASON_FOR_APPLICANT = Rule(
    "reason_for_applicant",
    PROBLEM,
    _("%(material)s 由申请人提供，却写着无需提交"),
    _("清空 reason_not_required"),
)
NO_HOLDER = Rule(
    "no_holder",
    PROBLEM,
    _("%(material)s 由数据核验取得，却没有部门提供"),
    _("在 holders.csv 写明由哪个部门提供"),
)
HOLDER_OF_UPLOAD = Rule(
    "holder_of_upload",
    PROBLEM,
    _("%(material)s 由申请人提供，却在 holders.csv 写了部门"),
    _("删除本行，或 obtain_mode 改为 数据核验"),
)

BY_APPLICANT = ("申请人提供", "告知承诺")
ASKS = re.compile(
    "请(您|申请人)?(提交|上传|提供|携带|出具)|由您提交|(须|应|需)(提交|上传)"
)
UPLOADS = re.compile(
    "上传|附件|扫描件|复印件|原件|照片|upload|scan|copy", re.IGNORECASE
)
CLAUSES = re.compile("[；;。，,]")
TEXTS = {
    "guides": ("conditions", "special_note", "faq_a1", "faq_a2"),
    "situations": ("question", "option", "note"),
    "items": ("situation_hints",),
    "form_fields": ("help",),
    "life_events": ("note",),
}
SAYS_NO = re.compile("无需|不用|不需|免于|不必|不得")


def find_modes(catalogue: Catalogue) -> Iterator[Finding]:
    """Name materials whose way into the case would be the applicant's hands."""
    named = catalogue.tables["holders"].by("material_code")
    for row in catalogue.tables["materials"]:
        by_applicant = row["obtain_mode"] in BY_APPLICANT
        if row["kind"] == GOVERNMENT_ISSUED:
            if by_applicant:
                yield SUBMITTED_BY_APPLICANT.at(row, material=row["code"])
        elif by_applicant and (row["code"],) in named:
            yield HOLDER_OF_UPLOAD.at(named[(row["code"],)], material=row["code"])
        elif not by_applicant and (row["code"],) not in named:
            yield NO_HOLDER.at(row, material=row["code"])


def find_forms(catalogue: Catalogue) -> Iterator[Finding]:
    """Name government papers that the city lists as made by the applicant."""
    for row in catalogue.tables["city"]:
        if row["key"] in ("form_materials", "commitment_material"):
            for material in row.many("value"):
                if _government(catalogue, material):
                    yield GOVERNMENT_AS_FORM.at(row, material=material)


def find_alternatives(catalogue: Catalogue) -> Iterator[Finding]:
    """Name groups whose last resort is a paper that government issued."""
    for row in catalogue.tables["alternatives"]:
        material = row["member_material"]
        if row["asked_of_applicant_only_if"] and _government(catalogue, material):
            yield ALTERNATIVE_ASKS.at(row, group=row["group_code"], material=material)


def find_reasons(catalogue: Catalogue) -> Iterator[Finding]:
    """Name effects that require a government paper in words that ask for it."""
    for row in catalogue.tables["effects"]:
        if row["effect"] == "require_material":
            text = row["reason"]
            verified = "核验" in text and "无需交材料" in text
            for material in row.many("value"):
                asks = ASKS.search(text) or not verified
                if asks and _government(catalogue, material):
                    yield REASON_ASKS.at(row, material=material)
        else:
            yield from _asking(catalogue, row, row["reason"])


def find_texts(catalogue: Catalogue) -> Iterator[Finding]:
    """Name guides, questions and hints that ask for a government paper by name."""
    for file, columns in TEXTS.items():
        for row in catalogue.tables[file]:
            for column in columns:
                yield from _asking(catalogue, row, row[column])


def find_fields(catalogue: Catalogue) -> Iterator[Finding]:
    """Name form fields that ask for a copy of a government paper."""
    for row in catalogue.tables["form_fields"]:
        text = f"{row['label']}{row['help']}"
        if UPLOADS.search(f"{text} {row['label_en']}"):
            for name in catalogue.government_names:
                if name in text:
                    yield FIELD_ASKS.at(row, field=row["field_code"], material=name)


def find_links(catalogue: Catalogue) -> Iterator[Finding]:
    """Name links that would let a government paper be asked for later."""
    for row in catalogue.tables["item_materials"]:
        material = row["material_code"]
        fetched = material in catalogue.holders
        if fetched and row["deferrable"] == "1":
            yield DEFERRABLE_GOVERNMENT.at(row, material=material)
        if fetched and not row["reason_not_required"]:
            yield NO_REASON.at(row, material=material)
        if not fetched and row["reason_not_required"]:
            yield REASON_FOR_APPLICANT.at(row, material=material)


def _asking(catalogue: Catalogue, row: Row, text: str) -> Iterator[Finding]:
    if not ASKS.search(text):
        return
    for clause in CLAUSES.split(text):
        if ASKS.search(clause) and not SAYS_NO.search(clause):
            for name in catalogue.government_names:
                if name in clause:
                    yield TEXT_ASKS.at(row, material=name, text=clause)


def _government(catalogue: Catalogue, material: str) -> bool:
    return catalogue.materials[material]["kind"] == GOVERNMENT_ISSUED
