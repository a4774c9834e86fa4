"""A receipt is checked in a real browser, with the network cut, and told apart."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect

from services.accounts.operations.seed_staff import seed_staff
from services.cases.models import Case
from services.cases.receipts import receipt_number, receipt_of
from services.ledger.covering import proof_of_entry
from services.ledger.entry import Entry
from services.ledger.models import Checkpoint, LogEntry
from services.ledger.note import Proof, cosign, encode, parse_note, parse_proof
from services.ledger.operations.record import record
from tests.clock import NOON
from tests.factories.cases import REPRESENTATIVE_ID, filed, hold_for
from tests.factories.registry import EntityFactory
from tests.ledger.test_verify import WITNESS
from tests.ledger.writing import place_and_sign, tamper

pytestmark = pytest.mark.browser

ITEM = "HZ-095"
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def case(catalogue, page, settings) -> Case:
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
    place_and_sign()
    return case


def number(case: Case) -> str:
    return receipt_number(str(case.number))


def grow(case: Case) -> None:
    """Let the log grow by something of another case."""
    with transaction.atomic():
        record(Entry(type="case.moved", case="D-other"), at=NOON)
    place_and_sign()


def verdict(page: Page):
    return page.locator("#verdict")


def test_it_is_checked_again_with_the_network_cut(page, case):
    page.goto(f"/verify/{number(case)}")
    expect(verdict(page)).to_contain_text("核验通过")

    page.context.set_offline(True)
    page.locator("#verdict").evaluate("lamp => { lamp.textContent = '' }")
    page.get_by_role("button", name="再次核验").click()

    expect(verdict(page)).to_contain_text("核验通过")
    expect(page.locator("[data-step=growth]")).to_have_class("good")
    expect(page.locator("[data-fact=case]")).to_have_text(case.reference)


def hand_in(page: Page, folder: Path, text: str, name: str = "my.tlog-proof") -> None:
    file = folder / name
    file.write_bytes(text.encode())
    page.locator("#file").set_input_files(file)


def test_an_old_receipt_from_a_drawer_is_compared_with_the_log_of_today(
    page, case, tmp_path
):
    old = receipt_of(case).proof
    size = parse_proof(old).checkpoint.splitlines()[1]
    grow(case)
    page.goto("/verify/")

    hand_in(page, tmp_path, old)

    expect(verdict(page)).to_contain_text("核验通过")
    expect(page.locator("[data-step=growth]")).to_contain_text(f"前 {size} 条")


def test_without_network_an_old_receipt_is_checked_as_far_as_that_goes(
    page, case, tmp_path
):
    old = receipt_of(case).proof
    grow(case)
    page.goto("/verify/")
    page.context.set_offline(True)

    hand_in(page, tmp_path, old)

    expect(verdict(page)).to_contain_text("只核验了一部分：没有网络")
    expect(page.locator("[data-step=inclusion]")).to_have_class("good")


def flip_entry(text: str) -> str:
    proof = parse_proof(text)
    entry = proof.extra.replace(b"case", b"Case", 1)
    return text.replace(encode(proof.extra), encode(entry))


EDITS: dict[str, tuple[Callable[[str], str], str]] = {
    "entry": (flip_entry, "算出的树根不是签名的那个"),
    "index": (lambda text: re.sub(r"index \d+", "index 0", text), "哈希少于"),
    "no-such-index": (
        lambda t: re.sub(r"index \d+", "index 9999", t),
        "序号 9999 超出",
    ),
    "words-for-index": (lambda text: re.sub(r"index \d+", "index x", text), "序号"),
    "hash": (
        lambda text: re.sub(r"(?m)^(.{41})..=$", r"\1=", text, count=1),
        "第 4 行",
    ),
    "cut": (lambda text: text[: text.index("\n\n")], "没有检查点"),
    "unsigned": (lambda text: text[: text.rindex("\n\n") + 1], "签名部分残缺"),
    "size": (
        lambda text: re.sub(r"(?m)^(\d+)$", lambda m: str(int(m[1]) + 1), text),
        "签名与检查点不符",
    ),
    "elsewhere": (lambda t: t.replace("— onelicense", "— elsewhere"), "elsewhere"),
    "line-ends": (lambda text: text.replace("\n", "\r\n"), "换行符"),
    "entry-missing": (lambda text: re.sub(r"extra .*\n", "", text), "没有记录本身"),
    "another-file": (lambda text: "%PDF-1.4\n", "这不是回执文件"),
    "too-large": (lambda text: text + "x" * 1_000_000, "不会是回执"),
}


@pytest.mark.parametrize("edit", EDITS)
def test_what_was_changed_is_named(page, case, tmp_path, edit):
    change, said = EDITS[edit]
    page.goto(f"/verify/{number(case)}")
    expect(verdict(page)).to_contain_text("核验通过")

    hand_in(page, tmp_path, change(receipt_of(case).proof))

    expect(verdict(page)).to_contain_text("核验不通过")
    expect(verdict(page)).to_contain_text(said)
    expect(page.locator("#note")).to_have_text("没有通过核验：不要相信下面所写。")


def test_the_receipt_of_another_case_is_told(page, case, tmp_path):
    grow(case)
    other = LogEntry.objects.get(case="D-other")
    proof = proof_of_entry(other.pk)
    page.goto(f"/verify/{number(case)}")
    expect(page.locator("#note")).to_be_hidden()

    text = str(Proof(proof.index, proof.hashes, proof.note, other.leaf.encode()))
    hand_in(page, tmp_path, text)

    expect(verdict(page)).to_contain_text("核验通过")
    expect(page.locator("#note")).to_contain_text("另一办件（D-other）的回执")


def test_a_dropped_file_is_taken(page, case):
    other = receipt_of(case).proof
    page.goto("/verify/")

    page.evaluate(
        """text => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File([text], "kept.tlog-proof"));
          document.dispatchEvent(new DragEvent("drop", { dataTransfer }));
        }""",
        other,
    )

    expect(verdict(page)).to_contain_text("核验通过")
    expect(page.locator("#source")).to_have_text("文件 kept.tlog-proof")


def test_nothing_is_said_where_nothing_was_handed_in(page, case):
    page.goto("/verify/")

    expect(verdict(page)).to_be_hidden()


def test_the_root_on_a_paper_is_the_beginning_of_the_log_of_today(page, case):
    checkpoint = parse_proof(receipt_of(case).proof).checkpoint.splitlines()
    size, root = checkpoint[1], checkpoint[2]
    grow(case)

    page.goto(f"/verify/{number(case)}#{size}-{root}")
    paper = page.locator("[data-step=paper]")
    expect(paper).to_have_class("good")
    expect(paper).to_contain_text(f"前 {size} 条没有改动过")

    page.locator("summary", has_text="不信任本站").click()
    page.locator("#paper-size").fill(size)
    page.locator("#paper-root").fill(
        "A" + root[1:] if root[0] != "A" else "B" + root[1:]
    )
    page.get_by_role("button", name="比对").click()
    expect(verdict(page)).to_contain_text("现在的日志不是当时的延续")


def test_another_key_is_told(page, case):
    page.goto(f"/verify/{number(case)}")
    page.locator("summary", has_text="不信任本站").click()
    key = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
    page.locator("#key").fill(key)

    page.get_by_role("button", name="用这把公钥核验").click()

    expect(verdict(page)).to_contain_text("不是这把公钥")


NO_ED25519 = """
const generate = crypto.subtle.generateKey;
crypto.subtle.generateKey = (algorithm, ...rest) =>
  algorithm.name === "Ed25519"
    ? Promise.reject(new DOMException("", "NotSupportedError"))
    : generate.call(crypto.subtle, algorithm, ...rest);
"""
NO_HASHES = "Object.defineProperty(crypto, 'subtle', { value: undefined });"


def test_a_browser_without_ed25519_says_what_it_did_not_check(page, case):
    page.add_init_script(NO_ED25519)

    page.goto(f"/verify/{number(case)}")

    expect(verdict(page)).to_contain_text("只核验了一部分")
    expect(verdict(page)).to_contain_text("不能核验 Ed25519 签名")
    expect(page.locator("[data-step=inclusion]")).to_have_class("good")
    expect(page.locator("[data-step=signature]")).to_have_class("warn")


def test_a_page_without_https_says_that_it_cannot_verify(page, case):
    page.add_init_script(NO_HASHES)

    page.goto(f"/verify/{number(case)}")

    expect(verdict(page)).to_contain_text("不是经 HTTPS 打开的")
    expect(page.locator("[data-step=inclusion]")).to_contain_text("尚未核验")


def test_a_witness_tells_when_it_saw_the_log(page, case, settings):
    settings.WITNESS_KEYS = [str(WITNESS.key)]
    signed = Checkpoint.objects.get()
    text = parse_note(signed.note).text
    seen = cosign(text, WITNESS, seconds=1_795_489_200).line
    tamper("UPDATE ledger_checkpoint SET note = %s", signed.note + seen)

    page.goto(f"/verify/{number(case)}")

    witness = page.locator("[data-step=witness]")
    expect(witness).to_have_text("见证witness.example 于 2026-11-24 11:00:00 见证。")
    expect(verdict(page)).to_contain_text("核验通过")


@pytest.mark.parametrize("size", [None, PHONE], ids=["1366", "390"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_page_is_wider_than_the_window_nor_breaks_the_policy(
    page, case, size, language
):
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    if size:
        page.set_viewport_size(size)
    page.goto("/sign-in/")
    if language == "en":
        page.get_by_role("button", name="English").click()

    for path in ("/verify/", f"/verify/{number(case)}"):
        page.goto(path)
        for summary in page.locator("main summary").all():
            if summary.is_visible():
                summary.click()
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, path

    assert not [text for text in said if re.search("Content Security|Error", text)]
