"""Our books against each department's own, on demand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET
from django_stubs_ext import StrPromise

from services.catalogue.models import Department
from services.common.language import local
from services.departments.gateways.contract import HUB
from services.exchange import comparison
from services.exchange.operations.reconcile import Reconciliation, reconcile
from services.web.answers import answer
from services.web.operator.words import Headline
from services.web.seat import SeatedRequest, seated
from services.web.typed import whole_number

HOURS = (1, 24, 24 * 7)
SHOWN = 200
DIFFERENCES: Mapping[str, StrPromise] = {
    comparison.UNKNOWN_THERE: gettext_lazy("对方给过答复，账上却没有"),
    comparison.UNKNOWN_HERE: gettext_lazy("对方被问过，却不是我方问的"),
    comparison.MORE_EFFECTS: gettext_lazy("生效次数多于应有"),
    comparison.OTHER_OUTCOME: gettext_lazy("双方记的结果不同"),
}


class Asked(NamedTuple):
    """What is to be compared."""

    department: str
    hours: int


@require_GET
@seated("operate")
def books(request: SeatedRequest) -> HttpResponse:
    """Offer the comparison; with `?hours=` make it. It changes nothing."""
    names = {department.code: department for department in Department.objects.all()}
    choices = [(HUB, _("公共数据平台"))]
    choices += sorted((code, local(row)) for code, row in names.items())
    asked = _asked(request, {code for code, _name in choices})
    found = None
    if asked.hours:
        now = timezone.now()
        since = now - timedelta(hours=asked.hours)
        found = reconcile(department=asked.department or None, since=since, now=now)
    context = {
        "choices": choices,
        "asked": asked,
        "hours": HOURS,
        "found": found,
        "rows": _rows(found)[:SHOWN] if found else [],
        "headline": _headline(found) if found else None,
        "here": "books",
    }
    return answer(request, "operator/books.html", context)


def _asked(request: HttpRequest, known: set[str]) -> Asked:
    hours = whole_number(request.GET.get("hours", ""))
    code = request.GET.get("department", "")
    return Asked(
        code if code in known else "", hours if hours and hours in HOURS else 0
    )


def _rows(found: Reconciliation) -> list[tuple[StrPromise, comparison.Difference]]:
    both = found.questions.differences + found.deposits.differences
    return [(DIFFERENCES[one.what], one) for one in both]


def _headline(found: Reconciliation) -> Headline:
    count = len(_rows(found))
    if count:
        text = ngettext("双方账目有 %(n)d 处不符。", "双方账目有 %(n)d 处不符。", count)
        return Headline("bad", text % {"n": count})
    if found.silent:
        text = ngettext(
            "已看到的账目相符；%(n)d 个部门没有出示账目。",
            "已看到的账目相符；%(n)d 个部门没有出示账目。",
            len(found.silent),
        )
        return Headline("warn", text % {"n": len(found.silent)})
    return Headline("good", _("双方账目相符。"))
