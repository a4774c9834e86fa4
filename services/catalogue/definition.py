"""
One version of a service item as a value: everything that planning needs. Pure.

Built from the catalogue's files by `compose.py`, kept as JSON in
`ItemVersion.definition`, and read back here. Codes only; no database rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

GOVERNMENT_ISSUED = "government_issued"
APPLICANT_MADE = "applicant_made"
THIRD_PARTY = "third_party"


@dataclass(frozen=True, slots=True)
class MaterialLink:
    """A material as this item uses it."""

    material: str
    name: str  # as this item calls it
    name_en: str
    kind: str
    holder: str  # department code that answers for it; "" = only the applicant has it
    holder_name: str
    obtain_mode: str
    validity_months: int | None
    how: str  # "exchange", "form" (made by filing), "sign" (commitment), "upload"
    key: bool
    commit_ok: bool
    commit_kind: str  # "proof", "permit" or ""
    deferrable: bool
    subject: str  # entity, person, premises…
    subject_field: str
    trust_level: str
    reason_not_required: str
    source: str  # base, situation, fallback
    made_by: tuple[str, ...]  # item codes whose result it is


@dataclass(frozen=True, slots=True)
class Option:
    code: str
    text: str
    text_en: str
    default: bool


@dataclass(frozen=True, slots=True)
class Question:
    code: str
    text: str
    text_en: str
    kind: str  # single, multi, boolean
    options: tuple[Option, ...]
    note: str
    confirm: bool  # an answer that relaxes a check is confirmed by a clerk


@dataclass(frozen=True, slots=True)
class Effect:
    question: str
    option: str
    kind: str
    value: str
    reason: str
    reason_en: str


@dataclass(frozen=True, slots=True)
class Rule:
    """How register or evidence answers a question (auto_rules.csv)."""

    question: str
    option: str
    source: str  # "registry:<field>", "M###" or "M###.<attribute>"
    operator: str
    value: str
    decides: bool
    conditions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Member:
    material: str
    order: int
    only_if_others_not_found: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Evidence of which any one is enough."""

    code: str
    name: str
    name_en: str
    basis: str  # "listed", "fallback" (item_alternatives) or "effect"
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Field:
    code: str
    label: str
    label_en: str
    type: str
    unit: str
    required: bool
    prefill: str
    choices: tuple[str, ...]
    validation: str
    help: str
    common: bool  # one of the fields that every item has


@dataclass(frozen=True, slots=True)
class Definition:
    """One version of one item."""

    code: str  # HZ-004
    seq: int
    name: str
    name_en: str
    department: str  # code
    department_name: str
    item_type: str
    industry: str
    legal_basis: str
    instant: bool  # 即办件
    promised_days: int
    statutory_unit: str  # working_day, calendar_day, month
    statutory_value: int
    commitment_allowed: bool
    fee: bool
    fee_standard: str
    inspection: bool
    hints: str
    confidence: str
    result_name: str
    result_material: str  # M031, or R004 where no material exists
    result_validity_months: int | None
    certificate_form: str
    delivery: tuple[str, ...]
    authority_level: str  # city, district, province_delegated, vertical
    jurisdiction: str
    acceptance_mode: str  # window_delegated, department, online_only
    review_route: str  # instant_auto, one_level, two_level
    special_procedures: tuple[str, ...]
    hearing_required: bool
    deemed_renewal: bool
    visits_now: int
    before: Mapping[str, int]  # visits, windows, days, materials: guessed
    materials: tuple[str, ...]  # the base list, in order
    links: Mapping[str, MaterialLink]
    questions: tuple[Question, ...]
    effects: tuple[Effect, ...]
    rules: tuple[Rule, ...]
    groups: tuple[Group, ...]
    fields: tuple[Field, ...]  # common ones first
    guide: Mapping[str, str]  # conditions, flow, special_note, faq_*
    authorities: Mapping[str, str]  # "question/option" -> level, of other_authority
    licence_material: str  # M001
    credit_material: str  # M086; serious dishonesty closes the way of commitment


def to_json(definition: Definition) -> dict[str, Any]:
    """Return a JSON-ready mapping that `from_json` reads back to an equal value."""
    return asdict(definition)


def from_json(stored: Mapping[str, Any]) -> Definition:
    """Return the definition that `to_json` wrote."""
    parts = dict(stored)
    parts["links"] = {
        code: MaterialLink(**{**link, "made_by": tuple(link["made_by"])})
        for code, link in stored["links"].items()
    }
    parts["questions"] = tuple(
        Question(**{**row, "options": tuple(Option(**o) for o in row["options"])})
        for row in stored["questions"]
    )
    parts["effects"] = tuple(Effect(**row) for row in stored["effects"])
    parts["rules"] = tuple(
        Rule(**{**row, "conditions": tuple(row["conditions"])})
        for row in stored["rules"]
    )
    parts["groups"] = tuple(
        Group(**{**row, "members": tuple(Member(**m) for m in row["members"])})
        for row in stored["groups"]
    )
    parts["fields"] = tuple(
        Field(**{**row, "choices": tuple(row["choices"])}) for row in stored["fields"]
    )
    for name in ("materials", "delivery", "special_procedures"):
        parts[name] = tuple(stored[name])
    return Definition(**parts)
