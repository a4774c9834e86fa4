"""Words that the catalogue repeats: units, kinds of items, ways of delivery, steps."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import pgettext_lazy
from django_stubs_ext import StrPromise as Promise

TERMS: Mapping[str, Promise] = {
    "行政许可": pgettext_lazy("目录", "行政许可"),
    "其他行政权力": pgettext_lazy("目录", "其他行政权力"),
    "公共服务": pgettext_lazy("目录", "公共服务"),
    "行政确认": pgettext_lazy("目录", "行政确认"),
    "行政给付": pgettext_lazy("目录", "行政给付"),
    "行政奖励": pgettext_lazy("目录", "行政奖励"),
    "行政裁决": pgettext_lazy("目录", "行政裁决"),
    "电子": pgettext_lazy("目录", "电子"),
    "窗口": pgettext_lazy("目录", "窗口"),
    "邮寄": pgettext_lazy("目录", "邮寄"),
    "申请": pgettext_lazy("目录", "申请"),
    "受理": pgettext_lazy("目录", "受理"),
    "审查": pgettext_lazy("目录", "审查"),
    "审核": pgettext_lazy("目录", "审核"),
    "核对": pgettext_lazy("目录", "核对"),
    "现场核查": pgettext_lazy("目录", "现场核查"),
    "专家评审（需要的）": pgettext_lazy("目录", "专家评审（需要的）"),
    "决定": pgettext_lazy("目录", "决定"),
    "制证": pgettext_lazy("目录", "制证"),
    "制作文书": pgettext_lazy("目录", "制作文书"),
    "送达": pgettext_lazy("目录", "送达"),
    "备案": pgettext_lazy("目录", "备案"),
    "办理": pgettext_lazy("目录", "办理"),
    "办结反馈": pgettext_lazy("目录", "办结反馈"),
    "公示": pgettext_lazy("目录", "公示"),
    "拨付": pgettext_lazy("目录", "拨付"),
    "人": pgettext_lazy("目录", "人"),
    "个": pgettext_lazy("目录", "个"),
    "项": pgettext_lazy("目录", "项"),
    "份": pgettext_lazy("目录", "份"),
    "套": pgettext_lazy("目录", "套"),
    "台": pgettext_lazy("目录", "台"),
    "张": pgettext_lazy("目录", "张"),
    "间": pgettext_lazy("目录", "间"),
    "辆": pgettext_lazy("目录", "辆"),
    "户": pgettext_lazy("目录", "户"),
    "年": pgettext_lazy("目录", "年"),
    "元": pgettext_lazy("目录", "元"),
    "万元": pgettext_lazy("目录", "万元"),
    "米": pgettext_lazy("目录", "米"),
    "平方米": pgettext_lazy("目录", "平方米"),
    "立方米": pgettext_lazy("目录", "立方米"),
    "万立方米": pgettext_lazy("目录", "万立方米"),
    "亩": pgettext_lazy("目录", "亩"),
    "千克": pgettext_lazy("目录", "千克"),
    "吨": pgettext_lazy("目录", "吨"),
    "吨/年": pgettext_lazy("目录", "吨/年"),
}


def term(text: str) -> str:
    """Return one of those words in the reader's language; others as they are."""
    return str(TERMS.get(text, text))
