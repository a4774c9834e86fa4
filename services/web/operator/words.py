"""What tasks and facts of the machinery are called, and the first line of each page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise as Promise

TASKS: Mapping[str, str | Promise] = {
    "cases.advance": _("办件继续办理"),
    "cases.certificates_kept": _("证照归集后送达"),
    "exchange.deposit": _("证照送交发证部门"),
}

A_LICENCE_NUMBER = re.compile(r"[0-9A-HJ-NP-RTUWXY]{18}")


class Headline(NamedTuple):
    """Whether all is well, in a colour and in words."""

    tone: str  # good, warn, bad
    words: str


def reason(text: str) -> str:
    """Return why something failed, without what databases quote of a case."""
    first = text.partition("\n")[0]
    return A_LICENCE_NUMBER.sub("…", first)
