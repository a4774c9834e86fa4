"""A page, or the problem document a machine asked for instead."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from services.catalogue.queries import one_catalogue
from services.web.problems import HEADER, Told, answer_json, wants_json


def answer(
    request: HttpRequest,
    template: str,
    context: Mapping[str, object],
    told: Told | None = None,
) -> HttpResponse:
    """Return the page; with what is wrong, its status and its stable code."""
    if told and wants_json(request):
        return answer_json(told)
    status = told.status if told else 200
    with one_catalogue():
        response = render(request, template, {**context, "told": told}, status=status)
    if told:
        response[HEADER] = told.code
    return response
