"""Break a department, watch its line, and set work going again, in a real browser."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from services.accounts.operations.seed_staff import seed_staff
from services.dispatch.models import OutboxMessage
from services.exchange.breaker import FAILURES
from services.exchange.operations.serve import serve_department
from tests.clock import NOON
from tests.factories.exchange import ExchangeFactory

pytestmark = pytest.mark.browser

MARKET = "市市场监管局"
AN_HOUR = timedelta(hours=1)
PHONE = {"width": 390, "height": 844}
PAGES = (
    "/ops/",
    "/ops/departments/",
    "/ops/departments/scjg/",
    "/ops/departments/all/",
    "/ops/work/",
    "/ops/incidents/",
    "/ops/books/?hours=24",
)


@pytest.fixture
def desk(catalogue, page, settings) -> Page:
    """Have the operator at the desk."""
    settings.DEMO = True
    settings.TIME_SCALE = 0
    seed_staff(seed=1, now=NOON)
    page.goto("/sign-in/")
    page.get_by_role("button", name="运维人员").click()
    expect(page.get_by_role("heading", name="运维台")).to_be_visible()
    return page


def parked(key: str) -> OutboxMessage:
    now = timezone.now()
    return OutboxMessage.objects.create(
        task="cases.advance",
        key=key,
        created_at=now,
        available_at=now,
        attempts=8,
        parked_at=now,
        parked_reason="ValueError: no",
    )


def test_a_department_is_switched_down_and_its_line_is_seen_to_break_and_heal(desk):
    desk.get_by_role("link", name="部门系统").click()
    desk.get_by_role("link", name=MARKET).click()
    desk.get_by_role("radio", name="连接不上 连接接通即断").check()
    desk.get_by_role("button", name="切换", exact=True).click()
    row = desk.get_by_role("row", name=MARKET)
    expect(row).to_contain_text("连接不上")
    expect(row).to_contain_text("畅通")

    now = timezone.now()
    times = {"issued_at": now, "next_attempt_at": now, "deadline_at": now + AN_HOUR}
    ExchangeFactory.create_batch(FAILURES, department="scjg", **times)
    serve_department(code="scjg", clock=timezone.now, batch=1)
    expect(row).to_contain_text("已断开")
    expect(desk.locator("#headline")).to_contain_text("1 条线路已断开。")

    desk.get_by_role("button", name="全部恢复正常").click()
    expect(row).to_contain_text("正常")
    serve_department(code="scjg", clock=lambda: now + timedelta(minutes=1))
    expect(row).to_contain_text("畅通")


def test_a_parked_message_is_reissued_and_the_tick_outlives_a_refresh(desk):
    parked("D1")
    parked("D2")
    desk.get_by_role("link", name="待办消息").click()
    desk.get_by_label("选择 D1").check()
    parked("D3")
    expect(desk.get_by_label("选择 D3")).to_be_visible()
    expect(desk.get_by_label("选择 D1")).to_be_checked()

    desk.get_by_role("button", name="重新发出所选").click()
    desk.get_by_role("button", name="确认重新发出").click()

    expect(desk.get_by_text("已重新发出 1 条消息。")).to_be_visible()
    keys = OutboxMessage.objects.parked().values_list("key", flat=True)
    assert sorted(keys) == ["D2", "D3"]


def test_words_that_stay_the_same_are_not_said_again(desk):
    parked("D1")
    desk.goto("/ops/work/")
    desk.evaluate(
        """() => {
          window.said = [];
          const headline = document.getElementById("headline");
          new MutationObserver(() => window.said.push(headline.textContent.trim()))
            .observe(headline, {childList: true, subtree: true, characterData: true});
        }"""
    )

    OutboxMessage.objects.create(
        task="exchange.deposit", key="x", created_at=NOON, available_at=NOON
    )
    expect(desk.locator("#live")).to_contain_text("exchange.deposit")
    assert desk.evaluate("window.said") == []

    parked("D2")
    expect(desk.locator("#headline")).to_contain_text("2 条消息")
    assert desk.evaluate("window.said.length") > 0


@pytest.mark.parametrize("size", [None, PHONE], ids=["1366", "390"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_page_of_the_desk_is_wider_than_the_window(desk, size, language):
    parked("D1")
    if size:
        desk.set_viewport_size(size)
    if language == "en":
        desk.get_by_role("button", name="English").click()

    for path in PAGES:
        desk.goto(path)
        wide = desk.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, path
        assert desk.locator("html").get_attribute("lang") == language


def test_nothing_at_the_desk_breaks_the_policy(desk):
    said: list[str] = []
    desk.on("console", lambda message: said.append(message.text))
    desk.on("pageerror", lambda error: said.append(str(error)))

    for path in PAGES:
        desk.goto(path)

    assert not [text for text in said if re.search("Content Security|Error", text)]
