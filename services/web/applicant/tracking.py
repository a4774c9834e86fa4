"""A company's own case: live tracking, correction, dispute, payment, withdrawal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from services.accounts.queries import APPLICANT
from services.cases.evidence import standing
from services.cases.models import Case, Requirement, Upload
from services.cases.operations.certify import pay_fee
from services.cases.operations.correct import answer_correction
from services.cases.operations.dispute import dispute_record
from services.cases.operations.upload import add_upload, view_upload
from services.cases.operations.withdraw import withdraw_case
from services.cases.plans import case_definition, plan_case
from services.cases.queries.lists import CaseUnknown, find_case
from services.common.actors import Actor
from services.common.errors import DomainError, InvalidInput, Problem
from services.web.answers import answer
from services.web.applicant.apply import keep_papers
from services.web.applicant.draft_input import filing_key, read_input
from services.web.applicant.draft_page import draft_page
from services.web.case_page import CasePage
from services.web.problems import Told, tell
from services.web.seat import SeatedRequest, seated


def case_of(request: SeatedRequest, number: str) -> Case:
    """Return the case if this person may see it; somebody else's is not found."""
    try:
        return find_case(number, actor=request.actor)
    except CaseUnknown as error:
        raise Http404(number) from error


@require_GET
@seated(role=APPLICANT)
def track(request: SeatedRequest, number: str) -> HttpResponse:
    """Follow one case."""
    case = case_of(request, number)
    if case.state == Case.State.DRAFT:
        return redirect("apply", code=case.item_version.item_id)
    return show(request, case, None)


@require_GET
@seated(role=APPLICANT)
def live(request: SeatedRequest, number: str) -> HttpResponse:
    """Show what changes while one looks; asked again every two seconds."""
    case = case_of(request, number)
    page = CasePage(case, None, request.actor, timezone.now())
    changed = request.GET.get("state", case.state) != case.state
    context = {
        "page": page,
        "case": case,
        "reload": changed,
        "refreshed": True,
        "new_disputes": request.GET.get("disputes") != str(len(page.disputable)),
        "live": _live(page),
    }
    return render(request, "applicant/parts/live.html", context)


@require_http_methods(["GET", "POST"])
@seated(role=APPLICANT)
def correct(request: SeatedRequest, number: str) -> HttpResponse:
    """Answer the correction notice with the same form as the filing."""
    case, now = case_of(request, number), timezone.now()
    if case.state != Case.State.CORRECTION:
        return redirect("case", number=number)
    told = None
    if request.method == "POST":
        try:
            _send_correction(request, case, now=now)
        except DomainError as error:
            told = tell(error)
        else:
            messages.success(request, _("补正已提交。"))
            return redirect("case", number=number)
    page = CasePage(case, told, request.actor, now)
    context = {
        "case": case,
        "page": draft_page(case, now=now, told=told),
        "correction": page.correction,
        **_boxes(request, case),
    }
    return answer(request, "applicant/correction.html", context, told)


def _boxes(request: SeatedRequest, case: Case) -> dict[str, list[str]]:
    """Return the boxes that are ticked: as just sent, else as the case was filed."""
    if request.method == "POST":
        posted = request.POST
        return {
            "committed": posted.getlist("commit"),
            "deferred": posted.getlist("defer"),
        }
    later = case.requirements.filter(means=Requirement.Means.DEFERRED)
    return {
        "committed": list(case.commitments.values_list("material_code", flat=True)),
        "deferred": list(later.values_list("satisfied_by", flat=True)),
    }


def _send_correction(request: SeatedRequest, case: Case, *, now: datetime) -> None:
    answers = standing([case.reference]).get(case.reference, {})
    plan = plan_case(case, answers, now=now)
    typed = read_input(request, case_definition(case), plan)
    keep_papers(request, case, typed, now=now)
    filing = typed.filing(key=filing_key(case.reference), insist=False)
    answer_correction(case=case, filing=filing, actor=request.actor, now=now)


@require_POST
@seated(role=APPLICANT)
def act(request: SeatedRequest, number: str, action: str) -> HttpResponse:
    """Do one thing to the own case."""
    case = case_of(request, number)
    if action not in ACTIONS:
        raise Http404(action)
    try:
        done = ACTIONS[action](request, case, request.actor, timezone.now())
    except DomainError as error:
        case.refresh_from_db()
        return show(request, case, tell(error))
    messages.success(request, done)
    return redirect("case", number=number)


@require_GET
@seated()
def upload(request: SeatedRequest, pk: int) -> HttpResponse:
    """Hand out a paper to those who may see its case, as an attachment."""
    paper = get_object_or_404(Upload.objects.select_related("case__entity"), pk=pk)
    case = case_of(request, paper.case.number or paper.case.reference)
    paper.case = case
    content = view_upload(upload=paper, actor=request.actor, now=timezone.now())
    return HttpResponse(
        content,
        content_type="application/octet-stream",
        headers={
            "Content-Disposition": _attachment(paper.file_name),
            "X-Content-Type-Options": "nosniff",
        },
    )


def _attachment(name: str) -> str:
    as_attachment = True
    return content_disposition_header(as_attachment, name) or "attachment"


def show(request: SeatedRequest, case: Case, told: Told | None) -> HttpResponse:
    """Return the tracking page, with what is wrong if something is."""
    page = CasePage(case, told, request.actor, timezone.now())
    context = {"page": page, "case": case, "told": told, "live": _live(page)}
    return answer(request, "applicant/case.html", context, told)


def _live(page: CasePage) -> str:
    seen = {"state": page.case.state, "disputes": len(page.disputable)}
    return reverse("case_live", args=[page.case.number]) + "?" + urlencode(seen)


def _withdraw(_request: SeatedRequest, case: Case, actor: Actor, now: datetime) -> str:
    withdraw_case(case=case, actor=actor, now=now)
    return _("办件已撤回。")


def _pay(_request: SeatedRequest, case: Case, actor: Actor, now: datetime) -> str:
    pay_fee(case=case, actor=actor, now=now)
    return _("缴费成功（模拟）。")


def _dispute(request: SeatedRequest, case: Case, actor: Actor, now: datetime) -> str:
    dispute_record(
        case=case,
        material=request.POST.get("material", ""),
        subject=request.POST.get("subject", ""),
        number=request.POST.get("stated_number", ""),
        issuer=request.POST.get("stated_issuer", ""),
        actor=actor,
        now=now,
    )
    return _("数据异议已提交，部门将在 5 个工作日内核对。")


def _supply(request: SeatedRequest, case: Case, actor: Actor, now: datetime) -> str:
    material = request.POST.get("material", "")
    paper = request.FILES.get("paper")
    if paper is None:
        text = _("请先选择文件。")
        raise InvalidInput([Problem("file_missing", text, f"/materials/{material}")])
    add_upload(
        case=case,
        material=material,
        file_name=paper.name or material,
        content=paper.read(),
        actor=actor,
        now=now,
    )
    return _("材料已收到。")


Act = Callable[[SeatedRequest, Case, Actor, datetime], str]
ACTIONS: Mapping[str, Act] = {
    "withdraw": _withdraw,
    "pay": _pay,
    "dispute": _dispute,
    "supply": _supply,
}
