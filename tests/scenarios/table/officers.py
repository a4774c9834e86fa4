"""A person of the department looks."""

from __future__ import annotations

from tests.scenarios.scenario import Expected, Scenario
from tests.scenarios.stage import TAX, be, officer, wait

ROWS = (
    Scenario(
        "past_deadline",
        "The department is down past our deadline: its officer is asked",
        TAX,
        given=(be("down"),),
        then=(wait(hours=4, minutes=1),),
        expected=Expected(
            answer="UNAVAILABLE CONNECTION",
            zh=(
                "市税务局系统暂未答复 · 已转该部门工作人员核查，系统 16:11 再次请求，"
                "无需您提供"
            ),
            en=(
                "No answer from the system of Taxation · an officer there is looking, "
                "asking the system again 16:11, nothing needed from you"
            ),
            flags=("silent", "with_officer"),
            events=(
                "exchange.intended",
                "exchange.answered CONNECTION",
                "assist.requested",
            ),
            case="in_review",
        ),
    ),
    Scenario(
        "officer_found",
        "… and has it in the files",
        TAX,
        given=(be("down"),),
        then=(
            wait(hours=4, minutes=1),
            officer("FOUND", "T-1"),
        ),
        expected=Expected(
            answer="FOUND",
            zh="已取得 · 市税务局工作人员 16:01 查核",
            en="Obtained · an officer of Taxation checked it 16:01",
            flags=("by_officer",),
            events=(
                "exchange.intended",
                "exchange.answered CONNECTION",
                "assist.requested",
                "assist.answered FOUND",
            ),
            case="delivered",
        ),
    ),
    Scenario(
        "officer_none",
        "… and finds nothing",
        TAX,
        given=(be("down"),),
        then=(
            wait(hours=4, minutes=1),
            officer("NO_RECORD"),
        ),
        expected=Expected(
            answer="NOT_FOUND NO_RECORD",
            zh=(
                "无此记录 · 市税务局 16:01 答复 · 如您持有，"
                "可凭证号和发证机关提出数据异议"
            ),
            en=(
                "No such record · Taxation answered 16:01 · if you do hold it, dispute "
                "this with its number and issuer"
            ),
            flags=("no_record",),
            events=(
                "exchange.intended",
                "exchange.answered CONNECTION",
                "assist.requested",
                "assist.answered NO_RECORD",
            ),
            case="in_review",
        ),
    ),
    Scenario(
        "officer_again",
        "… and says that the system is back",
        TAX,
        given=(be("down"),),
        then=(
            wait(hours=4, minutes=1),
            be("up"),
            officer("ASK_AGAIN"),
        ),
        expected=Expected(
            answer="FOUND",
            zh="已取得 · 市税务局 16:01 答复",
            en="Obtained · Taxation answered 16:01",
            events=(
                "exchange.intended",
                "exchange.answered CONNECTION",
                "assist.requested",
                "assist.answered ASK_AGAIN",
                "exchange.answered FOUND",
            ),
            case="delivered",
        ),
    ),
    Scenario(
        "late_for_officer",
        "… and the system is back before the officer has looked",
        TAX,
        given=(be("down"),),
        then=(
            wait(hours=4, minutes=1),
            be("up"),
            wait(minutes=11),
        ),
        expected=Expected(
            answer="FOUND",
            zh="已取得 · 市税务局 16:12 补充答复",
            en="Obtained · Taxation answered late, 16:12",
            flags=("late",),
            events=(
                "exchange.intended",
                "exchange.answered CONNECTION",
                "assist.requested",
                "exchange.answered FOUND",
                "assist.closed FOUND",
            ),
            case="delivered",
        ),
    ),
)
