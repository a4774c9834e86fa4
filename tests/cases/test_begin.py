"""A case just filed is left alone while it waits for a first answer, not longer."""

from __future__ import annotations

import pytest

from services.cases.applying import Given, applicant_of, file_filled
from services.cases.models import Case
from services.cases.operations.begin import BEGIN, begin
from services.cases.operations.carry_on import carry_on
from services.dispatch.models import OutboxMessage
from services.exchange.models import Exchange
from services.exchange.operations.serve import serve_all
from tests.clock import NOON
from tests.factories.cases import again, draft_for, hold_for

FOOD = "HZ-004"
ON_COMMITMENT = Given(answers={"commitment": ["yes"]})


def file_now(company, *, answered: bool) -> Case:
    hold_for(company, FOOD)
    draft = draft_for(company, FOOD, given=ON_COMMITMENT, answered=answered)
    return file_filled(
        case=draft, given=ON_COMMITMENT, actor=applicant_of(company), now=NOON
    )


@pytest.fixture
def unasked(company) -> Case:
    return file_now(company, answered=False)


def test_a_filing_says_that_it_began(unasked):
    message = OutboxMessage.objects.get(task=BEGIN)

    assert message.key == unasked.reference


def test_nobody_looks_at_a_case_that_nobody_has_answered(unasked):
    assert begin(references=[unasked.reference], now=NOON) == 0


def test_the_first_answer_carries_it_on(unasked):
    begin(references=[unasked.reference], now=NOON)

    serve_all(clock=lambda: NOON)

    assert OutboxMessage.objects.filter(
        task="cases.advance", key=unasked.reference
    ).exists()


def test_a_case_that_was_answered_before_goes_on_at_once(company):
    case = file_now(company, answered=True)

    assert begin(references=[case.reference], now=NOON) == 1
    assert again(case).state == Case.State.CERTIFIED


def test_one_answer_is_enough_to_look(unasked):
    first = Exchange.objects.filter(case=unasked.reference).earliest("pk")
    first.attempts_made = 1
    first.save()

    assert begin(references=[unasked.reference], now=NOON) == 1


def test_so_is_what_was_settled_without_an_attempt(unasked):
    first = Exchange.objects.filter(case=unasked.reference).earliest("pk")
    first.state, first.settled_at = "settled", NOON
    first.outcome, first.code = "NOT_FOUND", "NO_RECORD"
    first.save()

    assert begin(references=[unasked.reference], now=NOON) == 1


def test_it_ends_with_the_certificate_either_way(unasked):
    carry_on(now=NOON)

    assert again(unasked).state == Case.State.DELIVERED
