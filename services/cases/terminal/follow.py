"""Follow a draft or case until departments answered or a person must act."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.utils import timezone
from rich.console import Console
from rich.live import Live

from services.cases.models import Case
from services.cases.queries.summary import CaseSummary, summary
from services.cases.terminal.view import (
    certificate_line,
    draw,
    saved_line,
    title,
    words,
)
from services.cases.transitions import DECIDED, ENDED
from services.exchange.models import Exchange

EVERY_S = 0.15


class Follower:
    """Shows cases on one console; a line that was said is not said again."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._said: set[tuple[int, str]] = set()

    def follow(
        self, case: Case, *, until: Callable[[CaseSummary], bool], at_most_s: float
    ) -> CaseSummary:
        """Show a case until a condition holds or time is up; return how it stands."""
        deadline = time.monotonic() + at_most_s
        if not self.console.is_terminal:
            return self._plainly(case, until, deadline)
        told = _look(case)
        with Live(console=self.console, refresh_per_second=8, transient=True) as live:
            while not until(told) and time.monotonic() < deadline:
                live.update(draw(told, now=timezone.now()))
                time.sleep(EVERY_S)
                told = _look(case)
        if told.case.state != Case.State.DRAFT:
            self.console.print(draw(told, now=timezone.now()))
        return told

    def _plainly(
        self, case: Case, until: Callable[[CaseSummary], bool], deadline: float
    ) -> CaseSummary:
        """Print each change once, a line each: what a pipe or a log can use."""
        while True:
            told = _look(case)
            for line in _lines(told):
                if (case.pk, line) not in self._said:
                    self._said.add((case.pk, line))
                    self.console.print(line, highlight=False, soft_wrap=True)
            if until(told) or time.monotonic() > deadline:
                return told
            time.sleep(EVERY_S)


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


def _lines(told: CaseSummary) -> list[str]:
    now = timezone.now()
    lines = [title(told.case)]
    lines += [
        f"  {line.department_name} · {line.material_name} · {words(line, now=now)}"
        for line in told.verifications
        if line.exchange.outcome
    ]
    lines += [
        f"  → {task.get_kind_display()}：{task.assignee_name} {task.text}".rstrip()
        for task in told.tasks
    ]
    if told.certificate and told.case.ended_at:
        lines += [f"  {certificate_line(told.certificate)}", f"  {saved_line(told)}"]
    return lines
