"""A worker that is told to end finishes what it has begun."""

from __future__ import annotations

import pytest
from django.utils import timezone

from onelicense.stack import Stack
from services.cases.applying import Given
from services.exchange.models import Call, Exchange
from tests.factories.cases import REPRESENTATIVE_ID, draft_for
from tests.factories.departments import ProfileFactory
from tests.factories.registry import EntityFactory
from tests.journeys.steps import wait_until

pytestmark = [pytest.mark.journey]

FOOD, SLOW = "HZ-004", "wsjk"
THINKS_MS = 3_000


def test_it_waits_for_the_answer_and_leaves_no_lease(hall: Stack):
    ProfileFactory(department=SLOW, latency_ms=THINKS_MS)
    hall.children["worker"].stop()
    hall.environment["ONELICENSE_TIME_SCALE"] = "1"
    hall.start_worker()
    entity = EntityFactory(representative_id=REPRESENTATIVE_ID, registered_capital=5000)
    draft_for(entity, FOOD, given=Given(), now=timezone.now(), answered=False)
    under_way = Exchange.objects.filter(department=SLOW).exclude(lease_owner="")
    wait_until(under_way.exists, within_s=30, telling=lambda: "no question was put")
    begun = list(under_way.values_list("pk", flat=True))

    hall.children["worker"].stop()

    assert not Exchange.objects.filter(pk__in=begun, answered_at=None).exists()
    assert not Exchange.objects.exclude(lease_owner="").exists()
    assert not Call.objects.exists()
