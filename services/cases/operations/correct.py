"""The one correction notice (一次性告知) and the answer to it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from services.cases.clock import accept_by
from services.cases.evidence import Standing, standing
from services.cases.models import Case, Correction, Task
from services.cases.offices import competent_office
from services.cases.operations.accept import (
    accept_or_hand_over,
    applicant_task,
    close_tasks,
)
from services.cases.operations.defer import expect_papers
from services.cases.operations.effects import Effects
from services.cases.operations.file import (
    differing_columns,
    planned_columns,
    stated_columns,
)
from services.cases.operations.filing import Filing
from services.cases.operations.lay import (
    ask_for,
    lay_requirements,
    own_side,
    sign_commitments,
)
from services.cases.operations.lock import lock_case
from services.cases.planning.plan import Plan
from services.cases.plans import case_definition, plan_case
from services.cases.problems import filing_problems
from services.cases.working_calendar import working_calendar
from services.catalogue.definition import GOVERNMENT_ISSUED, Definition
from services.catalogue.queries import materials
from services.common.actors import Actor
from services.common.errors import DomainError, InvalidInput

CORRECTION_DAYS = 15  # working days that the applicant has
# Words that ask for a paper; beside a government-issued material's name they break
# the no-submission list, wherever the notice points.
TO_SUBMIT = (
    *("上传", "提交", "提供", "补交", "递交", "出示", "携带", "带上", "复印件", "原件"),
    *("upload", "submit", "provide", "bring", "hand in", "send us", "a copy of"),
)


class OnlyOneNotice(DomainError):
    """A case gets one correction notice; everything must be in it."""

    code = "only_one_notice"


class NothingToCorrect(DomainError):
    """A notice must say what is wrong."""

    code = "nothing_to_correct"


class NeverAskedOfApplicants(DomainError):
    """A government-issued material is never asked of an applicant (免提交清单)."""

    code = "never_asked_of_applicants"


def request_correction(
    *, case: Case, problems: Sequence[dict[str, str]], actor: Actor, now: datetime
) -> Correction:
    """
    Send the one notice that lists all the applicant must fix.

    :param problems: `pointer` (/answers/x, /fields/x, /materials/M104), `text`.
    :raises NeverAskedOfApplicants: if it points to anything but answers, fields and
        own papers, or its words ask for a government-issued material.
    :raises OnlyOneNotice: if the case had its notice.
    """
    if not problems:
        raise NothingToCorrect
    with transaction.atomic():
        case = lock_case(case)
        _refuse_government_papers(case, problems)
        if Correction.objects.filter(case=case).exists():
            raise OnlyOneNotice(case.number)
        effects = Effects(actor=actor, now=now)
        effects.move(case, "correct", accept_by=None)
        today = timezone.localtime(now).date()
        notice = Correction.objects.create(
            case=case,
            problems=list(problems),
            sent_at=now,
            sent_by=actor.id,
            due_on=working_calendar().add_working_days(today, CORRECTION_DAYS),
        )
        text = "；".join(problem["text"] for problem in problems)
        effects.tasks.append(
            applicant_task(case, Task.Kind.CORRECT, now=now, text=(text, text))
        )
        close_tasks(effects, case, Task.Kind.ACCEPT, result="correction")
        effects.flush()
    return notice


def answer_correction(
    *, case: Case, filing: Filing, actor: Actor, now: datetime
) -> Case:
    """
    Take the applicant's corrections; the acceptance timer starts anew.

    :raises InvalidInput: with every problem that is left.
    """
    with transaction.atomic():
        case = lock_case(case)
        case.stated_answers = {**case.stated_answers, **filing.answers}
        case.stated_fields = {**case.stated_fields, **filing.fields}
        answers = standing([case.reference]).get(case.reference, {})
        plan = plan_case(case, answers, now=now)
        uploads = set(case.uploads.values_list("material_code", flat=True))
        filing = _with_earlier_promises(case, filing, uploads)
        if problems := filing_problems(case, plan, filing, uploads):
            raise InvalidInput(problems)
        effects = Effects(actor=actor, now=now)
        local = timezone.localtime(now)
        effects.move(
            case,
            "answer",
            complete_at=now,
            accept_by=accept_by(working_calendar(), local),
        )
        effects.change(
            case,
            office=competent_office(case, plan),
            **planned_columns(plan),
            **stated_columns(case, plan),
            **differing_columns(case, plan, answers),
        )
        Correction.objects.filter(case=case).update(answered_at=now)
        for kind in (Task.Kind.CORRECT, Task.Kind.SUPPLY):
            close_tasks(effects, case, kind, result="answered")
        sign_commitments(effects, case, plan, filing)
        _lay_anew(effects, case, plan, answers, filing)
        effects.wake(case)
        effects.flush()
    return case


def _lay_anew(
    effects: Effects, case: Case, plan: Plan, answers: Standing, filing: Filing
) -> None:
    """Let the case show what the corrected answers require, and go on."""
    case.requirements.all().delete()
    own = own_side(case, filing.deferred)
    rows = lay_requirements(case, plan, answers, own, now=effects.now)
    ask_for(case, plan, answers, actor=effects.actor, now=effects.now)
    expect_papers(effects, case, rows)
    accept_or_hand_over(effects, case, plan, rows)


def _with_earlier_promises(
    case: Case, filing: Filing, uploads: Collection[str]
) -> Filing:
    """Add what was promised at filing, and is still open, to what is promised now."""
    following = case.tasks.filter(kind=Task.Kind.SUPPLY, closed_at__isnull=True)
    named = {m["material"] for row in case.requirements.all() for m in row.members}
    earlier = set(case.commitments.values_list("material_code", flat=True)) & named
    later = set(following.values_list("about", flat=True)) - set(uploads)
    return replace(
        filing,
        commitments=tuple(dict.fromkeys([*filing.commitments, *sorted(earlier)])),
        deferred=tuple(dict.fromkeys([*filing.deferred, *sorted(later)])),
    )


def _refuse_government_papers(case: Case, problems: Sequence[dict[str, str]]) -> None:
    """Refuse a notice that points to such a paper, or asks for one in its words."""
    definition = case_definition(case)
    open_to, government = correctable(definition), _government_papers(definition)
    for problem in problems:
        if problem["pointer"] not in open_to:
            raise NeverAskedOfApplicants(problem["pointer"])
        words = problem["text"].lower()
        named = [name for name in government if name in words]
        if named and any(verb in words for verb in TO_SUBMIT):
            raise NeverAskedOfApplicants(named[0])


def _government_papers(definition: Definition) -> set[str]:
    """Return the names of all such papers, and what this item calls its own."""
    names = [
        (one.name, one.name_en)
        for one in materials().values()
        if one.kind == GOVERNMENT_ISSUED
    ]
    names += [
        (link.name, link.name_en)
        for link in definition.links.values()
        if link.kind == GOVERNMENT_ISSUED
    ]
    return {name.lower() for pair in names for name in pair if name}


def correctable(definition: Definition) -> set[str]:
    """Return what a notice may point to: answers, fields and own papers."""
    own = (
        link.material
        for link in definition.links.values()
        if link.how == "upload" and link.kind != GOVERNMENT_ISSUED
    )
    return {
        *(f"/answers/{question.code}" for question in definition.questions),
        *(f"/fields/{field.code}" for field in definition.fields),
        *(f"/materials/{material}" for material in own),
    }
