"""
A second, independent computation of a case, straight from the catalogue's files.

It came with the data (docs: fixtures/catalogue, SITUATIONS.md §3) and shares no code
with `services.cases.planning`: the planner is compared with it on every variation of
every item. Lists and dictionaries only, so that it stays easy to read against §3.
"""

from __future__ import annotations

import csv
from collections import OrderedDict, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

FILES = Path(__file__).resolve().parents[2] / "fixtures" / "catalogue"
STOPS = ("not_eligible", "other_authority", "not_needed", "refer_item")


class Reference(NamedTuple):
    """The files that computing needs, indexed."""

    items: dict[str, dict[str, str]]
    extras: dict[str, dict[str, str]]
    questions: dict[tuple[str, str], list[dict[str, str]]]  # rows of options
    of_item: dict[str, list[str]]  # question codes, in order
    effects: dict[tuple[str, str, str], list[dict[str, str]]]
    members: dict[str, list[str]]  # of a group
    listed: dict[str, list[str]]  # groups of an item


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of one file."""
    with (FILES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def reference() -> Reference:
    """Return the files, read once."""
    questions: dict[tuple[str, str], list[dict[str, str]]] = OrderedDict()
    of_item: dict[str, list[str]] = defaultdict(list)
    for row in rows("situations"):
        key = row["item_seq"], row["question_code"]
        if key not in questions:
            of_item[row["item_seq"]].append(row["question_code"])
        questions.setdefault(key, []).append(row)
    effects = defaultdict(list)
    for row in rows("effects"):
        effects[row["item_seq"], row["question_code"], row["option_code"]].append(row)
    members = defaultdict(list)
    for row in rows("alternatives"):
        members[row["group_code"]].append(row["member_material"])
    listed = defaultdict(list)
    for row in rows("item_alternatives"):
        if row["basis"] == "listed":
            listed[row["item_seq"]].append(row["group_code"])
    return Reference(
        items={row["seq"]: row for row in rows("items")},
        extras={row["item_seq"]: row for row in rows("items_extra")},
        questions=questions,
        of_item=of_item,
        effects=effects,
        members=members,
        listed=listed,
    )


def working_days(unit: str, n: int) -> int:
    """Return a limit in working days: a calendar day counts 5/7, a month 20."""
    if unit == "working_day":
        return n
    return max(1, n * 5 // 7) if unit == "calendar_day" else n * 20


def compute(seq: str, answers: dict[str, list[str]]) -> dict[str, Any]:
    """Return slots, promise, inspection, statutory time and stop of one variation."""
    by = defaultdict(list)
    for question, options in answers.items():
        for option in options:
            for row in reference().effects[seq, question, option]:
                by[row["effect"]].append(row["value"])
    kind = next((effect for effect in STOPS if by[effect]), None)
    return {
        "slots": _slots(seq, by),
        **_handling(seq, by),
        "statutory": _statutory(seq, by),
        "stop_kind": kind,
        "stop": by[kind] if kind else [],
    }


def _slots(seq: str, by: dict[str, list[str]]) -> list[list[str]]:
    ref = reference()
    waived = {c for value in by["waive_material"] for c in value.split(";")}
    required = [c for value in by["require_material"] for c in value.split(";")]
    base = ref.items[seq]["materials"].split(";")
    materials = [c for c in base if c not in waived or c in required]
    materials += [c for c in required if c not in base]
    materials = list(dict.fromkeys(materials))
    slots: list[list[str]] = []
    used: set[str] = set()
    for group in list(dict.fromkeys(by["any_of_group"])) + ref.listed[seq]:
        chosen = group in by["any_of_group"]
        members = [c for c in ref.members[group] if c in materials or chosen]
        members = [c for c in members if c not in waived | used | set(required)]
        if members:
            slots.append(members)
            used |= set(members)
    return slots + [[c] for c in materials if c not in used]


def _handling(seq: str, by: dict[str, list[str]]) -> dict[str, Any]:
    item = reference().items[seq]
    promised = item["handling_type"] == "承诺件"
    if by["handling_instant"]:
        promised = False
    if by["handling_promised"]:
        promised = True
    inspection = item["inspection_required"] == "1"
    if by["inspection_off"]:
        inspection = False
    if by["inspection_on"]:
        inspection = promised = True
    days = 0
    if promised:
        days = int(item["promised_days"]) + sum(map(int, by["add_promised_days"]))
        days = min([days, *map(int, by["promised_limit"])])
    return {"promised": promised, "days": days, "inspection": inspection}


def _statutory(seq: str, by: dict[str, list[str]]) -> tuple[str, int]:
    limits = [(v.split()[1], int(v.split()[0])) for v in by["statutory_days"]]
    if limits:
        return max(limits, key=lambda limit: working_days(*limit))
    extra = reference().extras[seq]
    return extra["statutory_unit"], int(extra["statutory_value"])


def defaults(seq: str) -> dict[str, list[str]]:
    """Return the default answers of an item."""
    ref = reference()
    return {
        question: [
            row["option_code"]
            for row in ref.questions[seq, question]
            if row["default"] == "1"
        ]
        for question in ref.of_item[seq]
    }


def variations(seq: str) -> Iterator[dict[str, list[str]]]:
    """Yield the default answers, and each option alone on top of them."""
    base = defaults(seq)
    yield base
    for question in reference().of_item[seq]:
        for row in reference().questions[seq, question]:
            yield {**base, question: [row["option_code"]]}
