"""Name the person who must act on a case in review, if it is not the system."""

from __future__ import annotations

from collections.abc import Sequence

from services.cases.models import Requirement, Task
from services.cases.operations.accept import REVIEWER, applicant_task, office_task
from services.cases.operations.effects import Effects
from services.cases.operations.in_hand import CaseInHand
from services.cases.operations.requirements import exchange_key
from services.cases.planning.plan import PlannedQuestion
from services.cases.plans import differences, questions_stated
from services.exchange.models import Exchange

MISSING = "missing"  # what the task is about that asks to refuse or to wait


def name_who_acts(effects: Effects, work: CaseInHand) -> None:
    """Name the person who must act, if it is not the system."""
    _compare_again(effects, work)
    tasks = [
        *_missing_tasks(effects, work),
        *_waiting_tasks(effects, work),
        *assist_tasks(effects, work),
        *_decision_tasks(effects, work),
    ]
    effects.tasks += [t for t in tasks if (t.kind, t.about) not in work.open_tasks]


def _compare_again(effects: Effects, work: CaseInHand) -> None:
    """
    Compare what was stated with what departments said after filing.

    An answer that data contradicts goes to a person: it may change what is needed.
    """
    if not work.case.filed_in_silence or work.silent():
        return
    questions = questions_stated(work.case, work.answers, now=effects.now)
    found = differences(work.case, questions, work.answers)
    effects.change(work.case, filed_in_silence=False, differences=found)
    for difference in found:
        kind, about = Task.Kind.CONFIRM, difference["pointer"].removeprefix("/answers/")
        if about != difference["pointer"] and (kind, about) not in work.open_tasks:
            text = _contradiction(questions, about, difference["stated"])
            effects.tasks.append(
                office_task(work.case, kind, now=effects.now, about=about, text=text)
            )


def _contradiction(
    questions: Sequence[PlannedQuestion], question: str, stated: str
) -> tuple[str, str]:
    """Return what was said and what data says, in the words of the question."""
    planned = next(q for q in questions if q.question.code == question)
    said = [o for o in planned.question.options if o.code in stated.split(",")]
    found = [o for o in planned.question.options if o.code in planned.answer]
    zh = (
        f"{planned.question.text} 申请人陈述“{'；'.join(o.text for o in said)}”，"
        f"数据显示“{'；'.join(o.text for o in found)}”"
    )
    en = (
        f"{planned.question.text_en} Stated: {'; '.join(o.text_en for o in said)}. "
        f"Data says: {'; '.join(o.text_en for o in found)}"
    )
    return zh, en


def _missing_tasks(effects: Effects, work: CaseInHand) -> list[Task]:
    missing = work.rows_in(Requirement.State.MISSING)
    if not missing:
        return []
    zh = "、".join(dict.fromkeys(row.name for row in missing))
    en = ", ".join(dict.fromkeys(row.name_en for row in missing))
    text = (f"部门确认未持有：{zh}", f"Departments hold no usable record of: {en}")
    return [
        office_task(
            work.case, Task.Kind.DECIDE, now=effects.now, about=MISSING, text=text
        )
    ]


def _waiting_tasks(effects: Effects, work: CaseInHand) -> list[Task]:
    return [
        applicant_task(
            work.case,
            Task.Kind.CORRECT,
            now=effects.now,
            about=own_papers(row)[0],
            text=(
                f"各部门均无记录，请补充：{row.name}",
                f"No register holds a record; please add: {row.name_en}",
            ),
        )
        for row in work.rows_in(Requirement.State.WAITING)
        if own_papers(row)
    ]


def assist_tasks(effects: Effects, work: CaseInHand) -> list[Task]:
    """The officer of the silent department looks, not ours, and not the applicant."""
    silent = {
        member["material"]: member["department"]
        for row in work.rows_in(Requirement.State.UNSETTLED)
        for member in row.members
        if member["how"] == "exchange"
        and (answered := work.answers.get(exchange_key(member)))
        and answered.state == Exchange.State.ASSISTED
    }
    return [
        Task(
            case=work.case,
            kind=Task.Kind.ASSIST,
            about=material,
            text="部门系统未答复，请人工查核后答复",
            text_en="The department's system is silent: please look and answer",
            office_id=department,
            role=REVIEWER,
            opened_at=effects.now,
        )
        for material, department in sorted(silent.items())
    ]


def _decision_tasks(effects: Effects, work: CaseInHand) -> list[Task]:
    by_system = work.case.instant and not work.failed
    if by_system or not work.settled() or work.obstacles(effects):
        return []
    return [office_task(work.case, Task.Kind.DECIDE, now=effects.now)]


def own_papers(row: Requirement) -> list[str]:
    """Return the materials of a requirement that the applicant may bring."""
    return [m["material"] for m in row.members if m["how"] == "upload"]
