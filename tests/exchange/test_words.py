"""The five outcomes in the words that people read."""

from datetime import timedelta

import pytest
from django.utils import translation

from services.departments.gateways.contract import CODES
from services.exchange.models import Evidence, Exchange
from services.exchange.words import sentence
from tests.clock import NOON

PAPER = ("上传", "提交材料", "请提供", "补交", "upload")
NEXT = NOON + timedelta(minutes=18)
SHOWN = {"records": [], "fresh_until": NOON + timedelta(days=1)}


def exchange(outcome="", code="", **changes) -> Exchange:
    values = {
        "outcome": outcome,
        "code": code,
        "state": "settled" if outcome in ("FOUND", "NOT_FOUND") else "waiting",
        "issued_at": NOON,
        "answered_at": NOON,
        "next_attempt_at": NEXT,
        "deadline_at": NOON + timedelta(hours=4),
    }
    return Exchange(**{**values, **changes})


def evidence(**changes) -> Evidence:
    return Evidence(**{**SHOWN, **changes})


def said(one: Exchange, now=NOON, **known) -> str:
    return sentence(one, department="市公安局", now=now, **known)


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (exchange(answered_at=None), "正在向市公安局核验"),
        (exchange("FOUND"), "已取得 · 市公安局 12:00 答复"),
        (
            exchange("FOUND", reused=True, evidence=evidence()),
            "已取得 · 沿用市公安局此前的答复，仍在有效期内",
        ),
        (
            exchange("FOUND", evidence=evidence(under_former_name=True)),
            "已取得（登记为曾用名，已转校核）· 市公安局 12:00 答复",
        ),
        (
            exchange("NOT_FOUND", "NO_RECORD"),
            "无此记录 · 市公安局 12:00 答复 · 如您持有，可凭证号和发证机关提出数据异议",
        ),
        (
            exchange("NOT_FOUND", "EXPIRED"),
            "证照已过期 · 市公安局 12:00 答复 · 可先办理延续或换证",
        ),
        (
            exchange("UNAVAILABLE", "CONNECTION"),
            "市公安局暂未答复（自 12:00）· 12:18 再次请求，无需您提供",
        ),
        (
            exchange("UNAVAILABLE", "TIMEOUT", state="assisted"),
            (
                "市公安局系统暂未答复 · 已转该部门工作人员核查，"
                "系统 12:18 再次请求，无需您提供"
            ),
        ),
        (
            exchange("REFUSED", "NOT_AUTHORISED"),
            "市公安局拒绝 · 已转运维处理，12:18 再次请求，与您无关",
        ),
        (
            exchange("DEFERRED", "ACCEPTED_FOR_LATER"),
            "市公安局将于 12:18 答复，届时自动取回",
        ),
    ],
)
def test_each_outcome_has_its_sentence(one, words):
    with translation.override("zh-hans"):
        assert said(one) == words


def test_the_hub_s_silence_is_not_the_department_s():
    with translation.override("zh-hans"):
        words = said(exchange("UNAVAILABLE", "CONNECTION", via="hub"))

    assert words == (
        "公共数据平台暂未答复（自 12:00），市公安局系统未受影响 · "
        "12:18 再次请求，无需您提供"
    )


def test_a_stale_answer_that_is_asked_again_says_so():
    with translation.override("zh-hans"):
        words = said(exchange(answered_at=None), renewing=True)

    assert words == "此前的答复已过有效期 · 正在向市公安局重新核验，无需您提供"


def test_a_dispute_that_is_open_is_not_asked_for_again():
    with translation.override("zh-hans"):
        words = said(exchange("NOT_FOUND", "NO_RECORD"), looking=["dispute"])

    assert "您的数据异议已转其核查" in words


def test_a_copy_says_of_when_it_is():
    copied = evidence(snapshot_at=NOON - timedelta(days=3))

    with translation.override("zh-hans"):
        words = said(exchange("FOUND", evidence=copied))

    assert words == "已取得 · 市公安局在公共数据平台的副本（截至 2026-11-20 12:00）"


def test_an_officer_s_word_and_a_late_answer_are_named():
    seen = evidence(records=[{"number": "1", "attributes": {"source": "officer"}}])
    late = exchange(
        "FOUND", evidence=evidence(), deadline_at=NOON - timedelta(minutes=1)
    )

    with translation.override("zh-hans"):
        assert (
            said(exchange("FOUND", evidence=seen))
            == "已取得 · 市公安局工作人员 12:00 查核"
        )
        assert said(late) == "已取得 · 市公安局 12:00 补充答复"


def test_another_day_is_named():
    with translation.override("zh-hans"):
        words = said(exchange("FOUND"), now=NOON + timedelta(days=1))

    assert words == "已取得 · 市公安局 2026-11-23 12:00 答复"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("state", ["waiting", "assisted"])
@pytest.mark.parametrize("code", [code for codes in CODES.values() for code in codes])
def test_no_sentence_asks_for_a_paper(language, state, code):
    outcome = next(outcome for outcome, codes in CODES.items() if code in codes)

    with translation.override(language):
        words = said(exchange(outcome, code, state=state)).lower()

    assert not any(paper in words for paper in PAPER)
