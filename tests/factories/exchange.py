"""Questions to departments: one that waits by default."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import factory
from factory.django import DjangoModelFactory

from services.common.subjects import Subject
from services.departments.gateways.contract import Question
from services.exchange.breaker import FAILURES
from services.exchange.models import (
    AssistRequest,
    Breaker,
    Call,
    Evidence,
    Exchange,
    Incident,
)
from services.exchange.operations.ask import Request
from tests.clock import NOON
from tests.factories.departments import COMPANY

DEADLINE = NOON + timedelta(hours=4)
ME = Subject("entity", COMPANY)
NAME = "杭州示例餐饮有限公司"


def question(**changes: Any) -> Question:
    """Return a question about the company's food licence."""
    values: dict[str, Any] = {
        "request_id": "r1",
        "material": "M004",
        "subject": ME,
        "entity": COMPANY,
        "holder_name": NAME,
        "former_names": (),
        "purpose": "HZ-004 食品经营许可",
        "basis": "食品安全法",
    }
    return Question(**{**values, **changes})


def request(**changes: Any) -> Request:
    """Return a request of one draft for the company's food licence."""
    values: dict[str, Any] = {
        "case": "D20260302-AAAAAA",
        "material": "M004",
        "department": "scjg",
        "subject": ME,
        "entity": COMPANY,
        "holder_name": NAME,
        "former_names": (),
        "purpose": "HZ-004 食品经营许可",
        "basis": "食品安全法",
        "deadline_at": DEADLINE,
        "reply_task": "cases.advance",
        "reply_key": changes.get("case", "D20260302-AAAAAA"),
    }
    return Request(**{**values, **changes})


class EvidenceFactory(DjangoModelFactory[Evidence]):
    class Meta:
        model = Evidence

    department = "scjg"
    material = "M004"
    subject = str(ME)
    entity = COMPANY
    records = factory.LazyFunction(lambda: [{"number": "JY000001", "attributes": {}}])
    obtained_at = NOON - timedelta(days=1)
    fresh_until = NOON + timedelta(days=1)


class ExchangeFactory(DjangoModelFactory[Exchange]):
    class Meta:
        model = Exchange

    class Params:
        not_found = factory.Trait(
            state="settled",
            outcome="NOT_FOUND",
            code="NO_RECORD",
            answered_at=NOON,
            settled_at=NOON,
        )
        found = factory.Trait(
            state="settled",
            outcome="FOUND",
            evidence=factory.SubFactory(EvidenceFactory),
            answered_at=NOON,
            settled_at=NOON,
        )
        assisted = factory.Trait(
            state="assisted",
            outcome="UNAVAILABLE",
            code="CONNECTION",
            attempts_made=9,
            answered_at=NOON,
            next_attempt_at=NOON + timedelta(minutes=10),
        )

    case = factory.Sequence(lambda n: f"D20260302-{n:06d}")
    department = "scjg"
    material = "M004"
    subject = str(ME)
    entity = COMPANY
    holder_name = NAME
    purpose = "HZ-004 食品经营许可"
    basis = "食品安全法"
    issued_at = NOON
    next_attempt_at = NOON
    deadline_at = DEADLINE
    reply_task = "cases.advance"
    reply_key = factory.SelfAttribute("case")


class AssistRequestFactory(DjangoModelFactory[AssistRequest]):
    class Meta:
        model = AssistRequest

    exchange = factory.SubFactory(ExchangeFactory, assisted=True)
    kind = AssistRequest.Kind.OUTAGE
    department = factory.SelfAttribute("exchange.department")
    opened_at = NOON
    due_on = NOON.date() + timedelta(days=2)


class BreakerFactory(DjangoModelFactory[Breaker]):
    """A line that was opened a minute ago and may be probed in ten seconds."""

    class Meta:
        model = Breaker

    line = "scjg"
    state = Breaker.State.OPEN
    failures = FAILURES
    opened_at = NOON - timedelta(minutes=1)
    probe_at = NOON + timedelta(seconds=10)
    last_code = "TIMEOUT"
    last_error_at = NOON - timedelta(seconds=2)
    changed_at = NOON - timedelta(minutes=1)


class CallFactory(DjangoModelFactory[Call]):
    class Meta:
        model = Call

    department = "scjg"
    place = factory.Sequence(lambda n: n)
    owner = factory.Sequence(lambda n: f"host:1:{n}")
    leased_until = NOON + timedelta(seconds=20)


class IncidentFactory(DjangoModelFactory[Incident]):
    class Meta:
        model = Incident

    kind = "exchange_refused"
    about = "scjg NOT_AUTHORISED"
    text = "1 × NOT_AUTHORISED"
    opened_at = NOON
