"""Every error as a problem document (RFC 9457) with a stable code and a reference."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest
from django.http.request import RawPostDataException, UnreadablePostError
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import APIView

from services.api.operations.claim import TwinInFlight
from services.cases.operations.filing import FilingStopped
from services.cases.telling import Told, problem_document, tell
from services.common.errors import DomainError, Problem

CONTENT_TYPE = "application/problem+json"

log = logging.getLogger(__name__)


class BodyUnreadable(DomainError):
    """The body is no JSON object of texts."""

    code = "unreadable_body"


SENTENCES: Mapping[str, str | StrPromise] = {
    "unreadable_body": _("请求内容无法读取：应为 UTF-8 编码的 JSON 对象。"),
    "unreadable_request": _("请求无法读取：含有不可用的字符，或连接已中断。"),
    "body_too_large": _("请求内容过大。"),
    "not_signed_in": _("请先登录，并在 Authorization 头中带上令牌。"),
    "token_invalid": _("令牌无效或已过期，请重新登录。"),
    "not_found": _("没有找到，或它不属于您。"),
    "method_not_allowed": _("这个地址不支持该方法。"),
    "unsupported_media_type": _("请求内容应为 application/json。"),
    "service_unavailable": _("系统暂时不能处理，请稍后用同一 Idempotency-Key 重试。"),
    "idempotency_key_reused": _("同一 Idempotency-Key 已用于其他请求。"),
    "idempotency_key_invalid": _("Idempotency-Key 应为 1 至 200 个可见的 ASCII 字符。"),
    "envelope_unreadable": _("答复的格式不对，没有采用，已记入日志。"),
    "signature_wrong": _("答复的签名不符，没有采用，已记入日志。"),
    "departments_keys_unreadable": _("暂时不能核对部门的签名，请稍后重发。"),
    "request_in_flight": _("同一请求正在处理，请稍后重试。"),
}

STATUSES: Mapping[str, HTTPStatus] = {
    "unreadable_body": HTTPStatus.BAD_REQUEST,
    "idempotency_key_invalid": HTTPStatus.BAD_REQUEST,
    "request_in_flight": HTTPStatus.CONFLICT,
    "envelope_unreadable": HTTPStatus.BAD_REQUEST,
    "signature_wrong": HTTPStatus.UNAUTHORIZED,
    "departments_keys_unreadable": HTTPStatus.SERVICE_UNAVAILABLE,
}

WAIT = {"Retry-After": "2"}  # seconds: for the database, or for twins to be done
HEADERS: Mapping[str, Mapping[str, str]] = {
    "request_in_flight": WAIT,
    "service_unavailable": WAIT,
    "departments_keys_unreadable": WAIT,
    "not_signed_in": {"WWW-Authenticate": "Bearer"},
    "token_invalid": {"WWW-Authenticate": 'Bearer error="invalid_token"'},
    "signature_wrong": {"WWW-Authenticate": "Signature"},
}

# Errors of the framework, the nearest first.
FOREIGN: tuple[tuple[type[Exception], str, HTTPStatus], ...] = (
    (RequestDataTooBig, "body_too_large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
    (SuspiciousOperation, "unreadable_request", HTTPStatus.BAD_REQUEST),
    (
        RawPostDataException,  # somebody read it as a form
        "unsupported_media_type",
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    ),
    (UnreadablePostError, "unreadable_request", HTTPStatus.BAD_REQUEST),
    (Http404, "not_found", HTTPStatus.NOT_FOUND),
    (exceptions.NotFound, "not_found", HTTPStatus.NOT_FOUND),
    (exceptions.NotAuthenticated, "not_signed_in", HTTPStatus.UNAUTHORIZED),
    (exceptions.AuthenticationFailed, "token_invalid", HTTPStatus.UNAUTHORIZED),
    (
        exceptions.MethodNotAllowed,
        "method_not_allowed",
        HTTPStatus.METHOD_NOT_ALLOWED,
    ),
    (
        exceptions.UnsupportedMediaType,
        "unsupported_media_type",
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    ),
    (OperationalError, "service_unavailable", HTTPStatus.SERVICE_UNAVAILABLE),
    (InterfaceError, "service_unavailable", HTTPStatus.SERVICE_UNAVAILABLE),
)


def answer_error(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Return the problem document for an error; None for what is our own fault."""
    told = told_of(error)
    if told is None:
        return None
    return problem(
        told, context["request"], headers=_headers(told.code, error, context["view"])
    )


def problem(
    told: Told, request: HttpRequest, *, headers: Mapping[str, str] | None = None
) -> Response:
    """Return a problem document; its reference stands in our log."""
    reference = f"{int(told.status)}-{secrets.token_hex(4).upper()}"
    ours = told.status >= HTTPStatus.INTERNAL_SERVER_ERROR
    level = logging.WARNING if ours else logging.INFO
    log.log(level, "%s %s %s", reference, told.code, request.path)
    return Response(
        problem_document(told, reference=reference),
        status=told.status,
        headers=dict(headers or {}),
        content_type=CONTENT_TYPE,
    )


def told_of(error: Exception) -> Told | None:
    """Return what a client is told of an error; None for what is our own fault."""
    if isinstance(error, FilingStopped):
        return _told_of_stop(error)
    if isinstance(error, DomainError):
        if error.code not in SENTENCES:
            return tell(error)
        status = STATUSES.get(error.code, HTTPStatus.UNPROCESSABLE_ENTITY)
        return _told(error.code, status)
    for kind, code, status in FOREIGN:
        if isinstance(error, kind):
            return _told(code, status)
    return None


def _told(code: str, status: HTTPStatus) -> Told:
    return Told(code, status, (Problem(code, str(SENTENCES[code])),))


def _told_of_stop(stopped: FilingStopped) -> Told:
    """Say why the answers end the application, beside the answer that does."""
    stop, told = stopped.stop, tell(stopped)
    reason = Problem(stop.kind, stop.reason, f"/answers/{stop.question}")
    return told._replace(problems=(*told.problems, reason))


def _headers(code: str, error: Exception, view: APIView) -> dict[str, str]:
    headers = dict(HEADERS.get(code, {}))
    if isinstance(error, TwinInFlight):
        headers["Retry-After"] = str(error.retry_after_s)
    elif isinstance(error, exceptions.MethodNotAllowed):
        headers["Allow"] = ", ".join(view.allowed_methods)
    return headers
