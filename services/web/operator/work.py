"""The outbox: what waits, who holds it, and what was parked."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from services.common.errors import InvalidInput, Problem
from services.dispatch.models import OutboxMessage
from services.dispatch.operations.reissue import reissue
from services.dispatch.queries import depth_by_task, leases
from services.exchange.queries import held
from services.web.answers import answer
from services.web.operator.live import live
from services.web.operator.words import Headline
from services.web.problems import Told, tell
from services.web.seat import SeatedRequest, seated
from services.web.typed import whole_number

PER_PAGE = 50


@require_GET
@seated("operate")
def work(request: SeatedRequest) -> HttpResponse:
    """Show the outbox by task, leases, and parked messages (`?task=` keeps one)."""
    return _show(request, None)


@require_POST
@seated("operate")
def reissue_parked(request: SeatedRequest) -> HttpResponse:
    """Give the ticked or all parked messages new tries; asks before it does."""
    task = request.POST.get("task", "")
    chosen = _chosen(request, task)
    if not chosen:
        text = _("请先勾选要重新发出的消息；也可能已由他人重新发出。")
        return _show(request, tell(InvalidInput([Problem("nothing_chosen", text)])))
    if request.POST.get("sure") != "1":
        context = {"chosen": chosen, "per_page": PER_PAGE, "task": task, "here": "work"}
        context["everything"] = "everything" in request.POST
        return answer(request, "operator/reissue.html", context)
    keys = [message.pk for message in chosen]
    done = reissue(messages=keys, actor=request.actor, now=timezone.now())
    text = ngettext("已重新发出 %(n)d 条消息。", "已重新发出 %(n)d 条消息。", done)
    messages.success(request, text % {"n": done})
    return redirect(_address(task))


def _chosen(request: SeatedRequest, task: str) -> list[OutboxMessage]:
    parked = _parked(task)
    if "everything" not in request.POST:
        ticked = map(whole_number, request.POST.getlist("message"))
        parked = parked.filter(pk__in=[key for key in ticked if key is not None])
    return list(parked)


def _parked(task: str) -> QuerySet[OutboxMessage]:
    parked = OutboxMessage.objects.parked().order_by("-parked_at", "-pk")
    return parked.filter(task=task) if task else parked


def _show(request: SeatedRequest, told: Told | None) -> HttpResponse:
    task = request.POST.get("task", request.GET.get("task", ""))
    now = timezone.now()
    depths = depth_by_task(now)
    context = {
        "depths": depths,
        "held": leases(),
        "asked": held(),
        "now": now,
        "task": task,
        "rows": Paginator(_parked(task), PER_PAGE).get_page(request.GET.get("page")),
        "kept": urlencode({"task": task}) if task else "",
    }
    headline = _headline(sum(depth.parked for depth in depths.values()))
    address = reverse("ops_work")
    return live(request, "work", context, headline=headline, address=address, told=told)


def _headline(parked: int) -> Headline:
    if not parked:
        return Headline("good", _("没有搁置的消息：所有工作都在进行。"))
    text = ngettext(
        "%(n)d 条消息多次失败后搁置，需要您处理。",
        "%(n)d 条消息多次失败后搁置，需要您处理。",
        parked,
    )
    return Headline("warn", text % {"n": parked})


def _address(task: str) -> str:
    return reverse("ops_work") + (f"?{urlencode({'task': task})}" if task else "")
