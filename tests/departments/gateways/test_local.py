"""What only the gateway in this process has to show."""

import pytest
from django.db import DatabaseError

from services.departments.gateways.choose import gateway as chosen
from services.departments.gateways.http import HttpGateway
from services.departments.gateways.local import LocalGateway
from services.departments.operations import attend
from tests.clock import NOON
from tests.departments.gateways.asking import ask
from tests.factories.departments import ProfileFactory
from tests.factories.exchange import question

pytestmark = pytest.mark.django_db


class TestInProcess:
    def test_asks_the_register_once_for_any_number_of_questions(
        self, django_assert_num_queries
    ):
        for count in (2, 60):
            asked = [question(request_id=f"r{n}") for n in range(count)]
            with django_assert_num_queries(3, using="departments"):
                LocalGateway().ask_many(department="scjg", questions=asked, now=NOON)

    def test_takes_the_department_s_time_once_per_call(self):
        ProfileFactory(latency_ms=400)
        slept = []
        asked = [question(request_id=f"r{n}") for n in range(3)]

        LocalGateway(time_scale=0.5, sleep=slept.append).ask_many(
            department="scjg", questions=asked, now=NOON
        )

        assert slept == [0.2]

    def test_says_server_error_where_the_register_breaks(self, monkeypatch):
        def broken(*_args, **_kwargs):
            raise DatabaseError

        monkeypatch.setattr(attend, "fetch", broken)

        assert ask(LocalGateway(), question())["r1"].code == "SERVER_ERROR"

    def test_is_what_the_settings_choose(self, settings):
        settings.TIME_SCALE = 0

        assert isinstance(chosen(), LocalGateway)
        settings.DEPARTMENTS_URL = "http://127.0.0.1:9"
        assert isinstance(chosen(), HttpGateway)
        assert chosen() is chosen()
