"""A company sees who looked, asks why, and reads the office's answer."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import expect

from services.accounts.operations.seed_staff import seed_staff
from services.cases.models import AccessQuestion, Case
from services.cases.operations.look import look_at_case
from services.ledger.models import LogEntry
from tests.clock import NOON
from tests.factories.cases import (
    REPRESENTATIVE_ID,
    filed,
    hold_for,
    open_task,
    person_of,
)
from tests.factories.registry import EntityFactory
from tests.web.conftest import as_applicant, as_staff

pytestmark = pytest.mark.browser

ITEM = "HZ-095"
TRAIL = "/my/footprint/"
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def case(catalogue, page, settings) -> Case:
    """Have a case that its reviewer has looked at."""
    settings.DEMO = True
    settings.TIME_SCALE = 0
    seed_staff(seed=1, now=NOON)
    company = EntityFactory(
        uscc="91330102FAKE000139",
        registered_capital=5000,
        representative_id=REPRESENTATIVE_ID,
    )
    hold_for(company, ITEM)
    case = filed(company, ITEM)
    look_at_case(case=case, actor=person_of(open_task(case, "decide")), now=NOON)
    return case


@pytest.fixture
def seat(page, live_server) -> Callable[[Client], None]:
    """Let the window go on as whoever has signed in."""

    def take(client: Client) -> None:
        cookie = client.cookies["sessionid"].value
        page.context.add_cookies(
            [{"name": "sessionid", "value": cookie, "url": live_server.url}]
        )

    return take


def look() -> LogEntry:
    return LogEntry.objects.get(type="evidence.viewed")


def test_a_company_asks_and_reads_the_answer(page, case, seat):
    seat(as_applicant(case.entity))
    page.goto("/my/")
    page.get_by_role("link", name="数据足迹").click()
    page.get_by_role("link", name="人员查看").click()
    row = page.get_by_role("row", name="查看证据")
    expect(row).to_contain_text(str(case.number))
    row.get_by_role("link", name="询问这次查看").click()
    page.get_by_label("您想了解什么").fill("为什么查看？")
    page.get_by_role("button", name="提出询问").click()
    expect(page.get_by_text("还有 5 个工作日")).to_be_visible()

    seat(as_staff("head-1"))
    page.goto("/desk/")
    page.get_by_role("link", name="企业询问").click()
    page.get_by_label("答复", exact=True).fill("审批需要核对。")
    page.get_by_role("button", name="答复企业").click()
    expect(page.get_by_text("没有等待答复的询问。")).to_be_visible()

    seat(as_applicant(case.entity))
    page.goto(f"{TRAIL}{look().pk}/")
    expect(page.get_by_text("审批需要核对。")).to_be_visible()


@pytest.mark.parametrize("size", [None, PHONE], ids=["1366", "390"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_page_is_wider_than_the_window_or_breaks_the_policy(
    page, case, seat, size, language
):
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    browser = as_applicant(case.entity)
    browser.post(f"{TRAIL}{look().pk}/", {"text": "为什么查看？"})
    assert AccessQuestion.objects.exists()
    if size:
        page.set_viewport_size(size)
    page.goto("/")
    if language == "en":
        page.get_by_role("button", name="English").click()
    fetched = LogEntry.objects.filter(type="exchange.answered").earliest("pk")

    for client, path in (
        (browser, TRAIL),
        (browser, f"{TRAIL}{look().pk}/"),
        (browser, f"{TRAIL}{fetched.pk}/"),
        (as_staff("head-1"), "/desk/questions/"),
    ):
        seat(client)
        page.goto(path)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, path
        assert page.locator("html").get_attribute("lang") == language
    assert not [text for text in said if re.search("Content Security|Error", text)]
