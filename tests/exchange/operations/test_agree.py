"""A departments' service that comes up after us, and contradicts us."""

from datetime import timedelta

import pytest
from django.core import checks

from services.dispatch.periodic import periodic_work
from services.exchange.models import Incident
from services.exchange.operations import agree
from services.exchange.operations.agree import look_at_agreement
from services.exchange.operations.incident import look_after_incidents
from tests.clock import NOON

pytestmark = pytest.mark.django_db
AWAY = checks.Warning("departments do not answer")
WRONG = checks.Error("keys of scjg are not those in keys.json")


@pytest.fixture
def finds(monkeypatch):
    """Have a look find this."""

    def set_to(*messages):
        monkeypatch.setattr(agree, "check_agreement", lambda: list(messages))

    return set_to


def still_open() -> list[str]:
    look_after_incidents(now=NOON)
    return list(
        Incident.objects.filter(closed_at__isnull=True).values_list("text", flat=True)
    )


def test_is_an_incident_until_it_agrees(finds):
    finds(AWAY)
    look_at_agreement(now=NOON)
    assert still_open() == []

    for message in (WRONG, WRONG, AWAY):
        finds(message)
        look_at_agreement(now=NOON)
        assert still_open() == [WRONG.msg]

    finds()
    look_at_agreement(now=NOON)
    assert still_open() == []
    assert Incident.objects.get().kind == "departments_disagree"


def test_is_looked_at_every_minute():
    assert periodic_work()["exchange.look_at_agreement"] == timedelta(minutes=1)
