"""Three people and an auditor in front of the pages, at noon."""

from __future__ import annotations

import pytest
import time_machine
from django.test import Client

from services.accounts.models import Membership
from services.accounts.operations.sign_in import act_for
from services.registry.models import Entity
from tests.cases.conftest import company, other_company, staffed  # noqa: F401
from tests.clock import NOON


@pytest.fixture(autouse=True)
def _noon():
    """Stop the clock that the pages read."""
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture(autouse=True)
def _demo(settings):
    settings.DEMO = True


def as_applicant(entity: Entity) -> Client:
    """Return the browser of the person who acts for a company."""
    client = Client()
    client.force_login(act_for(entity=entity, proved_by="test", now=NOON))
    _take(client, "applicant", "", entity.uscc)
    return client


def as_staff(username: str) -> Client:
    """Return the browser of a member of staff."""
    seat = Membership.objects.select_related("user").get(user__username=username)
    client = Client()
    client.force_login(seat.user)
    _take(client, seat.role, seat.office_id or "", "")
    return client


def _take(client: Client, role: str, office: str, entity: str) -> None:
    session = client.session
    session["standing"] = [role, office, "", entity]
    session.save()


def page(response) -> str:
    """Return the text of an answer."""
    return response.content.decode()
