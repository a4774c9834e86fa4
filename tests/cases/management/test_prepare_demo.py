"""`prepare_demo`: a city with work in progress, made once."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.utils import timezone

from services.cases.models import Case, Task
from services.departments.city.cast import CAST
from services.ledger.models import LogEntry
from services.registry.models import Entity
from tests.web.ocel_schema import misfits

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


@pytest.mark.usefixtures("catalogue", "quiet")
def test_the_city_has_every_kind_of_work_in_progress(capsys, tmp_path):
    call_command("prepare_demo", companies=300, cases=18)

    states = set(Case.objects.values_list("state", flat=True))
    assert {"delivered", "refused", "correction", "parked", "in_review"} <= states
    overdue = Case.objects.filter(
        state="in_review", promised_on__lt=timezone.localdate()
    )
    assert overdue.exists()

    file = tmp_path / "log.ocel.json"
    call_command("export_audit", str(file))
    exported = json.loads(file.read_text(encoding="utf-8"))
    assert misfits(exported) == []
    assert len(exported["events"]) == LogEntry.objects.count()
    kinds = {one["type"] for one in exported["objects"]}
    assert kinds == {"case", "entity", "department", "exchange", "evidence", "user"}


def everything() -> list[object]:
    return [
        sorted(Case.objects.values_list("reference", "state")),
        Entity.objects.count(),
        Task.objects.count(),
    ]
