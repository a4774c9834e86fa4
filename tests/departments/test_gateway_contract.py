"""What every gateway promises, in process or over the wire."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import DatabaseError

from services.common.subjects import Subject
from services.departments.gateways.choose import gateway as chosen
from services.departments.gateways.contract import CODES, Deposit, Gateway
from services.departments.gateways.local import LocalGateway
from services.departments.models import Profile, Record
from tests.clock import NOON
from tests.factories.departments import (
    COMPANY,
    OTHER_COMPANY,
    ProfileFactory,
    RecordFactory,
)
from tests.factories.exchange import ME, question

pytestmark = pytest.mark.django_db


def local(**options) -> Gateway:
    return LocalGateway(**options)


# A gateway over the wire joins here.
GATEWAYS: dict[str, Callable[..., Gateway]] = {"local": local}


@pytest.fixture(params=sorted(GATEWAYS))
def gateway(request) -> Gateway:
    return GATEWAYS[request.param]()


def deposit(**changes) -> Deposit:
    values = {
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


class TestAsking:
    def test_shows_what_the_department_holds(self, gateway):
        held = RecordFactory()

        answer = ask(gateway, question())["r1"]

        assert answer.outcome == "FOUND"
        shown = answer.records[0]
        assert (shown.number, shown.entity) == (held.number, COMPANY)
        assert shown.issued_on == date(2024, 3, 1)
        assert shown.valid_until == date(2029, 2, 28)
        assert shown.attributes == {"scope": "热食类食品制售"}

    @pytest.mark.parametrize(
        ("trait", "code"),
        [
            ("expired", "EXPIRED"),
            ("revoked", "REVOKED"),
            ("of_somebody_else", "HOLDER_MISMATCH"),
        ],
    )
    def test_says_why_nothing_is_usable(self, gateway, trait, code):
        RecordFactory(**{trait: True})

        answer = ask(gateway, question())["r1"]

        assert (answer.outcome, answer.code) == ("NOT_FOUND", code)

    def test_one_department_does_not_answer_for_another(self, gateway):
        RecordFactory(department="wsjk")

        assert ask(gateway, question())["r1"].code == "NO_RECORD"

    def test_validity_ends_with_the_day_in_hangzhou(self, gateway):
        RecordFactory(valid_until=date(2026, 11, 23))
        last_minute = NOON.replace(hour=23, minute=59)

        today = ask(gateway, question(), now=last_minute)["r1"]
        tomorrow = ask(gateway, question(), now=last_minute + timedelta(minutes=2))

        assert today.outcome == "FOUND"
        assert tomorrow["r1"].code == "EXPIRED"

    def test_leaves_no_question_out_and_keeps_them_apart(self, gateway):
        RecordFactory()
        asked = [question(request_id=f"r{n}") for n in range(5)]
        asked.append(question(request_id="other", material="M005"))

        answers = ask(gateway, *asked)

        assert set(answers) == {one.request_id for one in asked}
        assert answers["other"].code == "NO_RECORD"
        assert answers["r3"].outcome == "FOUND"

    def test_no_questions_bring_no_answers(self, gateway):
        assert gateway.ask_many(department="scjg", questions=[], now=NOON) == []


class TestFaults:
    @pytest.mark.parametrize(
        ("mode", "outcome", "code"),
        [
            ("down", "UNAVAILABLE", "CONNECTION"),
            ("not_authorised", "REFUSED", "NOT_AUTHORISED"),
        ],
    )
    def test_are_answers_to_every_question(self, gateway, mode, outcome, code):
        RecordFactory()
        ProfileFactory(mode=mode)

        answers = ask(gateway, question(), question(request_id="r2"))

        assert set(answers) == {"r1", "r2"}
        assert {(a.outcome, a.code) for a in answers.values()} == {(outcome, code)}

    def test_of_one_department_leave_the_others_alone(self, gateway):
        ProfileFactory(department="wsjk", mode="down")
        RecordFactory()

        assert ask(gateway, question())["r1"].outcome == "FOUND"

    def test_a_deferred_answer_comes_at_the_time_promised_first(self, gateway):
        RecordFactory()
        ProfileFactory(mode="deferred", defer_seconds=60)
        due = NOON + timedelta(seconds=60)

        first = ask(gateway, question())["r1"]
        impatient = ask(gateway, question(), now=NOON + timedelta(seconds=30))["r1"]
        then = ask(gateway, question(), now=due)["r1"]

        assert (first.outcome, first.code) == ("DEFERRED", "ACCEPTED_FOR_LATER")
        assert first.answer_at == impatient.answer_at == due
        assert then.outcome == "FOUND"

    def test_answers_to_other_requests_bear_no_id_of_ours(self, gateway):
        RecordFactory()
        ProfileFactory(mode="wrong_request_id")

        assert "r1" not in ask(gateway, question())

    def test_use_only_the_closed_codes(self, gateway):
        for mode in Profile.Mode:
            ProfileFactory(department=mode, mode=mode, defer_seconds=5)
            for answer in ask(gateway, question(), department=mode).values():
                assert answer.code in CODES[answer.outcome]


class TestDeposits:
    def test_are_found_by_the_next_question(self, gateway):
        assert gateway.deposit(deposits=[deposit()], now=NOON) == {"JY13301060000001"}

        assert ask(gateway, question())["r1"].records[0].number == "JY13301060000001"

    def test_are_kept_once_however_often_they_come(self, gateway):
        gateway.deposit(deposits=[deposit()], now=NOON)
        again = gateway.deposit(deposits=[deposit()], now=NOON + timedelta(hours=1))

        assert again == {"JY13301060000001"}
        assert [row.deposited_at for row in Record.objects.all()] == [NOON]

    def test_take_the_place_of_what_they_renew(self, gateway):
        old = RecordFactory()

        gateway.deposit(deposits=[deposit(replaces=old.number)], now=NOON)

        shown = ask(gateway, question())["r1"].records
        assert [record.number for record in shown] == ["JY13301060000001"]

    def test_cover_several_subjects_under_one_number(self, gateway):
        places = [Subject("premises", "某路1号"), Subject("premises", "某路2号")]

        gateway.deposit(deposits=[deposit(subject=place) for place in places], now=NOON)

        for place in places:
            assert ask(gateway, question(subject=place))["r1"].outcome == "FOUND"

    def test_are_not_kept_by_who_is_down(self, gateway):
        ProfileFactory(mode="down")
        elsewhere = deposit(department="wsjk", material="M048", number="W1")

        kept = gateway.deposit(deposits=[deposit(), elsewhere], now=NOON)

        assert kept == {"W1"}
        assert not Record.objects.filter(department="scjg").exists()


class TestKnownNumbers:
    @pytest.mark.parametrize("trait", ["expired", "revoked"])
    def test_are_known_even_if_no_longer_good(self, gateway, trait):
        number = RecordFactory(**{trait: True}).number

        assert known(gateway, number)

    def test_of_somebody_else_are_not_given_away(self, gateway):
        number = RecordFactory(of_somebody_else=True).number

        assert not known(gateway, number)
        assert known(gateway, number, entity=OTHER_COMPANY)

    def test_are_not_known_to_who_is_down(self, gateway):
        number = RecordFactory().number
        ProfileFactory(mode="down")

        assert not known(gateway, number)


def known(gateway, number, *, entity=COMPANY):
    return gateway.known_number(
        department="scjg", material="M004", number=number, entity=entity
    )


class TestInProcess:
    """What only the gateway in this process has to show."""

    def test_asks_the_register_once_for_any_number_of_questions(
        self, django_assert_num_queries
    ):
        for count in (2, 60):
            asked = [question(request_id=f"r{n}") for n in range(count)]
            with django_assert_num_queries(3, using="departments"):
                local().ask_many(department="scjg", questions=asked, now=NOON)

    def test_takes_the_department_s_time_once_per_call(self):
        ProfileFactory(latency_ms=400)
        slept = []
        asked = [question(request_id=f"r{n}") for n in range(3)]

        local(time_scale=0.5, sleep=slept.append).ask_many(
            department="scjg", questions=asked, now=NOON
        )

        assert slept == [0.2]

    def test_says_server_error_where_the_register_breaks(self, monkeypatch):
        def broken(*_args, **_kwargs):
            raise DatabaseError

        monkeypatch.setattr(Record.objects, "filter", broken)

        assert ask(local(), question())["r1"].code == "SERVER_ERROR"

    def test_is_what_the_settings_choose(self, settings):
        settings.TIME_SCALE = 0

        assert isinstance(chosen(), LocalGateway)
