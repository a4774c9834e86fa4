"""The desk's lists: my tasks, due soon, waiting for departments, the office's cases."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET
from django_stubs_ext import StrPromise

from services.cases.models import Case
from services.cases.operations.look import look_at_list
from services.cases.queries.deadline import days_left
from services.cases.queries.footprint import open_questions
from services.cases.queries.lists import office_cases, open_tasks
from services.common.actors import Actor
from services.common.subjects import fold
from services.registry.uscc import UsccProblem, parse
from services.web.case_page import urgency
from services.web.clerk.requests import requests_for
from services.web.seat import SeatedRequest, seated

PER_PAGE = 25


class View(NamedTuple):
    """A saved view of the inbox."""

    code: str
    name: str | StrPromise


VIEWS = (
    View("mine", _("我的待办")),
    View("due", _("即将超时")),
    View("waiting", _("等待部门")),
    View("parked", _("待前置")),
    View("all", _("本机构在办")),
    View("done", _("已办结")),
)


class Row(NamedTuple):
    """One case of a list, with how much time is left."""

    case: Case
    what: str
    who: str
    left: int | None
    urgency: str

    @property
    def late(self) -> int:
        return -(self.left or 0)


@require_GET
@seated("use_desk")
def inbox(request: SeatedRequest) -> HttpResponse:
    """Show one saved view, by view, search and page; the look is recorded."""
    view = request.GET.get("view", "mine")
    view = view if view in {v.code for v in VIEWS} else "mine"
    query = request.GET.get("q", "").strip()
    today = timezone.localdate()
    if view == "mine" and not query:
        tasks = _page(request, open_tasks(request.actor))
        rows = [_row(t.case, str(t.get_kind_display()), t.assignee_name) for t in tasks]
        pages: Page[Any] = tasks
    else:
        found = office_cases(request.actor, view=view, today=today)
        cases = _page(request, _found(found, query))
        rows, pages = [_of_office(case) for case in cases], cases
    _look(request, view, query, rows)
    context = {
        "views": VIEWS,
        "view": view,
        "rows": rows,
        "page": pages,
        "query": query,
        "counts": _counts(request.actor),
        "kept": f"view={view}&q={query}" if query else f"view={view}",
        "asked": len(requests_for(request.actor)),
        "questions": open_questions(request.actor).count(),
    }
    return render(request, "clerk/inbox.html", context)


def _look(request: SeatedRequest, view: str, query: str, rows: list[Row]) -> None:
    """Record the query, and about which company it was if it found or named one."""
    licence, found = _licence(query), {row.case.entity.uscc for row in rows}
    alone = found.pop() if query and len(found) == 1 else ""
    look_at_list(
        name="inbox",
        asked={
            "view": view,
            "page": request.GET.get("page", ""),
            **({"by": "entity"} if licence else {"q": query}),
        },
        about=licence or alone,
        actor=request.actor,
        now=timezone.now(),
    )


def _licence(query: str) -> str:
    """Return the licence number that somebody searched for, if it is one."""
    try:
        return parse(query).text
    except UsccProblem:
        return ""


def _page(request: SeatedRequest, rows: QuerySet[Any]) -> Page[Any]:
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))


def _counts(actor: Actor) -> dict[str, int]:
    today = timezone.localdate()
    counts = {
        view.code: office_cases(actor, view=view.code, today=today).count()
        for view in VIEWS
        if view.code not in {"mine", "done"}
    }
    return {**counts, "mine": open_tasks(actor).count()}


def _found(cases: QuerySet[Case], query: str) -> QuerySet[Case]:
    if not query:
        return cases
    return cases.filter(
        Q(number__startswith=query)
        | Q(entity__uscc=fold(query))
        | Q(entity__legal_name__contains=query)
        | Q(item_version__item__name__contains=query)
    )


def _of_office(case: Case) -> Row:
    tasks = getattr(case, "open_tasks", [])
    what = "、".join(dict.fromkeys(str(task.get_kind_display()) for task in tasks))
    who = "、".join(dict.fromkeys(task.assignee_name for task in tasks))
    return _row(case, what, who)


def _row(case: Case, what: str, who: str) -> Row:
    left = days_left(
        case.promised_on,
        today=timezone.localdate(),
        ended=case.decided_at is not None or case.ended_at is not None,
    )
    return Row(case, what, who, left, urgency(left))
