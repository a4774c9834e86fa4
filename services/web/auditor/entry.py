"""One entry: what it says, and how anybody sees that it is still what was signed."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from services.cases.queries.footprint import company_of
from services.common.subjects import parse_subject
from services.ledger.models import LogEntry
from services.ledger.operations.look import look_at_log
from services.ledger.queries import EntryUnknown, LogLine, entry
from services.ledger.shelf import TileMissing
from services.ledger.signing import LogKeyUnusable, verifier_key
from services.ledger.tree import leaf_hash
from services.web.answers import answer
from services.web.auditor.way_up import WayUp, way_of
from services.web.receipts.words import spoken
from services.web.seat import SeatedRequest, seated

COMPANIES = ("entity", "other_entity")


@require_GET
@seated("see_log")
def log_entry(request: SeatedRequest, pk: int) -> HttpResponse:
    """Show one entry with its way to the newest signed root."""
    try:
        line, row = entry(pk), LogEntry.objects.get(pk=pk)
    except EntryUnknown as error:
        raise Http404(str(pk)) from error
    _look(request, line)
    way, trouble = _way(row)
    key = _key()
    context = {
        "line": line,
        "leaf": row.leaf,
        "leaf_hash": leaf_hash(row.leaf.encode()).hex(),
        "stored_hash": bytes(row.leaf_hash).hex(),
        "way": way,
        "trouble": trouble,
        "key": key,
        "data": _data(row, way),
        "here": "log",
    }
    return answer(request, "auditor/entry.html", context)


def _look(request: SeatedRequest, line: LogLine) -> None:
    """Record the look for the case's company, and for another that is named."""
    owner = company_of(line.case) if line.case else ""
    other = parse_subject(line.subject).kind in COMPANIES
    look_at_log(
        actor=request.actor,
        now=timezone.now(),
        at={"entry": line.pk},
        subject=owner or line.subject,
        also=line.subject if other else "",
    )


def _way(row: LogEntry) -> tuple[WayUp | None, str]:
    try:
        return way_of(row), ""
    except TileMissing as hole:
        text = _("无法算出证明，存储的树有缺口：%(hole)s。请运行 fsck_log。")
        return None, text % {"hole": hole}


def _data(row: LogEntry, way: WayUp | None) -> dict[str, object]:
    """Return what the page's script checks, and what it says then."""
    words = spoken()
    said = {
        "good": _("在本浏览器核验通过：内容、路径和签名都对得上。"),
        "unsigned": _(
            "内容和路径对得上；这个浏览器不能核验 Ed25519 签名，签名没有核验。"
        ),
        "bad": _("核验不通过：{why}"),
        "insecure": _("本页不是经 HTTPS 打开的，浏览器不提供计算哈希的功能。"),
    }
    return {
        "leaf": row.leaf,
        "proof": str(way.proof) if way else "",
        "said": said,
        "refusals": words["refusals"],
        "parts": words["parts"],
    }


def _key() -> str:
    """Return the log's public key, or nothing where it cannot be read now."""
    try:
        return str(verifier_key())
    except LogKeyUnusable:
        return ""
