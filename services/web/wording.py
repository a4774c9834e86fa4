"""What events, moves and marks are called; the words people read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise as Promise

EVENTS: Mapping[str, str | Promise] = {
    "draft.authorised": _("企业授权查询"),
    "case.filed": _("提交申请"),
    "case.accepted": _("受理"),
    "case.moved": _("办理进展"),
    "case.decided": _("作出决定"),
    "case.delivered": _("送达"),
    "case.voided": _("号码作废"),
    "answer.confirmed": _("核实申请人陈述"),
    "inspection.recorded": _("现场勘验"),
    "fee.paid": _("缴费"),
    "exchange.intended": _("向部门提出核验"),
    "exchange.answered": _("部门答复"),
    "exchange.reused": _("复用有效证据"),
    "exchange.presumed": _("部门暂未答复"),
    "exchange.refused": _("部门拒绝"),
    "exchange.quarantined": _("答复异常，已隔离"),
    "certificate.issued": _("制证"),
    "certificate.deposited": _("证照归集"),
    "certificate.revoked": _("证照撤销"),
    "correction.requested": _("一次性告知补正"),
    "correction.answered": _("申请人已补正"),
    "correction.lapsed": _("补正逾期"),
    "assist.requested": _("请求部门协查"),
    "assist.answered": _("部门协查答复"),
    "assist.closed": _("协查结束"),
    "dispute.opened": _("提出数据异议"),
    "dispute.answered": _("数据异议答复"),
    "dispute.closed": _("数据异议办结"),
    "commitment.made": _("签署告知承诺"),
    "upload.added": _("上传材料"),
    "upload.viewed": _("查看上传材料"),
    "entity.viewed": _("查看企业信息"),
    "evidence.viewed": _("查看证据"),
    "log.viewed": _("查看日志"),
    "signin.requested": _("请求登录"),
    "signin.succeeded": _("登录成功"),
    "signin.failed": _("登录失败"),
    "signin.ended": _("退出登录"),
    "clock.paused": _("时限暂停"),
    "clock.resumed": _("时限恢复"),
    "department.switched": _("切换部门系统状态"),
    "catalogue.published": _("发布目录"),
    "commitment.checked": _("核查告知承诺"),
    "commitment.breached": _("未履行承诺"),
    "clock.started": _("时限开始"),
    "clock.stopped": _("时限停止"),
    "clock.extended": _("时限延长"),
    "clock.overdue": _("超过时限"),
    "paper.served": _("文书送达"),
    "message.reissued": _("重新发出消息"),
    "access.asked": _("询问查询记录"),
    "access.answered": _("答复查询记录"),
    "account.created": _("开通账号"),
    "account.changed": _("变更账号"),
    "account.disabled": _("停用账号"),
    "account.granted": _("授予岗位"),
    "account.revoked": _("收回岗位"),
    "key.created": _("生成密钥"),
    "key.used": _("使用密钥"),
    "key.rotated": _("更换密钥"),
    "key.revoked": _("吊销密钥"),
    "log.exported": _("导出日志"),
    "log.forgotten": _("删除日志中的个人信息"),
    "simulation.run": _("运行推演"),
}

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


def event(name: str) -> str:
    """Return the words for an event type; the type itself where none were chosen."""
    return str(EVENTS.get(name, name))


def action(name: str) -> str:
    """Return the words for a move of a case."""
    return str(ACTIONS.get(name, name))


def record_member(name: str) -> str:
    """Return the words for a member of a department's record."""
    return str(RECORD_MEMBERS.get(name, name))


def source(by: str) -> str:
    """Return where a value comes from: a word, or the code of a material."""
    return str(SOURCES.get(by, by))


def local(thing: Any, field: str = "name") -> str:
    """Return `thing.field`, or `thing.field_en` where English is read and known."""
    value = _member(thing, field)
    if (get_language() or "").startswith("en"):
        value = _member(thing, f"{field}_en") or value
    return str(value or "")


def _member(thing: Any, name: str) -> Any:
    if isinstance(thing, dict):
        return thing.get(name, "")
    return getattr(thing, name, "")
