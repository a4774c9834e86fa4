"""The department will answer later."""

from __future__ import annotations

from tests.scenarios.scenario import Expected, Scenario
from tests.scenarios.stage import TAX, be, put_off, wait

ROWS = (
    Scenario(
        "deferred",
        "The department will answer in two hours",
        TAX,
        given=(be("deferred"),),
        then=(),
        expected=Expected(
            answer="DEFERRED ACCEPTED_FOR_LATER",
            zh="市税务局将于 14:00 答复，届时自动取回",
            en="Taxation will answer at 14:00; we fetch it then",
            flags=("deferred",),
            events=("exchange.intended", "exchange.answered ACCEPTED_FOR_LATER"),
            case="in_review",
        ),
    ),
    Scenario(
        "deferred_answered",
        "… and does",
        TAX,
        given=(be("deferred"),),
        then=(wait(hours=2, minutes=1),),
        expected=Expected(
            answer="FOUND",
            zh="已取得 · 市税务局 14:01 答复",
            en="Obtained · Taxation answered 14:01",
            events=(
                "exchange.intended",
                "exchange.answered ACCEPTED_FOR_LATER",
                "exchange.answered FOUND",
            ),
            case="delivered",
        ),
    ),
    Scenario(
        "deferred_twice",
        "… and then puts it off by two more hours",
        TAX,
        given=(be("deferred"),),
        then=(
            put_off(hours=2),
            wait(hours=2, minutes=1),
        ),
        expected=Expected(
            answer="DEFERRED ACCEPTED_FOR_LATER",
            zh="市税务局将于 16:00 答复，届时自动取回",
            en="Taxation will answer at 16:00; we fetch it then",
            flags=("deferred",),
            events=("exchange.intended", "exchange.answered ACCEPTED_FOR_LATER"),
            case="in_review",
        ),
    ),
)
