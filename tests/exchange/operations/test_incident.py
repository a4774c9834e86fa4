"""What operations must look at, from its beginning to its end."""

from datetime import timedelta

import pytest

from services.common.actors import Actor
from services.exchange.models import Incident
from services.exchange.operations.incident import (
    TOO_LONG,
    IncidentAlreadyClosed,
    ReasonNeeded,
    close_incident,
    look_after_incidents,
    open_incident,
)
from tests.clock import NOON
from tests.exchange.serving import serve, settled
from tests.factories.departments import ProfileFactory
from tests.factories.exchange import BreakerFactory, ExchangeFactory, IncidentFactory

pytestmark = pytest.mark.django_db
OPERATOR = Actor("human", "shen", "operator")
LATER = NOON + timedelta(hours=1)


def still_open(now=LATER) -> list[str]:
    look_after_incidents(now=now)
    rows = Incident.objects.filter(closed_at__isnull=True).order_by("pk")
    return [f"{one.kind} {one.about}" for one in rows]


class TestABadAnswer:
    def test_is_an_incident_until_every_question_it_met_is_answered(self):
        profile = ProfileFactory(mode="not_authorised")
        first, second = ExchangeFactory.create_batch(2)
        serve()
        profile.mode = "up"
        profile.save()

        assert still_open() == ["exchange_refused scjg NOT_AUTHORISED"]
        first.__class__.objects.filter(pk=second.pk).update(next_attempt_at=LATER)
        serve(settled(first).next_attempt_at)
        assert still_open() == ["exchange_refused scjg NOT_AUTHORISED"]
        serve(LATER)

        assert still_open() == []
        incident = Incident.objects.get()
        assert (incident.closed_at, incident.closed_by) == (LATER, "system")


class TestAnIntentWithoutOutcome:
    def test_is_an_incident_where_nobody_asks_though_he_may(self):
        exchange = ExchangeFactory()

        assert still_open(NOON + TOO_LONG - timedelta(seconds=1)) == []
        assert still_open(NOON + TOO_LONG) == ["intent_without_outcome scjg"]
        assert still_open(NOON + TOO_LONG) == ["intent_without_outcome scjg"]
        assert Incident.objects.get().text == "1 since 2026-11-23 04:00 UTC"

        serve()

        assert settled(exchange).state == "settled"
        assert still_open(NOON + TOO_LONG) == []

    def test_is_none_where_the_line_is_known_to_be_open(self):
        ExchangeFactory()
        BreakerFactory(probe_at=NOON + TOO_LONG + timedelta(seconds=1))

        assert still_open(NOON + TOO_LONG) == []


class TestAStuckExchange:
    def test_is_over_when_it_is_settled(self):
        stuck = ExchangeFactory()
        IncidentFactory(kind="exchange_stuck", about=stuck.public_id)
        assert still_open(NOON) == [f"exchange_stuck {stuck.public_id}"]

        serve()

        assert still_open(NOON) == []


class TestOpening:
    def test_happens_once_until_it_is_closed(self):
        for _ in range(2):
            open_incident(kind="case_stuck", about="D1", text="why", now=NOON)

        assert still_open() == ["case_stuck D1"]


class TestClosing:
    def close(self, incident, reason=" 已处理 "):
        return close_incident(
            incident=incident, reason=reason, actor=OPERATOR, now=NOON
        )

    def test_names_who_did_it_and_why(self):
        incident = self.close(IncidentFactory())

        assert (incident.closed_at, incident.closed_by) == (NOON, "shen")
        assert incident.closed_because == "已处理"

    def test_needs_a_reason(self):
        with pytest.raises(ReasonNeeded):
            self.close(IncidentFactory(), reason=" ")

        assert Incident.objects.get().closed_at is None

    def test_happens_once(self):
        incident = IncidentFactory()
        self.close(incident)

        with pytest.raises(IncidentAlreadyClosed):
            self.close(incident, reason="twice")

        assert Incident.objects.get().closed_because == "已处理"
