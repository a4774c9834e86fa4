"""Where departments send what they answer too late for the call that asked."""

from __future__ import annotations

from http import HTTPStatus

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from services.api.documented import documented
from services.api.operations.refuse import refuse_envelope
from services.api.view import PublicView
from services.common.errors import DomainError
from services.departments.gateways.envelope import (
    SIGNATURE,
    EnvelopeRefused,
    open_envelope,
)
from services.departments.gateways.keys import public_keys
from services.exchange.operations.receive import (
    SETTLED,
    UNKNOWN,
    Received,
    receive_answers,
)

UNREADABLE = ("not_json", "unknown_shape")  # the others are about who sealed it
RECEIPTS = {
    "": HTTPStatus.ACCEPTED,
    UNKNOWN: HTTPStatus.NOT_FOUND,
    SETTLED: HTTPStatus.CONFLICT,
}


class EnvelopeUnreadable(DomainError):
    """It is not the document that departments seal."""

    code = "envelope_unreadable"


class SignatureWrong(DomainError):
    """No department that we know has sealed it."""

    code = "signature_wrong"


class ReceiptOutput(serializers.Serializer[Received]):
    request_id = serializers.CharField()
    accepted = serializers.BooleanField()
    status = serializers.SerializerMethodField(
        help_text="202; 404 unknown here, 409 answered before, 422 not usable"
    )
    reason = serializers.CharField(allow_blank=True, help_text="why not")

    def get_status(self, received: Received) -> int:
        return int(RECEIPTS.get(received.reason, HTTPStatus.UNPROCESSABLE_ENTITY))


class ReceiptsOutput(serializers.Serializer[object]):
    receipts = ReceiptOutput(many=True)


class Answers(PublicView):
    """Late answers of departments: the seal says whose they are."""

    @documented(
        "departments.answer",
        OpenApiTypes.OBJECT,
        {202: ReceiptsOutput},
        errors=(401, 413),
        parameters=[
            OpenApiParameter(
                SIGNATURE,
                str,
                OpenApiParameter.HEADER,
                required=True,
                description="base64 of the Ed25519 signature of the body's bytes",
            )
        ],
    )
    def post(self, request: Request) -> Response:
        """Take in sealed answers; each gets a receipt, used or not."""
        body, now = request.body, timezone.now()
        try:
            department, answers = open_envelope(
                body, request.headers.get(SIGNATURE, ""), public_keys()
            )
        except EnvelopeRefused as refused:
            refuse_envelope(
                body=body,
                reason=refused.reason,
                sealed_for=refused.sealed_for,
                now=now,
            )
            unreadable = refused.reason.startswith(UNREADABLE)
            kind = EnvelopeUnreadable if unreadable else SignatureWrong
            raise kind(refused.reason) from refused
        receipts = receive_answers(department=department, answers=answers, now=now)
        return Response(
            ReceiptsOutput({"receipts": receipts}).data, status=HTTPStatus.ACCEPTED
        )
