"""What an outside watcher is told, and that it is told something."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import OperationalError

from services.dispatch.models import OutboxMessage, PeriodicWork
from services.dispatch.operations.tick import tick
from services.ledger.entry import Entry
from services.ledger.operations.record import record
from services.ledger.operations.sequence import sequence_pending
from services.ledger.operations.sign import sign_newest
from services.ledger.signing import log_signer
from services.ledger.witness import log_witness
from services.web import health
from services.web.health import LATE, TICK_LATE, checks
from tests.clock import NOON, at
from tests.factories.exchange import ExchangeFactory

SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _silent(monkeypatch) -> None:
    monkeypatch.setattr("services.dispatch.operations.ring._publish", lambda *_: None)


def sign() -> None:
    sign_newest(signer=log_signer(), witness=log_witness(), now=NOON)


def standing(now) -> set[str]:
    """Return what does not move."""
    return {check.name for check in checks(now) if not check.ok}


@pytest.mark.django_db
class TestChecks:
    def test_where_time_passes_and_nothing_waits_all_is_well(self) -> None:
        tick(clock=at(NOON), owner="w")

        assert standing(NOON) == set()
        assert {check.name for check in checks(NOON)} == {
            *("database", "tick", "outbox", "exchanges", "log", "proof", "asking")
        }

    def test_a_clock_that_never_ticked_is_told(self) -> None:
        assert standing(NOON) == {"tick"}

    def test_a_tick_that_no_longer_comes_is_told(self) -> None:
        tick(clock=at(NOON), owner="w")
        due_at = PeriodicWork.objects.order_by("due_at").first().due_at

        assert standing(due_at + TICK_LATE - SECOND) == set()
        assert standing(due_at + TICK_LATE) == {"tick"}

    def test_a_message_that_nobody_takes_is_told(self) -> None:
        tick(clock=at(NOON), owner="w")
        OutboxMessage.objects.create(
            task="t", key="1", created_at=NOON, available_at=NOON - LATE + SECOND
        )
        assert standing(NOON) == set()

        OutboxMessage.objects.update(available_at=NOON - LATE)
        assert standing(NOON) == {"outbox"}
        (outbox,) = [check for check in checks(NOON) if check.name == "outbox"]
        assert (outbox.waiting, outbox.since) == (1, NOON - LATE)

    def test_a_message_that_somebody_holds_moves(self) -> None:
        tick(clock=at(NOON), owner="w")
        OutboxMessage.objects.create(
            task="t",
            key="1",
            created_at=NOON,
            available_at=NOON - LATE,
            leased_until=NOON + SECOND,
        )

        assert standing(NOON) == set()

    def test_a_question_that_nobody_puts_is_told(self) -> None:
        tick(clock=at(NOON), owner="w")
        ExchangeFactory(next_attempt_at=NOON - LATE)

        assert standing(NOON) == {"exchanges"}

    def test_a_log_that_nobody_orders_is_told(self) -> None:
        tick(clock=at(NOON), owner="w")
        record(Entry(type="case.filed", case="D-1"), at=NOON - LATE)
        assert standing(NOON) == {"log"}

        sequence_pending(now=NOON)
        assert standing(NOON) == {"proof"}

        sign()
        assert standing(NOON) == set()

    def test_that_nobody_is_asked_for_want_of_a_proof_is_told(self, settings) -> None:
        settings.PROOF_GRACE = timedelta(hours=4)
        tick(clock=at(NOON), owner="w")
        record(Entry(type="case.filed", case="D-1"), at=NOON - timedelta(hours=4))
        assert standing(NOON) == {"log", "asking"}
        sequence_pending(now=NOON)
        assert standing(NOON) == {"proof", "asking"}
        assert standing(NOON - SECOND) == {"proof"}

        sign()
        assert standing(NOON) == set()


@pytest.mark.django_db(transaction=True)
class TestReadyz:
    def test_says_yes_while_everything_moves(self, client) -> None:
        tick(clock=at(NOON), owner="w")

        answer = client.get("/readyz")

        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
        body = answer.json()
        assert body["ready"] is True
        assert body["checks"][0] == {
            "name": "database",
            "ok": True,
            "waiting": 0,
            "since": None,
        }

    def test_says_no_and_which_where_something_stands(self, client) -> None:
        answer = client.get("/readyz")

        assert answer.status_code == 503
        stands = [one["name"] for one in answer.json()["checks"] if not one["ok"]]
        assert stands == ["tick"]


class TestDatabaseAway:
    def test_is_said_and_not_an_error_of_ours(self, client, monkeypatch) -> None:
        def fail() -> None:
            raise OperationalError("connection refused")

        monkeypatch.setattr(health, "_checks_of_now", fail)

        answer = client.get("/readyz")

        assert answer.status_code == 503
        assert [one["name"] for one in answer.json()["checks"]] == ["database"]

    @pytest.mark.parametrize("path", ["/healthz", "/readyz"])
    def test_a_watcher_with_a_cookie_is_answered_without_the_database(
        self, client, monkeypatch, path: str
    ) -> None:
        monkeypatch.setattr(health, "_checks_of_now", tuple)
        client.cookies["sessionid"] = "of somebody who signed in"

        assert client.get(path).status_code == 200  # this test has no database

    def test_one_that_says_nothing_holds_one_thread_and_nobody_up(
        self, client, monkeypatch
    ) -> None:
        over, asked = threading.Event(), []

        def hang() -> tuple:
            asked.append(1)
            over.wait(timeout=30)
            return ()

        monkeypatch.setattr(health, "_looker", health.Looker())
        monkeypatch.setattr(health, "_checks_of_now", hang)
        monkeypatch.setattr(health, "PATIENCE_S", 0.05)

        answers = [client.get("/readyz").status_code for _ in range(3)]
        over.set()

        assert answers == [503] * 3
        assert asked == [1]
