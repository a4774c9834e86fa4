"""Draw how a case stands: departments, outcomes, what was saved."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from rich.console import Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from services.cases.models import Case, Certificate, Task
from services.cases.queries.summary import CaseSummary, Verification

COLOURS = {
    "FOUND": "green",
    "NOT_FOUND": "red",
    "UNAVAILABLE": "yellow",
    "REFUSED": "yellow",
    "DEFERRED": "cyan",
    "": "dim",
}


def draw(told: CaseSummary, *, now: datetime) -> Group:
    """Return a picture of a case for rich."""
    table = Table(expand=True, box=None, pad_edge=False)
    for heading in (_("部门"), _("材料"), _("结果")):
        table.add_column(heading)
    for line in told.verifications:
        colour = COLOURS[line.exchange.outcome]
        table.add_row(
            line.department_name,
            line.material_name,
            Text(words(line, now=now), style=colour),
        )
    return Group(
        Panel(table, title=title(told.case), border_style="blue"), footer(told)
    )


def title(case: Case) -> str:
    """Return the case's number, item and state in one line."""
    label = Case.State(case.state).label
    return (
        f"{case} · {case.item_version.item.name} · {case.entity.legal_name} · {label}"
    )


def footer(told: CaseSummary) -> Text:
    """Return what came out, what was saved, and who must act."""
    lines = [saved_line(told)]
    if told.certificate:
        lines.insert(0, certificate_line(told.certificate))
    lines += [
        f"→ {task.get_kind_display()}：{task.assignee_name} {task.text}".rstrip()
        for task in told.tasks
    ]
    return Text("\n".join(lines), style="bold")


def saved_line(told: CaseSummary) -> str:
    """Return what the applicant did not have to bring or go for."""
    text = _(
        "无需提交 %(documents)d 份政府部门材料，少跑 %(visits)d 次（跑动次数为推测值）"
    )
    return text % told.saved._asdict()


def certificate_line(certificate: Certificate) -> str:
    """Return the result with its number and last day."""
    until = certificate.valid_until
    last = _("有效期至 %(day)s") % {"day": until} if until else _("长期有效")
    return f"{certificate.name} {certificate.number} · {last}"


def words(line: Verification, *, now: datetime) -> str:
    """Return the outcome of one exchange in the words that people understand."""
    return line.words(department=line.department_name, now=now)


def as_json(told: CaseSummary, log: dict[str, Any]) -> dict[str, Any]:
    """Return the object that `apply --json` prints (interfaces.md)."""
    case = told.case
    return {
        "case": case.number or case.reference,
        "state": case.state,
        "item": case.item_version.item_id,
        "entity": case.entity.uscc,
        "obtained": [
            {
                "material": line.material,
                "department": line.department,
                "outcome": line.exchange.outcome,
                "code": line.exchange.code,
                "answered_at": _instant(line.exchange.answered_at),
            }
            for line in told.verifications
        ],
        "asked_of_applicant": [
            {"material": asked.material, "kind": asked.kind} for asked in told.asked
        ],
        "saved": told.saved._asdict(),
        "waits_for": [
            {"task": task.kind, "person": task.assignee_name}
            for task in told.tasks
            if task.kind != Task.Kind.SAMPLE  # afterwards: the case waits for nobody
        ],
        "certificate": told.certificate.number if told.certificate else None,
        "deadline": told.deadline.isoformat() if told.deadline else None,
        "log": log,
    }


def _instant(at: datetime | None) -> str | None:
    return timezone.localtime(at).isoformat() if at else None
