"""From item to filed case: authorise, answer, check the prefilled form, file."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from services.accounts.queries import APPLICANT, entity_of
from services.cases.applying import Given, bring_papers, fill_in
from services.cases.evidence import standing
from services.cases.models import Case
from services.cases.operations.draft import open_draft, save_draft
from services.cases.operations.file import file_case
from services.cases.operations.upload import add_upload
from services.cases.plans import case_definition, plan_case, preview_plan
from services.catalogue.queries import ItemUnknown, current_version, definition_of
from services.common.errors import DomainError, InvalidInput, Problem
from services.web.answers import answer
from services.web.applicant.draft_input import DraftInput, filing_key, read_input
from services.web.applicant.draft_page import draft_page, progress
from services.web.applicant.drafts import draft_in_hand
from services.web.problems import Told, tell
from services.web.seat import SeatedRequest, seated

ACTIONS = {"save", "file", "demo"}


@require_http_methods(["GET", "POST"])
@seated(role=APPLICANT)
def apply(request: SeatedRequest, code: str) -> HttpResponse:
    """Show the draft's form, or ask for the authorisation that opens one."""
    now = timezone.now()
    draft = draft_in_hand(request.actor, code, now=now)
    if draft is None:
        return _authorise(request, code)
    if request.method == "POST" and request.POST.get("action") in ACTIONS:
        return _post(request, draft, now=now)
    return _form(request, draft, now=now)


@require_GET
@seated(role=APPLICANT)
def draft_progress(request: SeatedRequest, code: str) -> HttpResponse:
    """Show how far departments have come; asked again every two seconds."""
    draft = draft_in_hand(request.actor, code, now=timezone.now())
    if draft is None:
        return HttpResponse(status=286)  # htmx: stop asking
    return render(
        request,
        "applicant/parts/progress.html",
        {
            "progress": progress(draft, now=timezone.now()),
            "seen": request.GET.get("seen", ""),
            "live": reverse("draft_progress", args=[code]),
        },
    )


def _authorise(request: SeatedRequest, code: str) -> HttpResponse:
    """Record the company's authorisation, which is what a draft begins with."""
    try:
        version = current_version(code)
    except ItemUnknown as error:
        raise Http404(code) from error
    if version.item_id != code:
        return redirect("apply", code=version.item_id)
    entity = entity_of(request.actor.entity)
    now, told = timezone.now(), None
    if request.method == "POST":
        try:
            open_draft(
                entity=entity, item_version=version, actor=request.actor, now=now
            )
        except DomainError as error:
            told = tell(error)
        else:
            return redirect("apply", code=code)
    definition = definition_of(version)
    plan = preview_plan(definition, entity, answers={}, now=now)
    asked = dict.fromkeys(
        definition.links[w.material].holder
        for w in plan.wanted
        if w.material in definition.links
    )
    context = {"item": version.item, "entity": entity, "asked": asked}
    return answer(request, "applicant/authorise.html", context, told)


def _post(request: SeatedRequest, draft: Case, *, now: datetime) -> HttpResponse:
    """Keep what was typed; file it if that was the button."""
    answers = standing([draft.reference]).get(draft.reference, {})
    plan = plan_case(draft, answers, now=now)
    typed = read_input(request, case_definition(draft), plan)
    if request.POST["action"] != "file":
        act = _demo if request.POST["action"] == "demo" else _save
        return act(request, draft, typed, now=now)
    try:
        _keep(request, draft, typed, now=now)
        filing = typed.filing(
            key=filing_key(draft.reference), insist="insist" in request.POST
        )
        case = file_case(case=draft, filing=filing, actor=request.actor, now=now)
    except DomainError as error:
        return _form(request, draft, now=now, told=tell(error))
    messages.success(request, _("已提交，办件编号 %(n)s。") % {"n": case.number})
    return redirect("case", number=case.number)


def _demo(
    request: SeatedRequest, draft: Case, typed: DraftInput, *, now: datetime
) -> HttpResponse:
    """Fill what is still empty with demo values and demo papers, marked as such."""
    if not settings.DEMO:
        raise Http404
    try:
        _keep(request, draft, typed, now=now)
        given = Given(fields={code: v for code, v in draft.stated_fields.items() if v})
        fill_in(case=draft, given=given, actor=request.actor, now=now)
        bring_papers(case=draft, given=given, actor=request.actor, now=now)
    except DomainError as error:
        return _form(request, draft, now=now, told=tell(error))
    messages.info(request, _("已填入演示值，请核对后提交。"))
    return redirect("apply", code=draft.item_version.item_id)


def _save(
    request: SeatedRequest, draft: Case, typed: DraftInput, *, now: datetime
) -> HttpResponse:
    try:
        _keep(request, draft, typed, now=now)
    except DomainError as error:
        return _form(request, draft, now=now, told=tell(error))
    messages.success(request, _("草稿已保存，保留 30 天。"))
    return redirect("apply", code=draft.item_version.item_id)


def _keep(
    request: SeatedRequest, draft: Case, typed: DraftInput, *, now: datetime
) -> None:
    """Save answers and fields, then every paper; all bad papers are told together."""
    save_draft(
        case=draft,
        answers=typed.answers,
        fields=typed.fields,
        actor=request.actor,
        now=now,
    )
    keep_papers(request, draft, typed, now=now)


def keep_papers(
    request: SeatedRequest, case: Case, typed: DraftInput, *, now: datetime
) -> None:
    """
    Keep the papers of a form.

    :raises InvalidInput: with what is wrong with each that was refused.
    """
    problems: list[Problem] = []
    for material, paper in typed.papers.items():
        try:
            add_upload(
                case=case,
                material=material,
                file_name=paper.name or material,
                content=paper.read(),
                actor=request.actor,
                now=now,
            )
        except InvalidInput as error:
            problems += error.problems
    if problems:
        raise InvalidInput(problems)


def _form(
    request: SeatedRequest, draft: Case, *, now: datetime, told: Told | None = None
) -> HttpResponse:
    draft.refresh_from_db()
    page = draft_page(draft, now=now, told=told)
    context = {
        "page": page,
        "progress": page.progress,
        "item": draft.item_version.item,
        "committed": request.POST.getlist("commit"),
        "deferred": request.POST.getlist("defer"),
        "live": reverse("draft_progress", args=[draft.item_version.item_id]),
    }
    return answer(request, "applicant/apply.html", context, told)
