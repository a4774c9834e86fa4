"""“I do hold it”: the number settles it, never the paper."""

from __future__ import annotations

import pytest

from services.cases.applying import applicant_of
from services.cases.models import Case, Requirement, Upload
from services.cases.operations.carry_on import carry_on
from services.cases.operations.dispute import NothingAskedAbout, dispute_record
from services.cases.transitions import NotYourOffice
from services.departments.models import Record
from services.exchange.models import AssistRequest
from services.ledger.queries import entries_of_case
from tests.clock import NOON
from tests.factories.cases import again, filed, hold_for
from tests.factories.exchange import ExchangeFactory

CHANGE, LICENCE = "HZ-005", "M004"
NUMBER = "JY13301020000017"
OF_STAFF = [
    {"material": "M051", "department": "wsjk", "subject": f"person:{name}"}
    for name in ("甲 330199199001010011", "乙 33019919900101002X")
]


@pytest.fixture
def parked(company) -> Case:
    """A case whose department found nothing for the company."""
    hold_for(company, CHANGE, without={LICENCE})
    case = filed(company, CHANGE)
    assert case.state == Case.State.PARKED
    return case


def let_the_department_find_it(company) -> None:
    """Have the record put right after the first answer."""
    hold_for(company, CHANGE)
    Record.objects.filter(material=LICENCE).update(number=NUMBER)


def dispute(case: Case, **changes) -> AssistRequest:
    values = {
        "case": case,
        "material": LICENCE,
        "number": NUMBER,
        "issuer": "上城区市场监督管理局",
        "actor": applicant_of(case.entity),
        "now": NOON,
    }
    return dispute_record(**(values | changes))


class TestDisputeRecord:
    def test_has_the_system_asked_again_and_the_case_go_on(self, company, parked):
        let_the_department_find_it(company)

        request = dispute(parked)
        carry_on(now=NOON)

        case = again(parked)
        assert case.accepted_at
        row = case.requirements.get(satisfied_by=LICENCE)
        assert row.means == Requirement.Means.EVIDENCE
        assert row.evidence.records[0]["number"] == NUMBER
        request.refresh_from_db()
        assert request.finding == "ANSWERED"
        types = [line.type for line in entries_of_case(case.reference)]
        assert types.index("dispute.opened") < types.index("dispute.closed")
        assert not Upload.objects.filter(material_code=LICENCE).exists()

    def test_waits_for_the_officer_where_the_number_is_unknown(self, parked):
        request = dispute(parked, number="JY0")
        carry_on(now=NOON)

        assert again(parked).state == Case.State.PARKED
        request.refresh_from_db()
        assert request.closed_at is None
        assert request.due_on > NOON.date()

    def test_is_not_for_another_company(self, other_company, parked):
        with pytest.raises(NotYourOffice):
            dispute(parked, actor=applicant_of(other_company))

    def test_is_only_about_what_was_not_found(self, parked):
        with pytest.raises(NothingAskedAbout):
            dispute(parked, material="M001")


class TestSeveralPeople:
    def test_each_answer_is_disputed_by_its_subject(self, parked):
        first = ExchangeFactory(case=parked.reference, not_found=True, **OF_STAFF[0])
        other = ExchangeFactory(case=parked.reference, not_found=True, **OF_STAFF[1])

        request = dispute(parked, material="M051", subject=other.subject)

        assert request.exchange == other
        assert dispute(parked, material="M051").exchange == first

    def test_of_whom_nobody_was_asked_there_is_nothing_to_dispute(self, parked):
        with pytest.raises(NothingAskedAbout):
            dispute(parked, subject="person:nobody")
