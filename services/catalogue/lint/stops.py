"""Rules about answers that end an application (effects.csv, not_accepted.csv)."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from services.catalogue.files import Row
from services.catalogue.lint.finding import PROBLEM, Finding, Rule
from services.catalogue.lint.references import option_of, question_of
from services.catalogue.source import Catalogue

NO_WAY_THROUGH = Rule(
    "no_way_through",
    PROBLEM,
    _("问题 %(question)s 的每个选项都终止申请，谁也办不成"),
    _("至少留一个可以继续的选项"),
)
DEFAULT_STOPS = Rule(
    "default_stops",
    PROBLEM,
    _("默认选项会终止申请"),
    _("换一个默认选项"),
)
STOP_UNEXPLAINED = Rule(
    "stop_unexplained",
    PROBLEM,
    _("该选项终止申请，但 not_accepted.csv 没有说明"),
    _("在 not_accepted.csv 补上一行"),
)
STOP_DIFFERS = Rule(
    "stop_differs",
    PROBLEM,
    _("与 effects.csv 对该选项的处理不一致"),
    _("核对 kind、authority、use_item，使两边一致"),
)
STOPS = {
    "not_eligible": "not_eligible",
    "other_authority": "other_authority",
    "not_needed": "not_needed",
    "use_other_item": "refer_item",
}


def effects_of(catalogue: Catalogue, option: Row) -> list[Row]:
    """Return what an option, a row of situations.csv, does."""
    return catalogue.effects.get(option_of(option), [])


def stops(catalogue: Catalogue, option: Row) -> bool:
    """Return whether an option ends the application."""
    kinds = {effect["effect"] for effect in effects_of(catalogue, option)}
    return bool(kinds & set(STOPS.values()))


def find_dead_ends(catalogue: Catalogue) -> Iterator[Finding]:
    """Name questions that nobody can answer and go on, or not without thinking."""
    rows = (r for r in catalogue.tables["situations"] if r["answer_kind"] != "multi")
    questions: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        questions.setdefault(question_of(row), []).append(row)
    for (_item, question), options in questions.items():
        ending = [row for row in options if stops(catalogue, row)]
        if len(ending) == len(options):
            yield NO_WAY_THROUGH.at(options[0], question=question)
            continue
        for row in ending:
            if row["default"] == "1":
                yield DEFAULT_STOPS.at(row)


def find_stops(catalogue: Catalogue) -> Iterator[Finding]:
    """Name ends of an application that are unexplained or told differently."""
    explained = catalogue.tables["not_accepted"].by(
        "item_seq", "question_code", "option_code"
    )
    endings: dict[tuple[str, ...], list[Row]] = {}
    for key, rows in catalogue.effects.items():
        ending = [row for row in rows if row["effect"] in STOPS.values()]
        if ending:
            endings[key] = ending
            if key not in explained:
                yield STOP_UNEXPLAINED.at(ending[0])
    for row in catalogue.tables["not_accepted"]:
        if not _agree(row, endings.get(option_of(row), [])):
            yield STOP_DIFFERS.at(row)


def _agree(row: Row, stops: list[Row]) -> bool:
    if [stop["effect"] for stop in stops] != [STOPS[row["kind"]]]:
        return False
    value = stops[0]["value"]
    if row["kind"] == "other_authority":
        return row["authority"] == value and row["authority_level"] != ""
    return row["kind"] != "use_other_item" or row["use_item"] == value
