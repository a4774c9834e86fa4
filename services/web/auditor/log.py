"""The verification log for people: filters in the address, one page at a time."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlencode

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from services.cases.models import Case
from services.common.errors import DomainError
from services.ledger.covering import newest_checkpoint
from services.ledger.events import EVENT_TYPES
from services.ledger.explore import Page, explore
from services.ledger.note import parse_note
from services.ledger.operations.look import look_at_log
from services.ledger.queries import integrity
from services.web.answers import answer
from services.web.auditor.filters import Asked, read_filters
from services.web.problems import tell
from services.web.seat import SeatedRequest, seated
from services.web.typed import whole_number
from services.web.wording import OUTCOMES

RESULTS = (*OUTCOMES, *Case.State.values[1:])  # a draft is no result
NOTHING = Page([], None)


class Signed(NamedTuple):
    """The newest checkpoint: how much it covers, since when, and who signed it."""

    size: int
    at: datetime
    names: list[str]


@require_GET
@seated("see_log")
def log_list(request: SeatedRequest) -> HttpResponse:
    """List entries that pass the filters, newest first, and the state of the tree."""
    asked = read_filters(request.GET.dict())
    before = request.GET.get("before", "")
    told, page = None, NOTHING
    try:
        page = _page(asked, before)
    except DomainError as error:
        told = tell(error)
    else:
        at = {**asked.noted(), "before": before}
        look_at_log(
            actor=request.actor, now=timezone.now(), at=at, subject=asked.subject
        )
    kept = {name: text for name, text in asked.typed.items() if text}
    context = {
        "page": page,
        "asked": asked.typed,
        "types": sorted(EVENT_TYPES),
        "outcomes": RESULTS,
        "integrity": integrity(),
        "signed": _signed(),
        "kept": urlencode(kept),
        "older": urlencode({**kept, "before": page.older}) if page.older else "",
        "paged": bool(before),
        "here": "log",
    }
    return answer(request, "auditor/list.html", context, told)


def _page(asked: Asked, before: str) -> Page:
    """
    Return what was asked for.

    :raises InvalidInput: naming each filter that means nothing.
    :raises EntryUnknown: if there is no entry that the page goes on from.
    """
    return explore(asked.check(), cursor=whole_number(before))


def _signed() -> Signed | None:
    newest = newest_checkpoint()
    if newest is None:
        return None
    names = [signature.name for signature in parse_note(newest.note).signatures]
    return Signed(newest.size, newest.signed_at, names)
