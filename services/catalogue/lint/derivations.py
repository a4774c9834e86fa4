"""Rules about answers that register or evidence give (auto_rules.csv)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from services.catalogue.files import Row
from services.catalogue.lint.finding import PROBLEM, Finding, Rule
from services.catalogue.lint.references import option_of, question_of
from services.catalogue.lint.vocabulary import MATERIAL_CODE, REGISTRY_FACTS
from services.catalogue.source import COMMON, Catalogue

BAD_SOURCE = Rule(
    "bad_source",
    PROBLEM,
    _("无法从 %(source)s 取得数据"),
    _("写成 registry:字段、材料编码或 材料编码.属性，且该材料由部门提供"),
)
BAD_CONDITION = Rule(
    "bad_condition",
    PROBLEM,
    _("条件无法识别：%(condition)s"),
    _("写成 材料编码.属性 ==|~|>=|<= registry:字段|field:表单字段|today"),
)
ABSENCE_DECIDES = Rule(
    "absence_decides",
    PROBLEM,
    _("查无记录不能决定任何事"),
    _("strength 改为 suggests，由申请人确认"),
)
BARE_FOUND_DECIDES = Rule(
    "bare_found_decides",
    PROBLEM,
    _("仅凭有记录就终止申请、免除材料或免除核查"),
    _("补上 conditions（持有人、地点等），或改为 suggests"),
)
DECIDES_UNANNOUNCED = Rule(
    "decides_unannounced",
    PROBLEM,
    _("规则由 %(source)s 决定答案，但该问题的 auto_source 未列出"),
    _("在 situations.csv 的 auto_source 补上该来源"),
)
NOTHING_DECIDES = Rule(
    "nothing_decides",
    PROBLEM,
    _("问题 %(question)s 写了 auto_source，却没有规则决定答案"),
    _("补上 auto_rules.csv 的规则，或清空 auto_source"),
)
RELAXING = (
    *("not_eligible", "other_authority", "not_needed", "refer_item"),
    *("waive_material", "inspection_off"),
)
CONDITION = re.compile(
    r"(?P<source>[A-Z]{1,3}\d{2,6}\.[a-z_]+) (==|~|>=|<=) "
    r"(registry:(?P<fact>[a-z_]+)|field:(?P<field>[a-z0-9_]+)|today)"
)


def known_source(catalogue: Catalogue, source: str) -> bool:
    """Return whether a department or the register can answer a source."""
    if source.startswith("registry:"):
        return source.removeprefix("registry:") in REGISTRY_FACTS
    material, _dot, attribute = source.partition(".")
    if material not in catalogue.holders:
        return False
    return not attribute or (material, attribute) in catalogue.attributes


def find_derivations(catalogue: Catalogue) -> Iterator[Finding]:
    """Name rules that cannot be computed or decide what they must not."""
    for row in catalogue.tables["auto_rules"]:
        yield from _sources(catalogue, row)
        yield from _conditions(catalogue, row)
        if row["strength"] != "decides":
            continue
        if row["operator"] == "not_found":
            yield ABSENCE_DECIDES.at(row)
        kinds = {
            effect["effect"] for effect in catalogue.effects.get(option_of(row), [])
        }
        bare = row["operator"] == "found" and not row["conditions"]
        if bare and kinds & set(RELAXING):
            yield BARE_FOUND_DECIDES.at(row)


def find_announcements(catalogue: Catalogue) -> Iterator[Finding]:
    """Name questions whose auto_source and deciding rules differ."""
    options = catalogue.tables["situations"].by(
        "item_seq", "question_code", "option_code"
    )
    decided = set()
    for rule in catalogue.tables["auto_rules"]:
        if rule["strength"] == "decides":
            decided.add(question_of(rule))
            announced = options[option_of(rule)].many("auto_source")
            source = rule["source"]
            if _material(source) not in {_material(name) for name in announced}:
                yield DECIDES_UNANNOUNCED.at(rule, source=source)
    reported: set[tuple[str, str]] = set()
    for row in catalogue.tables["situations"]:
        question = question_of(row)
        if row["auto_source"] and question not in decided | reported:
            reported.add(question)
            yield NOTHING_DECIDES.at(row, question=row["question_code"])


def _material(source: str) -> str:
    return source.partition(".")[0]


def _sources(catalogue: Catalogue, row: Row) -> Iterator[Finding]:
    named = [row["source"]]
    if MATERIAL_CODE.fullmatch(_material(row["value"])):
        named.append(row["value"])
    for source in named:
        if not known_source(catalogue, source):
            yield BAD_SOURCE.at(row, source=source)


def _conditions(catalogue: Catalogue, row: Row) -> Iterator[Finding]:
    for condition in filter(None, row["conditions"].split(" AND ")):
        parts = CONDITION.fullmatch(condition)
        if parts is None or not (
            known_source(catalogue, parts["source"])
            and parts["fact"] in (None, *REGISTRY_FACTS)
            and _in_form(catalogue, row["item_seq"], parts["field"])
        ):
            yield BAD_CONDITION.at(row, condition=condition)


def _in_form(catalogue: Catalogue, item: str, field: str | None) -> bool:
    return field is None or bool(
        {(item, field), (COMMON, field)} & catalogue.field_codes
    )
