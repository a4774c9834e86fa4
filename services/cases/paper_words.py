"""
Sentences that stand on papers: written in Chinese, whoever signs; pages translate.

A paper's text is stored with the decision. In the language of whoever happened to
press the button, two decisions of one office would read differently.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop

# Source: 行政复议法 20 (60 days), 行政诉讼法 46 (6 months).
REDRESS = gettext_noop(
    "如不服本决定，可在60日内申请行政复议，或在6个月内向人民法院提起行政诉讼。"
)
GRANTED = gettext_noop("申请符合法定条件，材料核验齐全，准予许可。")
GRANTED_INSTANTLY = gettext_noop("即办件：全部要件经部门数据核验满足，系统自动准予。")
