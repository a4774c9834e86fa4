"""Anybody checks a receipt: the page brings all that is needed and asks no more."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from services.cases.queries.lists import CaseUnknown, find_case
from services.cases.receipts import (
    Receipt,
    ReceiptUnknown,
    find_receipt,
    receipt_of,
)
from services.catalogue.models import Department
from services.common.errors import Problem
from services.common.language import local
from services.ledger import note
from services.ledger.covering import consistency_proof, newest_checkpoint
from services.ledger.signing import (
    LogKeyUnusable,
    verifier_key,
    witness_keys,
)
from services.web.problems import HEADER, Told, answer_json, wants_json
from services.web.receipts.words import spoken
from services.web.seat import actor_in

LONGEST_NUMBER = 40


@require_GET
def verify(request: HttpRequest) -> HttpResponse:
    """Check a file that somebody has, or ask for the number on a paper."""
    number = request.GET.get("number", "").strip()
    if number:
        return redirect("verify_one", number=number.replace("/", "-"))
    return _page(request, None)


@require_GET
def verify_one(request: HttpRequest, number: str) -> HttpResponse:
    """Check the receipt that a paper names."""
    try:
        return _page(request, find_receipt(number))
    except ReceiptUnknown:
        shown = number[:LONGEST_NUMBER]
        text = _("没有编号为 %(number)s 的回执。请与纸上的编号核对，包括末尾 8 位。")
        problem = Problem("receipt_unknown", text % {"number": shown}, "/number")
        told = Told(problem.code, 404, (problem,))
        return answer_json(told) if wants_json(request) else _page(request, None, told)


@require_GET
def download(request: HttpRequest, number: str) -> HttpResponse:
    """Hand out a receipt's file: by its number, or by the case's to who may see it."""
    receipt = _receipt(request, number)
    if not receipt.proof:
        return _page(request, receipt, status=404)
    as_attachment = True
    name = f"{receipt.number}.tlog-proof"
    disposition = content_disposition_header(as_attachment, name)
    return HttpResponse(
        receipt.proof,
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": disposition or "attachment"},
    )


@require_GET
def growth(_request: HttpRequest, old: int) -> HttpResponse:
    """Return what shows that today's log continues the one of `old` entries."""
    return JsonResponse(_growth(old))


def _receipt(request: HttpRequest, number: str) -> Receipt:
    try:
        return find_receipt(number)
    except ReceiptUnknown as unknown:
        actor = actor_in(request)
        if actor is None:
            raise Http404(number) from unknown
    try:
        case = find_case(number, actor=actor)
    except CaseUnknown as error:
        raise Http404(number) from error
    if not case.number:
        raise Http404(number)
    return receipt_of(case)


def _page(
    request: HttpRequest,
    receipt: Receipt | None,
    told: Told | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    key, witnesses = _keys()
    context = {
        "receipt": receipt,
        "told": told,
        "number": request.resolver_match.kwargs.get("number", ""),  # type: ignore[union-attr]
        "key": key,
        "data": {
            "key": key,
            "witnesses": witnesses,
            "receipt": receipt.proof if receipt else "",
            "growths": _growths(receipt),
            "growthAddress": reverse("growth", args=[0]),
            "departments": {d.code: local(d) for d in Department.objects.all()},
            "words": spoken(),
        },
    }
    if told:
        status = told.status
    response = render(request, "receipts/verify.html", context, status=status)
    if told:
        response[HEADER] = told.code
    return response


def _growths(receipt: Receipt | None) -> dict[int, dict[str, Any]]:
    """Return how the log grew since a receipt was signed, by the size it had then."""
    if not (receipt and receipt.proof):
        return {}
    signed = note.parse_note(note.parse_proof(receipt.proof).checkpoint)
    size = note.parse_checkpoint(signed.text).size
    return {size: _growth(size)}


def _growth(old: int) -> dict[str, Any]:
    """Return today's checkpoint and the proof; it says itself if it is smaller."""
    signed = newest_checkpoint()
    size = signed.size if signed else 0
    hashes = consistency_proof(old, size) if old <= size else ()
    return {
        "checkpoint": signed.note if signed else "",
        "hashes": [note.encode(each) for each in hashes],
    }


def _keys() -> tuple[str, list[str]]:
    """Return the keys of log and witnesses, or none where they cannot be read now."""
    try:
        return str(verifier_key()), [str(key) for key in witness_keys()]
    except LogKeyUnusable:
        return "", []
