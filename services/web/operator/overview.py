"""Is everything moving, and what waits for a person?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count, Min, QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from services.dispatch.models import OutboxMessage
from services.exchange.models import Breaker, Incident
from services.web.health import Check, checks
from services.web.operator.live import live
from services.web.operator.words import CHECKS, Headline
from services.web.seat import SeatedRequest, seated


class Care(NamedTuple):
    """Something that a person has to look at, while there is any of it."""

    name: str
    page: str
    waiting: int
    since: datetime | None


@require_GET
@seated("operate")
def overview(request: SeatedRequest) -> HttpResponse:
    """Show in words and colours what moves and what does not."""
    moving, cares = checks(timezone.now()), _cares()
    context = {
        "checks": [(CHECKS[check.name], check) for check in moving],
        "cares": cares,
    }
    return live(request, "overview", context, headline=_headline(moving, cares))


def _cares() -> list[Care]:
    incidents = Incident.objects.filter(closed_at__isnull=True)
    broken = Breaker.objects.exclude(state=Breaker.State.CLOSED)
    parked = OutboxMessage.objects.parked()
    return [
        _care(_("未处理的事件"), "ops_incidents", incidents, "opened_at"),
        _care(_("断开的线路"), "ops_departments", broken, "opened_at"),
        _care(_("搁置的消息"), "ops_work", parked, "parked_at"),
    ]


def _care(name: str, page: str, rows: QuerySet[Any], since: str) -> Care:
    return Care(name, page, **rows.aggregate(waiting=Count("pk"), since=Min(since)))


def _what_follows(moving: Iterable[Check]) -> str:
    if all(check.ok for check in moving if check.name == "asking"):
        return ""
    return _(
        "日志迟迟没有新的证明，已暂停向部门提问；收件照常，证明恢复后自动继续。"
        "请检查排序进程、签名密钥和见证方。"
    )


def _headline(moving: Iterable[Check], cares: Iterable[Care]) -> Headline:
    stuck = [str(CHECKS[check.name].name) for check in moving if not check.ok]
    if stuck:
        words = _("停住了：%(what)s。") % {"what": "、".join(stuck)}
        return Headline("bad", words + _what_follows(moving))
    open_cares = sum(care.waiting > 0 for care in cares)
    if open_cares:
        text = ngettext(
            "都在进行；有 %(n)d 类情况需要您看一下。",
            "都在进行；有 %(n)d 类情况需要您看一下。",
            open_cares,
        )
        return Headline("warn", text % {"n": open_cares})
    return Headline("good", _("一切都在进行，没有需要处理的事。"))
