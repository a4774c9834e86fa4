"""Data disputes (数据异议): "I do hold it", with number and issuer, never the paper."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from services.common.actors import Actor
from services.common.errors import DomainError
from services.departments.gateways.choose import gateway
from services.departments.gateways.contract import NOT_FOUND
from services.dispatch.operations.send import send
from services.exchange.entries import exchange_entry
from services.exchange.models import AssistRequest, Exchange
from services.exchange.operations.assist import reopen
from services.exchange.working_days import DISPUTE_DAYS, due_on
from services.ledger.operations.record import record


class NothingToDispute(DomainError):
    code = "nothing_to_dispute"


class NumberAndIssuerNeeded(DomainError):
    code = "number_and_issuer_needed"


class NumberOrIssuerTooLong(DomainError):
    code = "number_or_issuer_too_long"


LONGEST_NUMBER, LONGEST_ISSUER = 80, 120  # characters, as `AssistRequest` keeps them


def open_dispute(
    *, exchange: Exchange, number: str, issuer: str, actor: Actor, now: datetime
) -> AssistRequest:
    """
    Have the holder check within five working days; ask its system anew if it can tell.

    Opening the same dispute twice returns the first one.

    :raises NumberAndIssuerNeeded: if either is blank.
    :raises NumberOrIssuerTooLong: if it cannot be a number or an office's name.
    :raises NothingToDispute: unless the department answered that it has nothing.
    """
    number, issuer = number.strip(), issuer.strip()
    if not (number and issuer):
        raise NumberAndIssuerNeeded(exchange.public_id)
    if len(number) > LONGEST_NUMBER or len(issuer) > LONGEST_ISSUER:
        raise NumberOrIssuerTooLong(exchange.public_id)
    known = gateway().known_number(
        department=exchange.department,
        material=exchange.material,
        number=number,
        entity=exchange.entity,
    )
    with transaction.atomic():
        current = Exchange.objects.select_for_update().get(pk=exchange.pk)
        standing = _standing(current)
        if standing is not None:
            return standing
        if (current.state, current.outcome) != (Exchange.State.SETTLED, NOT_FOUND):
            raise NothingToDispute(current.public_id)
        request = AssistRequest.objects.create(
            exchange=current,
            kind=AssistRequest.Kind.DISPUTE,
            department=current.department,
            stated_number=number,
            stated_issuer=issuer,
            opened_at=now,
            due_on=due_on(now=now, working_days=DISPUTE_DAYS),
        )
        _log(current, request, known=known, actor=actor, now=now)
        if known:
            reopen(current, now=now)
        send(current.reply_task, current.reply_key, now=now)
    return request


def _standing(exchange: Exchange) -> AssistRequest | None:
    return AssistRequest.objects.filter(
        exchange=exchange, kind=AssistRequest.Kind.DISPUTE, closed_at__isnull=True
    ).first()


def _log(
    exchange: Exchange,
    request: AssistRequest,
    *,
    known: bool,
    actor: Actor,
    now: datetime,
) -> None:
    record(
        exchange_entry(
            "dispute.opened",
            exchange,
            actor=actor,
            details={
                "number": request.stated_number,
                "issuer": request.stated_issuer,
                "known": known,
            },
        ),
        at=now,
    )
