"""Cases with everything that decides how they go on, in a few queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from services.cases.evidence import Standing, standing
from services.cases.models import Case, Commitment, Requirement, Task, Upload
from services.cases.operations.effects import Effects
from services.cases.operations.lock import lock_cases

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

    def silent(self) -> bool:
        """Return whether somebody who was asked has not given an answer."""
        return any(
            answered.known.outcome not in {"FOUND", "NOT_FOUND"}
            for answered in self.answers.values()
        )

    def obstacles(self, effects: Effects) -> bool:
        """Return whether something must be done before a decision."""
        new = {(t.kind, t.about) for t in effects.tasks if t.case is self.case}
        return any(kind in BEFORE_DECISION for kind, _ in new.union(self.open_tasks))


def take_up(references: Iterable[str]) -> list[CaseInHand]:
    """Return the cases that can be carried on, locked."""
    cases = lock_cases(references, CARRIED)
    answers = standing(case.reference for case in cases)
    work = {
        case.pk: CaseInHand(case, answers.get(case.reference, {})) for case in cases
    }
    for row in (
        Requirement.objects.filter(case__among=work)
        .defer("ladder")
        .order_by("position")
    ):
        work[row.case_id].rows.append(row)
    for pk, material in Upload.objects.filter(case__among=work).values_list(
        "case_id", "material_code"
    ):
        work[pk].uploads.add(material)
    for pk, material in Commitment.objects.filter(case__among=work).values_list(
        "case_id", "material_code"
    ):
        work[pk].commitments.add(material)
    for task in Task.objects.filter(case__among=work):
        if task.closed_at is None:
            work[task.case_id].open_tasks[task.kind, task.about] = task
        elif task.kind in BEFORE_DECISION and task.result == FAILED:
            work[task.case_id].failed = True
    return list(work.values())
