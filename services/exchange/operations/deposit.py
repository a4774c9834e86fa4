"""Take certificates to the offices that keep them; each is kept once."""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from django.db import connections, router, transaction
from django.db.models import F, Q

from services.common.bulk import insert_new_rows
from services.common.subjects import parse_subject
from services.departments.gateways.choose import gateway
from services.departments.gateways.contract import Deposit, Receipt
from services.dispatch.operations.send import Message, send_many
from services.exchange.answers import unavailable
from services.exchange.bulkhead import ALONE, Manners, hand_over
from services.exchange.models import Breaker, DepositOrder
from services.exchange.operations.line import admit, note_call, own_line
from services.exchange.places import CERTIFICATES, Visit
from services.exchange.retry import next_attempt_at
from services.ledger.entry import Entry
from services.ledger.operations.record import record_many

logger = logging.getLogger(__name__)
Clock = Callable[[], datetime]

TASK = "exchange.deposit"
COLUMNS = (
    "number",
    "department",
    "material",
    "entity",
    "case",
    "payload",
    "ordered_at",
    "attempts_made",
    "reply_task",
    "reply_key",
)
ON_ITS_WAY = timedelta(seconds=25)  # longer than a call and writing it down
BUSY = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class DepositRequest:
    """A certificate, for one or several subjects, and whom to tell once it is kept."""

    number: str
    deposits: tuple[Deposit, ...]  # the same number, department and material each
    case: str  # reference
    reply_task: str = ""
    reply_key: str = ""


def order_deposits(requests: Sequence[DepositRequest], *, now: datetime) -> None:
    """Write orders and the messages that carry them out. A second order is ignored."""
    if not requests:
        return
    with transaction.atomic(savepoint=False):
        connection = connections[router.db_for_write(DepositOrder)]
        rows = [_row(request, now) for request in requests]
        insert_new_rows(connection, DepositOrder, COLUMNS, rows)
        send_many([Message(TASK, request.number) for request in requests], now=now)


def hand_over_deposits(*, numbers: Sequence[str], clock: Clock) -> None:
    """
    Have threads deliver what is not kept yet, those of one department together.

    Should they vanish, or be busy, the sweep sends the orders out again.
    """
    with transaction.atomic():
        orders = DepositOrder.objects.filter(
            number__among=numbers, kept_at__isnull=True
        )
        orders.update(next_attempt_at=clock() + ON_ITS_WAY)
    by_department: dict[str, list[str]] = defaultdict(list)
    for number, department in orders.values_list("number", "department"):
        by_department[department].append(number)
    for department, theirs in sorted(by_department.items()):
        work = partial(_deliver_in_thread, theirs, clock)
        if not hand_over(f"{department} {TASK}", work):
            _put_off(theirs, until=clock() + BUSY)


def send_lost_deposits(*, now: datetime) -> int:
    """Send orders out again whose threads were busy or vanished; return how many."""
    lost = DepositOrder.objects.filter(
        Q(next_attempt_at__lte=now) | Q(next_attempt_at__gt=now + 2 * ON_ITS_WAY),
        kept_at__isnull=True,
    )
    if not lost.exists():
        return 0
    with transaction.atomic():
        orders = list(lost.select_for_update(skip_locked=True).order_by("number"))
        rows = DepositOrder.objects.filter(pk__among=[order.pk for order in orders])
        rows.update(next_attempt_at=None)
        send_many([Message(TASK, order.number) for order in orders], now=now)
    return len(orders)


def deliver_deposits(
    *,
    numbers: Sequence[str],
    clock: Clock,
    manners: Manners = ALONE,
) -> set[str]:
    """
    Deposit what is not kept yet; return the numbers that are kept now.

    What a department could not take is sent again later, for as long as it takes; what
    finds its line broken, or no place there, is put off.
    """
    waiting: dict[str, list[DepositOrder]] = defaultdict(list)
    for order in DepositOrder.objects.filter(
        number__among=numbers, kept_at__isnull=True
    ):
        waiting[order.department].append(order)
    kept: set[str] = set()
    for department, orders in sorted(waiting.items()):
        visit = Visit.to(department, CERTIFICATES)
        try:
            kept |= _deliver(visit, orders, clock, manners)
        finally:
            visit.leave()
    return kept


def _deliver(
    visit: Visit, orders: Sequence[DepositOrder], clock: Clock, manners: Manners
) -> Set[str]:
    """Deposit at one department what may go there now; return what is kept."""
    lines = own_line(visit.department)
    going = _enter(visit, lines, orders, clock())
    if not going:
        return set()
    manners.let_go()
    receipt = _deposit([one for order in going for one in _deposits(order)], clock())
    now = clock()
    with transaction.atomic():
        _confirm(receipt.kept, now)
        _send_again([order for order in going if order.number not in receipt.kept], now)
        visit.leave()
    lost = unavailable("", receipt.lost) if receipt.lost else None
    note_call(department=visit.department, lines=lines, lost=lost, now=now)
    return receipt.kept


def _enter(
    visit: Visit,
    lines: Sequence[Breaker],
    orders: Sequence[DepositOrder],
    now: datetime,
) -> Sequence[DepositOrder]:
    """Take a place for as many as the line carries; the others are put off."""
    with transaction.atomic():
        most = admit(lines, now=now, limit=len(orders))
        if not (most and visit.take_place(now)):
            transaction.set_rollback(True)
            most = 0
    if most < len(orders):
        probes = [line.probe_at for line in lines if line.probe_at]
        later = [order.number for order in orders[most:]]
        _put_off(later, until=max([now + BUSY, *probes]))
    return orders[:most]


def _put_off(numbers: Sequence[str], *, until: datetime) -> None:
    later = DepositOrder.objects.filter(number__among=numbers, kept_at__isnull=True)
    later.update(next_attempt_at=until)


def _deliver_in_thread(numbers: Sequence[str], clock: Clock, manners: Manners) -> None:
    deliver_deposits(numbers=numbers, clock=clock, manners=manners)


def _deposit(deposits: Sequence[Deposit], now: datetime) -> Receipt:
    """Hand over outside any transaction. A gateway that raises has kept nothing."""
    try:
        return gateway().deposit(deposits=deposits, now=now)
    except Exception:
        logger.exception("the gateway raised on a deposit")
        return Receipt(set(), "SERVER_ERROR")


def _confirm(kept: Set[str], now: datetime) -> None:
    """Mark, log and tell once, whoever else delivered the same certificate."""
    fresh = list(
        DepositOrder.objects.select_for_update().filter(
            number__among=kept, kept_at__isnull=True
        )
    )
    DepositOrder.objects.filter(pk__among=[order.pk for order in fresh]).update(
        kept_at=now, attempts_made=F("attempts_made") + 1, next_attempt_at=None
    )
    record_many([_entry(order) for order in fresh], at=now)
    send_many(
        [Message(o.reply_task, o.reply_key) for o in fresh if o.reply_task], now=now
    )


def _send_again(orders: Sequence[DepositOrder], now: datetime) -> None:
    DepositOrder.objects.filter(pk__among=[order.pk for order in orders]).update(
        attempts_made=F("attempts_made") + 1, next_attempt_at=None
    )
    send_many(
        [
            Message(
                TASK,
                order.number,
                at=next_attempt_at(
                    code="CONNECTION",
                    attempts_made=order.attempts_made + 1,
                    public_id=order.number,
                    now=now,
                ),
            )
            for order in orders
        ],
        now=now,
    )


def _entry(order: DepositOrder) -> Entry:
    return Entry(
        type="certificate.deposited",
        office=order.department,
        case=order.case,
        subject=f"entity:{order.entity}",
        outcome="KEPT",
        details={"material": order.material, "number": order.number},
    )


def _row(request: DepositRequest, now: datetime) -> tuple[object, ...]:
    first = request.deposits[0]
    payload = [_stored(deposit) for deposit in request.deposits]
    return (
        request.number,
        first.department,
        first.material,
        first.entity,
        request.case,
        json.dumps(payload, ensure_ascii=False),
        now,
        0,
        request.reply_task,
        request.reply_key,
    )


def _stored(deposit: Deposit) -> dict[str, object]:
    until = deposit.valid_until
    return {
        "subject": str(deposit.subject),
        "entity": deposit.entity,
        "holder_name": deposit.holder_name,
        "issued_on": deposit.issued_on.isoformat(),
        "valid_until": until.isoformat() if until else None,
        "attributes": dict(deposit.attributes),
        "replaces": deposit.replaces,
    }


def _deposits(order: DepositOrder) -> list[Deposit]:
    return [
        Deposit(
            department=order.department,
            material=order.material,
            number=order.number,
            subject=parse_subject(stored["subject"]),
            entity=stored["entity"],
            holder_name=stored["holder_name"],
            issued_on=date.fromisoformat(stored["issued_on"]),
            valid_until=_day(stored["valid_until"]),
            attributes=stored["attributes"],
            replaces=stored["replaces"],
        )
        for stored in order.payload
    ]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
