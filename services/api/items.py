"""The catalogue: 251 service items, and what follows from answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from services.accounts.queries import entity_of
from services.api.documented import documented
from services.api.pagination import InOrder, answer_page, page_of
from services.api.reading import Input, read
from services.api.tokens import ActorRequest
from services.api.view import AnybodyView, PublicView
from services.cases.plans import preview_plan
from services.cases.problems import answer_problems
from services.catalogue.definition import Definition, MaterialLink
from services.catalogue.models import Item
from services.catalogue.queries import (
    current_version,
    definition_of,
    items,
    one_catalogue,
    search,
)
from services.catalogue.search import ItemHit
from services.common.errors import InvalidInput

MOST_HITS = 20


class ItemOutput(serializers.Serializer[Item]):
    code = serializers.CharField()
    name = serializers.CharField()
    name_en = serializers.CharField()
    department = serializers.CharField(source="department_id")


class HitOutput(serializers.Serializer[ItemHit]):
    code = serializers.CharField()
    name = serializers.CharField()
    name_en = serializers.CharField()
    department = serializers.CharField(help_text="the department's name")
    score = serializers.FloatField(help_text="0 to 103")
    why = serializers.CharField(help_text="what matched: code, name, phrase, pinyin…")
    matched = serializers.CharField()


class HitsOutput(serializers.Serializer[Any]):
    results = HitOutput(many=True)


class OptionOutput(serializers.Serializer[Any]):
    code = serializers.CharField()
    text = serializers.CharField()
    text_en = serializers.CharField()
    default = serializers.BooleanField()


class QuestionOutput(serializers.Serializer[Any]):
    code = serializers.CharField()
    text = serializers.CharField()
    text_en = serializers.CharField()
    kind = serializers.ChoiceField(["single", "multi", "boolean"])
    options = OptionOutput(many=True)


class MaterialOutput(serializers.Serializer[MaterialLink]):
    material = serializers.CharField()
    name = serializers.CharField()
    name_en = serializers.CharField()
    kind = serializers.CharField(
        help_text="government_issued: never asked of the applicant"
    )
    how = serializers.ChoiceField(["exchange", "form", "sign", "upload"])
    holder = serializers.CharField(
        allow_blank=True, help_text="department that answers for it"
    )
    key = serializers.BooleanField()
    reason_not_required = serializers.CharField(allow_blank=True)


class FieldOutput(serializers.Serializer[Any]):
    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    label_en = serializers.CharField()
    type = serializers.CharField()
    unit = serializers.CharField(allow_blank=True)
    required = serializers.BooleanField()  # type: ignore[assignment]
    choices = serializers.ListField(child=serializers.CharField())
    prefill = serializers.CharField(allow_blank=True, help_text="who fills it in")


class ItemDetailOutput(serializers.Serializer[Definition]):
    code = serializers.CharField()
    name = serializers.CharField()
    name_en = serializers.CharField()
    department = serializers.CharField()
    item_type = serializers.CharField()
    legal_basis = serializers.CharField()
    instant = serializers.BooleanField()
    promised_days = serializers.IntegerField(help_text="working days; 0: on the spot")
    statutory_unit = serializers.CharField()
    statutory_value = serializers.IntegerField()
    acceptance_mode = serializers.CharField()
    inspection = serializers.BooleanField()
    fee = serializers.BooleanField()
    result_name = serializers.CharField()
    result_material = serializers.CharField()
    visits_now = serializers.IntegerField()
    questions = QuestionOutput(many=True)
    materials = serializers.SerializerMethodField()
    fields = FieldOutput(many=True)  # type: ignore[assignment]

    @extend_schema_field(MaterialOutput(many=True))
    def get_materials(self, definition: Definition) -> Sequence[object]:
        links = (definition.links[code] for code in definition.materials)
        return [MaterialOutput(link).data for link in links]


class PlanInput(Input):
    answers = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField(max_length=80)),
        required=False,
        help_text="option codes by question; defaults stand for the others",
    )


class PlannedQuestionOutput(serializers.Serializer[Any]):
    code = serializers.CharField(source="question.code")
    answer = serializers.ListField(child=serializers.CharField())
    given_by = serializers.CharField(help_text="decided, stated, suggested, default")
    because = serializers.CharField(allow_blank=True, help_text="what data decided it")


class MemberOutput(serializers.Serializer[Any]):
    material = serializers.CharField()
    name = serializers.CharField()
    name_en = serializers.CharField()
    how = serializers.ChoiceField(["exchange", "form", "sign", "upload"])
    department = serializers.CharField(allow_blank=True)
    fallback = serializers.BooleanField()


class PlannedRequirementOutput(serializers.Serializer[Any]):
    name = serializers.CharField()
    name_en = serializers.CharField()
    subject = serializers.CharField(source="subject.kind")
    key = serializers.BooleanField()
    commit_ok = serializers.BooleanField()
    deferrable = serializers.BooleanField()
    status = serializers.ChoiceField(["satisfied", "missing", "applicant", "open"])
    members = MemberOutput(many=True, help_text="any one of them is enough")


class StopOutput(serializers.Serializer[Any]):
    kind = serializers.CharField()
    value = serializers.CharField()
    reason = serializers.CharField()
    reason_en = serializers.CharField()
    question = serializers.CharField()
    option = serializers.CharField()


class PlanOutput(serializers.Serializer[Any]):
    questions = PlannedQuestionOutput(many=True)
    requirements = PlannedRequirementOutput(many=True)
    instant = serializers.BooleanField()
    inspection = serializers.BooleanField()
    promised_days = serializers.IntegerField()
    statutory_unit = serializers.CharField()
    statutory_value = serializers.IntegerField()
    stop = StopOutput(allow_null=True, help_text="why the answers end the application")


class Items(PublicView):
    """The items in force."""

    @documented("catalogue.list", None, {200: page_of(ItemOutput)}, errors=(404,))
    def get(self, request: Request) -> Response:
        """List the items, by number."""
        return answer_page(request, items(), ItemOutput, pages=InOrder("seq"))


class ItemSearch(PublicView):
    """What somebody may mean."""

    @documented(
        "catalogue.search",
        None,
        {200: HitsOutput},
        parameters=[OpenApiParameter("q", str, description="words, pinyin, a code")],
    )
    def get(self, request: Request) -> Response:
        """Find items by what people type, the likeliest first."""
        hits = search(request.query_params.get("q", ""), limit=MOST_HITS)
        return Response(HitsOutput({"results": hits}).data)


class ItemDetail(PublicView):
    """One item."""

    @documented("catalogue.item", None, {200: ItemDetailOutput}, errors=(404,))
    def get(self, request: Request, code: str) -> Response:  # noqa: ARG002
        """Return an item by code, number or name: questions, materials, form."""
        return Response(ItemDetailOutput(definition_of(current_version(code))).data)


class ItemPlan(AnybodyView):
    """What follows from answers."""

    @documented("catalogue.plan", PlanInput, {200: PlanOutput}, errors=(401, 404, 422))
    def post(self, request: ActorRequest, code: str) -> Response:
        """
        Return the exact requirements for some answers, and who provides each.

        Nothing is stored and nobody is asked. With an applicant's token the register's
        facts of the company decide what they decide.
        """
        answers = read(request, PlanInput).get("answers", {})
        uscc = request.auth.entity if request.auth else ""
        with one_catalogue():
            definition = definition_of(current_version(code))
            plan = preview_plan(
                definition,
                entity_of(uscc) if uscc else None,
                answers=answers,
                now=timezone.now(),
            )
            if problems := answer_problems(definition, plan, answers):
                raise InvalidInput(problems)
        return Response(PlanOutput(plan).data)
