"""What a clerk can do to a case: each act is one domain operation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from services.cases.models import Case
from services.cases.operations.accept import accept_case, refuse_acceptance
from services.cases.operations.certify import hand_over
from services.cases.operations.confirm import (
    end_special_procedure,
    finish_task,
    start_special_procedure,
)
from services.cases.operations.correct import request_correction
from services.cases.operations.decide import approve_case, refuse_case
from services.common.actors import Actor
from services.common.errors import InvalidInput, Problem
from services.web.clerk.forms import correction_problems
from services.web.typed import whole_number
from services.web.wording import STOPS

Act = Callable[[QueryDict, Case, Actor, datetime], str]


def _accept(_posted: QueryDict, case: Case, actor: Actor, now: datetime) -> str:
    accept_case(case=case, actor=actor, now=now)
    return _("已受理。")


def _correct(posted: QueryDict, case: Case, actor: Actor, now: datetime) -> str:
    request_correction(
        case=case, problems=correction_problems(posted), actor=actor, now=now
    )
    return _("一次性告知已发出。")


def _refuse_acceptance(
    posted: QueryDict, case: Case, actor: Actor, now: datetime
) -> str:
    kind = posted.get("kind", "")
    if kind not in STOPS:
        raise InvalidInput(
            [Problem("kind_needed", _("请选择不予受理的情形。"), "/kind")]
        )
    refuse_acceptance(
        case=case, kind=kind, reasons=_reasons(posted), actor=actor, now=now
    )
    return _("已作出不予受理决定。")


def _approve(posted: QueryDict, case: Case, actor: Actor, now: datetime) -> str:
    reasons = posted.get("reasons", "").strip()
    approve_case(case=case, actor=actor, now=now, reasons=reasons)
    return _("已准予。")


def _refuse(posted: QueryDict, case: Case, actor: Actor, now: datetime) -> str:
    refuse_case(case=case, reasons=_reasons(posted), actor=actor, now=now)
    return _("已作出不予许可决定。")


def _suspend(posted: QueryDict, case: Case, actor: Actor, now: datetime) -> str:
    start_special_procedure(
        case=case, ground=posted.get("ground", ""), actor=actor, now=now
    )
    return _("已启动特别程序，时限暂停。")


def _continue(_posted: QueryDict, case: Case, actor: Actor, now: datetime) -> str:
    end_special_procedure(case=case, actor=actor, now=now)
    return _("特别程序结束，时限恢复。")


def _hand_over(posted: QueryDict, case: Case, actor: Actor, now: datetime) -> str:
    remark = posted.get("remark", "").strip()
    hand_over(case=case, actor=actor, now=now, remark=remark)
    return _("已送达并记录。")


def _finish_task(posted: QueryDict, case: Case, actor: Actor, now: datetime) -> str:
    pk = whole_number(posted.get("task", ""))
    task = case.tasks.filter(pk=pk).first() if pk is not None else None
    if task is None:
        raise Http404(str(pk))
    passed = posted.get("passed") == "1"
    remark = _reasons(posted) if not passed else posted.get("reasons", "").strip()
    finish_task(task=task, passed=passed, remark=remark, actor=actor, now=now)
    return _("结果已记录。")


def _reasons(posted: QueryDict) -> str:
    """Return the reasons that an unfavourable act needs."""
    reasons = posted.get("reasons", "").strip()
    if not reasons:
        raise InvalidInput([Problem("reasons_needed", _("请写明理由。"), "/reasons")])
    return reasons


ACTS: Mapping[str, Act] = {
    "accept": _accept,
    "correct": _correct,
    "refuse_acceptance": _refuse_acceptance,
    "approve": _approve,
    "refuse": _refuse,
    "suspend": _suspend,
    "continue": _continue,
    "deliver": _hand_over,
    "task": _finish_task,
}
