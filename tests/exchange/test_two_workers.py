"""Two workers at once, with real transactions."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from services.departments.gateways.contract import Answer
from services.exchange import inquire
from services.exchange.models import Attempt, Exchange
from services.exchange.operations.serve import serve_department
from services.ledger.models import LogEntry
from tests.clock import NOON
from tests.factories.exchange import ExchangeFactory

pytestmark = pytest.mark.django_db(transaction=True)


class Listening:
    """Answers "no record" and notes whether it was called inside a transaction."""

    inside: list[bool]
    asked: list[str]

    def ask_many(self, *, department, questions, now):
        self.inside.append(connection.in_atomic_block)
        self.asked += [question.request_id for question in questions]
        return [Answer(q.request_id, "NOT_FOUND", "NO_RECORD") for q in questions]


@pytest.fixture
def gateway(monkeypatch) -> Listening:
    listening = Listening()
    listening.inside, listening.asked = [], []
    monkeypatch.setattr(inquire, "gateway", lambda: listening)
    return listening


def work() -> int:
    try:
        return serve_department(code="scjg", clock=lambda: NOON, batch=10)
    finally:
        connections.close_all()


def test_ask_each_thing_once_and_write_it_once(gateway):
    ExchangeFactory.create_batch(60)

    with ThreadPoolExecutor(2) as pool:
        written = [done.result() for done in [pool.submit(work) for _ in range(2)]]

    assert sum(written) == 60
    assert len(gateway.asked) == len(set(gateway.asked)) == 60
    assert Attempt.objects.count() == LogEntry.objects.count() == 60
    assert not Exchange.objects.exclude(state="settled").exists()


def test_ask_outside_any_transaction(gateway):
    ExchangeFactory()

    work()

    assert gateway.inside == [False]
