"""Ask anew what was answered: what nobody held, and what was shown too long ago."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from services.common.actors import Actor
from services.common.subjects import Subject
from services.departments.gateways.contract import FOUND, NOT_FOUND
from services.exchange.models import Exchange
from services.exchange.operations.ask import insert_and_ask, key_of

RENEWED_AT_MOST_EVERY = timedelta(minutes=10)


def ask_again_many(
    keys: Iterable[tuple[str, str, Subject]],
    *,
    deadline_at: datetime,
    actor: Actor,
    now: datetime,
) -> int:
    """
    Ask anew what was answered with "not found"; return how many were asked.

    Keys are case, material and subject. What is waiting or found is left alone.
    """
    not_found = Q(outcome=NOT_FOUND)
    return _ask_anew(keys, not_found, deadline_at=deadline_at, actor=actor, now=now)


def supersede_stale(
    keys: Iterable[tuple[str, str, Subject]],
    *,
    deadline_at: datetime,
    actor: Actor,
    now: datetime,
) -> int:
    """
    Ask anew what was shown too long ago; return how many were asked.

    Keys are case, material and subject. What was asked a moment ago is left alone,
    also where a hub's copy was stale when it came.
    """
    stale = Q(
        outcome=FOUND,
        evidence__fresh_until__lte=now,
        settled_at__lte=now - RENEWED_AT_MOST_EVERY,
    )
    return _ask_anew(keys, stale, deadline_at=deadline_at, actor=actor, now=now)


def _ask_anew(
    keys: Iterable[tuple[str, str, Subject]],
    answered: Q,
    *,
    deadline_at: datetime,
    actor: Actor,
    now: datetime,
) -> int:
    wanted = {(case, material, str(subject)) for case, material, subject in keys}
    if not wanted:
        return 0
    with transaction.atomic():
        old = [
            exchange
            for exchange in Exchange.objects.select_for_update(of=("self",)).filter(
                answered,
                case__in={case for case, _, _ in wanted},
                state=Exchange.State.SETTLED,
            )
            if key_of(exchange) in wanted
        ]
        Exchange.objects.filter(pk__in=[exchange.pk for exchange in old]).update(
            state=Exchange.State.CANCELLED
        )
        again = [_copy(exchange, deadline_at=deadline_at, now=now) for exchange in old]
        insert_and_ask(again, actor=actor, now=now)
    return len(again)


def _copy(old: Exchange, *, deadline_at: datetime, now: datetime) -> Exchange:
    return Exchange(
        case=old.case,
        department=old.department,
        material=old.material,
        subject=old.subject,
        entity=old.entity,
        holder_name=old.holder_name,
        former_names=old.former_names,
        purpose=old.purpose,
        basis=old.basis,
        issued_at=now,
        next_attempt_at=now,
        deadline_at=deadline_at,
        reply_task=old.reply_task,
        reply_key=old.reply_key,
    )
