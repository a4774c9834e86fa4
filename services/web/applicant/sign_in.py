"""Sign in by licence number: number, code to the registered phone, done."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from services.accounts.models import User
from services.accounts.operations.sign_in import (
    confirm_sign_in,
    sign_in_demo_staff,
    sign_out,
    start_sign_in,
)
from services.common.errors import DomainError
from services.web.answers import answer
from services.web.demo import demo_companies, demo_seats
from services.web.problems import tell
from services.web.seat import actor_in, home_of, leave_seat, take_seat

PENDING = "sign_in"


@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Take a licence number and send a code to the phone on the register."""
    licence = (request.POST.get("licence") or request.GET.get("licence", "")).strip()
    told = None
    if request.method == "POST":
        try:
            started = start_sign_in(licence=licence, now=timezone.now())
        except DomainError as error:
            told = tell(error)
        else:
            request.session[PENDING] = {
                "handle": started.handle,
                "entity": started.entity,
                "next": _next(request),
                "shown": started.code if settings.DEMO else "",
            }
            return redirect("sign_in_code")
    context = {
        "licence": licence,
        "next": _next(request),
        "staff": demo_seats(),
        "samples": demo_companies(),
    }
    return answer(request, "applicant/sign_in.html", context, told)


@require_http_methods(["GET", "POST"])
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """Take the code and give the person a seat for the company."""
    pending = request.session.get(PENDING)
    if not pending:
        return redirect("sign_in")
    told = None
    if request.method == "POST":
        try:
            user, standing = confirm_sign_in(
                handle=pending["handle"],
                code=request.POST.get("code", ""),
                now=timezone.now(),
            )
        except DomainError as error:
            told = tell(error)
        else:
            take_seat(request, user, standing)
            request.session.pop(PENDING, None)
            return redirect(pending["next"] or "my")
    return answer(request, "applicant/sign_in_code.html", {"pending": pending}, told)


@require_POST
def demo_seat(request: HttpRequest) -> HttpResponse:
    """Take a staff member's seat with one click, in the demo only."""
    if not settings.DEMO:
        raise Http404
    try:
        user, standing = sign_in_demo_staff(
            username=request.POST.get("username", ""), now=timezone.now()
        )
    except User.DoesNotExist as error:
        raise Http404 from error
    take_seat(request, user, standing)
    if home_of(standing.role) == "home":
        messages.info(request, _("您已登录；推演台还没有建成。"))
    return redirect(_next(request) or home_of(standing.role))


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Sign out."""
    if actor := actor_in(request):
        sign_out(actor=actor, now=timezone.now())
    leave_seat(request)
    messages.info(request, _("您已退出登录。"))
    return redirect("home")


def _next(request: HttpRequest) -> str:
    """Return where to go afterwards, if that is a page of ours."""
    target = request.POST.get("next") or request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        target, {request.get_host()}, require_https=request.is_secure()
    )
    return target if ours else ""
