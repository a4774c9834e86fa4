"""Rules about an item's facts: items.csv, items_extra.csv and guides.csv agree."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from services.catalogue.files import Row
from services.catalogue.lint.finding import ADVICE, PROBLEM, Finding, Rule
from services.catalogue.source import Catalogue

INSPECTION_DIFFERS = Rule(
    "inspection_differs",
    PROBLEM,
    _("是否现场核查与 items.csv 的 inspection_required 不同"),
    _("special_procedures 与 inspection_required 写成一致"),
)
HEARING_MISSING = Rule(
    "hearing_missing",
    PROBLEM,
    _("必须听证的事项没有列出听证程序"),
    _("special_procedures 加上 hearing"),
)
FEE_DIFFERS = Rule(
    "fee_differs",
    PROBLEM,
    _("是否收费与收费标准不一致"),
    _("收费的写明标准和依据，不收费的留空"),
)
DEEMED_RENEWAL = Rule(
    "deemed_renewal",
    PROBLEM,
    _("只有行政许可的延续适用逾期视为准予延续（行政许可法第五十条）"),
    _("deemed_renewal 改为 0，或核对事项名称和类型"),
)
RENEWAL_NOT_DEEMED = Rule(
    "renewal_not_deemed",
    PROBLEM,
    _("行政许可的延续应适用逾期视为准予延续（行政许可法第五十条）"),
    _("deemed_renewal 改为 1"),
)
NO_DELIVERY = Rule("no_delivery", PROBLEM, _("没有送达方式"), _("delivery 至少写一种"))
NOT_BETTER = Rule(
    "not_better",
    ADVICE,
    _("改革前的%(what)s不多于现在"),
    _("核对 before_* 的推测值"),
)
FLOW_STEPS = Rule(
    "flow_steps",
    ADVICE,
    _("办理流程应以“申请”开头，至少三步"),
    _("以全角分号分隔各步骤"),
)
FLOW_INSPECTION = Rule(
    "flow_inspection",
    ADVICE,
    _("办理流程与是否现场核查不一致"),
    _("需要现场核查的写出该步骤，不需要的删除"),
)
RESULT_DIFFERS = Rule(
    "result_differs",
    PROBLEM,
    _("%(column)s 与所指的行不同：%(wanted)s"),
    _("改成一样，以免指错事项或材料"),
)
LEAST_STEPS = 3


def find_facts(catalogue: Catalogue) -> Iterator[Finding]:
    """Name items whose extra facts contradict items.csv."""
    for item in catalogue.tables["items"]:
        extra = catalogue.extras[(item["seq"],)]
        special = extra.many("special_procedures")
        if (item["inspection_required"] == "1") != ("inspection" in special):
            yield INSPECTION_DIFFERS.at(extra)
        if extra["hearing_required"] == "1" and "hearing" not in special:
            yield HEARING_MISSING.at(extra)
        if (item["fee"] == "1") != bool(extra["fee_standard"]):
            yield FEE_DIFFERS.at(extra)
        if not extra["delivery"]:
            yield NO_DELIVERY.at(extra)
        yield from _renewal(item, extra)


def _renewal(item: Row, extra: Row) -> Iterator[Finding]:
    renews = item["item_type"] == "行政许可" and "延续" in item["name"]
    if extra["deemed_renewal"] == "1" and not renews:
        yield DEEMED_RENEWAL.at(extra)
    only_renews = renews and item["name"].endswith("延续")
    if only_renews and extra["deemed_renewal"] != "1":
        yield RENEWAL_NOT_DEEMED.at(extra)


def find_comparisons(catalogue: Catalogue) -> Iterator[Finding]:
    """Advise on items that were no worse before the reform."""
    for item in catalogue.tables["items"]:
        extra = catalogue.extras[(item["seq"],)]
        if int(extra["before_visits"]) <= int(extra["visits_now"]):
            yield NOT_BETTER.at(extra, what=_("跑动次数"))
        if int(extra["before_materials"]) <= len(item.many("materials")):
            yield NOT_BETTER.at(extra, what=_("材料数"))


def find_guides(catalogue: Catalogue) -> Iterator[Finding]:
    """Advise on guides whose flow does not fit the item."""
    for item in catalogue.tables["items"]:
        guide = catalogue.guides[(item["seq"],)]
        steps = guide["flow"].split("；")
        if steps[0] != "申请" or len(steps) < LEAST_STEPS:
            yield FLOW_STEPS.at(guide)
        inspected = any("现场" in step for step in steps)
        if inspected != (item["inspection_required"] == "1"):
            yield FLOW_INSPECTION.at(guide)


def find_results(catalogue: Catalogue) -> Iterator[Finding]:
    """Name results whose copied names differ from what they point at."""
    for row in catalogue.tables["result_alias"]:
        item = catalogue.items[row["seq"]]
        material = catalogue.materials[row["material_code"]]
        for column, wanted in (
            ("item_name", item["name"]),
            ("result_document", item["result_document"]),
            ("material_name", material["name"]),
        ):
            if row[column] != wanted:
                yield RESULT_DIFFERS.at(row, column=column, wanted=wanted)
