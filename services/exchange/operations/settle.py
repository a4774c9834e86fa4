"""Write what a department answered: one transaction, the same few statements."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connections, router, transaction

from services.common.among import among, listed
from services.common.bulk import Insert
from services.common.statements import fetch
from services.departments.gateways.contract import Answer
from services.dispatch.operations.send import Message, send_many
from services.exchange.answers import Sorted, why_garbled
from services.exchange.claim import Outcome, give_back, held
from services.exchange.entries import exchange_entry
from services.exchange.models import Attempt, Exchange
from services.exchange.operations.follow_up import follow_up
from services.exchange.operations.keep_evidence import Kept, keep_evidence
from services.exchange.result import Result
from services.exchange.verdict import SETTLED, Asked, event_type, judge
from services.ledger.entry import Entry
from services.ledger.operations.record import record_many

ATTEMPT_COLUMNS = (
    "exchange_id",
    "number",
    "started_at",
    "finished_at",
    "outcome",
    "code",
    "via",
)

ASKING = """
SELECT DISTINCT "case" FROM exchange_exchange
 WHERE settled_at IS NULL AND "case" {among}
   AND attempts_made = 0 AND next_attempt_at <= %s
"""

GATHER = timedelta(seconds=1)  # at most so long an answer waits for the others


def settle(
    *, batch: list[Exchange], answers: Sorted, started_at: datetime, now: datetime
) -> list[Result]:
    """
    Record attempts, evidence, log entries and replies of one batch.

    What another worker took over meanwhile is left alone; the rest is returned.
    """
    with transaction.atomic(savepoint=False):
        answered = [(one, answers.answers[one.public_id]) for one in held(batch)]
        if not answered:
            return []
        attempts = _attempts(answered, started_at, now)
        kept = keep_evidence(answered, now=now, beside=attempts)
        results = [_result(*pair, kept.get(pair[0].pk), now) for pair in answered]
        give_back([_outcome(result, now) for result in results])
        entries = _entries(results, answers) + follow_up(results, now=now)
        record_many(entries, at=now)
        _reply(results, now)
    return results


def _result(
    exchange: Exchange, answer: Answer, kept: Kept | None, now: datetime
) -> Result:
    asked = Asked(
        public_id=exchange.public_id,
        state=exchange.state,
        deadline_at=exchange.deadline_at,
        attempts_made=exchange.attempts_made,
    )
    stale = kept is not None and kept.fresh_until <= now
    verdict = judge(asked, answer, now, stale=stale)
    return Result(exchange, answer, verdict, kept.evidence if kept else None)


def _outcome(result: Result, now: datetime) -> Outcome:
    exchange, answer = result.exchange, result.answer
    return Outcome(
        id=exchange.pk,
        fence=exchange.fence,
        state=result.verdict.state,
        outcome=answer.outcome,
        code=answer.code,
        via=answer.via,
        evidence_id=result.evidence,
        answered_at=now,
        settled_at=now if result.verdict.state == SETTLED else None,
        next_attempt_at=result.verdict.next_attempt_at,
    )


def _attempts(
    answered: Sequence[tuple[Exchange, Answer]], started_at: datetime, now: datetime
) -> Insert:
    rows = [
        (
            exchange.pk,
            exchange.attempts_made + 1,
            min(started_at, now),
            now,
            answer.outcome,
            answer.code,
            answer.via,
        )
        for exchange, answer in answered
    ]
    return Insert(Attempt, ATTEMPT_COLUMNS, rows)


def _entries(results: Sequence[Result], answers: Sorted) -> list[Entry]:
    """Return one entry per exchange, and one per kind of answer to nobody."""
    entries = [
        exchange_entry(
            event_type(result.answer),
            result.exchange,
            outcome=result.answer.outcome,
            code=result.answer.code,
            details=_details(result),
        )
        for result in results
    ]
    strays = [one.reason for one in answers.quarantined if not one.request_id]
    entries += [
        Entry(
            type="exchange.quarantined",
            office=results[0].exchange.department,
            details={"reason": reason, "answers": strays.count(reason)},
        )
        for reason in sorted(set(strays))
    ]
    return entries


def _details(result: Result) -> dict[str, object]:
    details: dict[str, object] = {"attempt": result.exchange.attempts_made + 1}
    if reason := why_garbled(result.answer):
        details["reason"] = reason
    if result.answer.snapshot_at:
        details["snapshot_at"] = result.answer.snapshot_at.isoformat()
    if result.answer.records:
        details["numbers"] = [record.number for record in result.answer.records]
    return details


def _reply(results: Sequence[Result], now: datetime) -> None:
    """Tell whoever asked; who is about to hear more hears it all a moment later."""
    news = [result.exchange for result in results if result.is_news]
    if not news:
        return
    expecting = _expecting_more(news, now)
    send_many([_message(e, now, wait=e.case in expecting) for e in news], now=now)
    if expecting:
        # Their messages are ours now: of two batches that end at once, the one that
        # comes second sees here what the first has written.
        expecting -= _expecting_more(news, now)
        send_many([_message(e, now) for e in news if e.case in expecting], now=now)


def _expecting_more(exchanges: Sequence[Exchange], now: datetime) -> set[str]:
    """Return whose other questions are being asked right now, for the first time."""
    connection = connections[router.db_for_write(Exchange)]
    cases = listed(connection, {one.case for one in exchanges})
    asking = ASKING.format(among=among(connection))
    return {case for (case,) in fetch(connection, asking, [cases, now])}


def _message(exchange: Exchange, now: datetime, *, wait: bool = False) -> Message:
    at = now + GATHER if wait else None
    return Message(exchange.reply_task, exchange.reply_key, at)
