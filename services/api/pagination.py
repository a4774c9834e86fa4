"""Lists by cursor: what is added meanwhile moves nothing."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, QuerySet
from rest_framework import serializers
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response


class NewestFirst(CursorPagination):
    """Pages of what has a rising key, the newest first."""

    ordering = "-pk"
    page_size = 20
    page_size_query_param = "limit"
    max_page_size = 100


class InOrder(NewestFirst):
    """Pages of what has an order of its own."""

    def __init__(self, ordering: str) -> None:
        self.ordering = ordering


def answer_page(
    request: Request,
    rows: QuerySet[Any],
    output: type[serializers.Serializer[Any]],
    *,
    pages: CursorPagination | None = None,
) -> Response:
    """
    Return one page of rows and the addresses of its neighbours, the newest first.

    :raises NotFound: if the cursor is none of ours.
    """
    pages = pages or NewestFirst()
    page: list[Model] = pages.paginate_queryset(rows, request) or []
    return pages.get_paginated_response(output(page, many=True).data)


def page_of(
    output: type[serializers.Serializer[Any]],
) -> type[serializers.Serializer[Any]]:
    """Return the serializer that describes a page, for the schema."""
    members = {
        "next": serializers.URLField(allow_null=True),
        "previous": serializers.URLField(allow_null=True),
        "results": output(many=True),
    }
    name = output.__name__.replace("Output", "PageOutput")
    return type(name, (serializers.Serializer,), members)
