"""Answers that are not what we asked for."""

from __future__ import annotations

from tests.scenarios.scenario import Expected, Scenario
from tests.scenarios.stage import COMPANY, TAX, be, late_answer, wait

ROWS = (
    Scenario(
        "bad_json",
        "The answer is no JSON",
        TAX,
        given=(be("bad_json"),),
        then=(),
        expected=Expected(
            answer="UNAVAILABLE GARBLED",
            zh="市税务局的答复无法使用（自 12:00）· 12:00 再次请求，无需您提供",
            en=(
                "What Taxation answered cannot be used (since 12:00) · asking again "
                "12:00, nothing needed from you"
            ),
            flags=("unusable",),
            events=("exchange.intended", "exchange.quarantined GARBLED"),
            case="in_review",
            incidents=("exchange_garbled",),
        ),
    ),
    Scenario(
        "html",
        "A page of HTML comes with status 200",
        TAX,
        given=(be("html"),),
        then=(),
        expected=Expected(
            answer="UNAVAILABLE GARBLED",
            zh="市税务局的答复无法使用（自 12:00）· 12:00 再次请求，无需您提供",
            en=(
                "What Taxation answered cannot be used (since 12:00) · asking again "
                "12:00, nothing needed from you"
            ),
            flags=("unusable",),
            events=("exchange.intended", "exchange.quarantined GARBLED"),
            case="in_review",
            incidents=("exchange_garbled",),
        ),
    ),
    Scenario(
        "huge",
        "The answer is 10 MB",
        TAX,
        given=(be("huge"),),
        then=(),
        expected=Expected(
            answer="UNAVAILABLE GARBLED",
            zh="市税务局的答复无法使用（自 12:00）· 12:00 再次请求，无需您提供",
            en=(
                "What Taxation answered cannot be used (since 12:00) · asking again "
                "12:00, nothing needed from you"
            ),
            flags=("unusable",),
            events=("exchange.intended", "exchange.quarantined GARBLED"),
            case="in_review",
            incidents=("exchange_garbled",),
        ),
    ),
    Scenario(
        "truncated",
        "The answer breaks off",
        TAX,
        given=(be("truncated"),),
        then=(),
        expected=Expected(
            answer="UNAVAILABLE GARBLED",
            zh="市税务局的答复无法使用（自 12:00）· 12:00 再次请求，无需您提供",
            en=(
                "What Taxation answered cannot be used (since 12:00) · asking again "
                "12:00, nothing needed from you"
            ),
            flags=("unusable",),
            events=("exchange.intended", "exchange.quarantined GARBLED"),
            case="in_review",
            incidents=("exchange_garbled",),
        ),
    ),
    Scenario(
        "incomplete",
        "Status 200, and our question is left out",
        TAX,
        given=(be("incomplete"),),
        then=(),
        expected=Expected(
            answer="UNAVAILABLE INCOMPLETE",
            zh="市税务局的答复无法使用（自 12:00）· 12:00 再次请求，无需您提供",
            en=(
                "What Taxation answered cannot be used (since 12:00) · asking again "
                "12:00, nothing needed from you"
            ),
            flags=("unusable",),
            events=("exchange.intended", "exchange.answered INCOMPLETE"),
            case="in_review",
        ),
    ),
    Scenario(
        "wrong_request",
        "The answer is to another's request id",
        TAX,
        given=(be("wrong_request_id"),),
        then=(),
        expected=Expected(
            answer="UNAVAILABLE GARBLED",
            zh="市税务局的答复无法使用（自 12:00）· 12:00 再次请求，无需您提供",
            en=(
                "What Taxation answered cannot be used (since 12:00) · asking again "
                "12:00, nothing needed from you"
            ),
            flags=("unusable",),
            events=("exchange.intended", "exchange.quarantined GARBLED"),
            case="in_review",
            incidents=("exchange_garbled",),
        ),
    ),
    Scenario(
        "wrong_request_and_back",
        "… and later the right one comes",
        TAX,
        given=(be("wrong_request_id"),),
        then=(
            be("up"),
            wait(minutes=5),
        ),
        expected=Expected(
            answer="FOUND",
            zh="已取得 · 市税务局 12:05 答复",
            en="Obtained · Taxation answered 12:05",
            events=(
                "exchange.intended",
                "exchange.quarantined GARBLED",
                "exchange.answered FOUND",
            ),
            case="delivered",
            incidents=("exchange_garbled",),
        ),
    ),
    Scenario(
        "twice_the_same",
        "The same answer comes twice",
        COMPANY,
        given=(be("duplicate"),),
        then=(),
        expected=Expected(
            answer="FOUND",
            zh="已取得 · 市市场监管局 12:00 答复",
            en="Obtained · Market Regulation answered 12:00",
            events=("exchange.intended", "exchange.answered FOUND"),
            case="delivered",
        ),
    ),
    Scenario(
        "out_of_order",
        "Two answers come in another order",
        COMPANY,
        given=(be("out_of_order", seed=3),),
        then=(),
        expected=Expected(
            answer="FOUND",
            zh="已取得 · 市市场监管局 12:00 答复",
            en="Obtained · Market Regulation answered 12:00",
            events=("exchange.intended", "exchange.answered FOUND"),
            case="delivered",
        ),
    ),
    Scenario(
        "late",
        "The answer comes after our time-out",
        TAX,
        given=(be("late", defer_seconds=3600),),
        then=(
            be("hang"),
            wait(hours=1, minutes=1),
        ),
        expected=Expected(
            answer="FOUND",
            zh="已取得 · 市税务局 13:01 答复",
            en="Obtained · Taxation answered 13:01",
            events=(
                "exchange.intended",
                "exchange.presumed TIMEOUT",
                "exchange.answered FOUND",
            ),
            case="delivered",
        ),
    ),
    Scenario(
        "twice_differently",
        "A second answer to a settled question says the opposite",
        TAX,
        given=(),
        then=(late_answer(),),
        expected=Expected(
            answer="FOUND",
            zh="已取得 · 市税务局 12:00 答复",
            en="Obtained · Taxation answered 12:00",
            events=(
                "exchange.intended",
                "exchange.answered FOUND",
                "exchange.quarantined",
            ),
            case="delivered",
            refused=("already_settled",),
        ),
    ),
    Scenario(
        "stranger",
        "An answer comes to a question nobody asked",
        TAX,
        given=(be("down"),),
        then=(late_answer(request_id="0" * 32),),
        expected=Expected(
            answer="UNAVAILABLE CONNECTION",
            zh="市税务局暂未答复（自 12:00）· 12:00 再次请求，无需您提供",
            en=(
                "No answer from Taxation yet (since 12:00) · asking again 12:00, "
                "nothing needed from you"
            ),
            flags=("silent",),
            events=("exchange.intended", "exchange.answered CONNECTION"),
            case="in_review",
            refused=("unknown_request",),
        ),
    ),
)
