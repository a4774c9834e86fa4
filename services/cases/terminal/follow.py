"""Follow a draft or case until departments answered or a person must act."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.utils import timezone
from rich.console import Console
from rich.live import Live

from services.cases.models import Case
from services.cases.queries.summary import CaseSummary, summary
from services.cases.terminal.view import draw, title, words
from services.cases.transitions import DECIDED, ENDED
from services.exchange.models import Exchange

EVERY_S = 0.15
WAITING_STATES = ("draft", "received", "accepted", "in_review", "approved", "certified")


def follow(
    case: Case,
    *,
    until: Callable[[CaseSummary], bool],
    console: Console,
    at_most_s: float,
) -> CaseSummary:
    """Show a case live until a condition holds or time is up; return how it stands."""
    deadline = time.monotonic() + at_most_s
    told = _look(case)
    if not console.is_terminal:
        return _follow_plainly(told, until, console, deadline)
    with Live(console=console, refresh_per_second=8, transient=True) as live:
        while not until(told) and time.monotonic() < deadline:
            live.update(draw(told, now=timezone.now()))
            time.sleep(EVERY_S)
            told = _look(case)
    console.print(draw(told, now=timezone.now()))
    return told


def departments_answered(told: CaseSummary) -> bool:
    """Return whether every department has given an answer that counts."""
    return all(
        line.exchange.state != Exchange.State.WAITING for line in told.verifications
    )


def nothing_moves(told: CaseSummary) -> bool:
    """Return whether the case is decided and delivered, or waits for a person."""
    state = told.case.state
    if state in ENDED or state == Case.State.PARKED:
        return True
    if state in DECIDED and state != Case.State.AWAITING_PAYMENT:
        return any(task.kind == "hand_over" for task in told.tasks)
    blocking = [task for task in told.tasks if task.kind != "sample"]
    return bool(blocking) and departments_answered(told)


def _look(case: Case) -> CaseSummary:
    fresh = (
        Case.objects.select_related("entity", "item_version__item", "office")
        .defer("item_version__definition")
        .get(pk=case.pk)
    )
    return summary(fresh)


def _follow_plainly(
    told: CaseSummary,
    until: Callable[[CaseSummary], bool],
    console: Console,
    deadline: float,
) -> CaseSummary:
    """Print each change once, a line each: what a pipe or a log can use."""
    said: set[str] = set()
    while True:
        for line in _lines(told):
            if line not in said:
                said.add(line)
                console.print(line, highlight=False, soft_wrap=True)
        if until(told) or time.monotonic() > deadline:
            return told
        time.sleep(EVERY_S)
        told = _look(told.case)


def _lines(told: CaseSummary) -> list[str]:
    now = timezone.now()
    lines = [title(told.case)]
    lines += [
        f"  {line.department_name} · {line.material_name} · {words(line, now=now)}"
        for line in told.verifications
        if line.exchange.outcome
    ]
    lines += [
        f"  → {task.get_kind_display()}：{task.assignee_name} {task.text}"
        for task in told.tasks
    ]
    return lines
