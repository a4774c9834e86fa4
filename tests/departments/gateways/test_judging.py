"""What a department answers, given what it holds."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.common.subjects import Subject
from services.departments.gateways.judging import Holding, Shelf, answer_question
from tests.factories.departments import COMPANY, OTHER_COMPANY
from tests.factories.exchange import NAME, question

TODAY = date(2026, 11, 23)


def holding(**changes):
    values = {
        "material": "M004",
        "number": "JY1",
        "subject_kind": "entity",
        "subject_key": COMPANY,
        "entity": COMPANY,
        "holder_name": NAME,
        "attributes": {},
        "issued_on": date(2024, 3, 1),
        "valid_until": date(2029, 2, 28),
        "status": "valid",
    }
    return Holding(**{**values, **changes})


def answer(asked, *held):
    return answer_question(asked, Shelf(held).candidates(asked), TODAY)


GOOD = holding()
EXPIRED = holding(number="JY2", valid_until=TODAY - timedelta(days=1))
REVOKED = holding(number="JY3", status="revoked")
CANCELLED = holding(number="JY4", status="cancelled")
FOREIGN = holding(number="JY5", entity=OTHER_COMPANY)
OTHER_NAME = holding(number="JY6", holder_name="杭州别家有限公司")


class TestOneCompany:
    @pytest.mark.parametrize(
        ("held", "outcome", "code"),
        [
            ([GOOD], "FOUND", ""),
            ([holding(valid_until=None)], "FOUND", ""),
            ([holding(valid_until=TODAY)], "FOUND", ""),
            ([], "NOT_FOUND", "NO_RECORD"),
            ([holding(material="M005")], "NOT_FOUND", "NO_RECORD"),
            ([EXPIRED], "NOT_FOUND", "EXPIRED"),
            ([REVOKED], "NOT_FOUND", "REVOKED"),
            ([CANCELLED], "NOT_FOUND", "REVOKED"),
            ([FOREIGN], "NOT_FOUND", "HOLDER_MISMATCH"),
            ([OTHER_NAME], "NOT_FOUND", "HOLDER_MISMATCH"),
            ([FOREIGN, REVOKED], "NOT_FOUND", "REVOKED"),
            ([FOREIGN, REVOKED, EXPIRED], "NOT_FOUND", "EXPIRED"),
            ([EXPIRED, REVOKED, FOREIGN, GOOD], "FOUND", ""),
        ],
    )
    def test_is_answered_by_its_best_record(self, held, outcome, code):
        given_answer = answer(question(), *held)

        assert (given_answer.outcome, given_answer.code) == (outcome, code)

    def test_is_shown_every_good_record_the_newest_first(self):
        newer = holding(number="JY9", issued_on=date(2026, 1, 1))

        shown = answer(question(), GOOD, EXPIRED, newer).records

        assert [record.number for record in shown] == ["JY9", "JY1"]

    def test_is_answered_with_what_concerns_it_whatever_the_record_is_about(self):
        place = holding(subject_kind="premises", subject_key="西湖区某路1号")

        assert answer(question(), place).outcome == "FOUND"

    def test_is_not_shown_a_record_twice_that_is_about_it_and_its_own(self):
        assert len(answer(question(), GOOD).records) == 1


class TestNames:
    def test_a_former_name_is_found_and_flagged(self):
        asked = question(former_names=("杭州别家有限公司",))

        given_answer = answer(asked, OTHER_NAME)

        assert given_answer.outcome == "FOUND"
        assert given_answer.under_former_name

    def test_one_record_under_the_current_name_needs_no_flag(self):
        asked = question(former_names=("杭州别家有限公司",))

        given_answer = answer(asked, OTHER_NAME, GOOD)

        assert given_answer.records[0].number == "JY1"
        assert not given_answer.under_former_name

    def test_width_and_spaces_make_no_other_name(self):
        asked = question(holder_name="杭州示例（西湖）有限公司")
        spelt = holding(holder_name="杭州示例(西湖) 有限公司")

        assert answer(asked, spelt).outcome == "FOUND"

    def test_the_name_on_a_person_s_certificate_is_the_person_s(self):
        subject = Subject("person", "张三330106199001011234")
        card = holding(
            subject_kind="person", subject_key=subject.key, holder_name="张三"
        )

        assert answer(question(subject=subject), card).outcome == "FOUND"


class TestOtherSubjects:
    PERSON = Subject("person", "张三330106199001011234")

    @pytest.mark.parametrize(
        ("employer", "outcome", "code"),
        [
            (COMPANY, "FOUND", ""),
            ("", "FOUND", ""),
            (OTHER_COMPANY, "NOT_FOUND", "HOLDER_MISMATCH"),
        ],
    )
    def test_a_person_s_certificate_counts_unless_another_employer_has_it(
        self, employer, outcome, code
    ):
        card = holding(
            subject_kind="person", subject_key=self.PERSON.key, entity=employer
        )

        given_answer = answer(question(subject=self.PERSON), card)

        assert (given_answer.outcome, given_answer.code) == (outcome, code)

    def test_another_company_s_licence_is_found_where_that_company_is_asked_about(self):
        contractor = Subject("other_entity", OTHER_COMPANY)
        licence = holding(
            entity=OTHER_COMPANY, subject_key=OTHER_COMPANY, holder_name="某建筑公司"
        )

        assert answer(question(subject=contractor), licence).outcome == "FOUND"

    def test_the_landlord_s_title_is_not_the_tenant_s(self):
        place = Subject("premises", "西湖区某路1号")
        title = holding(
            subject_kind="premises", subject_key=place.key, entity=OTHER_COMPANY
        )

        given_answer = answer(question(subject=place), title)

        assert given_answer.code == "HOLDER_MISMATCH"

    def test_another_place_s_record_answers_nothing(self):
        place = Subject("premises", "西湖区某路1号")
        elsewhere = holding(subject_kind="premises", subject_key="西湖区某路2号")

        assert answer(question(subject=place), elsewhere).code == "NO_RECORD"


@given(st.lists(st.sampled_from([EXPIRED, REVOKED, FOREIGN, OTHER_NAME, GOOD])))
def test_found_exactly_when_one_record_is_good(held):
    given_answer = answer(question(), *held)

    assert (given_answer.outcome == "FOUND") == (GOOD in held)
    assert bool(given_answer.records) == (GOOD in held)
