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
from services.departments.gateways.contract import HUB
from services.departments.models import Profile
from services.departments.queries import profiles
from services.exchange.models import Breaker
from services.exchange.queries import LineStatus, lines
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
    behaviour: Profile
    status: LineStatus

    @property
    def faulty(self) -> bool:
        return self.behaviour.mode != Mode.UP

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
    behaviours = {profile.department: profile for profile in profiles()}
    rows = [
        _line(status, known.get(status.department), behaviours.get(status.department))
        for status in lines(now)
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


def _line(
    status: LineStatus, known: Department | None, behaviour: Profile | None
) -> Line:
    code = status.department
    name = _("公共数据平台") if code == HUB else local(known) if known else code
    direct = bool(known and not known.via_hub)
    return Line(code, name, direct, behaviour or Profile(department=code), status)
