"""What departments were asked for a case, and what each said: the five outcomes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.response import Response

from services.api.documented import documented
from services.api.opened import opened_case
from services.api.tokens import ActorRequest
from services.api.view import SignedInView
from services.cases.queries.summary import Verification, verifications
from services.common.errors import InvalidInput, Problem
from services.common.language import local
from services.departments.gateways.contract import CODES


class ExchangeOutput(serializers.Serializer[Verification]):
    id = serializers.CharField(source="exchange.public_id")
    material = serializers.CharField()
    material_name = serializers.CharField()
    material_name_en = serializers.CharField()
    department = serializers.CharField()
    department_name = serializers.CharField()
    department_name_en = serializers.CharField()
    state = serializers.CharField(source="exchange.state")
    outcome = serializers.ChoiceField(
        ["", *CODES], source="exchange.outcome", help_text="blank: nobody answered yet"
    )
    code = serializers.CharField(source="exchange.code", allow_blank=True)
    sentence = serializers.SerializerMethodField(
        help_text="what happened and what happens next"
    )
    issued_at = serializers.DateTimeField(source="exchange.issued_at")
    answered_at = serializers.DateTimeField(
        source="exchange.answered_at", allow_null=True
    )
    next_attempt_at = serializers.DateTimeField(source="exchange.next_attempt_at")
    deadline_at = serializers.DateTimeField(
        source="exchange.deadline_at", help_text="then a person of the department looks"
    )
    attempts_made = serializers.IntegerField(source="exchange.attempts_made")
    reused = serializers.BooleanField(source="exchange.reused")

    def get_sentence(self, line: Verification) -> str:
        now: datetime = self.context["now"]
        return line.words(department=local(line, "department_name"), now=now)


class ExchangesOutput(serializers.Serializer[Any]):
    results = ExchangeOutput(many=True)


class Exchanges(SignedInView):
    """The exchanges of one case."""

    @documented(
        "cases.exchanges",
        None,
        {200: ExchangesOutput},
        errors=(401, 404, 422),
        parameters=[OpenApiParameter("case", str, required=True, description="number")],
    )
    def get(self, request: ActorRequest) -> Response:
        """List what departments were asked for a case, in the order of asking."""
        number = request.query_params.get("case", "")
        if not number:
            text = _("请写明办件编号。")
            raise InvalidInput([Problem("case_needed", text, "/case")])
        found = {"results": verifications(opened_case(request, number))}
        now = timezone.now()
        return Response(ExchangesOutput(found, context={"now": now}).data)
