"""
What people and machines are told about a broken rule: a sentence, a status, a code.

Pages and the API speak through this; the sentences stand nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, NamedTuple

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from services.accounts.operations.sign_in import SignInCodeWrong
from services.catalogue.queries import ItemUnknown
from services.common.errors import DomainError, InvalidInput, Problem
from services.registry.queries import (
    EntityUnable,
    EntityUnknown,
    LicenceNumberInvalid,
)

SENTENCES: Mapping[str, str | StrPromise] = {
    "too_many_codes": _("验证码发送过于频繁，请十分钟后再试。"),
    "sign_in_code_expired": _("验证码已失效，请重新获取。"),
    "not_a_demo": _("一键登录只在演示环境中提供。"),
    "case_already_decided": _("本办件已由他人先行作出决定，页面已更新。"),
    "transition_refused": _("办件当前状态不能这样办理，请查看最新进展。"),
    "requirements_unsettled": _("仍有必需要件没有结果，暂时不能作出决定。"),
    "evidence_stale": _("部分证据已过有效期，系统正在向部门重新核验，请稍后再办理。"),
    "tasks_open": _("还有未完成的核实或勘验任务，暂时不能作出决定。"),
    "role_may_not": _("您的岗位不能办理这一步。"),
    "not_your_case": _("没有找到这个办件。"),
    "only_one_notice": _("一个办件只能一次性告知补正一次。"),
    "nothing_to_correct": _("请写明需要补正的内容。"),
    "never_asked_of_applicants": _("该材料由系统核验，不得要求申请人提交。"),
    "certificate_not_kept": _("发证机构还没有确认归集该证照，请稍后再记录送达。"),
    "task_already_done": _("这项任务已经办完。"),
    "pause_needs_ground": _("只有法律规定的特别程序才能暂停时限。"),
    "filing_key_reused": _("同一提交标识已用于其他内容，请刷新页面后再提交。"),
    "filing_stopped": _("按您的回答，本事项不能在此办理。"),
    "reasons_needed": _("请写明理由。"),
    "nothing_to_dispute": _("只有部门答复没有该证照时才能提出数据异议。"),
    "nothing_asked_about": _("没有部门答复过这份材料，不需要提出异议。"),
    "number_and_issuer_needed": _("请同时填写证号和发证机关。"),
    "number_or_issuer_too_long": _("证号最多 80 个字，发证机关最多 120 个字。"),
    "access_unknown": _("没有找到这条查询记录。"),
    "access_already_asked": _("这条查询记录已经询问，机构还没有答复。"),
    "access_was_your_own": _("这是本企业自己的操作，不需要询问。"),
    "question_already_answered": _("这个询问已经答复。"),
    "not_your_question": _("这个询问不由您答复：本人的查询由他人答复。"),
    "finding_needs_a_number": _("查到记录时请写明证号。"),
    "finding_unknown": _("请选择核查结果。"),
    "not_their_department": _("这项协查属于另一个部门。"),
    "assist_request_already_closed": _("这项协查已经办结。"),
    "incident_already_closed": _("这个事件已经处理过了。"),
    "department_mode_unknown": _("没有这种系统表现，或数据平台不会这样。"),
    "department_parameter_out_of_bounds": _("这个数太小或太大，没有切换。"),
    "log_entry_unknown": _("没有这个序号的日志条目。请回到最新一页重新查找。"),
    "too_much_to_export": _(
        "要查的条目太多，不能在网页上导出。请缩小时段，"
        "或用命令 manage.py export_audit（整个日志用 export_log）。"
    ),
    "nothing_signed": _("还没有签署过检查点，没有可供核验的日志。请稍后再试。"),
    "departments_unreachable": _("部门系统没有应答，没有切换任何系统。请稍后再试。"),
}

STATUSES = {
    "too_many_codes": HTTPStatus.TOO_MANY_REQUESTS,
    "not_a_demo": HTTPStatus.FORBIDDEN,
    "role_may_not": HTTPStatus.FORBIDDEN,
    "case_unknown": HTTPStatus.NOT_FOUND,
    "not_your_case": HTTPStatus.NOT_FOUND,
    "item_unknown": HTTPStatus.NOT_FOUND,
    "access_unknown": HTTPStatus.NOT_FOUND,
    "access_already_asked": HTTPStatus.CONFLICT,
    "access_was_your_own": HTTPStatus.CONFLICT,
    "question_already_answered": HTTPStatus.CONFLICT,
    "not_your_question": HTTPStatus.FORBIDDEN,
    "case_already_decided": HTTPStatus.CONFLICT,
    "transition_refused": HTTPStatus.CONFLICT,
    "task_already_done": HTTPStatus.CONFLICT,
    "certificate_not_kept": HTTPStatus.CONFLICT,
    "only_one_notice": HTTPStatus.CONFLICT,
    "filing_key_reused": HTTPStatus.CONFLICT,
    "incident_already_closed": HTTPStatus.CONFLICT,
    "departments_unreachable": HTTPStatus.SERVICE_UNAVAILABLE,
}


class Told(NamedTuple):
    """A broken rule as people and machines are told it."""

    code: str
    status: int
    problems: tuple[Problem, ...]

    def by_pointer(self) -> dict[str, str]:
        """Return what is wrong with each part of a form."""
        return {p.pointer: p.message for p in self.problems if p.pointer}


def tell(error: DomainError) -> Told:
    """Return what to say about a broken rule."""
    status = STATUSES.get(error.code, HTTPStatus.UNPROCESSABLE_ENTITY)
    if isinstance(error, InvalidInput):
        return Told(error.code, status, error.problems)
    return Told(error.code, status, (Problem(error.code, sentence(error)),))


def sentence(error: DomainError) -> str:
    """Return one sentence for a broken rule, in the reader's language."""
    if isinstance(error, SignInCodeWrong):
        left = error.tries_left
        return gettext("验证码不正确，还可以再试 %(left)d 次。") % {"left": left}
    if isinstance(error, ItemUnknown):
        return say_unknown_item(error)
    if error.code in SENTENCES:
        return str(SENTENCES[error.code])
    if isinstance(error, LicenceNumberInvalid | EntityUnknown | EntityUnable):
        return str(error)
    return gettext("操作没有完成(%(code)s)。") % {"code": error.code}


def say_unknown_item(unknown: ItemUnknown) -> str:
    """Return that there is no such item, and the nearest names."""
    text = gettext("没有“%(text)s”这个事项。") % {"text": unknown.text}
    names = "、".join(f"{code} {name}" for code, name in unknown.nearest)
    return text + (
        gettext("您要找的可能是：%(names)s") % {"names": names} if names else ""
    )


def problem_document(told: Told, *, reference: str = "") -> dict[str, Any]:
    """Return an RFC 9457 problem document; `reference` finds it in our log."""
    document: dict[str, Any] = {
        "type": "about:blank",
        "title": told.problems[0].message if told.problems else told.code,
        "status": int(told.status),
        "code": told.code,
        "errors": [
            {"code": p.code, "detail": str(p.message), "pointer": p.pointer}
            for p in told.problems
        ],
    }
    return {**document, "reference": reference} if reference else document
