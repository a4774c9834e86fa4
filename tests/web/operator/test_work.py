"""The outbox by task, and parked messages that get new tries."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.dispatch.models import OutboxMessage
from services.ledger.models import LogEntry
from tests.clock import NOON
from tests.factories.exchange import ExchangeFactory
from tests.web.conftest import page

WORK = "/ops/work/"
REISSUE = "/ops/work/reissue/"


def message(key: str, task: str = "cases.advance", **members) -> OutboxMessage:
    return OutboxMessage.objects.create(
        task=task, key=key, created_at=NOON, available_at=NOON, **members
    )


def parked(key: str, task: str = "cases.advance", reason: str = "") -> OutboxMessage:
    return message(key, task, attempts=8, parked_at=NOON, parked_reason=reason)


def still_parked() -> list[str]:
    return sorted(OutboxMessage.objects.parked().values_list("key", flat=True))


class TestWork:
    def test_an_empty_outbox_is_good_news(self, operator):
        shown = page(operator.get(WORK))

        assert "发件箱是空的" in shown
        assert "lamp-good" in shown

    def test_counts_by_task_and_names_what_was_parked_and_why(self, operator):
        message("D1")
        parked("D2", reason="ValueError: no such thing")

        shown = page(operator.get(WORK))

        assert "办件继续办理" in shown
        assert "选择 D2" in shown
        assert "选择 D1" not in shown
        assert "ValueError: no such thing" in shown
        assert "1 条消息多次失败后搁置" in shown
        assert "lamp-warn" in shown

    def test_hides_what_a_failure_quotes_of_a_case(self, operator):
        parked("D2", reason="E: 91330102FAKE000139 twice\nDETAIL: 杭州示例餐饮")

        shown = page(operator.get(WORK))

        assert "E: … twice" in shown
        assert "FAKE" not in shown
        assert "杭州示例" not in shown

    def test_says_who_holds_what_and_what_was_abandoned(self, operator):
        second = timedelta(seconds=1)
        message("D1", lease_owner="alive:1", leased_until=NOON + second)
        assert "已放弃" not in page(operator.get(WORK))
        message("D2", lease_owner="dead:2", leased_until=NOON - second)

        shown = page(operator.get(WORK))

        assert "alive:1" in shown
        assert "已放弃" in shown[shown.index("dead:2") :]

    def test_says_who_asks_which_department(self, operator):
        exchange = ExchangeFactory(
            department="scjg", lease_owner="hall:9", leased_until=NOON
        )

        shown = page(operator.get(WORK))

        assert "向市市场监管局核验" in shown[shown.index("hall:9") :]
        assert exchange.case not in shown

    def test_keeps_one_task_by_the_address(self, operator):
        parked("D1")
        parked("D2", task="exchange.deposit")

        shown = page(operator.get(WORK, {"task": "exchange.deposit"}))

        assert 'aria-label="选择 D2"' in shown
        assert 'aria-label="选择 D1"' not in shown
        assert "/ops/work/?task=exchange.deposit&amp;seen=" in shown

    def test_speaks_english(self, operator):
        parked("D1")

        shown = page(operator.get(WORK, headers={"accept-language": "en"}))

        assert "Parked messages" in shown
        assert "搁置" not in shown

    def test_asks_the_database_little_however_many(
        self, operator, django_assert_max_num_queries
    ):
        for number in range(60):
            parked(f"D{number}", task=f"t{number}")
        operator.get(WORK)

        with django_assert_max_num_queries(8):
            operator.get(WORK)


class TestRefresh:
    def test_is_the_changing_part_only(self, operator, htmx):
        shown = page(operator.get(WORK, headers=htmx))

        assert shown.startswith('<div id="live"')
        assert "<html" not in shown

    def test_says_nothing_until_something_changes(self, operator, htmx):
        parked("D1")
        seen = operator.get(WORK).context["again"]

        assert operator.get(seen, headers=htmx).status_code == 204
        parked("D2")
        assert "D2" in page(operator.get(seen, headers=htmx))

    def test_is_never_logged(self, operator, htmx):
        before = LogEntry.objects.count()

        operator.get(WORK)
        operator.get(WORK, headers=htmx)

        assert LogEntry.objects.count() == before


class TestReissue:
    def test_asks_first(self, operator):
        one = parked("D1")

        shown = page(operator.post(REISSUE, {"message": [one.pk]}))

        assert "重新发出 1 条消息？" in shown
        assert f'name="message" value="{one.pk}"' in shown
        assert still_parked() == ["D1"]

    def test_gives_the_ticked_ones_new_tries_and_logs_it(self, operator):
        one, _other = parked("D1"), parked("D2")

        answer = operator.post(REISSUE, {"message": [one.pk], "sure": "1"}, follow=True)

        assert "已重新发出 1 条消息。" in page(answer)
        assert still_parked() == ["D2"]
        assert LogEntry.objects.filter(type="message.reissued").count() == 1

    def test_gives_all_of_one_task_new_tries(self, operator):
        parked("D1")
        parked("D2", task="exchange.deposit")
        everything = {"everything": "1", "task": "exchange.deposit"}
        asked = page(operator.post(REISSUE, everything))
        assert "重新发出 1 条消息？" in asked
        assert 'name="everything"' in asked

        answer = operator.post(REISSUE, {**everything, "sure": "1"})

        assert answer.headers["Location"] == f"{WORK}?task=exchange.deposit"
        assert still_parked() == ["D1"]

    @pytest.mark.parametrize("ticked", [[], ["x"], ["99999"]])
    def test_nothing_ticked_is_told_and_changes_nothing(self, operator, ticked):
        parked("D1")

        answer = operator.post(REISSUE, {"message": ticked, "sure": "1"})

        assert answer.status_code == 422
        assert "请先勾选" in page(answer)
        assert f'hx-get="{WORK}?' in page(answer)
        assert still_parked() == ["D1"]

    def test_a_running_message_is_left_alone(self, operator):
        running = message("D1", leased_until=NOON + timedelta(seconds=9), fence=3)

        operator.post(REISSUE, {"message": [running.pk], "sure": "1"})

        running.refresh_from_db()
        assert (running.fence, running.attempts) == (3, 0)

    def test_needs_a_post(self, operator):
        assert operator.get(REISSUE).status_code == 405
