"""Nobody can say, or will not say it to us, or only later."""

from __future__ import annotations

from tests.scenarios.scenario import Expected, Scenario
from tests.scenarios.stage import TAX, be, wait

ROWS = (
    Scenario(
        "down",
        "The department is down: the connection is closed at once",
        TAX,
        given=(be("down"),),
        then=(),
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
        ),
    ),
    Scenario(
        "down_and_back",
        "… and comes back",
        TAX,
        given=(be("down"),),
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
                "exchange.answered CONNECTION",
                "exchange.answered FOUND",
            ),
            case="delivered",
        ),
    ),
    Scenario(
        "reset",
        "The department resets the connection",
        TAX,
        given=(be("reset"),),
        then=(),
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
        ),
    ),
    Scenario(
        "server_error",
        "The department's own register fails: 503",
        TAX,
        given=(be("unavailable"),),
        then=(),
        oots="TC03",
        expected=Expected(
            answer="UNAVAILABLE SERVER_ERROR",
            zh="市税务局暂未答复（自 12:00）· 12:00 再次请求，无需您提供",
            en=(
                "No answer from Taxation yet (since 12:00) · asking again 12:00, "
                "nothing needed from you"
            ),
            flags=("silent",),
            events=("exchange.intended", "exchange.answered SERVER_ERROR"),
            case="in_review",
        ),
    ),
    Scenario(
        "slow",
        "The department is slow, within our patience",
        TAX,
        given=(be("slow", latency_ms=900, p99_ms=900),),
        then=(),
        expected=Expected(
            answer="FOUND",
            zh="已取得 · 市税务局 12:00 答复",
            en="Obtained · Taxation answered 12:00",
            events=("exchange.intended", "exchange.answered FOUND"),
            case="delivered",
        ),
    ),
    Scenario(
        "hang",
        "The department takes the call and says nothing",
        TAX,
        given=(be("hang"),),
        then=(),
        expected=Expected(
            answer="UNAVAILABLE TIMEOUT",
            zh="市税务局暂未答复（自 12:00）· 12:00 再次请求，无需您提供",
            en=(
                "No answer from Taxation yet (since 12:00) · asking again 12:00, "
                "nothing needed from you"
            ),
            flags=("presumed",),
            events=("exchange.intended", "exchange.presumed TIMEOUT"),
            case="in_review",
        ),
    ),
    Scenario(
        "flapping",
        "The department goes up and down by turns",
        TAX,
        given=(be("flapping", seed=1),),
        then=(
            wait(seconds=30),
            wait(seconds=30),
            wait(minutes=2),
        ),
        expected=Expected(
            answer="FOUND",
            zh="已取得 · 市税务局 12:03 答复",
            en="Obtained · Taxation answered 12:03",
            events=(
                "exchange.intended",
                "exchange.answered CONNECTION",
                "exchange.answered FOUND",
            ),
            case="delivered",
        ),
    ),
    Scenario(
        "breaker",
        "Five calls in a row fail: the line rests, is probed, carries again",
        TAX,
        given=(be("down"),),
        then=(
            wait(seconds=40),
            wait(seconds=40),
            wait(seconds=40),
            wait(seconds=40),
            wait(seconds=40),
            be("up"),
            wait(minutes=2),
        ),
        expected=Expected(
            answer="FOUND",
            zh="已取得 · 市税务局 12:05 答复",
            en="Obtained · Taxation answered 12:05",
            events=(
                "exchange.intended",
                "exchange.answered CONNECTION",
                "exchange.answered FOUND",
            ),
            case="delivered",
            line=("closed", "open", "closed"),
        ),
    ),
    Scenario(
        "not_authorised",
        "The department refuses our credentials",
        TAX,
        given=(be("not_authorised"),),
        then=(),
        expected=Expected(
            answer="REFUSED NOT_AUTHORISED",
            zh="市税务局拒绝 · 已转运维处理，12:00 再次请求，与您无关",
            en=(
                "Refused by Taxation · our operators are on it, asking again 12:00; it "
                "has nothing to do with you"
            ),
            flags=("refused_us",),
            events=("exchange.intended", "exchange.refused NOT_AUTHORISED"),
            case="in_review",
            incidents=("exchange_refused",),
        ),
    ),
)
