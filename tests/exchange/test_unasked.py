"""What stands although nothing is in its way."""

from datetime import timedelta

import pytest

from services.catalogue.models import Department
from services.exchange.places import CERTIFICATES, QUESTIONS
from services.exchange.unasked import unasked
from tests.clock import NOON
from tests.factories.exchange import BreakerFactory, CallFactory, ExchangeFactory

pytestmark = pytest.mark.django_db


class TestUnasked:
    def test_counts_what_is_due_and_in_nobodys_hands(self):
        ExchangeFactory(next_attempt_at=NOON - timedelta(minutes=2))
        ExchangeFactory(next_attempt_at=NOON)
        ExchangeFactory(next_attempt_at=NOON + timedelta(seconds=1))
        ExchangeFactory(leased_until=NOON + timedelta(seconds=1))

        assert unasked(NOON) == (2, NOON - timedelta(minutes=2))

    def test_leaves_out_a_line_that_is_known_to_be_broken(self):
        due = ExchangeFactory(next_attempt_at=NOON)
        BreakerFactory(line=due.department)

        assert unasked(NOON) == (0, None)

    def test_leaves_out_a_department_where_somebody_is_just_now(self):
        due = ExchangeFactory(next_attempt_at=NOON)
        call = CallFactory(department=due.department, place=QUESTIONS[-1])

        assert unasked(NOON) == (0, None)

        call.place = CERTIFICATES[0]  # with a certificate: asks nothing
        call.save()
        assert unasked(NOON).exchanges == 1

    def test_leaves_out_who_stands_behind_a_hub_that_is_away(self, catalogue):
        behind = Department.objects.filter(via_hub=True).first()
        ExchangeFactory(department=behind.code, next_attempt_at=NOON)
        assert unasked(NOON).exchanges == 1

        BreakerFactory(line="hub")

        assert unasked(NOON) == (0, None)
