"""The answers that hold, and who gave them. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from services.cases.planning.index import COMMITMENT, MULTI, Index
from services.cases.planning.plan import Answers, Confirmation, PlannedQuestion
from services.cases.planning.rules import DECIDES, SILENT, Facts, judge
from services.catalogue.definition import Question

YES = "yes"
SERIOUS_DISHONESTY = "serious_dishonest"  # attribute of the credit record


def answer_questions(
    index: Index, stated: Answers, facts: Facts
) -> tuple[PlannedQuestion, ...]:
    """
    Return every question with the answer that holds.

    A deciding rule comes first, then what the applicant stated, then what a rule
    suggests, then the default.
    """
    barred = commitment_barred(index, facts)
    return tuple(
        _answer(question, index, stated.get(question.code), facts, barred=barred)
        for question in index.definition.questions
    )


def commitment_barred(index: Index, facts: Facts) -> bool:
    """Return whether serious dishonesty on record closes the way of commitment."""
    return any(
        record.get(SERIOUS_DISHONESTY) == YES
        for record in facts.evidence.records(index.definition.credit_material)
    )


def find_confirmations(
    index: Index, questions: Iterable[PlannedQuestion]
) -> tuple[Confirmation, ...]:
    """Return the answers on the applicant's word that relax a check."""
    return tuple(
        Confirmation(
            planned.question.code,
            options,
            f"{planned.question.text} {_texts(planned.question, options)[0]}",
            f"{planned.question.text_en} {_texts(planned.question, options)[1]}",
        )
        for planned in questions
        if planned.question.confirm and planned.given_by != "decided"
        if (options := _relaxing_options(index, planned))
    )


def _relaxing_options(index: Index, planned: PlannedQuestion) -> tuple[str, ...]:
    code = planned.question.code
    return tuple(o for o in planned.answer if (code, o) in index.relaxing)


def _texts(question: Question, options: tuple[str, ...]) -> tuple[str, str]:
    chosen = [option for option in question.options if option.code in options]
    zh = "；".join(option.text for option in chosen)
    return zh, "; ".join(option.text_en for option in chosen)


def _answer(
    question: Question,
    index: Index,
    stated: tuple[str, ...] | None,
    facts: Facts,
    *,
    barred: bool,
) -> PlannedQuestion:
    closed = (YES,) if barred and question.code == COMMITMENT else ()
    decided, suggested = _rules_say(question, index, facts)
    if decided:
        return PlannedQuestion(question, decided[:1], "decided", decided[1], closed)
    options, because = suggested
    valid = _valid(question, stated, closed)
    if valid is not None:
        return PlannedQuestion(question, valid, "stated", "", closed, options)
    usable = tuple(
        o
        for o in options
        if o not in closed and (question.code, o) not in index.stopping
    )
    if usable:
        return PlannedQuestion(question, usable, "suggested", because, closed, options)
    default = _default(question, index, closed)
    return PlannedQuestion(question, default, "default", because, closed, options)


def _rules_say(
    question: Question, index: Index, facts: Facts
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], str]]:
    """
    Return the decided option with its origin, and what is suggested with its origin.

    A rule about one option of a multiple choice says nothing about the others, so
    there it only suggests.
    """
    multi = question.kind == MULTI
    options: list[str] = []
    because = ""
    for rule in index.rules.get(question.code, ()):
        verdict = judge(rule, facts)
        if verdict == SILENT:
            continue
        if verdict == DECIDES and not multi:
            return (rule.option, rule.origin), ((), "")
        if multi or not options:
            options.append(rule.option)
            because = because or rule.origin
    return (), (tuple(options), because)


def _valid(
    question: Question, stated: tuple[str, ...] | None, closed: tuple[str, ...]
) -> tuple[str, ...] | None:
    """Return what was stated as far as it may be chosen, or None if nothing was."""
    if stated is None:
        return None
    chosen = tuple(
        option.code
        for option in question.options
        if option.code in stated and option.code not in closed
    )
    if question.kind == MULTI:
        return chosen
    return chosen if len(chosen) == 1 else None


def _default(
    question: Question, index: Index, closed: tuple[str, ...]
) -> tuple[str, ...]:
    default = index.defaults[question.code]
    if not set(default) & set(closed):
        return default
    return tuple(o.code for o in question.options if o.code not in closed)[:1]
