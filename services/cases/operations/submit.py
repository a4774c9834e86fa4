"""Draft, complete and file in one act, as machines do; safe to repeat at any point."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime

from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, connection

from services.cases.applying import bring_demo_papers, demo_values, papers_due
from services.cases.evidence import standing
from services.cases.models import Case
from services.cases.operations.draft import drop_draft, open_draft
from services.cases.operations.file import file_case
from services.cases.operations.filing import Filing, FilingKeyReused, FilingStopped
from services.cases.plans import plan_case
from services.cases.transitions import ENDED, TransitionRefused
from services.catalogue.models import ItemVersion
from services.common.actors import Actor
from services.common.errors import DomainError, InvalidInput
from services.common.statements import fetch
from services.registry.models import Entity

FILED_SQL = (
    "SELECT id, state FROM cases_case"
    " WHERE entity_id = %s AND opened_by = %s AND state <> 'draft' ORDER BY id"
)
TRIES = 5  # against twins that file or drop the same draft
# What a twin who was quicker leaves behind: the draft is filed, gone, or there again.
OVERTAKEN = (TransitionRefused, FilingKeyReused, ObjectDoesNotExist, IntegrityError)


class SubmissionInFlight(DomainError):
    """The same is being submitted so often at once that nobody gets through."""

    code = "request_in_flight"


@dataclass(frozen=True, slots=True)
class Submission:
    """One whole application as it came in."""

    answers: Mapping[str, list[str]] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    commitments: tuple[str, ...] = ()
    deferred: tuple[str, ...] = ()
    insist: bool = False
    fill: bool = False  # demo values and demo papers for what was not given
    key: str = ""  # what is sent under one key is one case, whatever happens

    def digest(self, item: str) -> str:
        """Return what tells this submission from every other one of the company."""
        text = json.dumps({"item": item, **asdict(self)}, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:40]


def submit_case(
    *,
    entity: Entity,
    item_version: ItemVersion,
    submission: Submission,
    actor: Actor,
    now: datetime,
) -> Case:
    """
    Open a draft of its own, complete it and file it; the same again is the same case.

    Each step finds what a run before it did, so one that was killed between any two
    steps is simply repeated: the draft is found by the submission's digest, the case by
    the filing key made of it. Without a key the case has to be open still
    (docs/decisions/0003).

    :raises InvalidInput: with every problem; the draft is dropped.
    :raises SubmissionInFlight: while many equal ones are being refused at once.
    :raises FilingStopped: if an answer ends the application; the draft is dropped.
    """
    digest = submission.digest(item_version.item_id)
    hand = f"{actor.id}/{digest}"
    for _ in range(TRIES):
        before = _filed_before(entity, hand)
        if before and (submission.key or before[-1][1] not in ENDED):
            return Case.objects.get(pk=before[-1][0])
        key = f"{digest}-{len(before)}"
        try:
            draft = open_draft(
                entity=entity,
                item_version=item_version,
                actor=actor,
                now=now,
                channel="api",
                hand=hand,
            )
            return _complete(draft, submission, key, actor=actor, now=now)
        except OVERTAKEN:
            continue
    raise SubmissionInFlight


def _filed_before(entity: Entity, hand: str) -> list[tuple[int, str]]:
    """Return key and state of each case that this submission became, in turn."""
    return list(fetch(connection, FILED_SQL, [entity.pk, hand]))


def _complete(
    draft: Case, submission: Submission, key: str, *, actor: Actor, now: datetime
) -> Case:
    """File a draft; it does not stay behind if something is wrong or it was filed."""
    try:
        case = _file(draft, submission, key, actor=actor, now=now)
    except (InvalidInput, FilingStopped):
        drop_draft(case=draft, actor=actor, now=now)
        raise
    if case.pk != draft.pk:  # the same content, sent otherwise, is open already
        drop_draft(case=draft, actor=actor, now=now)
    return case


def _file(
    draft: Case, submission: Submission, key: str, *, actor: Actor, now: datetime
) -> Case:
    draft.stated_answers = dict(submission.answers)
    draft.stated_fields = dict(submission.fields)
    if submission.fill:
        _fill(draft, actor=actor, now=now)
    filing = Filing(
        commitments=submission.commitments,
        deferred=submission.deferred,
        insist=submission.insist,
        key=key,
    )
    return file_case(case=draft, filing=filing, actor=actor, now=now)


def _fill(draft: Case, *, actor: Actor, now: datetime) -> None:
    """Put demo values into empty fields and bring demo papers, marked as such."""
    answers = standing([draft.reference]).get(draft.reference, {})
    values = demo_values(draft, plan_case(draft, answers, now=now))
    draft.stated_fields = {**values, **draft.stated_fields}
    due = papers_due(plan_case(draft, answers, now=now), ())
    bring_demo_papers(draft, due, actor=actor, now=now)
