"""Read a request's body: a JSON object that some input describes, nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from rapidfuzz import process
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, UnsupportedMediaType
from rest_framework.request import Request

from services.api.errors import BodyUnreadable
from services.common.errors import InvalidInput, Problem

JSON = "application/json"


class Input(serializers.Serializer[Any]):
    """What a body may hold; a member that nobody knows is an error, not ignored."""

    def to_internal_value(self, data: Any) -> Any:
        """Return the validated values, or say what is wrong with each."""
        unknown = set(data) - set(self.fields) if isinstance(data, Mapping) else set()
        if unknown:
            raise InvalidInput(
                [_unknown(name, self.fields) for name in sorted(unknown)]
            )
        return super().to_internal_value(data)


def read(request: Request, expected: type[Input]) -> dict[str, Any]:
    """
    Return the body's members as an input describes them.

    :raises BodyUnreadable: if it is no JSON object of plain text.
    :raises InvalidInput: with a JSON pointer to each member that is wrong.
    :raises UnsupportedMediaType: if it is declared as something else.
    """
    if request.content_type.partition(";")[0].strip() != JSON:
        raise UnsupportedMediaType(request.content_type)
    serializer = expected(data=_object(request.body))
    if not serializer.is_valid():
        raise InvalidInput(list(_problems(serializer.errors)))
    return dict(serializer.validated_data)


def _object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body, parse_constant=_no_constant)
        _check_texts(value)
    except (ValueError, RecursionError) as error:
        raise BodyUnreadable(type(error).__name__) from error
    if not isinstance(value, dict):
        raise BodyUnreadable("no object")
    return value


def _no_constant(name: str) -> None:
    raise ValueError(name)  # NaN and Infinity are no JSON


def _check_texts(value: Any) -> None:
    """Refuse NUL and lone surrogates, which no text has and no column keeps."""
    if isinstance(value, str):
        if "\0" in value:
            raise ValueError("NUL")
        value.encode()
    elif isinstance(value, dict):
        for name, member in value.items():
            _check_texts(name)
            _check_texts(member)
    elif isinstance(value, list):
        for member in value:
            _check_texts(member)


def _unknown(name: str, known: Mapping[str, Any]) -> Problem:
    near = process.extractOne(name, list(known), score_cutoff=60)
    text = _("没有这个成员。")
    if near:
        text += _("是不是 %(nearest)s？") % {"nearest": near[0]}
    return Problem("unknown_member", text, pointer(name))


def pointer(*names: object) -> str:
    """Return a JSON pointer (RFC 6901)."""
    escaped = (str(name).replace("~", "~0").replace("/", "~1") for name in names)
    return "".join(f"/{name}" for name in escaped)


def _problems(errors: Any, at: str = "") -> Iterator[Problem]:
    if isinstance(errors, ErrorDetail):
        yield Problem(errors.code or "invalid", str(errors), at)
    elif isinstance(errors, Mapping):
        for name, inner in errors.items():
            own = name == "non_field_errors"
            yield from _problems(inner, at if own else at + pointer(name))
    else:
        for place, inner in enumerate(errors):
            whole = isinstance(inner, ErrorDetail)
            yield from _problems(inner, at if whole else at + pointer(place))
