"""
The five outcomes in the words that people read (experience.md).

Each says what happened and what happens next; none of them asks for a paper.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from services.departments.gateways.contract import FOUND, HUB, UNAVAILABLE
from services.exchange.codes import CODES
from services.exchange.flags import flags_of
from services.exchange.models import AssistRequest, Exchange

ASKING = _("正在向%(department)s核验")
RENEWING = _("此前的答复已过有效期 · 正在向%(department)s重新核验，无需您提供")
ASSISTED = _(
    "%(department)s系统暂未答复 · 已转该部门工作人员核查，"
    "系统 %(next)s 再次请求，无需您提供"
)
HUB_SILENT = _(
    "公共数据平台暂未答复（自 %(since)s），%(department)s系统未受影响 · "
    "%(next)s 再次请求，无需您提供"
)
DISPUTED = _(
    "%(department)s此前答复无可用记录 · 您的数据异议已转其核查，五个工作日内答复，"
    "无需您提供"
)
CANCELLED = _("不再需要%(department)s答复")
# What else is known of a record that was found, the most telling first.
FOUND_WORDS: Mapping[str, StrPromise] = {
    "former_name": _(
        "已取得（登记为曾用名，已转校核）· %(department)s %(answered)s 答复"
    ),
    "by_officer": _("已取得 · %(department)s工作人员 %(answered)s 查核"),
    "stale_copy": _(
        "公共数据平台的副本（截至 %(snapshot)s）已过有效期 · "
        "%(next)s 再次向%(department)s请求，无需您提供"
    ),
    "hub_copy": _("已取得 · %(department)s在公共数据平台的副本（截至 %(snapshot)s）"),
    "reused": _("已取得 · 沿用%(department)s此前的答复，仍在有效期内"),
    "late": _("已取得 · %(department)s %(answered)s 补充答复"),
}
# By `Meaning.wording` of a code.
WORDS: Mapping[str, StrPromise] = {
    "found": _("已取得 · %(department)s %(answered)s 答复"),
    "no_record": _(
        "无此记录 · %(department)s %(answered)s 答复 · "
        "如您持有，可凭证号和发证机关提出数据异议"
    ),
    "expired": _("证照已过期 · %(department)s %(answered)s 答复 · 可先办理延续或换证"),
    "revoked": _(
        "证照已撤销或注销 · %(department)s %(answered)s 答复 · 如有误可提出数据异议"
    ),
    "holder_mismatch": _(
        "登记的持有人不是贵单位 · %(department)s %(answered)s 答复 · "
        "如有误可提出数据异议"
    ),
    "unavailable": _(
        "%(department)s暂未答复（自 %(since)s）· %(next)s 再次请求，无需您提供"
    ),
    "garbled": _(
        "%(department)s的答复无法使用（自 %(since)s）· %(next)s 再次请求，无需您提供"
    ),
    "refused": _("%(department)s拒绝 · 已转运维处理，%(next)s 再次请求，与您无关"),
    "deferred": _("%(department)s将于 %(next)s 答复，届时自动取回"),
}


def sentence(
    exchange: Exchange,
    *,
    department: str,
    now: datetime,
    renewing: bool = False,
    looking: Collection[str] = (),
) -> str:
    """
    Return what happened and what happens next.

    :param department: its name as people know it.
    :param renewing: an older answer has gone stale, and this one takes its place.
    :param looking: kinds of the open requests to the department's officers.

    Times are local, with the day unless it is today.
    """
    snapshot = exchange.evidence.snapshot_at if exchange.evidence else None
    return str(_wording(exchange, renewing=renewing, looking=looking, now=now)) % {
        "department": department,
        "answered": _clock_text(exchange.answered_at or now, now),
        "next": _clock_text(exchange.next_attempt_at, now),
        "since": _clock_text(exchange.issued_at, now),
        "snapshot": _clock_text(snapshot or now, now),
    }


def _wording(
    exchange: Exchange, *, renewing: bool, looking: Collection[str], now: datetime
) -> StrPromise:
    state, outcome = exchange.state, exchange.outcome
    disputed = AssistRequest.Kind.DISPUTE in looking
    unless_found = (
        (DISPUTED, disputed),
        (ASSISTED, state == Exchange.State.ASSISTED),
        (RENEWING, not outcome and renewing),
        (ASKING, not outcome),
        (HUB_SILENT, outcome == UNAVAILABLE and exchange.via == HUB),
    )
    if state == Exchange.State.CANCELLED:
        return CANCELLED
    if outcome == FOUND:
        known = flags_of(exchange, now=now)
        return next((w for f, w in FOUND_WORDS.items() if f in known), WORDS["found"])
    by_code = WORDS[CODES[exchange.code].wording]
    return next((words for words, holds in unless_found if holds), by_code)


def _clock_text(instant: datetime, now: datetime) -> str:
    same_day = timezone.localdate(instant) == timezone.localdate(now)
    return date_format(timezone.localtime(instant), "H:i" if same_day else "Y-m-d H:i")
