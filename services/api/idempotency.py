"""
The `Idempotency-Key` header (draft-ietf-httpapi-idempotency-key-header) around a write.

The first request with a key does the work; the same again gets the same bytes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpResponse
from django.utils import timezone
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from services.api.errors import problem, told_of
from services.api.operations.claim import (
    Answer,
    Claim,
    Repeatable,
    claim,
    give_back,
    keep_answer,
)
from services.api.tokens import ActorRequest
from services.common.errors import DomainError

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
VISIBLE = re.compile(r"[\x21-\x7e]{1,200}")
# Refusals that the same request would meet again: what is wrong lies in it.
FINAL = {HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY}


class KeyInvalid(DomainError):
    """The key is empty, too long, or not plain."""

    code = "idempotency_key_invalid"


def key_of(request: ActorRequest) -> str:
    """
    Return the request's key, with or without the quotes of a structured field.

    :raises KeyInvalid: if it is empty, too long, or not plain.
    """
    given = request.headers.get(HEADER)
    if given is None:
        return ""
    key = given.strip()
    if len(key) > 1 and key[0] == key[-1] == '"':
        key = key[1:-1]
    if not VISIBLE.fullmatch(key):
        raise KeyInvalid(given)
    return key


def once(request: ActorRequest, act: Callable[[], Response]) -> HttpResponse:
    """Do a write, or return what it answered when it came under the same key."""
    key = key_of(request)
    if not key:
        return act()
    held = claim(_repeatable(request, key), now=timezone.now())
    if isinstance(held, Answer):
        return _response(held, {REPLAYED: "true"})
    try:
        return _done(request, held, act)
    except BaseException:
        give_back(held)
        raise


def _done(
    request: ActorRequest, held: Claim, act: Callable[[], Response]
) -> HttpResponse:
    try:
        response = act()
    except DomainError as error:
        told = told_of(error)
        if told is None or told.status not in FINAL:
            raise
        response = problem(told, request)
    answer = _rendered(response)
    keep_answer(held, answer)
    return _response(answer, {})


def _repeatable(request: ActorRequest, key: str) -> Repeatable:
    digest = hashlib.sha256(f"{request.method} {request.path}\n".encode())
    digest.update(request.body)
    actor = request.auth
    return Repeatable(f"{actor.id} {actor.entity}".strip(), key, digest.hexdigest())


def _rendered(response: Response) -> Answer:
    headers = {name: value for name, value in response.items() if name == "Location"}
    headers["Content-Type"] = response.content_type or "application/json"
    return Answer(response.status_code, headers, JSONRenderer().render(response.data))


def _response(answer: Answer, more: dict[str, str]) -> HttpResponse:
    return HttpResponse(
        answer.body, status=answer.status, headers={**answer.headers, **more}
    )
