"""No worker slot waits for a department: counted, with real threads."""

from collections import Counter
from datetime import timedelta
from threading import Condition, get_ident

import pytest
from celery import signals
from django.utils import timezone

from services.departments.gateways.contract import Answer, Receipt
from services.exchange import inquire, tasks
from services.exchange.bulkhead import close_pool, open_pool
from services.exchange.models import Call, Exchange
from services.exchange.operations import deposit as depositing
from services.exchange.operations.deposit import order_deposits
from services.exchange.operations.sweep import sweep
from services.exchange.places import EACH
from tests.clock import NOON
from tests.exchange.operations.test_deposit import NUMBER, wish
from tests.factories.exchange import ExchangeFactory

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 20  # seconds, for a machine with much to do
OTHERS = [f"other{n}" for n in range(8)]


class City:
    """Departments of which one hangs until it is let go, and one only promises."""

    def __init__(self) -> None:
        self.changed = Condition()
        self.hanging = True
        self.inside: Counter[str] = Counter()
        self.most: Counter[str] = Counter()
        self.calls: Counter[str] = Counter()
        self.threads: set[int] = set()

    def ask_many(self, *, department, questions, now):
        self._visit(department)
        code = ("NOT_FOUND", "NO_RECORD")
        at = None
        if department == "deferred":
            code, at = ("DEFERRED", "ACCEPTED_FOR_LATER"), now + timedelta(hours=1)
        return [Answer(q.request_id, *code, answer_at=at) for q in questions]

    def deposit(self, *, deposits, now):
        self._visit("slow")
        return Receipt({one.number for one in deposits})

    def wait_for(self, condition) -> None:
        with self.changed:
            assert self.changed.wait_for(condition, PATIENCE)

    def let_go(self) -> None:
        with self.changed:
            self.hanging = False
            self.changed.notify_all()

    def _visit(self, department: str) -> None:
        with self.changed:
            self.threads.add(get_ident())
            self.calls[department] += 1
            self.inside[department] += 1
            self.most[department] = max(self.most[department], self.inside[department])
            self.changed.notify_all()
            if department == "slow":
                assert self.changed.wait_for(lambda: not self.hanging, PATIENCE)
            self.inside[department] -= 1
            self.changed.notify_all()


@pytest.fixture
def city(monkeypatch):
    made = City()
    monkeypatch.setattr(inquire, "gateway", lambda: made)
    monkeypatch.setattr(depositing, "gateway", lambda: made)
    open_pool(each=EACH)
    yield made
    made.let_go()
    close_pool(within_s=PATIENCE)


def answered(department: str) -> int:
    return Exchange.objects.filter(department=department, state="settled").count()


def test_a_hanging_department_fills_its_few_places_and_no_slot(city):
    for name in OTHERS:
        ExchangeFactory(department=name)

    for busy in [*range(EACH), EACH, EACH]:
        city.wait_for(lambda busy=busy: city.inside["slow"] == busy)
        ExchangeFactory(department="slow")
        tasks.serve_department(code="slow")  # a slot's work: done when it returns
    city.wait_for(lambda: city.inside["slow"] == EACH)
    assert Call.objects.filter(department="slow").count() == EACH
    for name in OTHERS:
        tasks.serve_department(code=name)
    city.wait_for(lambda: sum(city.calls[name] for name in OTHERS) == len(OTHERS))

    assert city.inside["slow"] == EACH  # still hanging, and the others were served
    city.let_go()
    city.wait_for(lambda: city.calls["slow"] > EACH)  # who came later, together
    assert close_pool(within_s=PATIENCE) == 0
    assert [answered(name) for name in OTHERS] == [1] * len(OTHERS)
    assert answered("slow") == EACH + 2
    assert city.most["slow"] == EACH
    assert get_ident() not in city.threads
    assert not Call.objects.exists()


def test_a_deferred_department_is_not_called_before_its_time(city):
    exchange = ExchangeFactory(department="deferred")
    tasks.serve_department(code="deferred")
    city.wait_for(lambda: city.calls["deferred"] == 1)
    assert close_pool(within_s=PATIENCE) == 0
    exchange.refresh_from_db()

    for minutes in range(0, 60, 5):
        assert sweep(now=timezone.now() + timedelta(minutes=minutes)) == []
    tasks.serve_department(code="deferred")

    assert city.calls["deferred"] == 1
    assert sweep(now=exchange.next_attempt_at) == ["deferred"]


def test_a_certificate_on_its_way_to_a_hanging_office_holds_no_slot(city):
    order_deposits([wish()], now=NOON)

    tasks.deliver_deposits(keys=[NUMBER])

    city.wait_for(lambda: city.inside["slow"] == 1)
    city.let_go()
    assert close_pool(within_s=PATIENCE) == 0
    assert depositing.DepositOrder.objects.get().kept_at is not None
    assert get_ident() not in city.threads


def test_no_database_connection_is_held_while_a_department_thinks(city, monkeypatch):
    from django.db import connections

    open_ones = []
    visit = city._visit

    def look(department):
        open_ones.extend(
            one.alias
            for one in connections.all(initialized_only=True)
            if one.connection is not None
        )
        visit(department)

    monkeypatch.setattr(city, "_visit", look)
    ExchangeFactory()

    tasks.serve_department(code="scjg")

    assert close_pool(within_s=PATIENCE) == 0
    assert (answered("scjg"), open_ones) == (1, [])


def test_a_worker_process_has_threads_from_its_beginning_to_its_end(monkeypatch):
    from services.exchange import bulkhead

    signals.worker_process_init.send(sender=None)
    assert bulkhead._pool is not None

    signals.worker_process_shutdown.send(sender=None, pid=1, exitcode=0)

    assert bulkhead._pool is None
