"""The saved questions: what each is called, what a hit means, and who answers it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise as Promise

from services.ledger.questions import Span, entries
from services.web.auditor import across, answers
from services.web.auditor.answers import Answer

RIGHTS = (
    "account.created",
    "account.changed",
    "account.granted",
    "account.revoked",
    "account.disabled",
    "key.created",
    "key.used",
    "key.rotated",
    "key.revoked",
)


class Question(NamedTuple):
    """One saved question."""

    code: str
    title: str | Promise
    means: str | Promise
    ask: Callable[[Span, datetime], Answer]
    of_companies: bool = False  # it may be asked about one company


QUESTIONS: Mapping[str, Question] = {
    question.code: question
    for question in (
        Question(
            "without-case",
            _("谁查了数据，却没有对应的办件？"),
            _(
                "查看或请求数据都应当属于一个草稿或办件；"
                "按企业查阅日志或清单也列在这里。请逐条核实查询的理由。"
            ),
            lambda span, _now: answers.of_entries(across.access_without_case(span)),
            of_companies=True,
        ),
        Question(
            "without-outcome",
            _("向部门提出了核验，一小时后仍没有任何结果？"),
            _("先记意图、后记结果；只有意图说明处理中断，或结果没有记下。"),
            answers.without_outcome,
        ),
        Question(
            "exchange-without-entry",
            _("哪些数据共享请求在日志中没有记录？"),
            _("请求与日志在同一事务中写入；缺一条说明有人绕过了系统。"),
            answers.without_entry,
            of_companies=True,
        ),
        Question(
            "entry-without-exchange",
            _("哪些日志里的请求在请求记录中不存在？"),
            _("日志不能删除而请求记录可以；多出来的说明请求记录被删过。"),
            lambda span, _now: answers.of_entries(
                across.entries_without_exchange(span)
            ),
        ),
        Question(
            "out-of-hours",
            _("谁在非工作时间查看数据？"),
            _("工作日 8:30 至 17:30 以外的查看，不含申请人看自己的办件。"),
            answers.out_of_hours,
            of_companies=True,
        ),
        Question(
            "most-read",
            _("哪些企业被工作人员查看最多？"),
            _("次数远高于其办件所需的，请看是谁在查。"),
            answers.most_read,
        ),
        Question(
            "refusals",
            _("各部门拒绝了我方多少次，为什么？"),
            _("拒绝是我方身份、授权或请求的问题，不应由申请人承担。"),
            answers.refusals,
        ),
        Question(
            "stale-evidence",
            _("哪些准予决定使用了已过有效期的证据？"),
            _("作出决定时证据应当仍然有效；否则应先重新核验。"),
            answers.stale,
            of_companies=True,
        ),
        Question(
            "gaps",
            _("哪些条目等检查点超过 60 秒？"),
            _("在等待期间写入的条目还不能对外证明；请看定序进程当时的状况。"),
            answers.gaps,
        ),
        Question(
            "hasty",
            _("哪些人工决定快得不合常理？"),
            _("打开办件或作出上一决定后不到 10 秒就决定，或从未打开办件。"),
            answers.hasty,
        ),
        Question(
            "rights",
            _("权限和密钥有过哪些变更？"),
            _("开通账号、授予岗位、更换密钥都应当有人批准。"),
            lambda span, _now: answers.of_entries(entries(span, *RIGHTS)),
        ),
        Question(
            "uploads",
            _("谁查看了申请人上传的材料？"),
            _("上传的材料可能含个人信息，只有办理该件的人需要看。"),
            lambda span, _now: answers.of_entries(entries(span, "upload.viewed")),
            of_companies=True,
        ),
        Question(
            "switches",
            _("部门系统的表现被谁切换过？"),
            _("切换会影响核验结果，应当与演练或故障处置相符。"),
            lambda span, _now: answers.of_entries(entries(span, "department.switched")),
        ),
    )
}
