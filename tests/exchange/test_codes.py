"""Every closed code has a meaning, and only those."""

from services.departments.gateways.contract import CODES as CLOSED
from services.exchange.codes import CODES, is_retryable
from services.exchange.words import WORDS

FAULTS = {"us", "transport", "hub", "department", "applicant", ""}


def test_every_closed_code_has_one_meaning_under_its_outcome():
    meant = {(meaning.outcome, code) for code, meaning in CODES.items()}

    assert meant == {(outcome, code) for outcome in CLOSED for code in CLOSED[outcome]}


def test_every_meaning_names_a_known_fault_and_a_sentence():
    assert {meaning.fault for meaning in CODES.values()} <= FAULTS
    assert {meaning.wording for meaning in CODES.values()} == set(WORDS)


def test_only_a_real_answer_is_not_asked_again():
    final = {code for code in CODES if not is_retryable(code)}

    assert final == {"", "NO_RECORD", "EXPIRED", "REVOKED", "HOLDER_MISMATCH"}


def test_a_refusal_is_our_fault_not_the_applicant_s():
    assert {CODES[code].fault for code in CLOSED["REFUSED"]} == {"us"}
