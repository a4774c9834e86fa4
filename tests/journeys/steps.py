"""What journeys have in common: filing by command, waiting, and acting by name."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from django.utils import timezone

from onelicense.environment import BASE_DIR
from onelicense.stack import Stack
from services.cases.applying import (
    Given,
    applicant_of,
    bring_papers,
    file_filled,
    fill_in,
)
from services.cases.models import Case, Task
from services.cases.operations.accept import accept_case
from services.cases.operations.confirm import finish_task
from services.cases.operations.decide import approve_case
from services.cases.operations.draft import open_draft
from services.catalogue.queries import current_version
from services.exchange.models import Exchange
from services.ledger.queries import integrity
from services.registry.queries import find_entity
from tests.factories.cases import again, person_of

LOOK_S = 0.05


class Outcome(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def told(self) -> dict[str, Any]:
        """Return the one object that `--json` prints."""
        value = json.loads(self.out)
        assert isinstance(value, dict)
        return value


def manage(stack: Stack, *words: str, within_s: float = 100) -> Outcome:
    """Run a management command as a person would, on the hall's databases."""
    done = subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=BASE_DIR,
        env=stack.environment,
        capture_output=True,
        text=True,
        timeout=within_s,
        check=False,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


def apply(stack: Stack, *words: str) -> Outcome:
    """Apply by command."""
    return manage(stack, "apply", *words, "--json")


def wait_until(
    holds: Callable[[], object], *, within_s: float, telling: Callable[[], str]
) -> None:
    """Wait for what others are to bring about; fail and tell how things stand."""
    deadline = time.monotonic() + within_s
    while not holds():
        if time.monotonic() > deadline:
            raise AssertionError(f"not so after {within_s:.0f} s: {telling()}")
        time.sleep(LOOK_S)


def draft_online(uscc: str, item: str, given: Given | None = None) -> Case:
    """Open a draft, wait for what departments say, fill in what is left."""
    entity = find_entity(uscc)
    actor, given = applicant_of(entity), given or Given()
    case = open_draft(
        entity=entity,
        item_version=current_version(item),
        actor=actor,
        now=timezone.now(),
    )
    wait_for_departments(case)
    fill_in(case=case, given=given, actor=actor, now=timezone.now())
    wait_for_departments(case)
    return case


def file_online(case: Case) -> Case:
    """Add the company's own papers to a draft and file it."""
    actor, given = applicant_of(case.entity), Given()
    bring_papers(case=case, given=given, actor=actor, now=timezone.now())
    return file_filled(case=case, given=given, actor=actor, now=timezone.now())


def wait_for_departments(case: Case) -> None:
    """Wait until every department that was asked has answered."""
    waiting = Exchange.objects.filter(case=case.reference, state="waiting")
    wait_until(
        lambda: not waiting.exists(),
        within_s=30,
        telling=lambda: how_it_stands(again(case)),
    )


def wait_for_states(
    cases: Iterable[Case], states: Iterable[str], *, within_s: float = 30
) -> None:
    """Wait until every case is in one of the states."""
    keys, wanted = [case.pk for case in cases], list(states)
    others = Case.objects.filter(pk__in=keys).exclude(state__in=wanted)
    wait_until(
        lambda: not others.exists(),
        within_s=within_s,
        telling=lambda: "; ".join(map(how_it_stands, others.all())),
    )


def wait_for_log() -> None:
    """Wait until the sequencer has put every entry into the tree."""
    wait_until(
        lambda: not integrity().pending,
        within_s=60,
        telling=lambda: f"{integrity()}",
    )


def how_it_stands(case: Case) -> str:
    """Return what a failed journey should say about a case."""
    rows = [f"{r.name}={r.state}" for r in case.requirements.order_by("position")]
    tasks = [f"{t.kind}:{t.assignee_name}" for t in open_tasks(case)]
    asked = Exchange.objects.filter(case=case.reference).exclude(outcome="FOUND")
    answers = [f"{e.department} {e.material} {e.state} {e.code}" for e in asked]
    return f"{case} {case.item_version_id} {case.state} {rows} {tasks} {answers}"


def open_tasks(case: Case) -> Sequence[Task]:
    """Return what waits for a named person in a case."""
    return list(
        case.tasks.filter(closed_at__isnull=True).select_related("case", "assignee")
    )


def people_act(case: Case, *, within_s: float = 30) -> None:
    """Let the people who are named do their work until the case is delivered."""

    def acted() -> bool:
        for task in open_tasks(case):
            _act(task)
        return again(case).state == Case.State.DELIVERED

    wait_until(acted, within_s=within_s, telling=lambda: how_it_stands(again(case)))


def _act(task: Task) -> None:
    now = timezone.now()
    case = again(task.case)
    if task.kind in {Task.Kind.CONFIRM, Task.Kind.INSPECT}:
        finish_task(task=task, passed=True, remark="", actor=person_of(task), now=now)
    elif task.kind == Task.Kind.ACCEPT:
        accept_case(case=case, actor=person_of(task), now=now)
    elif task.kind == Task.Kind.DECIDE and case.state == Case.State.IN_REVIEW:
        approve_case(case=case, actor=person_of(task), now=now)
