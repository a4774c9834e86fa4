"""Ask departments: once per case, material and subject; what is fresh is reused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connections, router, transaction
from django.db.models import Exists, OuterRef

from services.common.actors import Actor
from services.common.bulk import insert_new_rows, with_ids
from services.common.subjects import Subject
from services.departments.gateways.contract import FOUND
from services.dispatch.operations.ring import ring
from services.dispatch.operations.send import Message, send_many
from services.exchange.entries import exchange_entry
from services.exchange.models import DepositOrder, Evidence, Exchange
from services.ledger.operations.record import record_many

SERVE = "exchange.serve_department"


@dataclass(frozen=True, slots=True)
class Request:
    """What a case wants to know from a department, why, and until when."""

    case: str  # reference of the draft or case
    material: str
    department: str
    subject: Subject
    entity: str  # licence number of the company the case is for
    holder_name: str
    former_names: tuple[str, ...]
    purpose: str
    basis: str
    deadline_at: datetime  # then a person of the department is asked to look
    reply_task: str  # outbox message when somebody has answered
    reply_key: str

    @property
    def key(self) -> Key:
        return (self.case, self.material, str(self.subject))


Key = tuple[str, str, str]  # case, material, subject as text


def ask_many(
    requests: Sequence[Request], *, actor: Actor, now: datetime
) -> list[Exchange]:
    """
    Return one exchange per request, in their order; a second asking changes nothing.

    Evidence that is still fresh settles the exchange at once, and the log says so.
    Callers mostly ask what is new, so what was asked before is only read on a conflict.
    """
    if not requests:
        return []
    with transaction.atomic(savepoint=False):
        wanted = {request.key: request for request in requests}
        made = insert_and_ask(
            _exchanges(list(wanted.values()), now=now), actor=actor, now=now
        )
        standing = {key_of(exchange): exchange for exchange in made}
        if len(made) < len(wanted):
            standing = _standing(wanted)
    return [standing[request.key] for request in requests]


def key_of(exchange: Exchange) -> Key:
    """Return what makes two exchanges of a case the same."""
    return (exchange.case, exchange.material, exchange.subject)


def _standing(wanted: Iterable[Key]) -> dict[Key, Exchange]:
    """Return what these cases have asked already."""
    rows = Exchange.objects.filter(case__in={case for case, _, _ in wanted}).exclude(
        state=Exchange.State.CANCELLED
    )
    return {key_of(exchange): exchange for exchange in rows}


def _exchanges(requests: Sequence[Request], *, now: datetime) -> list[Exchange]:
    fresh = _fresh_evidence(requests, now)
    return [
        _exchange(
            request,
            fresh.get((request.entity, request.material, str(request.subject))),
            now,
        )
        for request in requests
    ]


def _exchange(request: Request, evidence: Evidence | None, now: datetime) -> Exchange:
    exchange = Exchange(
        case=request.case,
        department=request.department,
        material=request.material,
        subject=str(request.subject),
        entity=request.entity,
        holder_name=request.holder_name,
        former_names=list(request.former_names),
        purpose=request.purpose,
        basis=request.basis,
        issued_at=now,
        next_attempt_at=now,
        deadline_at=request.deadline_at,
        reply_task=request.reply_task,
        reply_key=request.reply_key,
    )
    if evidence is not None:
        exchange.state = Exchange.State.SETTLED
        exchange.outcome = FOUND
        exchange.evidence = evidence
        exchange.reused = True
        exchange.answered_at = exchange.settled_at = now
    return exchange


def _fresh_evidence(
    requests: Sequence[Request], now: datetime
) -> dict[tuple[str, str, str], Evidence]:
    """Return the newest usable answer per entity, material and subject."""
    newer_certificate = DepositOrder.objects.filter(
        entity=OuterRef("entity"),
        material=OuterRef("material"),
        kept_at__gte=OuterRef("obtained_at"),
    )
    rows = Evidence.objects.filter(
        ~Exists(newer_certificate),
        entity__in={request.entity for request in requests},
        material__in={request.material for request in requests},
        fresh_until__gt=now,
    ).order_by("obtained_at", "pk")
    return {(row.entity, row.material, row.subject): row for row in rows}


def insert_and_ask(
    exchanges: Sequence[Exchange], *, actor: Actor, now: datetime
) -> list[Exchange]:
    """Insert what nobody has asked yet, log it, ring for it, and return it."""
    made = _insert_new(exchanges)
    record_many(
        [
            exchange_entry(
                "exchange.reused" if exchange.reused else "exchange.intended",
                exchange,
                actor=actor,
                outcome=exchange.outcome,
                details={"evidence": exchange.evidence_id} if exchange.reused else {},
            )
            for exchange in made
        ],
        at=now,
    )
    send_many(
        [Message(one.reply_task, one.reply_key) for one in made if one.reused], now=now
    )
    for department in sorted({one.department for one in made if not one.reused}):
        ring(SERVE, code=department)
    return made


def _insert_new(exchanges: Sequence[Exchange]) -> list[Exchange]:
    """Insert exchanges and return, with their ids, those that were not there."""
    if not exchanges:
        return []
    connection = connections[router.db_for_write(Exchange)]
    drawn = with_ids(connection, Exchange, exchanges)
    if insert_new_rows(connection, *drawn) == len(exchanges):
        return list(exchanges)
    names = [exchange.pk for exchange in exchanges]
    inserted = set(Exchange.objects.filter(pk__in=names).values_list("pk", flat=True))
    return [exchange for exchange in exchanges if exchange.pk in inserted]
