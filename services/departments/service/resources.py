"""What the departments' service offers; `openapi.json` describes it."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from importlib.resources import files
from typing import NamedTuple

from django.db import DatabaseError

from services.departments.gateways.contract import HUB, question_digest
from services.departments.gateways.envelope import (
    SIGNATURE,
    Envelope,
    read,
    seal,
    sign,
    write,
)
from services.departments.gateways.wire import (
    Shape,
    checked,
    deposit_from_json,
    question_from_json,
)
from services.departments.gateways.wire_upkeep import (
    behaviour_to_json,
    changes_from_json,
    seen_to_json,
)
from services.departments.house import behaviours, journal, knows_number
from services.departments.hub import lines
from services.departments.operations.behave import behave
from services.departments.operations.deposit import take_in
from services.departments.operations.relay import relay
from services.departments.reply import Terms
from services.departments.service.messages import Request, Response
from services.departments.service.private_keys import PrivateKeys, public_text

logger = logging.getLogger(__name__)

ANSWERS_WITHIN_SECONDS = 4
AT_ONCE = 500  # questions or deposits in one call
QUESTIONS: Shape = {"questions": list, "reply_to": str}
DEPOSITS: Shape = {"deposits": list}
CONTRACT = files("services.departments.service") / "openapi.json"


class House(NamedTuple):
    """What the service was started with."""

    keys: PrivateKeys
    clock: Callable[[], datetime]
    time_scale: float = 0


Resource = Callable[[Request, House, str], Response]


def respond(request: Request, house: House) -> Response:
    """Return what is meant to be sent, whatever came in."""
    for method, path, resource in RESOURCES:
        found = path.fullmatch(request.url.path)
        if found and method == request.method:
            code = found.groupdict().get("code", "")
            if code and code not in house.keys:
                break
            return _guarded(resource, request, house, code)
    return Response.refusal(HTTPStatus.NOT_FOUND)


def _guarded(resource: Resource, request: Request, house: House, code: str) -> Response:
    try:
        return resource(request, house, code)
    except ValueError as wrong:
        return Response.refusal(HTTPStatus.BAD_REQUEST, str(wrong))
    except DatabaseError:
        logger.exception("the register of %s does not answer", code or "everybody")
        return Response.refusal(HTTPStatus.INTERNAL_SERVER_ERROR)


def _healthz(_request: Request, _house: House, _code: str) -> Response:
    return Response.of({"ok": True})


def _openapi(_request: Request, _house: House, _code: str) -> Response:
    return Response(HTTPStatus.OK, CONTRACT.read_bytes())


def _about(_request: Request, house: House, _code: str) -> Response:
    return Response.of(
        {
            "answers_within_seconds": ANSWERS_WITHIN_SECONDS,
            "at_once": AT_ONCE,
            "keys": {code: public_text(key) for code, key in house.keys.items()},
            "behind_the_hub": [
                code for code, age in lines().items() if age is not None
            ],
        }
    )


def _questions(request: Request, house: House, code: str) -> Response:
    sent = checked(read(request.body), QUESTIONS)
    questions = [question_from_json(each) for each in _some(sent["questions"])]
    reply = relay(
        department=code,
        questions=questions,
        terms=Terms(house.clock(), house.time_scale, sent["reply_to"]),
    )
    digests = {one.request_id: question_digest(one) for one in questions}
    answers = [
        replace(answer, digest=digests.get(answer.request_id, ""))
        for answer in reply.answers
    ]
    envelope = Envelope(code, reply.signer, answers)
    body, signature = seal(envelope, house.keys[reply.signer])
    return Response(
        HTTPStatus.OK,
        body,
        headers={SIGNATURE: signature},
        mode=reply.mode,
        seconds=reply.seconds,
    )


def _deposits(request: Request, house: House, code: str) -> Response:
    sent = checked(read(request.body), DEPOSITS)
    deposits = [deposit_from_json(each, code) for each in _some(sent["deposits"])]
    reply = take_in(
        department=code,
        deposits=deposits,
        terms=Terms(house.clock(), house.time_scale),
    )
    body = write({"department": code, "kept": sorted(reply.kept)})
    return Response(
        HTTPStatus.OK,
        body,
        headers={SIGNATURE: sign(body, house.keys[code])},
        mode=reply.mode,
        seconds=reply.seconds,
    )


def _number(request: Request, _house: House, code: str) -> Response:
    known = knows_number(
        department=code,
        material=request.parameter("material"),
        number=request.parameter("number"),
        entity=request.parameter("entity"),
    )
    return Response.of({"known": known})


def _journal(request: Request, _house: House, code: str) -> Response:
    since = datetime.fromisoformat(request.parameter("since"))
    seen = journal(department=code, since=since)
    return Response.of({"seen": [seen_to_json(each) for each in seen]})


def _behaviours(_request: Request, _house: House, _code: str) -> Response:
    return Response.of({"behaviours": [behaviour_to_json(one) for one in behaviours()]})


def _behave(request: Request, _house: House, code: str) -> Response:
    changes = changes_from_json(read(request.body))
    return Response.of(behaviour_to_json(behave(department=code, changes=changes)))


def _some(sent: list[object]) -> list[object]:
    if not 0 < len(sent) <= AT_ONCE:
        raise ValueError(f"send 1 to {AT_ONCE}")
    return sent


def _resource(
    method: str, path: str, resource: Resource
) -> tuple[str, re.Pattern[str], Resource]:
    pattern = path.replace("{code}", r"(?P<code>[a-z_]+)")
    pattern = pattern.replace("{department}", rf"(?P<code>(?!{HUB}/)[a-z_]+)")
    return method, re.compile(pattern), resource


RESOURCES = [
    _resource("GET", "/healthz", _healthz),
    _resource("GET", "/openapi.json", _openapi),
    _resource("GET", "/about", _about),
    _resource("GET", "/behaviours", _behaviours),
    _resource("PUT", "/departments/{code}/behaviour", _behave),
    _resource("POST", "/departments/{department}/questions", _questions),
    _resource("POST", "/departments/{department}/deposits", _deposits),
    _resource("GET", "/departments/{department}/numbers", _number),
    _resource("GET", "/departments/{code}/journal", _journal),
]
