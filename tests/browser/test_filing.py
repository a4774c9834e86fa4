"""File, track, accept and decide in a real browser."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from services.accounts.operations.seed_staff import seed_staff
from services.cases.models import Case
from services.cases.operations.carry_on import carry_on
from services.registry.models import Entity
from tests.clock import NOON
from tests.factories.cases import REPRESENTATIVE_ID, hold_for, open_task
from tests.factories.registry import EntityFactory

pytestmark = pytest.mark.browser

DECIDED = "HZ-095"  # a reviewer decides
BY_DEPARTMENT = "HZ-175"  # the department accepts
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def company(catalogue, page, settings) -> Entity:
    settings.DEMO = True
    settings.TIME_SCALE = 0
    seed_staff(seed=1, now=NOON)
    return EntityFactory(
        uscc="91330102FAKE000139",
        registered_capital=5000,
        representative_id=REPRESENTATIVE_ID,
    )


def sign_in(page: Page, company: Entity) -> None:
    page.goto("/")
    page.get_by_role("link", name=company.uscc).click()
    page.get_by_role("button", name="获取验证码").click()
    page.locator("main").get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name=company.legal_name)).to_be_visible()


def file_it(page: Page, company: Entity, item: str) -> Case:
    """File an item by the pages; departments answer in between."""
    hold_for(company, item)
    sign_in(page, company)
    page.goto(f"/items/{item}/")
    page.locator("main").get_by_role("link", name="办理").click()
    page.get_by_role("button", name="同意授权，开始办理").click()
    carry_on(now=timezone.now())
    expect(page.locator("#progress")).to_contain_text("已取得")
    page.get_by_role("button", name="填入演示值").click()
    expect(page.get_by_text("已填入演示值")).to_be_visible()
    carry_on(now=timezone.now())
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_text("已提交，办件编号")).to_be_visible()
    return Case.objects.get(entity=company, number__isnull=False)


def sit_down(page: Page, username: str) -> None:
    """Take a seat by the demo's form, for any member of staff."""
    page.goto("/sign-in/")
    button = page.locator("form[action='/sign-in/demo/'] button").first
    button.evaluate("(button, name) => { button.value = name }", username)
    button.click()
    expect(page.get_by_role("link", name="工作台")).to_be_visible()


def test_a_case_is_filed_tracked_and_decided(page, company):
    case = file_it(page, company, DECIDED)
    expect(page.locator("[aria-current=step]")).to_contain_text("审批中")
    carry_on(now=timezone.now())

    sit_down(page, open_task(case, "decide").assignee.username)
    page.get_by_role("link", name=case.number).click()
    page.locator("summary", has_text="准予").click()
    page.get_by_role("button", name="作出准予决定").click()
    expect(page.get_by_text("已准予。")).to_be_visible()
    carry_on(now=timezone.now())

    sign_in(page, company)
    page.get_by_role("link", name=case.number).click()
    expect(page.locator("h1")).to_contain_text("已送达")
    expect(page.get_by_text("结果证照")).to_be_visible()


def test_a_department_accepts_from_its_inbox(page, company):
    case = file_it(page, company, BY_DEPARTMENT)

    sit_down(page, open_task(case, "accept").assignee.username)
    page.get_by_role("link", name=case.number).click()
    page.get_by_role("button", name="受理", exact=True).click()

    expect(page.get_by_text("已受理。")).to_be_visible()


def test_tracking_goes_on_by_itself(page, company):
    case = file_it(page, company, DECIDED)

    Case.objects.filter(pk=case.pk).update(state="withdrawn", ended_at=timezone.now())

    expect(page.locator("h1")).to_contain_text("已撤回")


def test_the_licence_box_says_which_check_failed_while_one_types(page, company):
    page.goto("/")
    page.locator("#licence").press_sequentially(company.uscc[:-1] + "0")

    expect(page.locator("#licence-check")).to_contain_text("第 18 位")


@pytest.mark.parametrize("size", [None, PHONE], ids=["1366", "390"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_page_is_wider_than_the_window(page, company, size, language):
    case = file_it(page, company, DECIDED)
    if size:
        page.set_viewport_size(size)
    if language == "en":
        page.get_by_role("button", name="English").click()

    for path in ("/", f"/items/{DECIDED}/", "/my/", f"/cases/{case.number}/"):
        page.goto(path)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, path
        assert page.locator("html").get_attribute("lang") == language


def test_nothing_on_a_page_breaks_the_policy(page, company):
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))

    case = file_it(page, company, DECIDED)
    page.goto(f"/cases/{case.number}/")
    page.goto("/my/")

    assert not [text for text in said if re.search("Content Security|Error", text)]
