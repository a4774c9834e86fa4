"""Rules about what an option does (effects.csv, not_accepted.csv)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from django.utils.translation import gettext_lazy as _

from services.catalogue.files import Row
from services.catalogue.lint.finding import ADVICE, PROBLEM, Finding, Rule
from services.catalogue.lint.vocabulary import UNITS
from services.catalogue.source import Catalogue

EFFECT_VALUE = Rule(
    "effect_value",
    PROBLEM,
    _("%(effect)s 的 value 不能是“%(value)s”"),
    _("应为：%(wanted)s"),
)
WAIVES_UNLISTED = Rule(
    "waives_unlisted",
    PROBLEM,
    _("免除的 %(material)s 不在该事项的材料清单中"),
    _("删除本行，或把材料列入 items.csv"),
)
WAIVES_LICENCE = Rule(
    "waives_licence", PROBLEM, _("营业执照不可免除"), _("从 value 中删除该材料")
)
CONTRADICTION = Rule(
    "contradiction",
    PROBLEM,
    _("同一选项的效果互相矛盾：%(effects)s"),
    _("只保留其中一个"),
)
DAYS_MISSING = Rule(
    "days_missing",
    PROBLEM,
    _("即办件改为承诺件，却没有写办理天数"),
    _("同一选项加一行 add_promised_days"),
)
DAYS_WITHOUT_PROMISE = Rule(
    "days_without_promise",
    PROBLEM,
    _("即办件的选项加了天数或核查，却没有改为承诺件"),
    _("同一选项加一行 handling_promised"),
)
UNNAMED_CHECK = Rule(
    "unnamed_check",
    PROBLEM,
    _("说明中承诺由系统核验，却没有写出材料名称"),
    _("写出所核验材料的名称"),
)
COMMITMENT_NOT_ALLOWED = Rule(
    "commitment_not_allowed",
    ADVICE,
    _("事项未实行告知承诺，选项却提供承诺方式"),
    _("核对 commitment_allowed"),
)
NOTHING_REQUIRED = Rule(
    "nothing_required",
    ADVICE,
    _("%(material)s 本来就在清单中且从不免除，本行没有作用"),
    _("删除本行，或另设免除该材料的选项"),
)

OPPOSITES = (
    {"handling_instant", "handling_promised"},
    {"inspection_on", "inspection_off"},
    {"handling_instant", "inspection_on"},
)
CHINESE = re.compile("[一-鿿]")
DAYS = re.compile(r"[1-9]\d?")
STATUTORY = re.compile(rf"[1-9]\d* ({'|'.join(UNITS)})")


def _materials_exist(catalogue: Catalogue, row: Row) -> bool:
    listed = row["value"].split(";")
    return all(code in catalogue.materials for code in listed)


def _item_exists(catalogue: Catalogue, row: Row) -> bool:
    return row["value"] in catalogue.items and row["value"] != row["item_seq"]


def _limits(catalogue: Catalogue, row: Row) -> bool:
    promised = int(catalogue.items[row["item_seq"]]["promised_days"])
    return bool(DAYS.fullmatch(row["value"])) and int(row["value"]) < promised


def _sentence(_catalogue: Catalogue, row: Row) -> bool:
    return bool(CHINESE.search(row["value"]))


VALUES: dict[str, tuple[Callable[[Catalogue, Row], bool], object]] = {
    "require_material": (_materials_exist, _("材料编码，多个以分号分隔")),
    "waive_material": (_materials_exist, _("材料编码，多个以分号分隔")),
    "any_of_group": (
        lambda catalogue, row: (row["value"],) in catalogue.members,
        _("alternatives.csv 的任选组"),
    ),
    "refer_item": (_item_exists, _("另一个事项的编号")),
    "add_promised_days": (
        lambda _catalogue, row: bool(DAYS.fullmatch(row["value"])),
        _("1 至 99 的工作日数"),
    ),
    "promised_limit": (_limits, _("小于承诺天数的工作日数")),
    "statutory_days": (
        lambda _catalogue, row: bool(STATUTORY.fullmatch(row["value"])),
        _("如 15 working_day"),
    ),
    "not_eligible": (_sentence, _("一句中文说明")),
    "other_authority": (_sentence, _("有权机关的名称")),
    "not_needed": (_sentence, _("一句中文说明")),
}


def find_values(catalogue: Catalogue) -> Iterator[Finding]:
    """Name effects whose value does not fit their kind."""
    for row in catalogue.tables["effects"]:
        check, wanted = VALUES.get(row["effect"], (_blank, _("留空")))
        if not check(catalogue, row):
            yield EFFECT_VALUE.at(
                row, effect=row["effect"], value=row["value"], wanted=wanted
            )


def _blank(_catalogue: Catalogue, row: Row) -> bool:
    return not row["value"]


def find_waivers(catalogue: Catalogue) -> Iterator[Finding]:
    """Name effects that waive what is not asked for, or the licence."""
    for row in catalogue.tables["effects"]:
        if row["effect"] != "waive_material":
            continue
        listed = catalogue.items[row["item_seq"]].many("materials")
        for material in row.many("value"):
            if material == catalogue.city.licence_material:
                yield WAIVES_LICENCE.at(row)
            elif material not in listed:
                yield WAIVES_UNLISTED.at(row, material=material)


def find_contradictions(catalogue: Catalogue) -> Iterator[Finding]:
    """Name options whose effects exclude each other or lack one another."""
    for (seq, _question, _option), rows in catalogue.effects.items():
        kinds = {row["effect"] for row in rows}
        for pair in OPPOSITES:
            if pair <= kinds:
                yield CONTRADICTION.at(rows[0], effects="、".join(sorted(pair)))
        both = _listed(rows, "require_material") & _listed(rows, "waive_material")
        if both:
            yield CONTRADICTION.at(rows[0], effects="、".join(sorted(both)))
        if catalogue.items[seq]["handling_type"] == "即办件":
            yield from _days(rows, kinds)


def _listed(rows: list[Row], kind: str) -> set[str]:
    return {m for row in rows if row["effect"] == kind for m in row.many("value")}


def _days(rows: list[Row], kinds: set[str]) -> Iterator[Finding]:
    if "handling_promised" in kinds and "add_promised_days" not in kinds:
        yield DAYS_MISSING.at(rows[0])
    slower = kinds & {"add_promised_days", "inspection_on"}
    if slower and "handling_promised" not in kinds:
        yield DAYS_WITHOUT_PROMISE.at(rows[0])


def find_notes(catalogue: Catalogue) -> Iterator[Finding]:
    """Name notes that promise a check by the system without saying of what."""
    names = [row["name"] for row in catalogue.tables["materials"]]
    for row in catalogue.tables["effects"]:
        text = row["reason"]
        promises = "由系统" in text and "核验" in text
        if row["effect"] != "note_only" or not promises:
            continue
        if not any(name in text for name in names):
            yield UNNAMED_CHECK.at(row)


def find_idle_effects(catalogue: Catalogue) -> Iterator[Finding]:
    """Advise on effects that change nothing, or offer what the item excludes."""
    waived = {
        (row["item_seq"], material)
        for row in catalogue.tables["effects"]
        if row["effect"] == "waive_material"
        for material in row.many("value")
    }
    for row in catalogue.tables["effects"]:
        item = catalogue.items[row["item_seq"]]
        if row["effect"] == "commitment_offered" and item["commitment_allowed"] == "0":
            yield COMMITMENT_NOT_ALLOWED.at(row)
        if row["effect"] == "require_material":
            for material in row.many("value"):
                always = (item["seq"], material) not in waived
                if always and material in item.many("materials"):
                    yield NOTHING_REQUIRED.at(row, material=material)
