"""Is everything moving: in words, in colour, and by the facts of /readyz."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from services.dispatch.models import OutboxMessage, PeriodicWork
from services.dispatch.periodic import periodic_work
from services.exchange.models import Breaker, Incident
from services.ledger.entry import Entry
from services.ledger.models import LogEntry
from services.ledger.operations.record import record
from services.ledger.operations.sequence import sequence_pending
from services.web.health import checks
from services.web.operator.words import CHECKS
from tests.clock import NOON
from tests.ledger.writing import place_and_sign
from tests.web.conftest import page

OPS = "/ops/"


@pytest.fixture
def moving(operator):
    """Have a tick that came, and a log that is in the tree."""
    for task in periodic_work():
        PeriodicWork.objects.create(task=task, due_at=NOON)
    sequence_pending(now=NOON)


def incident() -> Incident:
    return Incident.objects.create(
        kind="exchange_refused", about="scjg", text="-", opened_at=NOON
    )


class TestOverview:
    @pytest.mark.usefixtures("moving")
    def test_says_that_all_is_well(self, operator):
        shown = page(operator.get(OPS))

        assert "一切都在进行，没有需要处理的事。" in shown
        assert "停住了" not in shown

    def test_names_what_is_stuck(self, operator):
        shown = page(operator.get(OPS))

        assert "停住了：节拍。" in shown
        assert "lamp-bad" in shown

    @pytest.mark.usefixtures("moving")
    def test_names_the_same_facts_as_readyz(self, operator):
        late = NOON - timedelta(hours=1)
        OutboxMessage.objects.create(
            task="t", key="k", created_at=late, available_at=late
        )
        stuck = [CHECKS[check.name].name for check in checks(NOON) if not check.ok]

        shown = page(operator.get(OPS))

        assert f"停住了：{'、'.join(map(str, stuck))}。" in shown
        assert operator.get("/readyz").status_code == 503

    @pytest.mark.usefixtures("moving")
    def test_says_what_follows_when_the_log_has_no_proof(self, operator, settings):
        settings.PROOF_GRACE = timedelta(hours=4)
        place_and_sign()  # what the staff's accounts left
        with transaction.atomic():
            record(Entry(type="case.filed"), at=NOON - timedelta(hours=5))

        shown = page(operator.get(OPS))

        assert "停住了：核验日志、向部门提问。日志迟迟没有新的证明" in shown
        assert "收件照常" in shown
        assert "lamp-bad" in shown

    @pytest.mark.usefixtures("moving")
    def test_points_at_what_waits_for_a_person(self, operator):
        incident()
        Breaker.objects.create(
            line="scjg", state="open", opened_at=NOON, probe_at=NOON, changed_at=NOON
        )

        shown = page(operator.get(OPS))

        assert "有 2 类情况需要您看一下" in shown
        assert 'href="/ops/incidents/"' in shown
        assert 'href="/ops/departments/"' in shown

    def test_speaks_english(self, operator):
        shown = page(operator.get(OPS, headers={"accept-language": "en"}))

        assert "Is everything moving?" in shown
        assert "Not moving: Tick." in shown

    def test_asks_the_database_little(self, operator, django_assert_max_num_queries):
        operator.get(OPS)
        with django_assert_max_num_queries(16):
            operator.get(OPS)

    def test_is_no_look_at_anybody(self, operator):
        before = LogEntry.objects.count()

        operator.get(OPS)

        assert LogEntry.objects.count() == before
