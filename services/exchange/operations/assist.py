"""What an officer of the department found, where its system could not answer."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from services.common.actors import Actor
from services.common.errors import DomainError
from services.departments.gateways.contract import FOUND, NOT_FOUND, Answer
from services.dispatch.operations.ring import ring
from services.dispatch.operations.send import send
from services.exchange.entries import exchange_entry
from services.exchange.inquire import inquire
from services.exchange.models import AssistRequest, Evidence, Exchange
from services.exchange.operations.ask import SERVE
from services.exchange.operations.follow_up import close_needless
from services.exchange.operations.keep_evidence import keep_evidence
from services.ledger.entry import Entry
from services.ledger.operations.record import record, record_many

Kind = AssistRequest.Kind
HELD, NO_RECORD, ASK_AGAIN = "FOUND", "NO_RECORD", "ASK_AGAIN"
FINDINGS = (HELD, NO_RECORD, ASK_AGAIN)
OFFICERS_WORD = timedelta(days=1)  # how long a number seen in the files is fresh
SYSTEM_HAS = timedelta(hours=1)  # after ASK_AGAIN, before a person is called again


class FindingUnknown(DomainError):
    code = "finding_unknown"


class NumberMissing(DomainError):
    code = "finding_needs_a_number"


class NotTheirDepartment(DomainError):
    code = "not_their_department"


class RequestAlreadyClosed(DomainError):
    code = "assist_request_already_closed"


def close_assist(
    *,
    request: AssistRequest,
    finding: str,
    actor: Actor,
    now: datetime,
    number: str = "",
) -> Exchange:
    """
    Close a request to an officer with FOUND (and the number), NO_RECORD or ASK_AGAIN.

    :raises FindingUnknown: for any other finding.
    :raises NumberMissing: if FOUND names no number.
    :raises NotTheirDepartment: if the actor works elsewhere.
    :raises RequestAlreadyClosed: if it was closed before, even a moment ago.
    """
    _check(request, finding, actor, number)
    answer = _look(request, finding, number, now)
    with transaction.atomic():
        closed = AssistRequest.objects.filter(
            pk=request.pk, closed_at__isnull=True
        ).update(closed_at=now, closed_by=actor.id, finding=finding)
        if not closed:
            raise RequestAlreadyClosed(str(request.pk))
        exchange = Exchange.objects.select_for_update().get(pk=request.exchange_id)
        # Nothing overrules what was shown meanwhile; what was cancelled stays so.
        if exchange.outcome != FOUND and exchange.state != Exchange.State.CANCELLED:
            _apply(exchange, finding, _evidence(exchange, answer, number, now), now)
        record(_entry(request, exchange, finding, number, actor), at=now)
        record_many(_close_others(exchange, now), at=now)
        send(exchange.reply_task, exchange.reply_key, now=now)
    return exchange


def reopen(exchange: Exchange, *, now: datetime) -> None:
    """Let the department's system be asked anew, at once and for an hour."""
    _take_over(exchange)
    exchange.state = Exchange.State.WAITING
    exchange.outcome, exchange.code = "", ""
    exchange.settled_at = None
    exchange.next_attempt_at = now
    exchange.deadline_at = now + SYSTEM_HAS
    exchange.save()
    ring(SERVE, code=exchange.department)


def _check(request: AssistRequest, finding: str, actor: Actor, number: str) -> None:
    if finding not in FINDINGS:
        raise FindingUnknown(finding)
    if finding == HELD and not number.strip() and request.kind != Kind.RECHECK:
        raise NumberMissing(str(request.pk))
    if actor.office.partition("-")[0] != request.department:
        raise NotTheirDepartment(actor.office)


def _look(
    request: AssistRequest, finding: str, number: str, now: datetime
) -> Answer | None:
    """Return what the department's system shows of the number, if it shows it now."""
    if finding != HELD or request.kind == Kind.RECHECK:
        return None
    exchange = request.exchange
    answer = inquire([exchange], now=now).answers[exchange.public_id]
    shown = {record.number for record in answer.records}
    return answer if number.strip() in shown else None


def _apply(
    exchange: Exchange, finding: str, evidence: int | None, now: datetime
) -> None:
    if finding == ASK_AGAIN:
        reopen(exchange, now=now)
        return
    _take_over(exchange)
    exchange.state = Exchange.State.SETTLED
    exchange.answered_at = exchange.settled_at = now
    exchange.evidence_id = evidence
    if finding == HELD:
        exchange.outcome, exchange.code = FOUND, ""
    elif exchange.outcome != NOT_FOUND:  # else the system's own reason stands
        exchange.outcome, exchange.code = NOT_FOUND, NO_RECORD
    exchange.save()


def _close_others(exchange: Exchange, now: datetime) -> list[Entry]:
    """Close what else was open about it, once it is settled."""
    if exchange.state != Exchange.State.SETTLED:
        return []
    return close_needless({exchange.pk: (exchange, exchange.outcome)}, now=now)


def _take_over(exchange: Exchange) -> None:
    """Raise the fence: what a worker is asking at this moment no longer counts."""
    exchange.fence += 1
    exchange.lease_owner, exchange.leased_until = "", None


def _evidence(
    exchange: Exchange, answer: Answer | None, number: str, now: datetime
) -> int | None:
    """Keep what the system showed just now, else that the officer saw this number."""
    if not number.strip():
        return None
    if answer is not None:
        kept = keep_evidence([(exchange, answer)], now=now)[exchange.pk]
        if kept.fresh_until > now:
            return kept.evidence
    seen = {
        "number": number.strip(),
        "holder_name": exchange.holder_name,
        "entity": exchange.entity,
        "issued_on": None,
        "valid_until": None,
        "attributes": {"source": "officer"},
    }
    evidence = Evidence.objects.create(
        department=exchange.department,
        material=exchange.material,
        subject=exchange.subject,
        entity=exchange.entity,
        records=[seen],
        obtained_at=now,
        fresh_until=now + OFFICERS_WORD,
    )
    return evidence.pk


def _entry(
    request: AssistRequest,
    exchange: Exchange,
    finding: str,
    number: str,
    actor: Actor,
) -> Entry:
    dispute = request.kind == Kind.DISPUTE
    return exchange_entry(
        "dispute.answered" if dispute else "assist.answered",
        exchange,
        actor=actor,
        outcome=finding,
        details={"kind": request.kind, "number": number.strip()},
    )
