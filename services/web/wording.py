"""What moves and marks are called; the words people read."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise as Promise

ACTIONS: Mapping[str, str | Promise] = {
    "file": _("提交申请"),
    "accept": _("受理"),
    "park": _("待前置事项"),
    "resume": _("前置事项已满足，继续办理"),
    "correct": _("一次性告知补正"),
    "answer": _("申请人补正"),
    "refuse_acceptance": _("不予受理"),
    "transfer": _("移送"),
    "review": _("进入审批"),
    "suspend": _("启动特别程序"),
    "continue": _("特别程序结束"),
    "approve": _("准予"),
    "refuse": _("不予许可"),
    "terminate": _("终止"),
    "lapse": _("补正逾期，办件终止"),
    "charge": _("通知缴费"),
    "pay": _("缴费"),
    "certify": _("制证"),
    "deliver": _("送达"),
    "withdraw": _("撤回申请"),
    "confirm": _("核实申请人陈述"),
    "inspect": _("现场勘验"),
}

GROUNDS: Mapping[str, str | Promise] = {
    "hearing": _("听证"),
    "tender": _("招标"),
    "auction": _("拍卖"),
    "testing": _("检验检测"),
    "quarantine": _("检疫"),
    "appraisal": _("鉴定"),
    "expert_review": _("专家评审"),
}

STOPS: Mapping[str, str | Promise] = {
    "not_eligible": _("不符合申请条件"),
    "other_authority": _("不属于本机关职权范围"),
    "not_needed": _("依法不需要办理"),
    "refer_item": _("请改办另一事项"),
}

OUTCOMES: Mapping[str, str | Promise] = {
    "FOUND": _("已取得"),
    "NOT_FOUND": _("无此记录"),
    "UNAVAILABLE": _("暂未答复"),
    "REFUSED": _("部门拒绝"),
    "DEFERRED": _("稍后答复"),
}

RECORD_MEMBERS: Mapping[str, str | Promise] = {
    "number": _("证号"),
    "holder_name": _("持有人"),
    "entity": _("统一社会信用代码"),
    "issued_on": _("发证日期"),
    "valid_until": _("有效期至"),
}

SOURCES: Mapping[str, str | Promise] = {
    "registry": _("营业执照登记"),
    "stated": _("申请人填写"),
    "suggested": _("数据预选，申请人确认"),
    "default": _("默认"),
}


def action(name: str) -> str:
    """Return the words for a move of a case."""
    return str(ACTIONS.get(name, name))


def record_member(name: str) -> str:
    """Return the words for a member of a department's record."""
    return str(RECORD_MEMBERS.get(name, name))


def source(by: str) -> str:
    """Return where a value comes from: a word, or the code of a material."""
    return str(SOURCES.get(by, by))
