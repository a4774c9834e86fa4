"""
Carry many cases on as far as they go: the heart of the system.

Safe to deliver twice: it looks at what is there and does only what follows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from services.cases.evidence import Standing, standing
from services.cases.models import Case, Commitment, Requirement, Task, Upload
from services.cases.operations.accept import (
    REVIEWER,
    accept_or_hand_over,
    applicant_task,
    lacking,
    office_task,
)
from services.cases.operations.decide import approve_by_system
from services.cases.operations.draft import ASK_FOR
from services.cases.operations.effects import Effects
from services.cases.operations.lock import lock_cases
from services.cases.operations.requirements import (
    OwnSide,
    exchange_key,
    settle_rows,
    unasked_members,
)
from services.cases.plans import differences, plan_case, requests_for
from services.common.actors import SYSTEM
from services.exchange.models import Exchange
from services.exchange.operations.ask import Request, ask_many

CARRIED = ("received", "parked", "in_review")
# Tasks that must be done before a decision; the others are no obstacle to it.
FAILED = "failed"
BEFORE_DECISION = frozenset({Task.Kind.CONFIRM, Task.Kind.INSPECT})


@dataclass
class CaseInHand:
    """A case with everything that decides how it goes on."""

    case: Case
    answers: Standing
    rows: list[Requirement] = field(default_factory=list)
    uploads: set[str] = field(default_factory=set)
    commitments: set[str] = field(default_factory=set)
    open_tasks: dict[tuple[str, str], Task] = field(default_factory=dict)
    failed: bool = False  # an inspection or a confirmation was not passed

    def settled(self) -> bool:
        return all(row.state == Requirement.State.SATISFIED for row in self.rows)

    def rows_in(self, state: str) -> list[Requirement]:
        return [row for row in self.rows if row.state == state]


def advance(*, references: Iterable[str], now: datetime) -> int:
    """Look at the cases again and carry each as far as it goes; return how many."""
    with transaction.atomic():
        in_hand = _take_up(references)
        effects = Effects(actor=SYSTEM, now=now)
        requests: list[Request] = []
        for work in in_hand:
            own = OwnSide(work.uploads, work.commitments)
            effects.requirements += settle_rows(work.rows, work.answers, own, now=now)
            requests += _next_questions(work, now=now)
            _close_what_is_done(effects, work)
            STEPS[work.case.state](effects, work)
        ready = [work for work in in_hand if _may_be_approved_by_system(effects, work)]
        approve_by_system(effects, [(work.case, work.rows) for work in ready])
        for work in ready:
            _close(effects, work, list(work.open_tasks))
        ask_many(requests, actor=SYSTEM, now=now)
        effects.flush()
    return len(in_hand)


def _take_up(references: Iterable[str]) -> list[CaseInHand]:
    cases = lock_cases(references, CARRIED)
    answers = standing(case.reference for case in cases)
    work = {
        case.pk: CaseInHand(case, answers.get(case.reference, {})) for case in cases
    }
    for row in Requirement.objects.filter(case__in=work).order_by("position"):
        work[row.case_id].rows.append(row)
    for pk, material in Upload.objects.filter(case__in=work).values_list(
        "case_id", "material_code"
    ):
        work[pk].uploads.add(material)
    for pk, material in Commitment.objects.filter(case__in=work).values_list(
        "case_id", "material_code"
    ):
        work[pk].commitments.add(material)
    for task in Task.objects.filter(case__in=work):
        if task.closed_at is None:
            work[task.case_id].open_tasks[task.kind, task.about] = task
        elif task.kind in BEFORE_DECISION and task.result == FAILED:
            work[task.case_id].failed = True
    return list(work.values())


def _next_questions(work: CaseInHand, *, now: datetime) -> list[Request]:
    wanted = [
        question
        for row in work.rows
        if row.state != Requirement.State.SATISFIED
        for question in unasked_members(row, work.answers)
    ]
    return requests_for(
        work.case, list(dict.fromkeys(wanted)), deadline_at=now + ASK_FOR
    )


def _close_what_is_done(effects: Effects, work: CaseInHand) -> None:
    """Close tasks about papers that have come in meanwhile."""
    settled = {
        member["material"]
        for row in work.rows_in(Requirement.State.SATISFIED)
        for member in row.members
    }
    done = {Task.Kind.CORRECT, Task.Kind.ASSIST}
    _close(
        effects, work, [k for k in work.open_tasks if k[0] in done and k[1] in settled]
    )


def _close(effects: Effects, work: CaseInHand, keys: list[tuple[str, str]]) -> None:
    for key in keys:
        task = work.open_tasks.pop(key)
        task.closed_by, task.result = effects.actor.id, "settled"
        effects.closed_tasks.append(task)


def _received(effects: Effects, work: CaseInHand) -> None:
    """A case at the window: park it if departments now say that something lacks."""
    missing = work.rows_in(Requirement.State.MISSING)
    waits_at_window = any(kind == Task.Kind.ACCEPT for kind, _ in work.open_tasks)
    if missing and not work.case.stop_kind and not waits_at_window:
        plan = plan_case(work.case, work.answers, now=effects.now)
        accept_or_hand_over(effects, work.case, plan, work.rows)
        effects.wake(work.case)


def _parked(effects: Effects, work: CaseInHand) -> None:
    """Go on by itself once what it waited for is there."""
    missing = work.rows_in(Requirement.State.MISSING)
    if missing or work.rows_in(Requirement.State.UNSETTLED):
        if work.case.waits_for != lacking(missing):
            effects.change(work.case, waits_for=lacking(missing))
        return
    effects.move(work.case, "resume", waits_for=[], received_at=effects.now)
    plan = plan_case(work.case, work.answers, now=effects.now)
    accept_or_hand_over(effects, work.case, plan, work.rows)
    effects.wake(work.case)


def _in_review(effects: Effects, work: CaseInHand) -> None:
    """Name the person who must act, if it is not the system."""
    _compare_again(effects, work)
    tasks = [
        *_missing_tasks(effects, work),
        *_waiting_tasks(effects, work),
        *_assist_tasks(effects, work),
        *_decision_tasks(effects, work),
    ]
    effects.tasks += [t for t in tasks if (t.kind, t.about) not in work.open_tasks]


def _compare_again(effects: Effects, work: CaseInHand) -> None:
    """
    Compare what was stated with what departments said after filing.

    An answer that data contradicts goes to a person: it may change what is needed.
    """
    if not work.case.filed_in_silence or _silent(work):
        return
    plan = plan_case(work.case, work.answers, now=effects.now)
    found = differences(work.case, plan, work.answers)
    effects.change(work.case, filed_in_silence=False, differences=found)
    for difference in found:
        kind, about = Task.Kind.CONFIRM, difference["pointer"].removeprefix("/answers/")
        if about != difference["pointer"] and (kind, about) not in work.open_tasks:
            text = (
                f"申请人陈述「{difference['stated']}」，数据显示「{difference['found']}」",
                f"Stated {difference['stated']}, data says {difference['found']}",
            )
            effects.tasks.append(
                office_task(work.case, kind, now=effects.now, about=about, text=text)
            )


def _silent(work: CaseInHand) -> bool:
    return any(
        answered.known.outcome not in {"FOUND", "NOT_FOUND"}
        for answered in work.answers.values()
    )


def _missing_tasks(effects: Effects, work: CaseInHand) -> list[Task]:
    missing = work.rows_in(Requirement.State.MISSING)
    if not missing:
        return []
    zh = "、".join(row.name for row in missing)
    en = ", ".join(row.name_en for row in missing)
    text = (f"部门确认未持有：{zh}", f"Departments hold no usable record of: {en}")
    return [office_task(work.case, Task.Kind.DECIDE, now=effects.now, text=text)]


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


def _assist_tasks(effects: Effects, work: CaseInHand) -> list[Task]:
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
    if by_system or not work.settled() or _obstacles(effects, work):
        return []
    return [office_task(work.case, Task.Kind.DECIDE, now=effects.now)]


def _may_be_approved_by_system(effects: Effects, work: CaseInHand) -> bool:
    case = work.case
    return (
        case.state == Case.State.IN_REVIEW
        and case.instant
        and not work.failed
        and work.settled()
        and not _obstacles(effects, work)
    )


def _obstacles(effects: Effects, work: CaseInHand) -> bool:
    new = {(t.kind, t.about) for t in effects.tasks if t.case is work.case}
    return any(kind in BEFORE_DECISION for kind, _ in new.union(work.open_tasks))


def own_papers(row: Requirement) -> list[str]:
    """Return the materials of a requirement that the applicant may bring."""
    return [m["material"] for m in row.members if m["how"] == "upload"]


STEPS = {"received": _received, "parked": _parked, "in_review": _in_review}
