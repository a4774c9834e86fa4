"""The periodic work of the API."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.api.models import IdempotencyKey
from services.api.operations.claim import KEPT
from services.api.tasks import forget_keys
from services.dispatch.periodic import periodic_work
from tests.clock import NOON


@pytest.mark.django_db
def test_keys_are_forgotten_by_themselves():
    for age, key in ((KEPT, "young"), (KEPT + timedelta(seconds=1), "old")):
        IdempotencyKey.objects.create(
            actor="a", key=key, digest="d", locked_until=NOON, created_at=NOON - age
        )

    forget_keys()

    assert IdempotencyKey.objects.get().key == "young"
    assert "api.forget_keys" in periodic_work()
