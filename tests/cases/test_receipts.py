"""A receipt: found by its own number only, and proving the case's latest step."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction

from services.cases.applying import applicant_of
from services.cases.models import Case
from services.cases.operations.answer_about_access import (
    answer_about_access,
    supervise_questions,
)
from services.cases.operations.ask_about_access import ask_about_access
from services.cases.receipts import (
    NO_STEPS,
    ReceiptUnknown,
    find_receipt,
    receipt_number,
    receipt_of,
)
from services.ledger.entry import Entry
from services.ledger.models import LogEntry
from services.ledger.note import parse_proof
from services.ledger.operations.record import record
from services.ledger.signing import log_signer
from services.ledger.verify import main as verify
from tests.clock import NOON
from tests.factories.cases import filed, hold_for, open_task, person_of
from tests.ledger.writing import place_and_sign

ITEM = "HZ-095"


@pytest.fixture
def case(company) -> Case:
    hold_for(company, ITEM)
    return filed(company, ITEM)


@pytest.mark.parametrize("event", NO_STEPS)
def test_it_proves_the_latest_step_and_holds_its_bytes(
    case, event, tmp_path: Path, capsys
):
    with transaction.atomic():
        record(Entry(type=event, case=case.reference), at=NOON)
    place_and_sign()

    receipt = receipt_of(case)

    steps = LogEntry.objects.filter(case=case.reference)
    newest = steps.exclude(type=event).order_by("-pk")[0]
    assert parse_proof(receipt.proof).extra == newest.leaf.encode()
    file = tmp_path / "case.tlog-proof"
    file.write_text(receipt.proof)
    assert verify(["--proof", str(file), "--key", str(log_signer().key)]) == 0
    assert newest.leaf in capsys.readouterr().out


def test_a_question_about_a_look_leaves_it_as_it_was(case):
    place_and_sign()
    before = receipt_of(case)
    answer = LogEntry.objects.filter(case=case.reference, type="exchange.answered")
    question = ask_about_access(
        entity=case.entity,
        entry=answer.earliest("pk").pk,
        text="为什么？",
        actor=applicant_of(case.entity),
        now=NOON,
    )
    assert supervise_questions(now=NOON + timedelta(days=8)) == 1
    actor = person_of(open_task(case, "decide"))
    answer_about_access(question=question, text="依法核验", actor=actor, now=NOON)
    place_and_sign()

    assert receipt_of(case) == before


def test_it_proves_what_is_covered_while_the_newest_is_not(case):
    place_and_sign()
    before = receipt_of(case).proof
    with transaction.atomic():
        record(Entry(type="case.moved", case=case.reference), at=NOON)

    assert receipt_of(case).proof == before


def test_it_is_the_same_file_however_the_log_grows(case):
    place_and_sign()
    before = receipt_of(case)
    with transaction.atomic():
        record(Entry(type="case.moved", case="D-other"), at=NOON)
    place_and_sign()

    assert receipt_of(case) == before


def test_nothing_is_proved_before_anything_is_signed(case):
    assert receipt_of(case).proof == ""


def test_it_is_found_by_its_number_however_that_was_typed(case):
    place_and_sign()
    number = receipt_number(str(case.number))
    mark = number.rpartition("-")[2]
    typed = number.removesuffix(mark) + mark.replace("0", "o").replace("1", "l")

    assert find_receipt(number) == receipt_of(case)
    wide = number.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
    assert find_receipt(wide).number == number
    assert find_receipt(f" {typed.lower()} ").number == number


@pytest.mark.parametrize(
    "text", ["", "-", "x", "330100-20261123-000001", "号-ÀÀÀÀÀÀÀÀ"]
)
def test_another_number_finds_nothing(case, text):
    with pytest.raises(ReceiptUnknown):
        find_receipt(text)


def test_neither_a_wrong_mark_nor_a_case_that_is_not_there_finds_anything(case):
    number = receipt_number(str(case.number))
    other = "Z" if number[-1] != "Z" else "Y"

    for text in (number[:-1] + other, receipt_number("330100-20261123-999999")):
        with pytest.raises(ReceiptUnknown):
            find_receipt(text)


def test_numbers_depend_on_the_key(case, settings):
    number = receipt_number(str(case.number))
    settings.RECEIPT_KEY = "another"

    assert receipt_number(str(case.number)) != number
