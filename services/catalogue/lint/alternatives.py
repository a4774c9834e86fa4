"""Rules about any-of groups (alternatives.csv, item_alternatives.csv)."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from services.catalogue.files import Row
from services.catalogue.lint.finding import PROBLEM, Finding, Rule
from services.catalogue.source import Catalogue

LONE_MEMBER = Rule(
    "lone_member",
    PROBLEM,
    _("任选组 %(group)s 只有一个成员"),
    _("补上其他成员，或不设任选组"),
)
GROUP_ORDER = Rule(
    "group_order",
    PROBLEM,
    _("任选组 %(group)s 的 order 应为 %(wanted)d"),
    _("各组从 1 起连续编号"),
)
GROUP_NAME = Rule(
    "group_name",
    PROBLEM,
    _("任选组 %(group)s 的名称与前面的行不同"),
    _("同组各行写同一名称"),
)
ASKED_TOO_SOON = Rule(
    "asked_too_soon",
    PROBLEM,
    _("%(material)s 由申请人提供，只能在其他成员查不到时索要"),
    _("asked_of_applicant_only_if 写 others_not_found"),
)
FETCHED_AFTER_ASKED = Rule(
    "fetched_after_asked",
    PROBLEM,
    _("部门可提供的 %(material)s 排在申请人提供的材料之后"),
    _("把部门提供的成员排在前面"),
)
LISTED_MEMBERS = Rule(
    "listed_members",
    PROBLEM,
    _("listed_members 应为 %(wanted)s"),
    _("与 items.csv 的材料清单保持一致"),
)
TOO_FEW_LISTED = Rule(
    "too_few_listed",
    PROBLEM,
    _("basis 为 %(basis)s，但事项只列了 %(count)d 个成员"),
    _("listed 至少两个，fallback 至少一个"),
)
LEAST_LISTED = {"listed": 2, "fallback": 1}
LEAST_MEMBERS = 2


def find_groups(catalogue: Catalogue) -> Iterator[Finding]:
    """Name groups that offer no choice, or ask before they look."""
    for (group,), rows in catalogue.members.items():
        if len(rows) < LEAST_MEMBERS:
            yield LONE_MEMBER.at(rows[0], group=group)
        for wanted, row in enumerate(rows, start=1):
            if int(row["order"]) != wanted:
                yield GROUP_ORDER.at(row, group=group, wanted=wanted)
            if row["name"] != rows[0]["name"]:
                yield GROUP_NAME.at(row, group=group)
        yield from _asking(catalogue, rows)


def _asking(catalogue: Catalogue, rows: list[Row]) -> Iterator[Finding]:
    asked = False
    for row in rows:
        material = row["member_material"]
        if material in catalogue.holders:
            if asked:
                yield FETCHED_AFTER_ASKED.at(row, material=material)
        else:
            asked = True
            if not row["asked_of_applicant_only_if"]:
                yield ASKED_TOO_SOON.at(row, material=material)


def find_uses(catalogue: Catalogue) -> Iterator[Finding]:
    """Name items whose use of a group does not fit their list of materials."""
    for row in catalogue.tables["item_alternatives"]:
        listed = catalogue.items[row["item_seq"]].many("materials")
        members = catalogue.members[(row["group_code"],)]
        codes = [member["member_material"] for member in members]
        have = [code for code in codes if code in listed]
        if len(have) < LEAST_LISTED[row["basis"]]:
            yield TOO_FEW_LISTED.at(row, basis=row["basis"], count=len(have))
        elif list(row.many("listed_members")) != have:
            yield LISTED_MEMBERS.at(row, wanted=";".join(have))
