"""Rules about time: no promise is longer than the law allows, whatever is answered."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, combinations, product

from django.utils.translation import gettext_lazy as _

from services.catalogue.files import Row
from services.catalogue.lint.finding import ADVICE, PROBLEM, Finding, Rule
from services.catalogue.lint.stops import effects_of, stops
from services.catalogue.source import Catalogue

PROMISE_TOO_LONG = Rule(
    "promise_too_long",
    PROBLEM,
    _("承诺 %(days)d 个工作日，超过法定的 %(value)d %(unit)s（选项：%(answers)s）"),
    _("缩短承诺，或用 promised_limit、statutory_days 写明依据"),
)
INSTANT_WITH_DAYS = Rule(
    "instant_with_days",
    PROBLEM,
    _("即办件却承诺 %(days)s 个工作日"),
    _("promised_days 改为 0，或改为承诺件"),
)
PROMISED_WITHOUT_DAYS = Rule(
    "promised_without_days",
    PROBLEM,
    _("承诺件没有承诺天数"),
    _("填写 promised_days，或改为即办件"),
)
PROMISE_DIFFERS = Rule(
    "promise_differs",
    PROBLEM,
    _("promised_value 与 items.csv 的 promised_days 不同"),
    _("两处写成一样"),
)
NO_STATUTORY_TIME = Rule(
    "no_statutory_time", PROBLEM, _("法定时限为 0"), _("填写法定时限")
)
AUTOMATIC_PROMISED = Rule(
    "automatic_promised",
    PROBLEM,
    _("承诺件不能走即时自动审批"),
    _("review_route 改为 one_level 或 two_level"),
)
STATUTORY_DIFFERS = Rule(
    "statutory_differs",
    ADVICE,
    _("法定工作日 %(value)s 与 items.csv 的 %(published)s 不同"),
    _("核对法条；以 items_extra.csv 为准"),
)
SLOWER_BY_DEFAULT = Rule(
    "slower_by_default",
    ADVICE,
    _("按默认答案，事项不再是%(handling)s"),
    _("核对默认选项"),
)

# A statute's day counts five sevenths of a working day, its month twenty.
DAYS_PER_MONTH = 20
TIMED = (
    *("handling_instant", "handling_promised", "inspection_on"),
    *("add_promised_days", "promised_limit", "statutory_days"),
)


def working_days(unit: str, value: int) -> int:
    """Return what a statutory time is worth in working days."""
    if unit == "calendar_day":
        return max(1, value * 5 // 7)
    return value * DAYS_PER_MONTH if unit == "month" else value


def find_times(catalogue: Catalogue) -> Iterator[Finding]:
    """Name items whose times contradict each other."""
    for item in catalogue.tables["items"]:
        extra = catalogue.extras[(item["seq"],)]
        instant = item["handling_type"] == "即办件"
        days = int(item["promised_days"])
        if instant and days:
            yield INSTANT_WITH_DAYS.at(item, days=days)
        if not instant and not days:
            yield PROMISED_WITHOUT_DAYS.at(item)
        if extra["promised_value"] != item["promised_days"]:
            yield PROMISE_DIFFERS.at(extra)
        if not instant and extra["review_route"] == "instant_auto":
            yield AUTOMATIC_PROMISED.at(extra)
        yield from _statutory(item, extra)


def _statutory(item: Row, extra: Row) -> Iterator[Finding]:
    value, published = extra["statutory_value"], item["statutory_days"]
    if int(value) == 0:
        yield NO_STATUTORY_TIME.at(extra)
    elif extra["statutory_unit"] == "working_day" and value != published:
        yield STATUTORY_DIFFERS.at(extra, value=value, published=published)


def find_promises(catalogue: Catalogue) -> Iterator[Finding]:
    """Name items that promise more than the law allows under some answers."""
    for item in catalogue.tables["items"]:
        for answers, effects in _combinations(catalogue, item["seq"]):
            promised = promised_days(item, effects)
            value, unit = _allowed(catalogue.extras[(item["seq"],)], effects)
            if value and promised > working_days(unit, value):
                yield PROMISE_TOO_LONG.at(
                    item,
                    days=promised,
                    value=value,
                    unit=unit,
                    answers="、".join(answers) or "-",
                )
                break


def find_defaults(catalogue: Catalogue) -> Iterator[Finding]:
    """Advise on items whose default answers change how they are handled."""
    for item in catalogue.tables["items"]:
        chosen = [
            effect
            for row in catalogue.rows("situations", item["seq"])
            if row["default"] == "1"
            for effect in _effects(catalogue, row)
        ]
        if handled_at_once(item, chosen) != (item["handling_type"] == "即办件"):
            yield SLOWER_BY_DEFAULT.at(item, handling=item["handling_type"])


def handled_at_once(item: Row, effects: list[Row]) -> bool:
    """Return whether a case with these effects is decided on the spot."""
    kinds = {effect["effect"] for effect in effects}
    if kinds & {"handling_promised", "inspection_on"}:
        return False
    return "handling_instant" in kinds or item["handling_type"] == "即办件"


def promised_days(item: Row, effects: list[Row]) -> int:
    """Return the working days promised to a case with these effects."""
    if handled_at_once(item, effects):
        return 0
    values: dict[str, list[int]] = {"add_promised_days": [], "promised_limit": []}
    for effect in effects:
        if effect["effect"] in values:
            values[effect["effect"]].append(int(effect["value"]))
    days = int(item["promised_days"]) + sum(values["add_promised_days"])
    return min([days, *values["promised_limit"]])


def _allowed(extra: Row, effects: list[Row]) -> tuple[int, str]:
    chosen = [e["value"].split() for e in effects if e["effect"] == "statutory_days"]
    times = [(int(value), unit) for value, unit in chosen]
    if not times:
        return int(extra["statutory_value"]), extra["statutory_unit"]
    return max(times, key=lambda time: working_days(time[1], time[0]))


def _combinations(
    catalogue: Catalogue, seq: str
) -> Iterator[tuple[list[str], list[Row]]]:
    questions: dict[str, list[tuple[str, list[Row]]]] = {}
    several = set()
    for row in catalogue.rows("situations", seq):
        question = row["question_code"]
        if stops(catalogue, row):
            continue
        effects = _effects(catalogue, row)
        questions.setdefault(question, []).append((row["option"], effects))
        if row["answer_kind"] == "multi":
            several.add(question)
    choices = [
        _subsets(options) if question in several else [[option] for option in options]
        for question, options in questions.items()
        if any(effects for _option, effects in options)
    ]
    for chosen in product(*choices):
        picked = list(chain.from_iterable(chosen))
        names = [name for name, effects in picked if effects]
        yield names, [effect for _name, effects in picked for effect in effects]


def _subsets(
    options: list[tuple[str, list[Row]]],
) -> list[list[tuple[str, list[Row]]]]:
    telling = [option for option in options if option[1]]
    return [
        list(some)
        for size in range(len(telling) + 1)
        for some in combinations(telling, size)
    ]


def _effects(catalogue: Catalogue, row: Row) -> list[Row]:
    return [e for e in effects_of(catalogue, row) if e["effect"] in TIMED]
