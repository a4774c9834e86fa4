"""`prepare_demo`: a city with work in progress, made once."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from django.core.management import call_command

from services.cases.models import Case, Task
from services.departments.city.cast import CAST
from services.registry.models import Entity

pytestmark = pytest.mark.django_db


@pytest.fixture
def quiet(settings) -> Iterator[None]:
    """Let departments answer at once; hear warnings again afterwards."""
    settings.TIME_SCALE = 0
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.usefixtures("catalogue", "quiet")
def test_a_second_run_changes_nothing(capsys):
    call_command("prepare_demo", companies=40, cases=6)
    before = everything()

    call_command("prepare_demo", companies=40, cases=6)

    assert everything() == before
    assert set(CAST.values()) <= set(Entity.objects.values_list("uscc", flat=True))
    cases = Case.objects.exclude(state=Case.State.DRAFT)
    assert cases.count() >= 4
    assert len(set(cases.values_list("state", flat=True))) >= 2
    waiting = Task.objects.filter(closed_at__isnull=True)
    assert waiting.exists()


def everything() -> list[object]:
    return [
        sorted(Case.objects.values_list("reference", "state")),
        Entity.objects.count(),
        Task.objects.count(),
    ]
