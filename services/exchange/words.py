"""The five outcomes in the words that people read (experience.md)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from services.exchange.codes import CODES
from services.exchange.models import Exchange

ASKING = _("正在向%(department)s核验")
ASSISTED = _("%(department)s系统暂未答复 · 已转该部门工作人员核查，无需您提供")
REUSED = _("已取得 · 沿用%(department)s此前的答复，仍在有效期内")
FORMER_NAME = _("已取得（登记为曾用名，已转校核）· %(department)s %(answered)s 答复")
# By `Meaning.wording` of a code.
WORDS: Mapping[str, object] = {
    "found": _("已取得 · %(department)s %(answered)s 答复"),
    "no_record": _("无此记录 · %(department)s %(answered)s 答复"),
    "expired": _("证照已过期 · %(department)s %(answered)s 答复"),
    "revoked": _("证照已撤销或注销 · %(department)s %(answered)s 答复"),
    "holder_mismatch": _("登记的持有人不是贵单位 · %(department)s %(answered)s 答复"),
    "unavailable": _(
        "%(department)s暂未答复（自 %(since)s）· %(next)s 再次请求，无需您提供"
    ),
    "refused": _("%(department)s拒绝 · 已转运维处理，与您无关"),
    "deferred": _("%(department)s将于 %(next)s 答复"),
}


def sentence(exchange: Exchange, *, department: str, now: datetime) -> str:
    """
    Return what happened and what happens next; it never asks for a paper.

    `department` is the name as people know it; times are local, with the day unless
    it is today.
    """
    return str(_wording(exchange)) % {
        "department": department,
        "answered": _clock_text(exchange.answered_at or now, now),
        "next": _clock_text(exchange.next_attempt_at, now),
        "since": _clock_text(exchange.issued_at, now),
    }


def _wording(exchange: Exchange) -> object:
    if exchange.state == Exchange.State.ASSISTED:
        return ASSISTED
    if not exchange.outcome:
        return ASKING
    if exchange.reused:
        return REUSED
    if exchange.evidence is not None and exchange.evidence.under_former_name:
        return FORMER_NAME
    return WORDS[CODES[exchange.code].wording]


def _clock_text(instant: datetime, now: datetime) -> str:
    same_day = timezone.localdate(instant) == timezone.localdate(now)
    return date_format(timezone.localtime(instant), "H:i" if same_day else "Y-m-d H:i")
