"""Gather what happens to many cases, then write it in a few statements."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from services.accounts.queries import duty_officers
from services.cases.models import Case, Certificate, Decision, Requirement, Task
from services.cases.transitions import TransitionRefused, check_belongs, transition
from services.common.actors import Actor
from services.common.bulk import as_rows, insert_rows, update_rows
from services.dispatch.operations.send import Message, send_many
from services.exchange.operations.deposit import DepositRequest, order_deposits
from services.ledger.entry import Entry
from services.ledger.operations.record import record_many

OUTCOME = (
    "id",
    "state",
    "means",
    "satisfied_by",
    "evidence_id",
    "settled_at",
)


@dataclass
class _Change:
    case: Case
    old_state: str
    columns: dict[str, Any]


@dataclass
class Effects:
    """
    What one operation does to its cases; nothing is written before `flush`.

    `flush` moves each case by compare-and-set, so a case that somebody else moved
    meanwhile rolls the whole operation back; workers simply try again.
    """

    actor: Actor
    now: datetime
    entries: list[Entry] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    closed_tasks: list[Task] = field(default_factory=list)
    requirements: list[Requirement] = field(default_factory=list)
    ladders: list[Requirement] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    certificates: list[Certificate] = field(default_factory=list)
    deposits: list[DepositRequest] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    _changes: dict[int, _Change] = field(default_factory=dict)

    def move(
        self, case: Case, action: str, *, actor: Actor | None = None, **columns: Any
    ) -> None:
        """
        Move a case by an action of the transition table and log it.

        :raises TransitionRefused, RoleMayNot, NotYourOffice: see transitions.
        """
        who = actor or self.actor
        check_belongs(who, office=case.office_id or "", entity=case.entity.uscc)
        step = transition(case.state, action, who.role)
        old = case.state
        self.change(case, state=step.to, **columns)
        told = {"action": action, "before": old, "after": step.to}
        self.log(case, step.event, actor=who, outcome=step.to, **told)

    def change(self, case: Case, **columns: Any) -> None:
        """Set columns of a case that is locked or moved by this operation."""
        known = self._changes.setdefault(case.pk, _Change(case, case.state, {}))
        known.columns.update(columns)
        for name, value in columns.items():
            setattr(case, name, value)

    def log(
        self,
        case: Case,
        event: str,
        *,
        actor: Actor | None = None,
        outcome: str = "",
        code: str = "",
        **details: str | int | bool,
    ) -> None:
        """Add an entry about a case; details are plain and few."""
        self.entries.append(
            Entry(
                type=event,
                office=case.office_id or "",
                actor=actor or self.actor,
                case=case.reference,
                subject=f"entity:{case.entity.uscc}",
                outcome=outcome,
                code=code,
                details=details,
            )
        )

    def wake(self, case: Case) -> None:
        """Let a worker look at the case again."""
        self.messages.append(Message("cases.advance", case.reference))

    def flush(self) -> None:
        """Write everything; must stand in the transaction of the operation."""
        with transaction.atomic(savepoint=False):
            self._move_cases()
            self._write_requirements()
            self._close_tasks()  # before a new task about the same matter is opened
            _name_assignees(self.tasks)
            Task.objects.bulk_create(self.tasks, ignore_conflicts=True)
            for model, rows in (
                (Decision, self.decisions),
                (Certificate, self.certificates),
            ):
                insert_rows(connection, *as_rows(connection, model, rows))
            order_deposits(self.deposits, now=self.now)
            record_many(self.entries, at=self.now)
            send_many(self.messages, now=self.now)

    def _move_cases(self) -> None:
        groups: dict[tuple[Any, ...], list[_Change]] = defaultdict(list)
        for change in self._changes.values():
            groups[
                (change.old_state, *sorted(map(_item, change.columns.items())))
            ].append(change)
        for changes in groups.values():
            ids = [change.case.pk for change in changes]
            moved = Case.objects.filter(
                pk__among=ids, state=changes[0].old_state
            ).update(**changes[0].columns)
            if moved != len(ids):
                raise TransitionRefused("somebody else moved the case a moment ago")

    def _write_requirements(self) -> None:
        rows = [
            tuple(getattr(row, name) for name in OUTCOME) for row in self.requirements
        ]
        update_rows(connection, Requirement, OUTCOME, rows)
        if self.ladders:
            Requirement.objects.bulk_update(self.ladders, ["ladder"])

    def _close_tasks(self) -> None:
        groups: dict[tuple[str, str, str], list[int]] = defaultdict(list)
        for task in self.closed_tasks:
            groups[(task.closed_by, task.result, task.remark)].append(task.pk)
        for (closed_by, result, remark), ids in groups.items():
            Task.objects.filter(pk__among=ids, closed_at__isnull=True).update(
                closed_at=self.now, closed_by=closed_by, result=result, remark=remark
            )


def _item(pair: tuple[str, Any]) -> tuple[str, str]:
    return pair[0], repr(pair[1])


def _name_assignees(tasks: list[Task]) -> None:
    """Put a named person on every task of an office; applicants' carry their name."""
    staffed = [task for task in tasks if not task.assignee_name]
    if not staffed:
        return
    officers = duty_officers({(task.office_id or "", task.role) for task in staffed})
    for task in staffed:
        officer = officers.get((task.office_id or "", task.role))
        task.assignee = officer
        # A post that is vacant holds nothing up: the office itself answers for it.
        task.assignee_name = str(officer or task.office)
