"""Two workers at once, with real transactions."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections

from services.departments.gateways.contract import Answer
from services.exchange import inquire
from services.exchange.breaker import PROBE_SIZE
from services.exchange.models import Attempt, Call, Exchange
from services.exchange.operations.line import lines_to, take
from services.exchange.operations.serve import serve_department
from services.exchange.places import EACH, Visit
from services.ledger.models import LogEntry
from tests.clock import NOON
from tests.factories.exchange import BreakerFactory, ExchangeFactory

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


def together(work: Callable[[int], int], times: int) -> list[int]:
    """Return what each of so many threads found that began at the same moment."""
    barrier = Barrier(times)

    def begin(number: int) -> int:
        try:
            barrier.wait(timeout=20)
            return work(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(begin, range(times)))


def test_find_no_more_places_at_a_department_than_there_are():
    ExchangeFactory.create_batch(2 * EACH)

    def come(number: int) -> int:
        visit = Visit("scjg", str(number))
        return len(take(visit, lines=[], now=NOON, limit=1))

    taken = together(come, 2 * EACH)

    assert sorted(taken) == [0] * EACH + [1] * EACH
    assert Call.objects.count() == EACH
    assert Exchange.objects.filter(leased_until__isnull=False).count() == EACH


def test_probe_an_open_line_once():
    line = BreakerFactory(probe_at=NOON)
    ExchangeFactory.create_batch(4 * PROBE_SIZE)
    seen = lines_to(line.line)

    def come(number: int) -> int:
        visit = Visit("scjg", str(number))
        return len(take(visit, lines=seen, now=NOON, limit=200))

    assert sorted(together(come, 3)) == [0, 0, PROBE_SIZE]
