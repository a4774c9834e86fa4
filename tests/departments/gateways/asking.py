"""Ask a gateway, and what to deposit with it."""

from datetime import date
from typing import Any

from services.departments.gateways.contract import Deposit
from tests.clock import NOON
from tests.factories.departments import COMPANY
from tests.factories.exchange import ME


def deposit(**changes: Any) -> Deposit:
    values: dict[str, Any] = {
        "department": "scjg",
        "material": "M004",
        "number": "JY13301060000001",
        "subject": ME,
        "entity": COMPANY,
        "holder_name": "杭州示例餐饮有限公司",
        "issued_on": date(2026, 11, 23),
        "valid_until": date(2031, 11, 22),
        "attributes": {"scope": "热食类食品制售"},
    }
    return Deposit(**{**values, **changes})


def ask(gateway, *questions, department="scjg", now=NOON):
    answers = gateway.ask_many(department=department, questions=questions, now=now)
    return {answer.request_id: answer for answer in answers}


def known(gateway, number, *, entity=COMPANY):
    return gateway.known_number(
        department="scjg", material="M004", number=number, entity=entity
    )
