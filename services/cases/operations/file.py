"""File a draft: one number, one case, everything that is wrong told at once."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from services.cases.clock import accept_by
from services.cases.evidence import Standing, standing
from services.cases.models import Case
from services.cases.offices import competent_office
from services.cases.operations.accept import accept_or_hand_over
from services.cases.operations.begin import BEGIN
from services.cases.operations.defer import expect_papers
from services.cases.operations.effects import Effects
from services.cases.operations.filing import (
    Filing,
    FilingStopped,
    filed_before,
    filing_digest,
)
from services.cases.operations.lay import ask_for, lay_requirements, sign_commitments
from services.cases.operations.lock import lock_case, lock_draft
from services.cases.operations.number import mark_used, reserve_number
from services.cases.operations.requirements import OwnSide
from services.cases.planning.plan import Plan
from services.cases.plans import differences, plan_case, unanswered
from services.cases.problems import filing_problems
from services.cases.transitions import check_belongs
from services.cases.working_calendar import working_calendar
from services.catalogue.queries import one_catalogue
from services.common.actors import Actor
from services.common.errors import InvalidInput
from services.common.statements import fetch
from services.dispatch.operations.send import Message

UPLOADS_SQL = "SELECT material_code, sha256 FROM cases_upload WHERE case_id = %s"


@dataclass(frozen=True, slots=True)
class _Ready:
    """A filing that was checked and may be written."""

    plan: Plan
    answers: Standing
    digest: str
    filing: Filing
    own: OwnSide


def file_case(*, case: Case, filing: Filing, actor: Actor, now: datetime) -> Case:
    """
    File a draft and return the case; the same filing again returns the same case.

    :raises InvalidInput: with every problem of the filing.
    :raises FilingStopped: if an answer ends the application and it is not insisted on.
    :raises FilingKeyReused: if the key was used for another content.
    """
    check_belongs(actor, office="", entity=case.entity.uscc)
    if case.state != Case.State.DRAFT:
        return case
    uploads = set(fetch(connection, UPLOADS_SQL, [case.pk]))
    digest = filing_digest(case, filing, uploads)
    if twin := filed_before(case, filing, digest):
        return twin
    own = OwnSide({code for code, _ in uploads}, filing.commitments, filing.deferred)
    try:
        with one_catalogue():
            ready = _check(case, filing, own, digest, now=now)
            return _file(case, ready, actor=actor, now=now)
    except IntegrityError:
        # The same was filed from another draft a moment ago.
        if twin := filed_before(case, filing, digest):
            return twin
        raise


def _check(
    case: Case, filing: Filing, own: OwnSide, digest: str, *, now: datetime
) -> _Ready:
    case.stated_answers = {**case.stated_answers, **filing.answers}
    case.stated_fields = {**case.stated_fields, **filing.fields}
    answers = standing([case.reference]).get(case.reference, {})
    plan = plan_case(case, answers, now=now)
    if plan.stop and not filing.insist:
        raise FilingStopped(plan.stop)
    problems = filing_problems(case, plan, filing, own.uploads)
    if problems:
        raise InvalidInput(problems)
    return _Ready(plan, answers, digest, filing, own)


def _file(case: Case, ready: _Ready, *, actor: Actor, now: datetime) -> Case:
    number = reserve_number(now=now)
    with transaction.atomic():
        if not lock_draft(case):  # filed a moment ago; the number will be voided
            return lock_case(case)
        filed = copy(case)  # if this fails, the caller's is still a draft
        _write(filed, ready, number, actor=actor, now=now)
    return filed


def _write(
    case: Case, ready: _Ready, number: str, *, actor: Actor, now: datetime
) -> None:
    effects = Effects(actor=actor, now=now)
    mark_used(number, now=now)
    case.office = competent_office(case, ready.plan)
    effects.move(case, "file")
    effects.change(
        case,
        number=number,
        office=case.office,
        received_at=now,
        complete_at=now,
        accept_by=accept_by(working_calendar(), timezone.localtime(now)),
        filing_key=ready.filing.key,
        filing_digest=ready.digest,
        **planned_columns(ready.plan),
        **stated_columns(case, ready.plan),
        **differing_columns(case, ready.plan, ready.answers),
    )
    sign_commitments(effects, case, ready.plan, ready.filing)
    rows = lay_requirements(case, ready.plan, ready.answers, ready.own, now=now)
    ask_for(case, ready.plan, ready.answers, actor=actor, now=now)
    expect_papers(effects, case, rows)
    accept_or_hand_over(effects, case, ready.plan, rows)
    effects.messages.append(Message(BEGIN, case.reference))
    effects.flush()


def planned_columns(plan: Plan) -> dict[str, object]:
    """Return the columns of a case that its plan decides."""
    return {
        "instant": plan.instant,
        "inspection": plan.inspection,
        "promised_days": plan.promised_days,
        "statutory_unit": plan.statutory_unit,
        "statutory_value": plan.statutory_value,
        "stop_kind": plan.stop.kind if plan.stop else "",
        "stop_reason": plan.stop.reason if plan.stop else "",
    }


def stated_columns(case: Case, plan: Plan) -> dict[str, object]:
    """Keep apart what the applicant stated and what data answered or prefilled."""
    return {
        "stated_answers": case.stated_answers,
        "stated_fields": case.stated_fields,
        "derived_answers": {
            q.question.code: {
                "answer": list(q.answer),
                "by": q.given_by,
                "from": q.because,
            }
            for q in plan.questions
        },
        "prefilled_fields": {
            f.code: {"value": f.value, "from": f.source}
            for f in plan.fields
            if f.source not in {"stated", ""}
        },
    }


def differing_columns(case: Case, plan: Plan, answers: Standing) -> dict[str, object]:
    """Return what data contradicts, and whether more data is still to come."""
    return {
        "differences": differences(case, plan.questions, answers),
        "filed_in_silence": unanswered(plan, answers),
    }
