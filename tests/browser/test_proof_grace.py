"""Without a proof of the log the operator's page is red, and recovers by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from services.accounts.operations.seed_staff import seed_staff
from tests.clock import NOON
from tests.ledger.writing import moved, place_and_sign, write

pytestmark = pytest.mark.browser

WIDTHS = {"screen": (1366, 768), "phone": (390, 844)}


@pytest.fixture
def desk(catalogue, page, settings) -> Page:
    """Have the operator at the desk, and an entry that waits for its proof."""
    write(moved(), at=timezone.now() - timedelta(hours=5))
    settings.DEMO = True
    settings.PROOF_GRACE = timedelta(hours=4)
    seed_staff(seed=1, now=NOON)
    page.goto("/sign-in/")
    page.get_by_role("button", name="运维人员").click()
    return page


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_says_what_stopped_until_there_is_a_proof(desk, width):
    desk.set_viewport_size(dict(zip(("width", "height"), WIDTHS[width], strict=True)))
    desk.goto("/ops/")
    lamp = desk.locator(".lamp-bad")
    expect(lamp).to_contain_text("日志迟迟没有新的证明，已暂停向部门提问；收件照常")
    row = desk.get_by_role("row").filter(has_text="向部门提问")
    expect(row).to_contain_text("停住了")
    wide = desk.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0

    place_and_sign(at=timezone.now())

    expect(row).to_contain_text("在进行")
    expect(lamp).not_to_contain_text("证明")
