"""Pages for what went wrong: a reference number and a next step."""

from __future__ import annotations

import logging
import secrets
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from services.common.errors import Problem
from services.web.problems import HEADER, Told, answer_json, wants_json

SERVER_ERROR = 500

log = logging.getLogger(__name__)


@require_GET
def healthz(_request: HttpRequest) -> HttpResponse:
    """Say that the process is up."""
    return HttpResponse("ok", content_type="text/plain")


class Failure(NamedTuple):
    """A page that could not be shown."""

    status: int
    code: str
    title: str
    text: str


def unreadable(
    request: HttpRequest, exception: Exception | None = None
) -> HttpResponse:
    """Answer 400: what was sent is no text, too much, or no form."""
    text = _("提交的内容无法读取：含有不可用的字符，或表单不完整。请检查后重试。")
    failure = Failure(400, "unreadable_request", _("无法读取"), text)
    return _page(request, failure, why=type(exception).__name__)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404: it does not exist, or not for this person."""
    text = _("没有找到这个页面，或它不属于您。请核对编号，或从首页重新进入。")
    failure = Failure(404, "not_found", _("没有找到"), text)
    return _page(request, failure, why=type(exception).__name__)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 403."""
    text = _("您不能打开这个页面。请用有权限的账号登录。")
    failure = Failure(403, "forbidden", _("不能打开"), text)
    return _page(request, failure, why=type(exception).__name__)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 where the form came from a page that is too old."""
    text = _("页面已过期，没有提交任何内容。请返回上一页，刷新后再提交。")
    failure = Failure(403, "form_expired", _("页面已过期"), text)
    return _page(request, failure, why=reason)


def broken(request: HttpRequest) -> HttpResponse:
    """Answer 500; plain text if even the error page fails."""
    text = _("系统出错，已经记录。您已提交的办件不受影响，请稍后再试。")
    failure = Failure(500, "internal_error", _("系统出错"), text)
    try:
        return _page(request, failure, why="exception")
    except Exception:
        log.exception("the error page itself failed")
        return HttpResponse(text, status=500, content_type="text/plain; charset=utf-8")


def _page(request: HttpRequest, failure: Failure, *, why: str) -> HttpResponse:
    reference = f"{failure.status}-{secrets.token_hex(4).upper()}"
    level = logging.ERROR if failure.status >= SERVER_ERROR else logging.INFO
    log.log(level, "%s %s %s (%s)", reference, failure.code, request.path, why)
    if wants_json(request):
        problem = Problem(failure.code, failure.text)
        return answer_json(Told(failure.code, failure.status, (problem,)))
    context = {"failure": failure, "reference": reference}
    response = render(request, "web/error.html", context, status=failure.status)
    response[HEADER] = failure.code
    return response
