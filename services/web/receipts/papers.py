"""Papers to print: each carries its receipt's address and the state of the log."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET
from django_stubs_ext import StrPromise

from services.accounts.queries import APPLICANT
from services.cases.models import Decision
from services.cases.operations.look import look_at_paper
from services.cases.operations.serve_paper import serve_paper
from services.cases.queries.lists import CaseUnknown, find_case
from services.cases.receipts import receipt_number
from services.ledger import note
from services.ledger.covering import newest_checkpoint
from services.web.answers import answer
from services.web.case_page import CasePage
from services.web.seat import SeatedRequest, seated

DECISIONS = {
    Decision.Kind.APPROVED: gettext_lazy("准予行政许可决定书"),
    Decision.Kind.REFUSED: gettext_lazy("不予行政许可决定书"),
    Decision.Kind.NOT_ACCEPTED: gettext_lazy("不予受理通知书"),
}


class Paper(NamedTuple):
    """A paper that a case has brought forth."""

    kind: str
    title: str | StrPromise


class Seal(NamedTuple):
    """What a paper says about the log: whoever keeps the paper keeps a witness."""

    number: str
    address: str
    code: SafeString  # QR, as SVG
    head: note.Checkpoint | None

    @property
    def root(self) -> str:
        """Return the root as checkpoints write it."""
        return note.encode(self.head.root) if self.head else ""


@require_GET
@seated()
def paper(request: SeatedRequest, number: str, kind: str) -> HttpResponse:
    """Show one paper of a case, to who may see the case."""
    try:
        case = find_case(number, actor=request.actor)
    except CaseUnknown as error:
        raise Http404(number) from error
    actor, now = request.actor, timezone.now()
    page = CasePage(case, None, actor, now)
    shown = next((each for each in papers_of(page) if each.kind == kind), None)
    if shown is None:
        raise Http404(kind)
    opened = serve_paper if actor.role == APPLICANT else look_at_paper
    opened(case=case, kind=kind, actor=actor, now=now)
    seal = _seal(request, str(case.number))
    context = {"page": page, "case": case, "paper": shown, "seal": seal}
    return answer(request, "receipts/paper.html", context)


def papers_of(page: CasePage) -> Iterator[Paper]:
    """Yield the papers that a case has brought forth, in their order."""
    case, decision = page.case, page.summary.decision
    if not case.number:
        return
    yield Paper("filing", _("收件回执"))
    if page.correction:
        yield Paper("correction", _("一次性告知书"))
    if case.accepted_at:
        yield Paper("acceptance", _("受理通知书"))
    if decision:
        yield Paper("decision", DECISIONS[Decision.Kind(decision.kind)])


def _seal(request: HttpRequest, case_number: str) -> Seal:
    number, signed = receipt_number(case_number), newest_checkpoint()
    text = note.parse_note(signed.note).text if signed else ""
    head = note.parse_checkpoint(text) if signed else None
    address = request.build_absolute_uri(reverse("verify_one", args=[number]))
    return Seal(number, address, _code(address + _printed(head)), head)


def _printed(head: note.Checkpoint | None) -> str:
    """Return size and root behind a #: only the page's script reads them."""
    return f"#{head.size}-{note.encode(head.root)}" if head else ""


def _code(text: str) -> SafeString:
    """Return a QR code that survives a fold in the paper."""
    drawn = segno.make(text, error="m", micro=False).svg_inline(
        omitsize=True, svgclass=None, lineclass=None, border=2
    )
    return mark_safe(drawn)  # noqa: S308  segno's own, of an address that is quoted
