"""What tests of serving share: one department, its answers, what was logged."""

from services.exchange import inquire
from services.exchange.models import (
    Exchange,
)
from services.exchange.operations.serve import serve_department
from services.ledger.models import LogEntry
from tests.clock import NOON


def serve(now=NOON, code="scjg", **options) -> int:
    return serve_department(code=code, clock=lambda: now, **options)


def settled(exchange: Exchange) -> Exchange:
    exchange.refresh_from_db()
    return exchange


def events() -> list[str]:
    return list(LogEntry.objects.order_by("pk").values_list("type", flat=True))


def answer_with(monkeypatch, answer):
    """Put a gateway in place that answers each question by `answer(question)`."""

    class Fake:
        def ask_many(self, *, department, questions, now):
            return [one for q in questions if (one := answer(q)) is not None]

    monkeypatch.setattr(inquire, "gateway", Fake)
