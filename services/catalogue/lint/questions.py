"""Rules about the questions that an item asks (situations.csv)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from services.catalogue.files import Row
from services.catalogue.lint.finding import ADVICE, PROBLEM, Finding, Rule
from services.catalogue.source import Catalogue

DUPLICATE_QUESTION = Rule(
    "duplicate_question",
    PROBLEM,
    _("同一事项重复提问：%(text)s（另见 %(other)s）"),
    _("合并为一个问题，或改写其中一个"),
)
DUPLICATE_OPTION = Rule(
    "duplicate_option",
    PROBLEM,
    _("同一问题有两个相同的选项：%(text)s"),
    _("合并或改写选项"),
)
QUESTION_DIFFERS = Rule(
    "question_differs",
    PROBLEM,
    _("问题 %(question)s 的 %(column)s 与前面的行不一致"),
    _("同一问题的各行写成一样"),
)
WRONG_DEFAULT = Rule(
    "wrong_default",
    PROBLEM,
    _("问题 %(question)s 有 %(count)d 个默认选项"),
    _("单选和是非题恰好一个默认选项，多选题没有"),
)
BOOLEAN_OPTIONS = Rule(
    "boolean_options",
    PROBLEM,
    _("是非题 %(question)s 的选项应依次为 yes、no"),
    _("改为 yes 和 no 两行，或改为单选"),
)
ONE_OPTION = Rule(
    "one_option",
    PROBLEM,
    _("问题 %(question)s 只有一个选项"),
    _("补上其他选项，或删除该问题"),
)
NO_QUESTION = Rule(
    "no_question", ADVICE, _("事项 %(item)s 没有情形问题"), _("确认是否真的没有情形")
)
MANY_QUESTIONS = Rule(
    "many_questions",
    ADVICE,
    _("事项 %(item)s 有 %(count)d 个问题"),
    _("减到 %(most)d 个以内，或由数据推定"),
)
LONG_QUESTION = Rule(
    "long_question",
    ADVICE,
    _("问题过长（%(length)d 字）：%(text)s"),
    _("缩短到 %(most)d 字以内"),
)
SAME_IN_ALL_ROWS = ("question", "question_en", "answer_kind", "auto_source", "note")
MOST_QUESTIONS = 5
MOST_CHARACTERS = 30


def find_questions(catalogue: Catalogue) -> Iterator[Finding]:
    """Name questions that are asked twice or are not well formed."""
    for rows in catalogue.of_item["situations"].values():
        questions: dict[str, list[Row]] = {}
        for row in rows:
            questions.setdefault(row["question_code"], []).append(row)
        yield from _repeated_questions(questions)
        for options in questions.values():
            yield from _differing(options)
            yield from _options(options)
            yield from _defaults(options)


def find_burden(catalogue: Catalogue) -> Iterator[Finding]:
    """Advise on items that ask much or nothing."""
    for item in catalogue.tables["items"]:
        rows = catalogue.rows("situations", item["seq"])
        first = {row["question_code"]: row for row in reversed(rows)}
        if not first:
            yield NO_QUESTION.at(item, item=item["seq"])
        if len(first) > MOST_QUESTIONS:
            yield MANY_QUESTIONS.at(
                item, item=item["seq"], count=len(first), most=MOST_QUESTIONS
            )
        for row in first.values():
            text = row["question"]
            if len(text) > MOST_CHARACTERS:
                yield LONG_QUESTION.at(
                    row, length=len(text), text=text, most=MOST_CHARACTERS
                )


def _repeated_questions(questions: dict[str, list[Row]]) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for code, rows in questions.items():
        text = rows[0]["question"].strip("？? ")
        if text in seen:
            yield DUPLICATE_QUESTION.at(rows[0], text=text, other=seen[text])
        seen.setdefault(text, code)


def _differing(rows: list[Row]) -> Iterator[Finding]:
    for row in rows[1:]:
        for column in SAME_IN_ALL_ROWS:
            if row[column] != rows[0][column]:
                yield QUESTION_DIFFERS.at(
                    row, question=row["question_code"], column=column
                )


def _options(rows: list[Row]) -> Iterator[Finding]:
    question = rows[0]["question_code"]
    times = Counter(row["option"] for row in rows)
    for row in rows:
        if times.pop(row["option"], 1) > 1:
            yield DUPLICATE_OPTION.at(row, text=row["option"])
    codes = [row["option_code"] for row in rows]
    if len(rows) == 1:
        yield ONE_OPTION.at(rows[0], question=question)
    elif rows[0]["answer_kind"] == "boolean" and codes != ["yes", "no"]:
        yield BOOLEAN_OPTIONS.at(rows[0], question=question)


def _defaults(rows: list[Row]) -> Iterator[Finding]:
    count = sum(row["default"] == "1" for row in rows)
    wanted = 0 if rows[0]["answer_kind"] == "multi" else 1
    if count != wanted:
        yield WRONG_DEFAULT.at(rows[0], question=rows[0]["question_code"], count=count)
