"""What operations must look at."""

from __future__ import annotations

from services.exchange.models import Incident
from tests.clock import NOON
from tests.web.conftest import page

INCIDENTS = "/ops/incidents/"


def incident(about: str = "scjg", **members) -> Incident:
    values = {"kind": "exchange_refused", "text": "NOT_AUTHORISED", "opened_at": NOON}
    return Incident.objects.create(about=about, **{**values, **members})


class TestIncidents:
    def test_none_is_good_news(self, operator):
        shown = page(operator.get(INCIDENTS))

        assert "没有未处理的事件。" in shown
        assert "lamp-good" in shown

    def test_says_what_happened_to_what_and_since_when(self, operator):
        incident("scjg", text="refused 91330102FAKE000139")

        shown = page(operator.get(INCIDENTS))

        assert "部门拒绝我方" in shown
        assert "refused …" in shown
        assert "12:00:00" in shown
        assert "1 个事件待处理。" in shown

    def test_shows_those_of_the_past_on_request_after_the_open_ones(self, operator):
        incident("past", closed_at=NOON)
        incident("now")

        shown = page(operator.get(INCIDENTS, {"closed": "1"}))

        assert shown.index(">now<") < shown.index(">past<")
        assert ">past<" not in page(operator.get(INCIDENTS))

    def test_asks_the_database_little_however_many(
        self, operator, django_assert_max_num_queries
    ):
        for number in range(40):
            incident(f"x{number}")
        operator.get(INCIDENTS)

        with django_assert_max_num_queries(7):
            operator.get(INCIDENTS)


class TestClose:
    def test_needs_a_reason(self, operator):
        one = incident()

        answer = operator.post(f"{INCIDENTS}{one.pk}/", {"reason": " "})

        assert answer.status_code == 422
        assert "请写明理由" in page(answer)
        one.refresh_from_db()
        assert one.closed_at is None

    def test_keeps_who_closed_it_when_and_why(self, operator):
        one = incident()

        answer = operator.post(
            f"{INCIDENTS}{one.pk}/", {"reason": "已与对方核对授权"}, follow=True
        )

        assert "没有未处理的事件。" in page(answer)
        one.refresh_from_db()
        assert (one.closed_by, one.closed_at) == ("operator", NOON)
        assert "已与对方核对授权" in page(operator.get(INCIDENTS, {"closed": "1"}))

    def test_a_second_closing_is_told_and_changes_nothing(self, operator):
        one = incident(closed_at=NOON, closed_by="system", closed_because="")

        answer = operator.post(f"{INCIDENTS}{one.pk}/", {"reason": "again"})

        assert answer.status_code == 409
        assert "已经处理过了" in page(answer)
        one.refresh_from_db()
        assert one.closed_by == "system"

    def test_shows_one_incident_in_words(self, operator):
        one = incident("scjg NOT_AUTHORISED")

        shown = page(operator.get(f"{INCIDENTS}{one.pk}/"))

        assert "市市场监管局 · 不授权我方查询" in shown
        assert operator.get(f"{INCIDENTS}999999/").status_code == 404
