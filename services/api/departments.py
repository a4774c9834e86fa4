"""Departments: how each is doing, and how it fails when an operator wants it to."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.http import Http404, HttpResponse
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from services.api.documented import KEY, documented
from services.api.idempotency import once
from services.api.reading import Input, read
from services.api.tokens import ActorRequest
from services.api.view import OperatorView, PublicView
from services.catalogue.models import Department
from services.departments.faults import Mode
from services.departments.gateways.contract import HUB, Behaviour
from services.departments.operations.switch import PARAMETERS, switch
from services.exchange.models import Breaker
from services.exchange.queries import LineStatus, lines


class _Row(NamedTuple):
    department: Department
    line: LineStatus


class LineOutput(serializers.Serializer[LineStatus]):
    state = serializers.ChoiceField(
        Breaker.State.choices, help_text="open: it rests after failures"
    )
    since = serializers.DateTimeField(allow_null=True)
    waiting = serializers.IntegerField(help_text="questions that it still owes us")
    oldest_at = serializers.DateTimeField(allow_null=True)
    with_officer = serializers.IntegerField(help_text="of these, with a person there")


class DepartmentOutput(serializers.Serializer[_Row]):
    code = serializers.CharField(source="department.code")
    name = serializers.CharField(source="department.name")
    name_en = serializers.CharField(source="department.name_en")
    via_hub = serializers.BooleanField(source="department.via_hub")
    line = LineOutput()


class DepartmentsOutput(serializers.Serializer[Any]):
    results = DepartmentOutput(many=True)


def _parameter(name: str, means: str) -> serializers.IntegerField:
    least, most = PARAMETERS[name]
    return serializers.IntegerField(
        required=False, min_value=least, max_value=most, help_text=means
    )


class FaultInput(Input):
    fault = serializers.ChoiceField([mode.value for mode in Mode])
    latency_ms = _parameter("latency_ms", "how long it thinks; slow: the median")
    p99_ms = _parameter("p99_ms", "slow: one call in a hundred takes this or longer")
    defer_seconds = _parameter("defer_seconds", "late, deferred: answered after that")
    seed = _parameter("seed", "the same faults again")


class ProfileOutput(serializers.Serializer[Behaviour]):
    department = serializers.CharField()
    fault = serializers.CharField(source="mode")
    latency_ms = serializers.IntegerField()
    p99_ms = serializers.IntegerField()
    defer_seconds = serializers.IntegerField()
    seed = serializers.IntegerField()
    switched_at = serializers.DateTimeField()


class Departments(PublicView):
    """All departments."""

    @documented("departments.list", None, {200: DepartmentsOutput})
    def get(self, request: Request) -> Response:  # noqa: ARG002
        """List the departments by code, with the state of the line to each."""
        known = {line.department: line for line in lines(timezone.now())}
        rows = [
            _Row(department, known[department.code])
            for department in Department.objects.order_by("code")
            if department.code in known
        ]
        return Response(DepartmentsOutput({"results": rows}).data)


class DepartmentFault(OperatorView):
    """How one department, or the hub, behaves (simulated)."""

    @documented(
        "departments.fault",
        FaultInput,
        {200: ProfileOutput},
        errors=(401, 403, 404, 409, 422),
        parameters=[KEY],
    )
    def post(self, request: ActorRequest, code: str) -> HttpResponse:
        """Switch a fault on, or `up` to end it. The log says who did."""
        return once(request, lambda: _switch(request, code))


def _switch(request: ActorRequest, code: str) -> Response:
    wanted = read(request, FaultInput)
    if code != HUB and not Department.objects.filter(code=code).exists():
        raise Http404(code)
    profile = switch(
        code,
        wanted["fault"],
        actor=request.auth,
        now=timezone.now(),
        **{name: wanted.get(name) for name in PARAMETERS},
    )
    return Response(ProfileOutput(profile).data)
