"""Sign-ins: a licence number, the code that went to the company's phone, a token."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404
from django.utils import timezone
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from services.accounts.models import User
from services.accounts.operations.sign_in import (
    CODE_LIVES,
    confirm_sign_in,
    sign_in_demo_staff,
    start_sign_in,
)
from services.api.documented import documented
from services.api.reading import Input, read
from services.api.tokens import Token, issue_token
from services.api.view import PublicView


class LicenceInput(Input):
    licence = serializers.CharField(
        max_length=80, help_text="the company's licence number (统一社会信用代码)"
    )


class CodeInput(Input):
    code = serializers.CharField(max_length=20, help_text="six digits")


class DemoInput(Input):
    username = serializers.CharField(max_length=150, help_text="e.g. operator")


class StartedOutput(serializers.Serializer[object]):
    handle = serializers.CharField(help_text="names this sign-in in the next request")
    expires_at = serializers.DateTimeField()
    code = serializers.CharField(
        required=False, help_text="only in the demo, where the phone is simulated"
    )


class TokenOutput(serializers.Serializer[Token]):
    token = serializers.CharField(help_text="for `Authorization: Bearer`")
    expires_at = serializers.DateTimeField()


class StartSignIn(PublicView):
    """Send a code to the phone that the register holds for a licence."""

    @documented("sign-ins.start", LicenceInput, {201: StartedOutput}, errors=(422, 429))
    def post(self, request: Request) -> Response:
        """Start a sign-in by licence number."""
        licence = read(request, LicenceInput)["licence"]
        now = timezone.now()
        started = start_sign_in(licence=licence, now=now)
        told = {"handle": started.handle, "expires_at": now + CODE_LIVES}
        if settings.DEMO:
            told["code"] = started.code
        return Response(
            StartedOutput(told).data,
            status=status.HTTP_201_CREATED,
            headers={"Location": f"{request.path}/{started.handle}"},
        )


class ConfirmSignIn(PublicView):
    """Give a token for the code."""

    @documented("sign-ins.confirm", CodeInput, {200: TokenOutput}, errors=(422,))
    def post(self, request: Request, handle: str) -> Response:
        """Finish a sign-in with the code from the phone."""
        code, now = read(request, CodeInput)["code"], timezone.now()
        user, standing = confirm_sign_in(handle=handle, code=code, now=now)
        return Response(TokenOutput(issue_token(user, standing, now=now)).data)


class DemoSignIn(PublicView):
    """Take the seat of a member of staff, in the demo only."""

    @documented("sign-ins.demo", DemoInput, {200: TokenOutput}, errors=(404, 422))
    def post(self, request: Request) -> Response:
        """Sign in as a member of staff; the demo only."""
        username, now = read(request, DemoInput)["username"], timezone.now()
        if not settings.DEMO:
            raise Http404
        try:
            user, standing = sign_in_demo_staff(username=username, now=now)
        except User.DoesNotExist as error:
            raise Http404 from error
        return Response(TokenOutput(issue_token(user, standing, now=now)).data)
