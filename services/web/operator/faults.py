"""What each behaviour of a department's system is called, and what it does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise as Promise

from services.departments.faults import Mode


class Fault(NamedTuple):
    """A behaviour in words."""

    name: str | Promise
    does: str | Promise


class Group(NamedTuple):
    """Behaviours of one kind."""

    name: str | Promise
    modes: tuple[Mode, ...]


FAULTS: Mapping[Mode, Fault] = {
    Mode.UP: Fault(_("正常"), _("照实答复。")),
    Mode.SLOW: Fault(_("变慢"), _("多数答复稍慢，百次中有一次慢到超时。")),
    Mode.HANG: Fault(_("不答复"), _("接了请求就不再出声，直到我方超时。")),
    Mode.DOWN: Fault(_("连接不上"), _("连接接通即断，不看请求，也不答复。")),
    Mode.UNAVAILABLE: Fault(_("暂停服务"), _("每次都答 503。")),
    Mode.RESET: Fault(_("连接中断"), _("收下并处理请求，一字未答就中断连接。")),
    Mode.FLAPPING: Fault(_("时好时坏"), _("一阵正常，一阵连接不上。")),
    Mode.WRONG_HOLDER: Fault(_("持有人不符"), _("给出的证照属于别的企业。")),
    Mode.OUTDATED_NAME: Fault(_("登记曾用名"), _("证照写的是企业以前的名称。")),
    Mode.EXPIRED: Fault(_("已过期"), _("查到的证照都已过期。")),
    Mode.REVOKED: Fault(_("已撤销"), _("查到的证照都已撤销。")),
    Mode.NO_RECORD: Fault(_("查无记录"), _("对每个请求都答没有记录。")),
    Mode.BAD_JSON: Fault(_("乱码"), _("答复不是 JSON。")),
    Mode.HTML: Fault(_("答以网页"), _("状态 200，内容却是网页。")),
    Mode.HUGE: Fault(_("过大"), _("答复有 10 MB。")),
    Mode.TRUNCATED: Fault(_("截断"), _("答复少了后半截。")),
    Mode.INCOMPLETE: Fault(_("缺项"), _("答复缺少必要内容。")),
    Mode.WRONG_REQUEST_ID: Fault(_("答非所问"), _("答复写着别的请求编号。")),
    Mode.DUPLICATE: Fault(_("重复答复"), _("同一请求答两次。")),
    Mode.LATE: Fault(_("迟到答复"), _("我方超时之后才送来答复。")),
    Mode.OUT_OF_ORDER: Fault(_("次序颠倒"), _("答复的次序与所问不同，按种子打乱。")),
    Mode.NOT_AUTHORISED: Fault(_("拒绝授权"), _("说我方无权查询。")),
    Mode.DEFERRED: Fault(_("稍后答复"), _("先收下，约定时间再答。")),
}

GROUPS = (
    Group(_("正常"), (Mode.UP,)),
    Group(
        _("连接"),
        (
            Mode.DOWN,
            Mode.UNAVAILABLE,
            Mode.RESET,
            Mode.FLAPPING,
            Mode.SLOW,
            Mode.HANG,
        ),
    ),
    Group(
        _("答复方式"),
        (
            Mode.DEFERRED,
            Mode.LATE,
            Mode.DUPLICATE,
            Mode.OUT_OF_ORDER,
            Mode.WRONG_REQUEST_ID,
            Mode.INCOMPLETE,
            Mode.NOT_AUTHORISED,
        ),
    ),
    Group(_("答复内容损坏"), (Mode.BAD_JSON, Mode.HTML, Mode.HUGE, Mode.TRUNCATED)),
    Group(
        _("登记情况"),
        (
            Mode.NO_RECORD,
            Mode.WRONG_HOLDER,
            Mode.OUTDATED_NAME,
            Mode.EXPIRED,
            Mode.REVOKED,
        ),
    ),
)


def fault(mode: str) -> Fault:
    """Return a behaviour in words."""
    return FAULTS[Mode(mode)]
