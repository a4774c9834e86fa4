"""Celery's doors, called as functions."""

import pytest
from celery import current_app

from services.dispatch.periodic import periodic_work
from services.exchange import tasks
from services.exchange.models import DepositOrder
from services.exchange.operations import sweep as sweeping
from services.exchange.operations.deposit import order_deposits
from tests.clock import NOON
from tests.exchange.operations.test_deposit import NUMBER, wish
from tests.factories.exchange import ExchangeFactory

pytestmark = pytest.mark.django_db


def test_serve_department_asks_what_waits():
    exchange = ExchangeFactory()

    tasks.serve_department(code="scjg")

    exchange.refresh_from_db()
    assert exchange.outcome == "NOT_FOUND"


def test_deposit_delivers_what_the_keys_name():
    order_deposits([wish()], now=NOON)

    tasks.deliver_deposits(keys=[NUMBER])

    assert DepositOrder.objects.get().kept_at is not None


def test_sweep_rings_for_what_is_due(monkeypatch):
    rung = []
    monkeypatch.setattr(
        sweeping, "ring", lambda task, **kwargs: rung.append((task, kwargs))
    )
    ExchangeFactory()

    tasks.sweep()

    assert rung == [("exchange.serve_department", {"code": "scjg"})]


def test_every_name_that_is_rung_is_a_task_and_the_sweep_comes_every_second():
    names = {"exchange.serve_department", "exchange.deposit", "exchange.sweep"}

    assert names <= set(current_app.tasks)
    assert periodic_work()["exchange.sweep"].total_seconds() == 1
