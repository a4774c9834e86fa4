"""Cases: file one, list one's own, follow one."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from rest_framework import serializers, status
from rest_framework.response import Response

from services.accounts.queries import entity_of
from services.api.access import IsApplicant, SignedIn
from services.api.documented import KEY, documented
from services.api.idempotency import key_of, once
from services.api.pagination import answer_page, page_of
from services.api.reading import Input, read
from services.api.tokens import ActorRequest
from services.api.view import SignedInView
from services.cases.models import Case
from services.cases.operations.submit import Submission, submit_case
from services.cases.queries.lists import find_case, visible_cases
from services.cases.telling import say_unknown_item
from services.catalogue.models import ItemVersion
from services.catalogue.queries import ItemUnknown, current_version, one_catalogue
from services.common.errors import InvalidInput, Problem

LONGEST = 4000  # characters of one field


class CaseInput(Input):
    item = serializers.CharField(max_length=200, help_text="code, number or exact name")
    answers = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField(max_length=80)),
        required=False,
        help_text="option codes by question; data answers the others",
    )
    fields = serializers.DictField(  # type: ignore[assignment]
        child=serializers.CharField(max_length=LONGEST, allow_blank=True),
        required=False,
        help_text="values by field; registers prefill the others",
    )
    commitments = serializers.ListField(
        child=serializers.CharField(max_length=8),
        required=False,
        help_text="materials replaced by a commitment (告知承诺)",
    )
    deferred = serializers.ListField(
        child=serializers.CharField(max_length=8),
        required=False,
        help_text="own materials that follow later (容缺后补)",
    )
    insist = serializers.BooleanField(
        required=False, help_text="file although the answers end the application"
    )
    fill = serializers.ChoiceField(
        ["demo"],
        required=False,
        help_text="demo values, marked as such, for what is not given",
    )


class CaseOutput(serializers.Serializer[Case]):
    reference = serializers.CharField(help_text="of the draft it came from")
    number = serializers.CharField(allow_null=True)
    state = serializers.ChoiceField(Case.State.choices)
    item = serializers.CharField(source="item_version.item_id")
    entity = serializers.CharField(source="entity.uscc")
    office = serializers.CharField(source="office_id", allow_null=True)
    received_at = serializers.DateTimeField(allow_null=True)
    accept_by = serializers.DateTimeField(allow_null=True)
    accepted_at = serializers.DateTimeField(allow_null=True)
    promised_on = serializers.DateField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)


class Cases(SignedInView):
    """The cases that somebody may see; applicants file theirs."""

    def get_permissions(self) -> list[Any]:
        """Let applicants file, and everybody see what is theirs to see."""
        return [IsApplicant() if self.request.method == "POST" else SignedIn()]

    @documented("cases", None, {200: page_of(CaseOutput)}, errors=(401, 404))
    def get(self, request: ActorRequest) -> Response:
        """List cases, the newest first."""
        return answer_page(request, visible_cases(request.auth), CaseOutput)

    @documented(
        "cases",
        CaseInput,
        {201: CaseOutput},
        errors=(401, 403, 409, 422),
        parameters=[KEY],
    )
    def post(self, request: ActorRequest) -> HttpResponse:
        """File a case for the signed-in company."""
        return once(request, lambda: _file(request))


class CaseDetail(SignedInView):
    """One case."""

    @documented("cases", None, {200: CaseOutput}, errors=(401, 404))
    def get(self, request: ActorRequest, number: str) -> Response:
        """Return a case by its number or its draft's reference."""
        return Response(CaseOutput(find_case(number, actor=request.auth)).data)


def _file(request: ActorRequest) -> Response:
    given: dict[str, Any] = read(request, CaseInput)
    submission = Submission(
        answers=given.get("answers", {}),
        fields=given.get("fields", {}),
        commitments=tuple(given.get("commitments", ())),
        deferred=tuple(given.get("deferred", ())),
        insist=given.get("insist", False),
        fill=given.get("fill") == "demo",
        key=key_of(request),
    )
    with one_catalogue():
        case = submit_case(
            entity=entity_of(request.auth.entity),
            item_version=_version(given["item"]),
            submission=submission,
            actor=request.auth,
            now=timezone.now(),
        )
    return Response(
        CaseOutput(case).data,
        status=status.HTTP_201_CREATED,
        headers={"Location": reverse("api:case", args=[case.number])},
    )


def _version(text: str) -> ItemVersion:
    try:
        return current_version(text)
    except ItemUnknown as error:
        told = Problem(error.code, say_unknown_item(error), "/item")
        raise InvalidInput([told]) from error
