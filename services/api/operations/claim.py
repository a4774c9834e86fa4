"""Let one of several equal requests do the work, and keep its answer for the others."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connection
from django.db.models import QuerySet

from services.api.models import IdempotencyKey
from services.common.bulk import insert_new_rows
from services.common.errors import DomainError
from services.common.statements import change

LOCK = timedelta(seconds=10)  # what a claim is worth if its process dies
KEPT = timedelta(hours=24)
COLUMNS = (
    "actor",
    "key",
    "digest",
    "locked_until",
    "headers",
    "body",
    "created_at",
)
KEEP_SQL = (
    "UPDATE api_idempotencykey SET status = %s, headers = %s, body = %s"
    " WHERE actor = %s AND key = %s AND locked_until = %s AND status IS NULL"
)


class KeyReused(DomainError):
    """The key came with another request before."""

    code = "idempotency_key_reused"


class TwinInFlight(DomainError):
    """The same request is being worked on."""

    code = "request_in_flight"

    def __init__(self, wait: timedelta) -> None:
        super().__init__(str(wait))
        self.retry_after_s = max(1, round(wait.total_seconds()))


class Repeatable(NamedTuple):
    """A request that may be sent twice."""

    actor: str
    key: str
    digest: str


class Answer(NamedTuple):
    """An answer as it went out."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Claim(NamedTuple):
    """The right to work on a request; whoever takes it over has another `until`."""

    request: Repeatable
    until: datetime


def claim(request: Repeatable, *, now: datetime) -> Claim | Answer:
    """
    Return the right to work on a request, or the answer that it got before.

    :raises KeyReused: if the key came with another request.
    :raises TwinInFlight: while somebody works on the same request.
    """
    until = now + LOCK
    row = [*request, until, json.dumps({}), b"", now]
    if insert_new_rows(connection, IdempotencyKey, COLUMNS, [row]):
        return Claim(request, until)
    known = _row(request)
    if known is None:  # given back or forgotten a moment ago
        raise TwinInFlight(LOCK)
    if known.digest != request.digest:
        raise KeyReused(request.key)
    if known.status is not None:
        return Answer(known.status, known.headers, bytes(known.body))
    # Further ahead than a lock lasts: written before the clock was put back.
    if now < known.locked_until <= until:
        raise TwinInFlight(known.locked_until - now)
    if not _mine(Claim(request, known.locked_until)).update(locked_until=until):
        raise TwinInFlight(LOCK)
    return Claim(request, until)


def keep_answer(held: Claim, answer: Answer) -> None:
    """Keep the answer for whoever repeats the request, if the claim still holds."""
    request, headers = held.request, json.dumps(answer.headers)
    kept = [answer.status, headers, answer.body, request.actor, request.key, held.until]
    change(connection, KEEP_SQL, kept)


def give_back(held: Claim) -> None:
    """Let the next request with this key do the work: this one came to no answer."""
    _mine(held).delete()


def forget_keys(*, now: datetime) -> int:
    """Forget what was answered a day ago; return how many keys."""
    old = IdempotencyKey.objects.filter(created_at__lt=now - KEPT)
    return old.delete()[0]


def _row(request: Repeatable) -> IdempotencyKey | None:
    return IdempotencyKey.objects.filter(actor=request.actor, key=request.key).first()


def _mine(held: Claim) -> QuerySet[IdempotencyKey]:
    return IdempotencyKey.objects.filter(
        actor=held.request.actor,
        key=held.request.key,
        locked_until=held.until,
        status=None,
    )
