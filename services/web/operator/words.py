"""What tasks and facts of the machinery are called, and the first line of each page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise as Promise

from services.dispatch.operations.drain import UNKNOWN_TASK, WORKER_LOST
from services.registry.uscc import masked

TASKS: Mapping[str, str | Promise] = {
    "cases.begin": _("新收办件开始办理"),
    "cases.advance": _("办件继续办理"),
    "cases.certificates_kept": _("证照归集后送达"),
    "exchange.deposit": _("证照送交发证部门"),
}

# Codes of answers, and what stands in their place in an incident.
CODES: Mapping[str, str | Promise] = {
    "TIMEOUT": _("超时"),
    "CONNECTION": _("连接不上"),
    "SERVER_ERROR": _("系统出错"),
    "GARBLED": _("答复无法采信"),
    "INCOMPLETE": _("答复不完整"),
    "NOT_AUTHENTICATED": _("不认可我方身份"),
    "NOT_AUTHORISED": _("不授权我方查询"),
    "INVALID_REQUEST": _("不接受我方请求"),
    "LATE": _("迟到的答复"),
}


class Moving(NamedTuple):
    """Something that has to move, and how one sees that it does."""

    name: str | Promise
    means: str | Promise


CHECKS: Mapping[str, Moving] = {
    "database": Moving(_("数据库"), _("能够读写。")),
    "tick": Moving(_("节拍"), _("定时工作按时开始。")),
    "outbox": Moving(_("发件箱"), _("到期的工作一分钟内办完。")),
    "exchanges": Moving(_("部门核验"), _("到期的请求一分钟内有人去问。")),
    "log": Moving(_("核验日志"), _("新条目一分钟内入树。")),
    "proof": Moving(_("日志证明"), _("入树的条目一分钟内签名，并有见证。")),
    "asking": Moving(_("向部门提问"), _("证明未超过宽限时间，可以提问。")),
}

INCIDENTS: Mapping[str, str | Promise] = {
    "exchange_garbled": _("答复无法采信"),
    "exchange_refused": _("部门拒绝我方"),
    "intent_without_outcome": _("有请求而无结果"),
    "exchange_stuck": _("请求卡住"),
    "officer_late": _("部门核查逾期"),
    "departments_disagree": _("部门系统与约定不符"),
}

REASONS: Mapping[str, str | Promise] = {
    WORKER_LOST: _("工作进程中断或卡住"),
    UNKNOWN_TASK: _("这个版本没有这项工作，由有它的版本继续"),
}


class Headline(NamedTuple):
    """Whether all is well, in a colour and in words."""

    tone: str  # good, warn, bad
    words: str


def reason(text: str) -> str:
    """Return why something failed, without what databases quote of a case."""
    if text in REASONS:
        return str(REASONS[text])
    return masked(text.partition("\n")[0])
