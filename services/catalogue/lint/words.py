"""Rules about everyday words and demand weights (synonyms.csv, popular.csv)."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from services.catalogue.lint.finding import ADVICE, PROBLEM, Finding, Rule
from services.catalogue.source import Catalogue

PHRASE_WEIGHT = Rule(
    "phrase_weight",
    PROBLEM,
    _("权重 %(weight)s 不在 0.1 至 1 之间"),
    _("1 表示正是该事项，越小越远"),
)
NO_PHRASE = Rule(
    "no_phrase",
    ADVICE,
    _("事项“%(name)s”没有日常说法，只能按名称找到"),
    _("在 synonyms.csv 补上人们的说法"),
)
NO_DEMAND = Rule(
    "no_demand", PROBLEM, _("办件量权重为 0"), _("填写大于 0 的数字，或删除本行")
)
LEAST_WEIGHT = 0.1


def find_words(catalogue: Catalogue) -> Iterator[Finding]:
    """Name weights that make no sense."""
    for row in catalogue.tables["synonyms"]:
        if not LEAST_WEIGHT <= float(row["weight"]) <= 1:
            yield PHRASE_WEIGHT.at(row, weight=row["weight"])
    for row in catalogue.tables["popular"]:
        if float(row["weight"]) == 0:
            yield NO_DEMAND.at(row)


def find_wordless(catalogue: Catalogue) -> Iterator[Finding]:
    """Advise on items that have no everyday word."""
    named = {row["item_seq"] for row in catalogue.tables["synonyms"]}
    for item in catalogue.tables["items"]:
        if item["seq"] not in named:
            yield NO_PHRASE.at(item, name=item["name"])
