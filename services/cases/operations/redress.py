"""What can be done against a decision."""

from __future__ import annotations

from django.utils.translation import gettext


def redress() -> str:
    """
    Return the sentence on redress that every unfavourable paper carries.

    Source: 行政复议法 20 (60 days), 行政诉讼法 46 (6 months).
    """
    return gettext(
        "如不服本决定，可在60日内申请行政复议，或在6个月内向人民法院提起行政诉讼。"
    )
