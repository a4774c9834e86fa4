"""
Carry many cases on as far as they go: the heart of the system.

Safe to deliver twice: it looks at what is there and does only what follows.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from services.cases.clock import accept_by
from services.cases.evidence import registers_differ
from services.cases.models import Case, Requirement, Task
from services.cases.operations.accept import accept_or_hand_over, lacking
from services.cases.operations.decide import approve_by_system
from services.cases.operations.draft import ASK_FOR
from services.cases.operations.effects import Effects
from services.cases.operations.in_hand import CaseInHand, take_up
from services.cases.operations.requirements import (
    OwnSide,
    settle_rows,
    stale_members,
    unasked_members,
)
from services.cases.operations.who_acts import MISSING, assist_tasks, name_who_acts
from services.cases.plans import plan_case, requests_for
from services.cases.working_calendar import working_calendar
from services.catalogue.queries import one_catalogue
from services.common.actors import SYSTEM
from services.common.subjects import Subject
from services.exchange.models import Exchange
from services.exchange.operations.ask import Request, ask_many
from services.exchange.operations.ask_again import supersede_stale
from services.exchange.operations.recheck import recheck_disagreements

SUPPLY = Task.Kind.SUPPLY  # a paper that follows stays due after the decision


def advance(*, references: Iterable[str], now: datetime) -> int:
    """Look at the cases again and carry each as far as it goes; return how many."""
    with transaction.atomic(), one_catalogue():
        in_hand = take_up(references)
        effects = Effects(actor=SYSTEM, now=now)
        requests: list[Request] = []
        stale: list[tuple[str, str, Subject]] = []
        for work in in_hand:
            own = OwnSide(work.uploads, work.commitments)
            effects.requirements += settle_rows(work.rows, work.answers, own, now=now)
            requests += _next_questions(work, now=now)
            stale += _stale_answers(work, now=now)
            _close_what_is_done(effects, work)
            STEPS[work.case.state](effects, work)
        ready = [work for work in in_hand if _may_be_approved_by_system(effects, work)]
        approve_by_system(
            effects, [(w.case, w.rows, bool(w.commitments)) for w in ready]
        )
        for work in ready:
            _close(effects, work, [k for k in work.open_tasks if k[0] != SUPPLY])
        ask_many(requests, actor=SYSTEM, now=now)
        differing = [w.case.reference for w in in_hand if registers_differ(w.answers)]
        recheck_disagreements(cases=differing, now=now)
        supersede_stale(stale, deadline_at=now + ASK_FOR, actor=SYSTEM, now=now)
        effects.flush()
    return len(in_hand)


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


def _stale_answers(
    work: CaseInHand, *, now: datetime
) -> list[tuple[str, str, Subject]]:
    """Return what was shown too long ago for a decision, and settles nothing now."""
    return [
        (work.case.reference, *key)
        for row in work.rows_in(Requirement.State.UNSETTLED)
        for key in stale_members(row, work.answers, now)
    ]


def _close_what_is_done(effects: Effects, work: CaseInHand) -> None:
    """Close tasks about what has come in, or was answered, meanwhile."""
    settled = {
        member["material"]
        for row in work.rows_in(Requirement.State.SATISFIED)
        for member in row.members
    }
    with_officer = {
        material
        for (material, _), answered in work.answers.items()
        if answered.state == Exchange.State.ASSISTED
    }
    done = {Task.Kind.CORRECT, Task.Kind.ASSIST}
    over = [
        (kind, about)
        for kind, about in work.open_tasks
        if (kind in done and about in settled)
        or (kind == Task.Kind.ASSIST and about not in with_officer)
    ]
    if not work.rows_in(Requirement.State.MISSING):
        over += [k for k in work.open_tasks if k == (Task.Kind.DECIDE, MISSING)]
    _close(effects, work, over)


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
        officers = assist_tasks(effects, work)
        effects.tasks += [
            t for t in officers if (t.kind, t.about) not in work.open_tasks
        ]
        return
    timer = accept_by(working_calendar(), timezone.localtime(effects.now))
    effects.move(
        work.case, "resume", waits_for=[], complete_at=effects.now, accept_by=timer
    )
    plan = plan_case(work.case, work.answers, now=effects.now)
    accept_or_hand_over(effects, work.case, plan, work.rows)
    effects.wake(work.case)


def _may_be_approved_by_system(effects: Effects, work: CaseInHand) -> bool:
    case = work.case
    return (
        case.state == Case.State.IN_REVIEW
        and case.instant
        and not work.failed
        and work.settled()
        and not work.obstacles(effects)
    )


STEPS = {"received": _received, "parked": _parked, "in_review": name_who_acts}
