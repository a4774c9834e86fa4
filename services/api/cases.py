"""Cases: file one, list one's own, follow one."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers, status
from rest_framework.response import Response

from services.accounts.permissions import may
from services.accounts.queries import entity_of
from services.api.access import IsApplicant, SignedIn
from services.api.documented import KEY, documented
from services.api.idempotency import key_of, once
from services.api.opened import opened_case
from services.api.pagination import answer_page, page_of
from services.api.reading import Input, read
from services.api.tokens import ActorRequest
from services.api.view import SignedInView
from services.cases.models import Case, Certificate, Requirement, Task
from services.cases.operations.look import look_at_list
from services.cases.operations.submit import Submission, submit_case
from services.cases.queries.lists import visible_cases
from services.cases.queries.summary import Asked, CaseSummary, Saved, summary
from services.cases.telling import say_unknown_item
from services.catalogue.models import ItemVersion
from services.catalogue.queries import ItemUnknown, current_version, one_catalogue
from services.common.errors import InvalidInput, Problem

LONGEST = 4000  # characters of one field


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Everything given",
            {
                "item": "HZ-004",
                "answers": {"premises": ["leased"], "commitment": ["yes"]},
                "fields": {"seats": "40"},
            },
            request_only=True,
        ),
        OpenApiExample(
            "A licence number and an item (demo)",
            {"item": "HZ-004", "fill": "demo"},
            request_only=True,
        ),
    ]
)
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


class RequirementOutput(serializers.Serializer[Requirement]):
    name = serializers.CharField()
    name_en = serializers.CharField()
    state = serializers.ChoiceField(Requirement.State.choices)
    means = serializers.CharField(allow_blank=True, help_text="how it was shown")
    satisfied_by = serializers.CharField(allow_blank=True, help_text="material")
    due_on = serializers.DateField(allow_null=True)


class AskedOutput(serializers.Serializer[Asked]):
    material = serializers.CharField()
    name = serializers.CharField()
    name_en = serializers.CharField()
    kind = serializers.CharField(help_text="never government_issued")
    means = serializers.CharField()


class SavedOutput(serializers.Serializer[Saved]):
    documents = serializers.IntegerField()
    visits = serializers.IntegerField(help_text="from guessed figures")


class TaskOutput(serializers.Serializer[Task]):
    task = serializers.CharField(source="kind")
    person = serializers.CharField(source="assignee_name")
    due_on = serializers.DateField(allow_null=True)


class CertificateOutput(serializers.Serializer[Certificate]):
    number = serializers.CharField()
    name = serializers.CharField()
    issued_on = serializers.DateField()
    valid_until = serializers.DateField(allow_null=True)


class CaseDetailOutput(serializers.Serializer[CaseSummary]):
    """A case with what was obtained, what was asked, and who has to act."""

    requirements = RequirementOutput(many=True)
    asked_of_applicant = AskedOutput(many=True, source="asked")
    saved = SavedOutput()
    waits_for = TaskOutput(many=True, source="tasks")
    certificate = CertificateOutput(allow_null=True)

    def get_fields(self) -> dict[str, Any]:
        """Return the members of the case itself, then those of its summary."""
        own = CaseOutput().get_fields()
        for name, field in own.items():
            field.source = f"case.{field.source or name}"
        return {**own, **super().get_fields()}


class Cases(SignedInView):
    """The cases that somebody may see; applicants file theirs."""

    def get_permissions(self) -> list[Any]:
        """Let applicants file, and everybody see what is theirs to see."""
        return [IsApplicant() if self.request.method == "POST" else SignedIn()]

    @documented("cases.list", None, {200: page_of(CaseOutput)}, errors=(401, 404))
    def get(self, request: ActorRequest) -> Response:
        """List cases, the newest first; a clerk's query is recorded."""
        actor, asked = request.auth, request.query_params
        answer = answer_page(request, visible_cases(actor), CaseOutput)
        if may(actor, "use_desk"):
            filters = {name: asked.get(name, "") for name in ("cursor", "limit")}
            look_at_list(name="cases", asked=filters, actor=actor, now=timezone.now())
        return answer

    @documented(
        "cases.file",
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

    @documented("cases.case", None, {200: CaseDetailOutput}, errors=(401, 404))
    def get(self, request: ActorRequest, number: str) -> Response:
        """Return a case by its number or its draft's reference."""
        told = summary(opened_case(request, number))
        return Response(CaseDetailOutput(told).data)


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
