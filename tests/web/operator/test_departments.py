"""The departments' systems: how they behave, how lines stand, switches for faults."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.departments.faults import OF_THE_HUB, Mode
from services.departments.gateways.contract import DepartmentsUnreachable
from services.departments.models import Profile
from services.departments.operations.switch import PARAMETERS
from services.exchange.models import Breaker
from services.ledger.models import LogEntry
from services.ledger.queries import entry
from services.web.operator.faults import FAULTS, GROUPS
from tests.clock import NOON
from tests.factories.departments import ProfileFactory
from tests.factories.exchange import ExchangeFactory
from tests.web.conftest import page

LIST = "/ops/departments/"
MARKET = "/ops/departments/scjg/"


def modes() -> dict[str, str]:
    return dict(Profile.objects.values_list("department", "mode"))


def cut(line: str) -> None:
    Breaker.objects.create(
        line=line,
        state=Breaker.State.OPEN,
        failures=5,
        opened_at=NOON,
        probe_at=NOON + timedelta(seconds=30),
        last_code="TIMEOUT",
        last_error_at=NOON,
        changed_at=NOON,
    )


def test_every_behaviour_has_words_and_a_place_in_the_form():
    offered = [mode for group in GROUPS for mode in group.modes]

    assert sorted(offered) == sorted(Mode)
    assert set(FAULTS) == set(Mode)


class TestList:
    def test_shows_the_hub_and_every_department(self, operator):
        shown = page(operator.get(LIST))

        assert "公共数据平台" in shown
        assert 'href="/ops/departments/scjg/"' in shown
        assert "所有部门的系统正常，线路畅通。" in shown

    def test_shows_what_is_broken_first_with_since_probe_and_last_error(self, operator):
        cut("wsjk")
        ProfileFactory(department="scjg", mode=Mode.DOWN)

        shown = page(operator.get(LIST))

        order = [
            shown.index(f"/departments/{code}/") for code in ("scjg", "wsjk", "hub")
        ]
        assert order == sorted(order)
        assert "已断开" in shown
        assert "自 12:00:00" in shown
        assert "12:00:30 试探" in shown
        assert "超时" in shown
        assert "1 条线路已断开" in shown

    def test_counts_what_waits_without_saying_for_whom(self, operator):
        exchange = ExchangeFactory(department="scjg")

        shown = page(operator.get(LIST, {"only": "waiting"}))

        assert shown.count("<tr data-open>") == 1
        assert exchange.entity not in shown
        assert exchange.holder_name not in shown

    @pytest.mark.parametrize(
        ("only", "good"),
        [("broken", "没有断开的线路"), ("waiting", "没有请求在等部门答复")],
    )
    def test_a_filter_that_keeps_nothing_says_that_this_is_good(
        self, operator, only, good
    ):
        assert good in page(operator.get(LIST, {"only": only}))

    def test_asks_the_database_little(self, operator, django_assert_max_num_queries):
        cut("scjg")
        operator.get(LIST)

        with django_assert_max_num_queries(9):
            operator.get(LIST)

    def test_says_so_where_the_departments_themselves_do_not_answer(
        self, operator, monkeypatch
    ):
        def nobody():
            raise DepartmentsUnreachable

        monkeypatch.setattr("services.web.operator.lines.profiles", nobody)
        cut("scjg")

        shown = page(operator.get(LIST))

        assert "部门系统没有应答" in shown
        assert "已断开" in shown

    def test_a_refresh_shows_a_line_that_was_cut(self, operator, htmx):
        seen = operator.get(LIST).context["again"]
        assert operator.get(seen, headers=htmx).status_code == 204

        cut("scjg")

        assert "已断开" in page(operator.get(seen, headers=htmx))

    def test_speaks_english(self, operator):
        cut("scjg")

        shown = page(operator.get(LIST, headers={"accept-language": "en"}))

        assert "1 line is cut" in shown
        assert "Market Regulation" in shown


class TestSwitch:
    def test_makes_a_system_behave_otherwise_and_says_so(self, operator):
        sent = {
            "mode": "slow",
            "latency_ms": "700",
            "p99_ms": "9000",
            "defer_seconds": "60",
            "seed": "9",
        }

        answer = operator.post(MARKET, sent, follow=True)

        profile = Profile.objects.get(department="scjg")
        assert (profile.mode, profile.latency_ms, profile.seed) == ("slow", 700, 9)
        assert (profile.p99_ms, profile.defer_seconds) == (9_000, 60)
        assert "变慢" in page(answer)
        line = entry(LogEntry.objects.get(type="department.switched").pk)
        assert line.office == "scjg"
        assert line.details == {
            name: n if name == "mode" else int(n) for name, n in sent.items()
        }

    def test_leaves_alone_what_was_left_empty(self, operator):
        ProfileFactory(department="scjg", latency_ms=123, seed=5)

        operator.post(MARKET, {"mode": "down", "latency_ms": "", "seed": ""})

        profile = Profile.objects.get(department="scjg")
        assert (profile.mode, profile.latency_ms, profile.seed) == ("down", 123, 5)

    def test_switches_all_departments_but_not_the_hub(self, operator):
        operator.post("/ops/departments/all/", {"mode": "down"})

        assert set(modes().values()) == {"down"}
        assert "hub" not in modes()
        assert LogEntry.objects.filter(type="department.switched").count() == len(
            modes()
        )

    def test_restores_only_what_is_faulty_hub_included(self, operator):
        for code in ("hub", "scjg"):
            ProfileFactory(department=code, mode=Mode.HANG)
        ProfileFactory(department="wsjk")

        operator.post("/ops/departments/all/", {"mode": "up"})

        assert set(modes().values()) == {"up"}
        assert LogEntry.objects.filter(type="department.switched").count() == 2

    @pytest.mark.parametrize(
        "sent",
        [
            {},
            {"mode": "exploding"},
            {"mode": "down", "latency_ms": "-1"},
            {"mode": "down", "latency_ms": "60001"},
            {"mode": "slow", "p99_ms": "600001"},
            {"mode": "late", "defer_seconds": "0"},
            {"mode": "down", "seed": "x"},
        ],
    )
    def test_what_makes_no_sense_is_told_and_changes_nothing(self, operator, sent):
        answer = operator.post(MARKET, sent)

        assert answer.status_code == 422
        assert 'class="problems"' in page(answer)
        assert not LogEntry.objects.filter(type="department.switched").exists()

    def test_offers_every_parameter(self, operator):
        shown = page(operator.get(MARKET))

        for name in PARAMETERS:
            assert f'name="{name}"' in shown

    def test_offers_every_behaviour_with_what_it_does(self, operator):
        shown = page(operator.get(MARKET))

        assert shown.count('type="radio" name="mode"') == len(Mode)
        assert "连接接通即断，不看请求，也不答复。" in shown
        assert "收下并处理请求，一字未答就中断连接。" in shown
        assert "答复的次序与所问不同，按种子打乱。" in shown

    def test_offers_the_hub_what_a_hub_can_do(self, operator):
        shown = page(operator.get("/ops/departments/hub/"))
        refused = operator.post("/ops/departments/hub/", {"mode": "no_record"})

        assert shown.count('type="radio" name="mode"') == len(OF_THE_HUB)
        assert refused.status_code == 422
        assert "数据平台不会这样" in page(refused)

    def test_says_so_where_nobody_can_be_switched(self, operator, monkeypatch):
        def nobody(*_args, **_kwargs):
            raise DepartmentsUnreachable

        monkeypatch.setattr("services.web.operator.departments.switch", nobody)

        answer = operator.post(MARKET, {"mode": "down"})

        assert answer.status_code == 503
        assert "没有切换任何系统" in page(answer)

    def test_there_is_no_other_department(self, operator):
        assert operator.get("/ops/departments/nowhere/").status_code == 404
        assert operator.post("/ops/departments/nowhere/").status_code == 404
