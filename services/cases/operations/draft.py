"""Open a draft, ask departments while the form is filled, keep what was typed."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from services.cases.evidence import Standing, standing
from services.cases.models import Case
from services.cases.operations.effects import Effects
from services.cases.operations.lock import lock_draft
from services.cases.planning.plan import Plan
from services.cases.plans import plan_case, requests_for, unasked
from services.cases.queries.lists import draft_in_hand
from services.cases.transitions import TransitionRefused, check_belongs
from services.catalogue.models import ItemVersion
from services.common.actors import Actor
from services.exchange.operations.ask import ask_many
from services.exchange.operations.cancel import cancel_waiting
from services.registry.models import Entity
from services.registry.queries import refuse_unable

DRAFT_KEPT = timedelta(days=30)
ASK_FOR = timedelta(hours=4)  # then a person of the department is asked to look
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def open_draft(
    *,
    entity: Entity,
    item_version: ItemVersion,
    actor: Actor,
    now: datetime,
    channel: str = "online",
    hand: str = "",
) -> Case:
    """
    Return the entity's draft for an item, opening one with its authorisation.

    Departments are asked at once: a draft with a recorded authorisation is a lawful
    purpose (domain.md §4).

    :param hand: who works on it, the actor unless said otherwise; each has one draft.
    :raises EntityUnable: if the company is revoked, deregistered or has moved away.
    """
    check_belongs(actor, office="", entity=entity.uscc)
    refuse_unable(entity)
    hand = hand or actor.id
    draft = draft_in_hand(entity, item_version, hand)
    answers: Standing | None = None
    try:
        with transaction.atomic():
            if draft and draft.expires_at <= now:  # it was kept for its thirty days
                drop_draft(case=draft, actor=actor, now=now)
                draft = None
            if draft is None:
                draft = _new_draft(entity, item_version, hand, channel, now=now)
                _log_authorisation(draft, actor=actor, now=now)
                answers = {}  # nobody was asked for it
            ask_departments(draft, actor=actor, now=now, answers=answers)
    except IntegrityError:
        # The same person opened it in another window a moment ago.
        draft = draft_in_hand(entity, item_version, hand)
        if draft is None:
            raise
    return draft


def drop_draft(*, case: Case, actor: Actor, now: datetime) -> None:
    """Forget a draft that nobody will go on with; departments are asked no more."""
    check_belongs(actor, office="", entity=case.entity.uscc)
    with transaction.atomic():
        if lock_draft(case):
            cancel_waiting(cases=[case.reference], actor=actor, now=now)
            Case.objects.filter(pk=case.pk).delete()


def save_draft(
    *,
    case: Case,
    answers: Mapping[str, list[str]],
    fields: Mapping[str, str],
    actor: Actor,
    now: datetime,
) -> Plan:
    """
    Keep what was typed, right or wrong, and return the plan that follows from it.

    :raises TransitionRefused: if the draft has been filed meanwhile.
    """
    check_belongs(actor, office="", entity=case.entity.uscc)
    with transaction.atomic():
        case.stated_answers = {**case.stated_answers, **answers}
        case.stated_fields = {**case.stated_fields, **fields}
        kept = Case.objects.filter(pk=case.pk, state=Case.State.DRAFT).update(
            stated_answers=case.stated_answers,
            stated_fields=case.stated_fields,
            expires_at=now + DRAFT_KEPT,
        )
        if not kept:
            raise TransitionRefused("the draft has been filed")
        return ask_departments(case, actor=actor, now=now)


def ask_departments(
    case: Case, *, actor: Actor, now: datetime, answers: Standing | None = None
) -> Plan:
    """
    Ask for everything the plan wants and nobody was asked for; return the plan.

    :param answers: what departments have answered, where the caller knows it.
    """
    if answers is None:
        answers = standing([case.reference]).get(case.reference, {})
    plan = plan_case(case, answers, now=now)
    wanted = [
        (w.material, w.department, w.subject) for w in unasked(plan.wanted, answers)
    ]
    ask_many(
        requests_for(case, wanted, deadline_at=now + ASK_FOR), actor=actor, now=now
    )
    return plan


def _new_draft(
    entity: Entity,
    item_version: ItemVersion,
    hand: str,
    channel: str,
    *,
    now: datetime,
) -> Case:
    code = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return Case.objects.create(
        reference=f"D{timezone.localtime(now):%Y%m%d}-{code}",
        entity=entity,
        item_version=item_version,
        opened_by=hand,
        opened_at=now,
        authorised_at=now,
        channel=channel,
        expires_at=now + DRAFT_KEPT,
    )


def _log_authorisation(draft: Case, *, actor: Actor, now: datetime) -> None:
    effects = Effects(actor=actor, now=now)
    effects.log(draft, "draft.authorised", item=draft.item_version.item_id)
    effects.flush()
