"""What the department shows."""

from __future__ import annotations

from tests.scenarios.scenario import Expected, Scenario
from tests.scenarios.stage import (
    LEASE,
    TAX,
    TOMORROW,
    asked_before,
    be,
    come_back,
    hold,
    hold_two,
    lose,
    renamed,
    wait,
)

ROWS = (
    Scenario(
        "found",
        "The department holds one good record",
        TAX,
        given=(),
        then=(),
        oots="TC01",
        expected=Expected(
            answer="FOUND",
            zh="已取得 · 市税务局 12:00 答复",
            en="Obtained · Taxation answered 12:00",
            events=("exchange.intended", "exchange.answered FOUND"),
            case="delivered",
        ),
    ),
    Scenario(
        "draft_left",
        "The applicant sees what was found, leaves, comes back next day and files",
        TAX,
        given=(),
        then=(
            wait(hours=20),
            come_back,
        ),
        oots="TC06, TC09, TC10",
        filed=False,
        expected=Expected(
            answer="FOUND",
            zh="已取得 · 市税务局 2026-11-23 12:00 答复",
            en="Obtained · Taxation answered 2026-11-23 12:00",
            events=("exchange.intended", "exchange.answered FOUND"),
            case="delivered",
        ),
    ),
    Scenario(
        "other_silent",
        "One of two departments is down, the other has answered",
        TAX,
        given=(be("down", department="scjg"),),
        then=(),
        oots="TC07",
        expected=Expected(
            answer="FOUND",
            zh="已取得 · 市税务局 12:00 答复",
            en="Obtained · Taxation answered 12:00",
            events=("exchange.intended", "exchange.answered FOUND"),
            case="in_review",
        ),
    ),
    Scenario(
        "fallback",
        "The first department holds none; another one that may hold it is asked",
        LEASE,
        given=(lose("ghzy", "M022"),),
        then=(),
        oots="TC05",
        expected=Expected(
            answer="FOUND",
            zh="已取得 · 市住保房管局 12:00 答复",
            en="Obtained · Housing Security and Real Estate answered 12:00",
            events=("exchange.intended", "exchange.answered FOUND"),
            case="delivered",
        ),
    ),
    Scenario(
        "several",
        "The department holds two good records",
        TAX,
        given=(hold_two,),
        then=(),
        expected=Expected(
            answer="FOUND",
            zh="已取得 · 市税务局 12:00 答复",
            en="Obtained · Taxation answered 12:00",
            flags=("several",),
            events=("exchange.intended", "exchange.answered FOUND"),
            case="delivered",
        ),
    ),
    Scenario(
        "former_name",
        "The record stands under the company's former name",
        TAX,
        given=(renamed,),
        then=(),
        expected=Expected(
            answer="FOUND",
            zh="已取得（登记为曾用名，已转校核）· 市税务局 12:00 答复",
            en=(
                "Obtained (registered under a former name, sent for recheck) · "
                "Taxation answered 12:00"
            ),
            flags=("former_name", "rechecked"),
            events=("exchange.intended", "exchange.answered FOUND", "assist.requested"),
            case="delivered",
        ),
    ),
    Scenario(
        "expires_tomorrow",
        "The record expires tomorrow",
        TAX,
        given=(hold(valid_until=TOMORROW),),
        then=(),
        expected=Expected(
            answer="FOUND",
            zh="已取得 · 市税务局 12:00 答复",
            en="Obtained · Taxation answered 12:00",
            flags=("expires_soon",),
            events=("exchange.intended", "exchange.answered FOUND"),
            case="delivered",
        ),
    ),
    Scenario(
        "reused",
        "The company asked the same a moment ago, for another case",
        TAX,
        given=(asked_before,),
        then=(),
        expected=Expected(
            answer="FOUND",
            zh="已取得 · 沿用市税务局此前的答复，仍在有效期内",
            en="Obtained · an earlier answer of Taxation that is still fresh",
            flags=("reused",),
            events=("exchange.reused FOUND",),
            case="delivered",
        ),
    ),
)
