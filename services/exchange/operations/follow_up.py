"""What an answer sets in motion besides itself: people and incidents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connections, router

from services.common.among import among, listed
from services.common.statements import fetch
from services.departments.gateways.contract import FOUND, REFUSED
from services.exchange.answers import why_garbled
from services.exchange.entries import exchange_entry
from services.exchange.models import AssistRequest, Exchange, Incident
from services.exchange.operations.incident import GARBLED, what_came
from services.exchange.result import Result
from services.exchange.verdict import ASSISTED, SETTLED
from services.exchange.working_days import ASSIST_DAYS, DISPUTE_DAYS, due_on
from services.ledger.entry import Entry

Kind = AssistRequest.Kind

OPEN_REQUESTS = """
SELECT id, exchange_id, kind FROM exchange_assistrequest
 WHERE closed_at IS NULL AND exchange_id {among} AND kind IN (%s, %s)
"""


class _Request(NamedTuple):
    """An officer's open request, as far as closing it needs."""

    id: int
    exchange_id: int
    kind: str


def follow_up(results: Sequence[Result], *, now: datetime) -> list[Entry]:
    """Open and close requests to officers, open incidents; return the log entries."""
    late = [r for r in results if r.is_news and r.verdict.state == ASSISTED]
    settled = [r for r in results if r.verdict.state == SETTLED]
    renamed = [r for r in settled if r.answer.under_former_name]
    _open_incidents(results, now)
    return [
        *request_officer([r.exchange for r in late], Kind.OUTAGE, now=now),
        *request_officer([r.exchange for r in renamed], Kind.RECHECK, now=now),
        *close_needless(
            {r.exchange.pk: (r.exchange, r.answer.outcome) for r in settled}, now=now
        ),
    ]


def request_officer(
    exchanges: Sequence[Exchange],
    kind: AssistRequest.Kind,
    *,
    now: datetime,
    details: Mapping[str, object] | None = None,
) -> list[Entry]:
    """Ask the departments' officers to look; return the log entries."""
    if not exchanges:
        return []
    days = ASSIST_DAYS if kind == Kind.OUTAGE else DISPUTE_DAYS
    limit = due_on(now=now, working_days=days)
    AssistRequest.objects.bulk_create(
        [
            AssistRequest(
                exchange=exchange,
                kind=kind,
                department=exchange.department,
                opened_at=now,
                due_on=limit,
            )
            for exchange in exchanges
        ],
        ignore_conflicts=True,
    )
    return [
        exchange_entry(
            "assist.requested",
            exchange,
            details={"kind": kind.value, **(details or {})},
        )
        for exchange in exchanges
    ]


def close_needless(
    answered: Mapping[int, tuple[Exchange, str]], *, now: datetime
) -> list[Entry]:
    """
    Close requests that an answer made needless; return the log entries.

    `answered` maps exchange ids to exchange and outcome. A dispute ends only with
    FOUND: "no record" is what it disputes.
    """
    if not answered:
        return []
    connection = connections[router.db_for_read(AssistRequest)]
    open_requests = fetch(
        connection,
        OPEN_REQUESTS.format(among=among(connection, numbers=True)),
        [listed(connection, answered), Kind.OUTAGE, Kind.DISPUTE],
    )
    needless = [
        request
        for request in map(_Request._make, open_requests)
        if request.kind == Kind.OUTAGE or answered[request.exchange_id][1] == FOUND
    ]
    if not needless:
        return []
    AssistRequest.objects.filter(pk__in=[one.id for one in needless]).update(
        closed_at=now, closed_by="system", finding="ANSWERED"
    )
    return [
        exchange_entry(
            "dispute.closed" if one.kind == Kind.DISPUTE else "assist.closed",
            answered[one.exchange_id][0],
            outcome=answered[one.exchange_id][1],
            details={"finding": "ANSWERED"},
        )
        for one in needless
    ]


def _open_incidents(results: Sequence[Result], now: datetime) -> None:
    """One open incident per department and code, however many questions it met."""
    met: dict[tuple[str, str], list[Result]] = defaultdict(list)
    for one in results:
        if one.answer.outcome == REFUSED or one.answer.code == "GARBLED":
            met[one.exchange.department, one.answer.code].append(one)
    Incident.objects.bulk_create(
        [
            Incident(
                kind=GARBLED if code == "GARBLED" else "exchange_refused",
                about=f"{department} {code}",
                text=what_came(
                    code,
                    [why_garbled(one.answer) for one in those],
                    [one.exchange.public_id for one in those],
                ),
                opened_at=now,
            )
            for (department, code), those in met.items()
        ],
        ignore_conflicts=True,
    )
