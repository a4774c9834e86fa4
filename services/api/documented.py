"""Say in the schema what an operation takes, gives, and how it can fail."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any, TypeVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    PolymorphicProxySerializer,
    extend_schema,
)
from rest_framework import serializers

from services.api.errors import CONTENT_TYPE
from services.api.reading import Input

Handler = TypeVar("Handler", bound=Callable[..., Any])
Outputs = Mapping[int, type[serializers.BaseSerializer[Any]] | None]
ALWAYS = (400, 503)


class ProblemErrorOutput(serializers.Serializer[object]):
    code = serializers.CharField(help_text="stable")
    detail = serializers.CharField(help_text="a sentence in the reader's language")
    pointer = serializers.CharField(
        allow_blank=True, help_text="JSON pointer to the member that is wrong"
    )


class ProblemOutput(serializers.Serializer[object]):
    """RFC 9457."""

    type = serializers.CharField(default="about:blank")
    title = serializers.CharField(help_text="what is wrong, in a sentence")
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="stable")
    errors = ProblemErrorOutput(many=True)  # type: ignore[assignment]
    reference = serializers.CharField(help_text="finds the request in our log")


KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="Repeat a request under the same key and get the same answer, with "
    "`Idempotent-Replayed: true`. Kept for 24 hours.",
)
LANGUAGE = OpenApiParameter(
    "Accept-Language",
    str,
    OpenApiParameter.HEADER,
    enum=["zh-hans", "en"],
    description="Language of sentences.",
)


def documented(
    operation: str,
    body: type[Input] | PolymorphicProxySerializer | OpenApiTypes | None,
    outputs: Outputs,
    *,
    errors: Iterable[int] = (),
    parameters: Iterable[OpenApiParameter] = (),
) -> Callable[[Handler], Handler]:
    """
    Return a decorator for a view's method; every failure is a problem document.

    :param operation: its group and what it does, e.g. `cases.file`.
    """
    failures = {
        (status, CONTENT_TYPE): OpenApiResponse(
            ProblemOutput, description=HTTPStatus(status).phrase
        )
        for status in sorted({*errors, *ALWAYS})
    }
    decorate: Callable[[Handler], Handler] = extend_schema(
        operation_id=operation.replace(".", "_"),
        tags=[operation.partition(".")[0]],
        request=body,
        responses={**outputs, **failures},
        parameters=[*parameters, LANGUAGE],
    )
    return decorate
