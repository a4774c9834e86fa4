"""How each department's system behaves, and the line that leads there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from services.catalogue.models import Department
from services.common.language import local
from services.departments.faults import Mode
from services.departments.gateways.contract import (
    HUB,
    Behaviour,
    DepartmentsUnreachable,
)
from services.departments.queries import profiles
from services.exchange.models import Breaker
from services.exchange.queries import LineStatus, lines
from services.web.names import department_name
from services.web.operator.words import Headline

FILTERS = {
    "": gettext_lazy("全部"),
    "broken": gettext_lazy("不正常的"),
    "waiting": gettext_lazy("有等待的"),
}


class Line(NamedTuple):
    """One department, or the hub: what its system does and how its line stands."""

    code: str
    name: str
    direct: bool  # not by way of the hub
    mode: str  # blank: nobody tells
    behaviour: Behaviour | None  # None: never switched, or nobody tells
    status: LineStatus

    @property
    def faulty(self) -> bool:
        return self.mode not in {"", Mode.UP}

    @property
    def tone(self) -> str:
        tones = {Breaker.State.OPEN: "bad", Breaker.State.HALF_OPEN: "warn"}
        return tones.get(Breaker.State(self.status.state), "good")

    @property
    def broken(self) -> bool:
        return self.faulty or self.tone != "good"


def department_lines(now: datetime) -> list[Line]:
    """Return the hub and every department, those with a fault first."""
    known = {department.code: department for department in Department.objects.all()}
    behaviours = _behaviours()
    rows = [
        _line(status, known.get(status.department), behaviours) for status in lines(now)
    ]
    return sorted(rows, key=lambda row: (not row.broken, row.code != HUB, row.code))


def keep(rows: Sequence[Line], only: str) -> list[Line]:
    """Return those that a filter of the page keeps."""
    if only == "broken":
        return [row for row in rows if row.broken]
    if only == "waiting":
        return [row for row in rows if row.status.waiting]
    return list(rows)


def headline(rows: Sequence[Line]) -> Headline:
    """Say how many lines are broken, and how much waits for them."""
    if not any(row.mode for row in rows):
        text = _(
            "部门系统没有应答：看不到它们的表现，也不能切换。办件不受影响，继续等候。"
        )
        return Headline("bad", text)
    cut = sum(row.tone != "good" for row in rows)
    waiting = sum(row.status.waiting for row in rows)
    if cut:
        text = ngettext("%(n)d 条线路已断开。", "%(n)d 条线路已断开。", cut)
        return Headline("bad", text % {"n": cut} + _waiting(waiting))
    faulty = sum(row.faulty for row in rows)
    if faulty:
        text = ngettext(
            "%(n)d 个系统被设为不正常，线路仍然畅通。",
            "%(n)d 个系统被设为不正常，线路仍然畅通。",
            faulty,
        )
        return Headline("warn", text % {"n": faulty})
    return Headline("good", _("所有部门的系统正常，线路畅通。"))


def _waiting(count: int) -> str:
    if not count:
        return ""
    text = ngettext(
        "%(n)d 个请求在等，恢复后自动补问。",
        "%(n)d 个请求在等，恢复后自动补问。",
        count,
    )
    return " " + text % {"n": count}


def _behaviours() -> dict[str, Behaviour] | None:
    """Return how those behave who were ever switched; None where nobody tells."""
    try:
        return {behaviour.department: behaviour for behaviour in profiles()}
    except DepartmentsUnreachable:
        return None


def _line(
    status: LineStatus,
    known: Department | None,
    behaviours: dict[str, Behaviour] | None,
) -> Line:
    code = status.department
    behaviour = behaviours.get(code) if behaviours else None
    unswitched = "" if behaviours is None else Mode.UP.value
    return Line(
        code=code,
        name=local(known) if known else department_name(code),
        direct=bool(known and not known.via_hub),
        mode=behaviour.mode if behaviour else unswitched,
        behaviour=behaviour,
        status=status,
    )
