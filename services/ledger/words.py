"""What the events of the log are called; the words people read."""

from __future__ import annotations

from collections.abc import Mapping

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
    "clock.supervised": _("督办处理"),
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


def event(name: str) -> str:
    """Return the words for an event type; the type itself where none were chosen."""
    return str(EVENTS.get(name, name))
