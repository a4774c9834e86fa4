"""Three people in front of the API, at noon."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from rest_framework.test import APIClient

from services.accounts.models import Membership
from services.accounts.operations.sign_in import act_for
from services.accounts.queries import APPLICANT, Standing
from services.api.tokens import issue_token
from services.registry.models import Entity
from tests.cases.conftest import company, other_company, staffed  # noqa: F401
from tests.clock import NOON


@pytest.fixture(autouse=True)
def _noon():
    """Stop the clock that the doors read."""
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture(autouse=True)
def _demo(settings):
    settings.DEMO = True


def anonymous() -> APIClient:
    """Return a client of nobody in particular."""
    return APIClient(raise_request_exception=False)


def as_applicant(entity: Entity) -> APIClient:
    """Return the client of the person who acts for a company."""
    user = act_for(entity=entity, proved_by="test", now=NOON)
    return _with_token(user, Standing(APPLICANT, entity=entity.uscc))


def as_staff(username: str) -> APIClient:
    """Return the client of a member of staff."""
    seat = Membership.objects.select_related("user").get(user__username=username)
    return _with_token(seat.user, Standing(seat.role, seat.office_id or ""))


def _with_token(user: Any, standing: Standing) -> APIClient:
    client = anonymous()
    token = issue_token(user, standing, now=NOON).token
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


def send(client: APIClient, path: str, body: Any, **headers: str) -> Any:
    """Post JSON below /api/v1/ and return the answer."""
    return client.post(f"/api/v1/{path}", body, format="json", headers=headers)


def problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    """Return the problem document of an answer, which has to be this one."""
    assert answer["Content-Type"] == "application/problem+json", answer.content
    document: dict[str, Any] = answer.json()
    assert (answer.status_code, document["code"]) == (status, code), document
    assert document["status"] == status
    assert document["reference"].startswith(f"{status}-")
    return document
