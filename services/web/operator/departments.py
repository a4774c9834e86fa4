"""The departments' systems: how they behave, and switches for their faults."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from services.common.errors import DomainError, InvalidInput, Problem
from services.departments.faults import OF_THE_HUB, Mode
from services.departments.gateways.contract import HUB
from services.departments.operations.switch import PARAMETERS, switch
from services.web.operator.faults import FAULTS, GROUPS
from services.web.operator.lines import (
    FILTERS,
    Line,
    department_lines,
    headline,
    keep,
)
from services.web.operator.live import live
from services.web.problems import Told, tell
from services.web.seat import SeatedRequest, seated
from services.web.typed import whole_number

ALL = "all"


class Switching(NamedTuple):
    """What the form says: a behaviour, and its parameters where they are to change."""

    mode: str
    parameters: dict[str, int | None]


@require_GET
@seated("operate")
def departments(request: SeatedRequest) -> HttpResponse:
    """Show the hub and all departments; `?only=` keeps what is broken or waits."""
    rows = department_lines(timezone.now())
    only = request.GET.get("only", "")
    context = {"rows": keep(rows, only), "only": only, "filters": FILTERS.items()}
    return live(request, "departments", context, headline=headline(rows))


@require_http_methods(["GET", "POST"])
@seated("operate")
def department(request: SeatedRequest, code: str) -> HttpResponse:
    """Show one department (or `all`) with its switches; switch it."""
    rows = department_lines(timezone.now())
    chosen = rows if code == ALL else [row for row in rows if row.code == code]
    if not chosen:
        raise Http404(code)
    told = None
    if request.method == "POST":
        try:
            _switch(request, code, chosen)
        except DomainError as error:
            told = tell(error)
        else:
            return redirect("ops_departments")
    return _show(request, code, chosen, told)


def _switch(request: SeatedRequest, code: str, rows: list[Line]) -> None:
    wanted = _read(request)
    for row in _meant(code, rows, wanted.mode):
        switch(
            row.code,
            wanted.mode,
            actor=request.actor,
            now=timezone.now(),
            **wanted.parameters,
        )
    whose = rows[0].name if code != ALL else _("全部部门")
    text = _("%(whose)s的系统现在：%(name)s。%(does)s已记入日志。")
    messages.success(
        request, text % {"whose": whose, **FAULTS[Mode(wanted.mode)]._asdict()}
    )


def _meant(code: str, rows: list[Line], mode: str) -> list[Line]:
    """Return what to switch: of all, a fault spares the hub, an end ends what is."""
    if code != ALL:
        return rows
    if mode == Mode.UP:
        return [row for row in rows if row.faulty]
    return [row for row in rows if row.code != HUB]


def _read(request: SeatedRequest) -> Switching:
    problems = []
    mode = request.POST.get("mode", "")
    if mode not in list(Mode):
        problems.append(Problem("mode_needed", _("请选择一种表现。"), "/mode"))
    numbers = {}
    for name, bounds in PARAMETERS.items():
        text = request.POST.get(name, "").strip()
        number = whole_number(text)
        if text and (number is None or not bounds.least <= number <= bounds.most):
            told = _("请填写 %(least)d 到 %(most)d 之间的整数。") % bounds._asdict()
            problems.append(Problem("number_needed", told, f"/{name}"))
        numbers[name] = number
    if problems:
        raise InvalidInput(problems)
    return Switching(mode, numbers)


def _show(
    request: SeatedRequest, code: str, rows: list[Line], told: Told | None
) -> HttpResponse:
    one = rows[0] if code != ALL else None
    offered = OF_THE_HUB if code == HUB else frozenset(Mode)
    modes = Counter(row.mode for row in rows if row.mode)
    context = {
        "code": code,
        "one": one,
        "rows": rows,
        "modes": [(FAULTS[Mode(mode)], count) for mode, count in modes.most_common()],
        "groups": [
            (group.name, [(m.value, FAULTS[m]) for m in group.modes if m in offered])
            for group in GROUPS
        ],
        "typed": request.POST,
        "mode": request.POST.get("mode", one.mode if one else ""),
    }
    address = reverse("ops_department", args=[code])
    return live(
        request,
        "department",
        context,
        headline=headline(rows),
        address=address,
        told=told,
    )
