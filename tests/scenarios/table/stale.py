"""What was shown too long ago for a decision."""

from __future__ import annotations

from tests.scenarios.scenario import Expected, Scenario
from tests.scenarios.stage import LABOUR, be, hold, reviewer_tries, wait

ROWS = (
    Scenario(
        "renewed",
        "No longer fresh when the reviewer decides, and still good",
        LABOUR,
        given=(),
        then=(
            wait(days=40),
            reviewer_tries,
            reviewer_tries,
        ),
        expected=Expected(
            answer="FOUND",
            zh="已取得 · 市市场监管局 12:00 答复",
            en="Obtained · Market Regulation answered 12:00",
            events=(
                "exchange.intended",
                "exchange.answered FOUND",
                "exchange.intended",
                "exchange.answered FOUND",
            ),
            case="delivered",
            refused=("evidence_stale",),
        ),
    ),
    Scenario(
        "revoked_after_fetch",
        "Revoked after it was fetched; the reviewer decides when it is no longer fresh",
        LABOUR,
        given=(),
        then=(
            hold(status="revoked"),
            wait(days=40),
            reviewer_tries,
        ),
        expected=Expected(
            answer="NOT_FOUND REVOKED",
            zh="证照已撤销或注销 · 市市场监管局 12:00 答复 · 如有误可提出数据异议",
            en=(
                "Revoked or cancelled · Market Regulation answered 12:00 · if that is "
                "wrong, dispute it"
            ),
            flags=("revoked",),
            events=(
                "exchange.intended",
                "exchange.answered FOUND",
                "exchange.intended",
                "exchange.answered REVOKED",
            ),
            case="in_review",
            refused=("evidence_stale",),
        ),
    ),
    Scenario(
        "renewal_down",
        "No longer fresh when the reviewer decides, and the department is down",
        LABOUR,
        given=(),
        then=(
            be("down"),
            wait(days=40),
            reviewer_tries,
        ),
        expected=Expected(
            answer="UNAVAILABLE CONNECTION",
            zh="市市场监管局暂未答复（自 12:00）· 12:00 再次请求，无需您提供",
            en=(
                "No answer from Market Regulation yet (since 12:00) · asking again "
                "12:00, nothing needed from you"
            ),
            flags=("silent",),
            events=(
                "exchange.intended",
                "exchange.answered FOUND",
                "exchange.intended",
                "exchange.answered CONNECTION",
            ),
            case="in_review",
            refused=("evidence_stale",),
        ),
    ),
)
