"""Departments as a service of their own: asked over HTTP, away, and back."""

from __future__ import annotations

import json
from http import HTTPStatus
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from django.utils import timezone

from onelicense.stack import Stack, free_port
from services.cases.applying import Given
from services.exchange.models import Attempt, Exchange
from tests.factories.cases import REPRESENTATIVE_ID, draft_for
from tests.factories.registry import EntityFactory
from tests.journeys.steps import wait_until
from tests.stack import environment

pytestmark = [pytest.mark.journey]

FOOD = "HZ-004"


@pytest.fixture
def hall(catalogue, transactional_db, tmp_path):
    """Have everything at work, the web server and the departments' service too."""
    with Stack(folder=tmp_path / "stack", environment=environment()) as running:
        running.start(web_port=free_port(), departments_port=free_port())
        yield running


def test_questions_wait_while_the_service_is_away(hall: Stack):
    wait_until(
        lambda: readiness(hall)[0] == HTTPStatus.OK,
        within_s=30,
        telling=lambda: str(readiness(hall)),
    )
    hall.children["departments"].kill()
    entity = EntityFactory(representative_id=REPRESENTATIVE_ID, registered_capital=5000)
    draft_for(entity, FOOD, given=Given(), now=timezone.now(), answered=False)
    wait_until(Attempt.objects.exists, within_s=30, telling=lambda: "nobody was asked")
    assert set(Attempt.objects.values_list("code", flat=True)) == {"CONNECTION"}

    hall.children["departments"].start()

    open_ones = Exchange.objects.open()
    wait_until(
        lambda: not open_ones.exists(),
        within_s=60,
        telling=lambda: f"{open_ones.count()} questions are open",
    )


def readiness(hall: Stack) -> tuple[int, object]:
    try:
        with urlopen(f"{hall.url}readyz", timeout=5) as answer:
            return answer.status, json.load(answer)
    except HTTPError as no:
        return no.code, json.load(no)
