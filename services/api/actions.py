"""What an applicant can do to a case of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.http import Http404, HttpResponse
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, PolymorphicProxySerializer
from rest_framework import serializers
from rest_framework.response import Response

from services.api.cases import CaseOutput
from services.api.documented import KEY, documented
from services.api.idempotency import once
from services.api.reading import Input, read
from services.api.tokens import ActorRequest
from services.api.view import ApplicantView
from services.cases.models import Case
from services.cases.operations.certify import pay_fee
from services.cases.operations.dispute import dispute_record
from services.cases.operations.withdraw import withdraw_case
from services.cases.queries.lists import find_case
from services.common.actors import Actor


class NothingInput(Input):
    """The action says it all: `{}`."""


class DisputeInput(Input):
    """“I do hold it”: number and issuer, never the paper (数据异议)."""

    material = serializers.CharField(max_length=8)
    number = serializers.CharField(max_length=80)
    issuer = serializers.CharField(max_length=120)
    subject = serializers.CharField(
        required=False,
        max_length=230,
        help_text="kind:key, where several people or things were asked about",
    )


def _withdraw(case: Case, actor: Actor, now: datetime) -> None:
    withdraw_case(case=case, actor=actor, now=now)


def _pay(case: Case, actor: Actor, now: datetime) -> None:
    pay_fee(case=case, actor=actor, now=now)


def _dispute(case: Case, actor: Actor, now: datetime, **said: str) -> None:
    dispute_record(case=case, actor=actor, now=now, **said)


class Act(NamedTuple):
    """One domain operation, and what its body may hold."""

    takes: type[Input]
    do: Callable[..., None]


ACTS: Mapping[str, Act] = {
    "withdraw": Act(NothingInput, _withdraw),
    "pay": Act(NothingInput, _pay),
    "dispute": Act(DisputeInput, _dispute),
}


class CaseAction(ApplicantView):
    """One act."""

    @documented(
        "cases.act",
        PolymorphicProxySerializer(
            component_name="ActionInput",
            serializers=[NothingInput, DisputeInput],
            resource_type_field_name=None,
        ),
        {200: CaseOutput},
        errors=(401, 403, 404, 409, 422),
        parameters=[
            OpenApiParameter("action", str, OpenApiParameter.PATH, enum=sorted(ACTS)),
            KEY,
        ],
    )
    def post(self, request: ActorRequest, number: str, action: str) -> HttpResponse:
        """Withdraw a case, pay its fee (simulated), or dispute what a register says."""
        return once(request, lambda: _act(request, number, action))


def _act(request: ActorRequest, number: str, action: str) -> Response:
    if action not in ACTS:
        raise Http404(action)
    case = find_case(number, actor=request.auth)
    act = ACTS[action]
    said: dict[str, Any] = read(request, act.takes)
    act.do(case, request.auth, timezone.now(), **said)
    return Response(CaseOutput(find_case(number, actor=request.auth)).data)
