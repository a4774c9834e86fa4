"""The data platform between us and the department."""

from __future__ import annotations

from services.departments.gateways.contract import HUB
from tests.scenarios.scenario import Expected, Scenario
from tests.scenarios.stage import TRAVEL, be, copied, wait

ROWS = (
    Scenario(
        "hub_down",
        "The hub is down, the department behind it is up",
        TRAVEL,
        given=(be("down", department=HUB),),
        then=(),
        oots="TC04",
        expected=Expected(
            answer="UNAVAILABLE CONNECTION",
            zh=(
                "公共数据平台暂未答复（自 12:00），市文化广电旅游局系统未受影响 · "
                "12:00 再次请求，无需您提供"
            ),
            en=(
                "No answer from the city's data platform yet (since 12:00); Culture, "
                "Radio, TV and Tourism itself is not affected · asking again 12:00, "
                "nothing needed from you"
            ),
            flags=("hub_silent",),
            events=("exchange.intended", "exchange.answered CONNECTION"),
            case="in_review",
        ),
    ),
    Scenario(
        "hub_back",
        "The hub was down and comes back",
        TRAVEL,
        given=(be("down", department=HUB),),
        then=(
            be("up", department=HUB),
            wait(minutes=5),
        ),
        expected=Expected(
            answer="FOUND",
            zh="已取得 · 市文化广电旅游局 12:05 答复",
            en="Obtained · Culture, Radio, TV and Tourism answered 12:05",
            events=(
                "exchange.intended",
                "exchange.answered CONNECTION",
                "exchange.answered FOUND",
            ),
            case="delivered",
        ),
    ),
    Scenario(
        "behind_hub_down",
        "The hub is up, the department behind it is down, no copy",
        TRAVEL,
        given=(be("down"),),
        then=(),
        expected=Expected(
            answer="UNAVAILABLE CONNECTION",
            zh="市文化广电旅游局暂未答复（自 12:00）· 12:00 再次请求，无需您提供",
            en=(
                "No answer from Culture, Radio, TV and Tourism yet (since 12:00) · "
                "asking again 12:00, nothing needed from you"
            ),
            flags=("silent",),
            events=("exchange.intended", "exchange.answered CONNECTION"),
            case="in_review",
        ),
    ),
    Scenario(
        "copy",
        "The hub serves a copy that is ten hours old",
        TRAVEL,
        given=(copied(hours=10),),
        then=(),
        expected=Expected(
            answer="FOUND",
            zh="已取得 · 市文化广电旅游局在公共数据平台的副本（截至 02:00）",
            en=(
                "Obtained · the data platform's copy of what Culture, Radio, TV and "
                "Tourism holds (as of 02:00)"
            ),
            flags=("hub_copy",),
            events=("exchange.intended", "exchange.answered FOUND"),
            case="delivered",
        ),
    ),
    Scenario(
        "copy_while_down",
        "The department is down, the hub serves its copy of three days ago",
        TRAVEL,
        given=(
            copied(days=3),
            be("down"),
        ),
        then=(),
        expected=Expected(
            answer="FOUND",
            zh=(
                "已取得 · 市文化广电旅游局在公共数据平台的副本（截至 2026-11-20 12:00）"
            ),
            en=(
                "Obtained · the data platform's copy of what Culture, Radio, TV and "
                "Tourism holds (as of 2026-11-20 12:00)"
            ),
            flags=("hub_copy",),
            events=("exchange.intended", "exchange.answered FOUND"),
            case="certified",
        ),
    ),
    Scenario(
        "stale_copy",
        "The department is down, the hub's copy is too old to decide on",
        TRAVEL,
        given=(
            copied(days=40),
            be("down"),
        ),
        then=(),
        expected=Expected(
            answer="FOUND",
            zh=(
                "公共数据平台的副本（截至 2026-10-14 12:00）已过有效期 · 12:00 "
                "再次向市文化广电旅游局请求，无需您提供"
            ),
            en=(
                "The data platform's copy (as of 2026-10-14 12:00) is no longer fresh "
                "· asking Culture, Radio, TV and Tourism again 12:00, nothing needed "
                "from you"
            ),
            flags=("stale_copy",),
            events=("exchange.intended", "exchange.answered FOUND"),
            case="in_review",
        ),
    ),
    Scenario(
        "stale_copy_and_back",
        "… and the department comes back",
        TRAVEL,
        given=(
            copied(days=40),
            be("down"),
        ),
        then=(
            be("up"),
            wait(minutes=30),
        ),
        expected=Expected(
            answer="FOUND",
            zh="已取得 · 市文化广电旅游局 12:30 答复",
            en="Obtained · Culture, Radio, TV and Tourism answered 12:30",
            events=("exchange.intended", "exchange.answered FOUND"),
            case="delivered",
        ),
    ),
)
