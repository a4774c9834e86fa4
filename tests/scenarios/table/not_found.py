"""What the department surely does not hold, or holds for somebody else."""

from __future__ import annotations

from tests.scenarios.scenario import NOT_BEGUN, Expected, Scenario
from tests.scenarios.stage import TAX, be, dispute, lose_it, officer, wait

ROWS = (
    Scenario(
        "no_record",
        "The department is sure: no record",
        TAX,
        given=(lose_it,),
        then=(),
        oots="TC02",
        expected=Expected(
            answer="NOT_FOUND NO_RECORD",
            zh=(
                "无此记录 · 市税务局 12:00 答复 · 如您持有，"
                "可凭证号和发证机关提出数据异议"
            ),
            en=(
                "No such record · Taxation answered 12:00 · if you do hold it, dispute "
                "this with its number and issuer"
            ),
            flags=("no_record",),
            events=("exchange.intended", "exchange.answered NO_RECORD"),
            case="parked",
            clock=NOT_BEGUN,
        ),
    ),
    Scenario(
        "wrong_holder",
        "The record belongs to somebody else",
        TAX,
        given=(be("wrong_holder"),),
        then=(),
        expected=Expected(
            answer="NOT_FOUND HOLDER_MISMATCH",
            zh="登记的持有人不是贵单位 · 市税务局 12:00 答复 · 如有误可提出数据异议",
            en=(
                "Registered to another holder · Taxation answered 12:00 · if that is "
                "wrong, dispute it"
            ),
            flags=("other_holder",),
            events=("exchange.intended", "exchange.answered HOLDER_MISMATCH"),
            case="parked",
            clock=NOT_BEGUN,
        ),
    ),
    Scenario(
        "expired",
        "The record has expired",
        TAX,
        given=(be("expired"),),
        then=(),
        expected=Expected(
            answer="NOT_FOUND EXPIRED",
            zh="证照已过期 · 市税务局 12:00 答复 · 可先办理延续或换证",
            en=(
                "Expired · Taxation answered 12:00 · you may renew or replace it first"
            ),
            flags=("expired",),
            events=("exchange.intended", "exchange.answered EXPIRED"),
            case="parked",
            clock=NOT_BEGUN,
        ),
    ),
    Scenario(
        "revoked",
        "The record was revoked",
        TAX,
        given=(be("revoked"),),
        then=(),
        expected=Expected(
            answer="NOT_FOUND REVOKED",
            zh="证照已撤销或注销 · 市税务局 12:00 答复 · 如有误可提出数据异议",
            en=(
                "Revoked or cancelled · Taxation answered 12:00 · if that is wrong, "
                "dispute it"
            ),
            flags=("revoked",),
            events=("exchange.intended", "exchange.answered REVOKED"),
            case="parked",
            clock=NOT_BEGUN,
        ),
    ),
    Scenario(
        "disputed",
        "The applicant rejects what the department says: number and issuer in",
        TAX,
        given=(lose_it,),
        then=(dispute("T-9"),),
        oots="TC08",
        expected=Expected(
            answer="NOT_FOUND NO_RECORD",
            zh=(
                "市税务局此前答复无可用记录 · 您的数据异议已转其核查，"
                "五个工作日内答复，无需您提供"
            ),
            en=(
                "Taxation answered that it holds no usable record · your dispute is "
                "being checked there, answered within five working days, nothing "
                "needed from you"
            ),
            flags=("no_record", "disputed"),
            events=(
                "exchange.intended",
                "exchange.answered NO_RECORD",
                "dispute.opened",
            ),
            case="parked",
            clock=NOT_BEGUN,
        ),
    ),
    Scenario(
        "disputed_found",
        "… and the officer finds the number",
        TAX,
        given=(lose_it,),
        then=(
            dispute("T-9"),
            wait(days=1),
            officer("FOUND", "T-9"),
        ),
        expected=Expected(
            answer="FOUND",
            zh="已取得 · 市税务局工作人员 12:00 查核",
            en="Obtained · an officer of Taxation checked it 12:00",
            flags=("by_officer",),
            events=(
                "exchange.intended",
                "exchange.answered NO_RECORD",
                "dispute.opened",
                "dispute.answered FOUND",
            ),
            case="delivered",
        ),
    ),
    Scenario(
        "disputed_none",
        "… and the officer finds nothing either",
        TAX,
        given=(lose_it,),
        then=(
            dispute("T-9"),
            wait(days=1),
            officer("NO_RECORD"),
        ),
        expected=Expected(
            answer="NOT_FOUND NO_RECORD",
            zh=(
                "无此记录 · 市税务局 12:00 答复 · 如您持有，"
                "可凭证号和发证机关提出数据异议"
            ),
            en=(
                "No such record · Taxation answered 12:00 · if you do hold it, dispute "
                "this with its number and issuer"
            ),
            flags=("no_record",),
            events=(
                "exchange.intended",
                "exchange.answered NO_RECORD",
                "dispute.opened",
                "dispute.answered NO_RECORD",
            ),
            case="parked",
            clock=NOT_BEGUN,
        ),
    ),
)
