"""What every operation writes besides its own change: the log, and names on tasks."""

from __future__ import annotations

from collections import Counter

import pytest

from services.accounts.models import User
from services.cases.applying import Given
from services.cases.models import Case
from services.ledger.queries import LogLine, entries_of_case
from tests.factories.cases import filed, hold_for, open_task

FOOD, REVIEWED = "HZ-004", "HZ-095"
ON_COMMITMENT = Given(answers={"commitment": ["yes"]})


@pytest.fixture
def delivered(company) -> Case:
    hold_for(company, FOOD)
    case = filed(company, FOOD, given=ON_COMMITMENT)
    assert case.state == Case.State.DELIVERED
    return case


class TestLogOfACase:
    def test_tells_its_story_in_order(self, delivered):
        lines = entries_of_case(delivered.reference)

        own = [line.type for line in lines if not line.exchange]
        assert own == [
            "draft.authorised",
            "upload.added",
            "case.filed",
            "commitment.made",
            "case.accepted",
            "case.moved",
            "case.decided",
            "case.moved",
            "certificate.issued",
            "certificate.deposited",
            "case.delivered",
        ]

    def test_has_an_intent_before_each_answer(self, delivered):
        told: dict[str, list[str]] = {}
        for line in entries_of_case(delivered.reference):
            if line.exchange:
                told.setdefault(line.exchange, []).append(line.type)

        assert len(told) >= 3
        assert set(map(tuple, told.values())) == {
            ("exchange.intended", "exchange.answered")
        }

    def test_names_purpose_and_basis_of_each_question(self, delivered):
        asked = self.of_type(delivered, "exchange.intended")

        assert all(line.purpose.startswith(FOOD) and line.basis for line in asked)

    def test_says_who_did_what(self, delivered):
        lines = entries_of_case(delivered.reference)

        who = {line.type: (line.actor_kind, line.actor_role) for line in lines}
        assert who["case.filed"] == ("human", "applicant")
        assert who["case.decided"] == ("system", "system")

    def test_holds_each_move_once(self, delivered):
        moves = Counter(
            (line.details["before"], line.details["after"])
            for line in entries_of_case(delivered.reference)
            if "before" in line.details
        )

        assert set(moves.values()) == {1}
        assert ("draft", "received") in moves
        assert ("certified", "delivered") in moves

    def test_says_in_the_leaf_itself_where_each_move_led(self, delivered):
        led = {
            line.outcome: line.type
            for line in entries_of_case(delivered.reference)
            if line.type.startswith("case.")
        }

        assert led["approved"] == "case.decided"
        assert led["delivered"] == "case.delivered"
        assert "" not in led

    def of_type(self, case: Case, type_: str) -> list[LogLine]:
        lines = entries_of_case(case.reference)
        return [line for line in lines if line.type == type_]


class TestAssignee:
    def test_is_the_municipal_officer_where_a_district_has_none(self, company):
        hold_for(company, REVIEWED)
        User.objects.filter(username="reviewer-rlsb-330102").update(is_active=False)

        case = filed(company, REVIEWED)

        task = open_task(case, "decide")
        assert case.office_id == "rlsb-330102"
        assert task.assignee.username == "reviewer-rlsb"

    def test_is_the_office_itself_where_nobody_is_left(self, company):
        hold_for(company, REVIEWED)
        User.objects.filter(username__startswith="reviewer-").update(is_active=False)

        case = filed(company, REVIEWED)

        task = open_task(case, "decide")
        assert task.assignee is None
        assert task.assignee_name == str(case.office)
