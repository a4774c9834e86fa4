"""Which answers may be used."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.departments.gateways.contract import CODES, Answer, HeldRecord
from services.exchange.answers import sort_answers
from tests.clock import NOON
from tests.factories.departments import COMPANY, OTHER_COMPANY
from tests.factories.exchange import question

TODAY = NOON.date()
RECORD = HeldRecord(
    number="JY1",
    holder_name="杭州示例餐饮有限公司",
    entity=COMPANY,
    issued_on=date(2024, 3, 1),
    valid_until=date(2029, 2, 28),
)


def found(**changes):
    return Answer(request_id="r1", outcome="FOUND", records=(record(**changes),))


def record(**changes):
    return HeldRecord(
        **{name: getattr(RECORD, name) for name in RECORD.__slots__} | changes
    )


USABLE = [
    found(),
    found(entity=""),
    found(valid_until=None),
    found(valid_until=TODAY),
    Answer(request_id="r1", outcome="NOT_FOUND", code="EXPIRED"),
    Answer(request_id="r1", outcome="REFUSED", code="NOT_AUTHORISED"),
    Answer(request_id="r1", outcome="UNAVAILABLE", code="TIMEOUT"),
    Answer("r1", "DEFERRED", "ACCEPTED_FOR_LATER", answer_at=NOON),
]
UNUSABLE = [
    (Answer(request_id="r1", outcome="MAYBE"), "unknown_outcome"),
    (Answer(request_id="r1", outcome="NOT_FOUND"), "unknown_outcome"),
    (Answer("r1", "FOUND", "EXPIRED", (RECORD,)), "unknown_outcome"),
    (Answer(request_id="r1", outcome="FOUND"), "records_contradict_outcome"),
    (Answer("r1", "NOT_FOUND", "NO_RECORD", (RECORD,)), "records_contradict_outcome"),
    (Answer("r1", "DEFERRED", "ACCEPTED_FOR_LATER"), "time_contradicts_outcome"),
    (
        Answer("r1", "DEFERRED", "ACCEPTED_FOR_LATER", answer_at=datetime(2026, 1, 1)),  # noqa: DTZ001
        "time_contradicts_outcome",
    ),
    (
        Answer("r1", "NOT_FOUND", "NO_RECORD", answer_at=NOON),
        "time_contradicts_outcome",
    ),
    (
        Answer("r1", "FOUND", "", (RECORD,), snapshot_at="yesterday"),
        "snapshot_is_no_time",
    ),
    (found(number=""), "record_without_number"),
    (Answer("r1", "FOUND", "", ("JY1",)), "record_without_number"),
    (found(issued_on="2024-03-01"), "record_without_date"),
    (found(valid_until="2029"), "record_without_date"),
    (found(attributes=["scope"]), "record_without_attributes"),
    (found(entity=OTHER_COMPANY), "about_another_company"),
    (found(valid_until=TODAY - timedelta(days=1)), "shown_as_good_but_expired"),
]


class TestOneAnswer:
    @pytest.mark.parametrize("answer", USABLE)
    def test_is_used_as_it_is(self, answer):
        usable = sort_answers([question()], [answer], TODAY)

        assert usable.answers == {"r1": answer}
        assert usable.quarantined == ()

    @pytest.mark.parametrize(("answer", "reason"), UNUSABLE)
    def test_is_set_aside_with_its_reason_and_counts_as_garbled(self, answer, reason):
        usable = sort_answers([question()], [answer], TODAY)

        assert usable.answers["r1"].outcome == "UNAVAILABLE"
        assert usable.answers["r1"].code == "GARBLED"
        assert [(q.request_id, q.reason) for q in usable.quarantined] == [
            ("r1", reason)
        ]

    def test_about_the_other_company_that_was_asked_about_is_used(self):
        from services.common.subjects import Subject

        asked = question(subject=Subject("other_entity", OTHER_COMPANY))

        usable = sort_answers([asked], [found(entity=OTHER_COMPANY)], TODAY)

        assert usable.answers["r1"].outcome == "FOUND"


class TestAmongSeveral:
    def test_a_missing_answer_is_incomplete_and_the_others_count(self):
        asked = [question(), question(request_id="r2")]

        usable = sort_answers(asked, [found()], TODAY)

        assert usable.answers["r1"].outcome == "FOUND"
        assert usable.answers["r2"].code == "INCOMPLETE"

    def test_an_answer_to_another_s_request_is_never_used(self):
        stray = Answer("r9", "FOUND", "", (RECORD,))

        usable = sort_answers([question()], [stray], TODAY)

        assert usable.answers["r1"].code == "GARBLED"
        assert [(q.request_id, q.reason) for q in usable.quarantined] == [
            ("", "of_another_request")
        ]

    def test_the_same_answer_twice_counts_once(self):
        usable = sort_answers([question()], [found(), found()], TODAY)

        assert usable.answers["r1"].outcome == "FOUND"
        assert usable.quarantined == ()

    def test_two_different_answers_count_as_none(self):
        no = Answer("r1", "NOT_FOUND", "NO_RECORD")

        usable = sort_answers([question()], [found(), no, found()], TODAY)

        assert usable.answers["r1"].code == "GARBLED"
        assert usable.quarantined[0].reason == "answered_twice_differently"


@given(
    st.lists(
        st.sampled_from(USABLE)
        | st.sampled_from([answer for answer, _ in UNUSABLE])
        | st.sampled_from([Answer("r9", "NOT_FOUND", "NO_RECORD"), None, "<html>"])
    )
)
def test_whatever_comes_each_question_has_one_lawful_answer(answers):
    asked = [question(), question(request_id="r2")]

    usable = sort_answers(asked, answers, TODAY)

    assert set(usable.answers) == {"r1", "r2"}
    for name, answer in usable.answers.items():
        assert answer.request_id == name
        assert answer.code in CODES[answer.outcome]
    assert usable.answers["r2"].outcome == "UNAVAILABLE"
