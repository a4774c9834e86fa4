"""Look an entry up and verify it, in a real browser with the network cut."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from services.accounts.operations.seed_staff import seed_staff
from services.ledger.entry import Entry
from services.ledger.models import LogEntry
from services.web.auditor.saved import QUESTIONS
from tests.clock import NOON
from tests.ledger.test_note import OTHER
from tests.ledger.writing import (
    LICENCE,
    REVIEWER,
    moved,
    place_and_sign,
    tamper,
    write,
)

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def rows(catalogue, page) -> list[LogEntry]:
    about = {"subject": f"entity:{LICENCE}", "office": "scjg-330106"}
    found = write(
        *[moved(f"D{number}", actor=REVIEWER, **about) for number in range(300)],
        Entry(type="upload.viewed", case="D1", actor=REVIEWER, **about),
        Entry(type="exchange.refused", office="gaj", code="NOT_AUTHORISED"),
    )
    place_and_sign()
    return found


@pytest.fixture
def desk(rows, page, settings) -> Page:
    """Have the auditor at the desk."""
    settings.DEMO = True
    seed_staff(seed=1, now=NOON)
    page.goto("/sign-in/")
    page.get_by_role("button", name="审计人员").click()
    expect(page.get_by_role("heading", name="审计台")).to_be_visible()
    return page


def verify(page: Page):
    """Verify the entry that is open, without a network once its scripts are there."""
    button = page.get_by_role("button", name="在本浏览器核验")
    expect(button).to_be_enabled()
    page.context.set_offline(True)
    button.click()
    page.context.set_offline(False)
    return page.locator("#verdict")


def test_an_entry_is_found_and_verified(desk, rows):
    desk.get_by_label("统一社会信用代码").fill(LICENCE)
    desk.get_by_label("办件编号").fill("D257")
    desk.get_by_role("button", name="筛选").click()
    expect(desk.locator("tr[data-open]")).to_have_count(1)
    desk.locator("tr[data-open] a").first.click()
    expect(desk.get_by_role("heading", name=f"日志条目 {rows[257].pk}")).to_be_visible()

    expect(verify(desk)).to_contain_text("核验通过")

    marks = desk.locator("[data-above]")
    expect(marks.filter(has_text="✓")).to_have_count(marks.count())
    assert marks.count() > 5


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [("D257", "D258", "算出的树根不是签名的那个"), (REVIEWER.role, "auditor", "树根")],
)
def test_an_altered_entry_is_told(desk, rows, old, new, said):
    row = rows[257]
    altered = row.leaf.replace(old, new)
    tamper("UPDATE ledger_logentry SET leaf = %s WHERE id = %s", altered, row.pk)
    desk.goto(f"/audit/entries/{row.pk}/")

    expect(verify(desk)).to_contain_text(said)


def test_somebody_elses_key_is_told(desk, rows):
    desk.goto(f"/audit/entries/{rows[0].pk}/")
    desk.locator("#key").fill(str(OTHER.key))

    expect(verify(desk)).to_contain_text("不是这把公钥所对应的密钥签的")


def test_nothing_is_wider_than_a_phone(desk, rows):
    desk.set_viewport_size(PHONE)
    pages = ["/audit/", f"/audit/entries/{rows[0].pk}/", "/audit/questions/"]

    for address in [*pages, *(f"/audit/questions/{code}/" for code in QUESTIONS)]:
        desk.goto(address)
        width = desk.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE["width"], f"{address} is {width} px wide"


def test_a_question_leads_to_its_entries(desk):
    desk.get_by_role("link", name="常问的问题").click()
    desk.get_by_role("link", name="各部门拒绝了我方多少次").click()
    desk.get_by_role("link", name="相关日志").click()

    expect(desk.locator("tr[data-open]")).to_have_count(1)
    expect(desk.get_by_label("机构代码")).to_have_value("gaj")
