"""Small definitions and knowledge, legal by default."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.cases.planning.compute import make_plan
from services.cases.planning.plan import Known, Plan
from services.catalogue.definition import (
    Definition,
    Effect,
    Field,
    Group,
    MaterialLink,
    Member,
    Option,
    Question,
    Rule,
)
from services.common.subjects import Subject

TODAY = date(2026, 11, 23)
USCC = "91330102FAKE000139"
COMPANY = Subject("entity", USCC)
REGISTRY = {
    "legal_name": "杭州示例餐饮有限公司",
    "uscc": USCC,
    "entity_type": "有限责任公司（自然人投资或控股）",
    "legal_representative": "王示例",
    "registered_address": "浙江省杭州市西湖区文三路1号201室",
    "business_scope": "餐饮服务",
    "established_on": "2020-05-01",
    "registered_capital": "500",
    "district": "西湖区",
    "industry": "H",
    "phone": "13900000001",
    "legal_rep_id": "330199199001010011",
    "place_of_business": "杭州市拱墅区莫干山路2号",
    "place_district": "330105",
}
HOME = Subject("premises", "西湖区文三路1号201室")
NOT_FOUND = Known("NOT_FOUND", "NO_RECORD")
SILENT = Known("UNAVAILABLE", "TIMEOUT")


def found(**attributes: str) -> Known:
    """Return an answer with one record."""
    return Known("FOUND", "", (attributes,))


def link(material: str, **values: Any) -> MaterialLink:
    """Return a government-issued material of the company, unless told otherwise."""
    kind = values.get("kind", "government_issued")
    asked = kind == "government_issued"
    usual: dict[str, Any] = {
        "material": material,
        "name": f"材料{material}",
        "name_en": f"Material {material}",
        "kind": kind,
        "holder": "scjg" if asked else "",
        "holder_name": "市市场监管局" if asked else "",
        "obtain_mode": "",
        "validity_months": None,
        "how": "exchange" if asked else "upload",
        "key": False,
        "commit_ok": False,
        "commit_kind": "",
        "deferrable": False,
        "subject": "entity",
        "subject_field": "",
        "trust_level": "A",
        "reason_not_required": "",
        "source": "base",
        "made_by": (),
    }
    return MaterialLink(**{**usual, **values})


def title(**values: Any) -> MaterialLink:
    """Return the title of the place applied for: M022."""
    return link("M022", subject="premises", subject_field="place", **values)


def lease(**values: Any) -> MaterialLink:
    """Return the filed lease of the place applied for: M091."""
    return link("M091", subject="premises", subject_field="place", **values)


def contract(**values: Any) -> MaterialLink:
    """Return the lease contract that only the applicant has: M131."""
    return link(
        "M131", kind="third_party", subject="premises", subject_field="place", **values
    )


def premises_group(basis: str = "listed") -> Group:
    """Return the any-of group of title, lease and contract."""
    return group("G_PREMISES", "M022", "M091", "M131?", basis=basis)


def group(code: str, *members: str, basis: str = "listed") -> Group:
    """Return a group; a member with a question mark is asked only as a last resort."""
    return Group(
        code,
        f"{code}（任一）",
        f"{code} (any)",
        basis,
        tuple(
            Member(text.rstrip("?"), order, text.endswith("?"))
            for order, text in enumerate(members, start=1)
        ),
    )


def question(
    code: str, *options: str, kind: str = "single", confirm: bool = False
) -> Question:
    """Return a question; the option with a star is the default."""
    return Question(
        code,
        f"{code}？",
        f"{code}?",
        kind,
        tuple(
            Option(text.rstrip("*"), f"选{text.rstrip('*')}", text, text.endswith("*"))
            for text in options
        ),
        "",
        confirm,
    )


def effect(choice: str, kind: str, value: str = "") -> Effect:
    """Return what `question/option` does."""
    asked, _, option = choice.partition("/")
    return Effect(asked, option, kind, value, f"因{choice}", f"because {choice}")


def rule(choice: str, source: str, operator: str, value: str = "", **more: Any) -> Rule:
    """Return a rule for `question/option` that decides unless told otherwise."""
    asked, _, option = choice.partition("/")
    usual: dict[str, Any] = {"decides": True, "conditions": ()}
    return Rule(asked, option, source, operator, value, **{**usual, **more})


def field(code: str, type: str = "text", **values: Any) -> Field:  # noqa: A002
    """Return an optional field."""
    usual: dict[str, Any] = {
        "label": f"字段{code}",
        "label_en": f"Field {code}",
        "unit": "",
        "required": False,
        "prefill": "",
        "choices": (),
        "validation": "",
        "help": "",
        "common": False,
    }
    return Field(code=code, type=type, **{**usual, **values})


PLACE = field("place", "address", prefill="registry:registered_address")
STAFF = field("staff_ids", "long_text")


def definition(*links: MaterialLink, **values: Any) -> Definition:
    """Return an item that lists the given materials."""
    usual: dict[str, Any] = {
        "code": "HZ-004",
        "seq": 4,
        "name": "食品经营许可",
        "name_en": "Food business licence",
        "department": "scjg",
        "department_name": "市市场监管局",
        "item_type": "行政许可",
        "industry": "H",
        "legal_basis": "",
        "instant": False,
        "promised_days": 5,
        "statutory_unit": "working_day",
        "statutory_value": 20,
        "commitment_allowed": True,
        "fee": False,
        "fee_standard": "",
        "inspection": True,
        "hints": "",
        "confidence": "known",
        "result_name": "食品经营许可证",
        "result_material": "M004",
        "result_validity_months": 60,
        "certificate_form": "证",
        "delivery": ("电子",),
        "authority_level": "district",
        "jurisdiction": "place_of_business",
        "acceptance_mode": "window_delegated",
        "review_route": "one_level",
        "special_procedures": (),
        "hearing_required": False,
        "deemed_renewal": False,
        "visits_now": 0,
        "before": {},
        "materials": tuple(one.material for one in links if one.source == "base"),
        "links": {one.material: one for one in links},
        "questions": (),
        "effects": (),
        "rules": (),
        "groups": (),
        "fields": (PLACE, STAFF),
        "guide": {},
        "authorities": {},
        "licence_material": "M001",
        "credit_material": "M086",
    }
    return Definition(**{**usual, **values})


def plan(of: Definition, **given: Any) -> Plan:
    """Plan an item for the example company with what is given."""
    usual: dict[str, Any] = {
        "answers": {},
        "fields": {},
        "registry": REGISTRY,
        "known": {},
        "today": TODAY,
    }
    return make_plan(of, **{**usual, **given})


def known_home(**answers: Known) -> Mapping[tuple[str, Subject], Known]:
    """Return what departments say about the place applied for."""
    return {(material, HOME): answer for material, answer in answers.items()}
