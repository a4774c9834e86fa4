"""What every gateway promises, in process or over the wire."""

from datetime import date, timedelta

import pytest

from services.common.subjects import Subject
from services.departments.faults import FAULTS
from services.departments.gateways.contract import CODES, Gateway
from services.departments.gateways.local import LocalGateway
from services.departments.models import Record
from services.exchange.answers import sort_answers, why_garbled
from tests.clock import NOON
from tests.departments.gateways.asking import ask, deposit, known
from tests.departments.serving import Clock, Remote, served
from tests.factories.departments import (
    COMPANY,
    OTHER_COMPANY,
    ProfileFactory,
    RecordFactory,
)
from tests.factories.exchange import question

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["local", "http"])
def gateway(request, tmp_path, settings, monkeypatch) -> Gateway:
    if request.param == "local":
        yield LocalGateway()
        return
    monkeypatch.setattr("services.departments.gateways.line.PATIENCE", 0.3)
    settings.DEPARTMENTS_KEYS = tmp_path / "keys.json"
    clock = Clock()
    with served(tmp_path, clock) as server:
        yield Remote(f"http://127.0.0.1:{server.server_port}", clock)


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
            ("up", "FOUND", ""),
            ("slow", "FOUND", ""),
            ("hang", "UNAVAILABLE", "TIMEOUT"),
            ("late", "UNAVAILABLE", "TIMEOUT"),
            ("down", "UNAVAILABLE", "CONNECTION"),
            ("reset", "UNAVAILABLE", "CONNECTION"),
            ("unavailable", "UNAVAILABLE", "SERVER_ERROR"),
            ("not_authorised", "REFUSED", "NOT_AUTHORISED"),
            ("bad_json", "UNAVAILABLE", "GARBLED"),
            ("html", "UNAVAILABLE", "GARBLED"),
            ("huge", "UNAVAILABLE", "GARBLED"),
            ("truncated", "UNAVAILABLE", "GARBLED"),
            ("wrong_request_id", "UNAVAILABLE", "GARBLED"),
            ("wrong_holder", "NOT_FOUND", "HOLDER_MISMATCH"),
            ("outdated_name", "NOT_FOUND", "HOLDER_MISMATCH"),
            ("expired", "NOT_FOUND", "EXPIRED"),
            ("revoked", "NOT_FOUND", "REVOKED"),
            ("no_record", "NOT_FOUND", "NO_RECORD"),
            ("duplicate", "FOUND", ""),
            ("out_of_order", "FOUND", ""),
        ],
    )
    @pytest.mark.parametrize("department", ["ga", "scjg"])
    def test_are_what_we_take_from_them(self, gateway, mode, outcome, code, department):
        """One department we ask ourselves, the other stands behind the hub."""
        RecordFactory(department=department)
        ProfileFactory(department=department, mode=mode)
        asked = [question(), question(request_id="r2")]

        answers = gateway.ask_many(department=department, questions=asked, now=NOON)

        taken = sort_answers(asked, answers, NOON.date()).answers
        assert {name: (a.outcome, a.code) for name, a in taken.items()} == {
            "r1": (outcome, code),
            "r2": (outcome, code),
        }
        assert {answer.via for answer in taken.values()} == {""}

    @pytest.mark.parametrize(
        ("mode", "reason"),
        [
            ("bad_json", "not_json"),
            ("html", "not_json"),
            ("huge", "too_large"),
            ("truncated", "cut_short"),
            ("wrong_request_id", "of_another_request"),
            ("down", ""),
            ("up", ""),
        ],
    )
    def test_are_named_where_they_garble(self, gateway, mode, reason):
        RecordFactory(department="ga")
        ProfileFactory(department="ga", mode=mode)

        answers = gateway.ask_many(department="ga", questions=[question()], now=NOON)

        taken = sort_answers([question()], answers, NOON.date()).answers["r1"]
        assert taken.reason == reason

    def test_of_a_department_are_the_hub_s_word(self, gateway):
        ProfileFactory(mode="html")

        taken = ask(gateway, question())["r1"]

        assert (taken.code, why_garbled(taken)) == ("GARBLED", "as_told")

    @pytest.mark.parametrize(
        ("mode", "code"),
        [
            ("hang", "TIMEOUT"),
            ("down", "CONNECTION"),
            ("reset", "CONNECTION"),
            ("unavailable", "SERVER_ERROR"),
            ("html", "GARBLED"),
            ("huge", "GARBLED"),
        ],
    )
    def test_of_the_hub_are_its_own_and_spare_who_is_not_behind_it(
        self, gateway, mode, code
    ):
        RecordFactory()
        RecordFactory(department="ga", number="GA1", material="M015")
        ProfileFactory(department="hub", mode=mode)

        behind = ask(gateway, question())["r1"]
        beside = ask(gateway, question(material="M015"), department="ga")["r1"]

        assert (behind.outcome, behind.code, behind.via) == ("UNAVAILABLE", code, "hub")
        assert beside.outcome == "FOUND"

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

    def test_a_former_name_is_found_and_flagged(self, gateway):
        RecordFactory()
        ProfileFactory(mode="outdated_name")

        answer = ask(gateway, question(former_names=("杭州旧名有限公司",)))["r1"]

        assert (answer.outcome, answer.under_former_name) == ("FOUND", True)

    def test_incomplete_answers_leave_some_out_and_the_same_ones_each_time(
        self, gateway
    ):
        RecordFactory()
        ProfileFactory(mode="incomplete")
        asked = [question(request_id=f"r{n}") for n in range(20)]

        first, second = (set(ask(gateway, *asked)) for _ in range(2))

        assert 0 < len(first) < 20
        assert first == second
        assert ask(gateway, question(request_id="alone")) == {}

    def test_another_seed_leaves_out_others(self, gateway):
        RecordFactory()
        asked = [question(request_id=f"r{n}") for n in range(20)]
        answered = []
        for seed in (1, 2):
            ProfileFactory(
                department=("ga", "yz")[seed - 1], mode="incomplete", seed=seed
            )
            department = ("ga", "yz")[seed - 1]
            answered.append(set(ask(gateway, *asked, department=department)))

        assert answered[0] != answered[1]

    def test_who_flaps_is_up_and_down_by_turns(self, gateway):
        RecordFactory()
        ProfileFactory(mode="flapping", seed=7)

        codes = [
            ask(gateway, question(), now=NOON + timedelta(seconds=10 * n))["r1"].code
            for n in range(12)
        ]

        assert set(codes) == {"", "CONNECTION"}

    def test_use_only_the_closed_codes(self, gateway):
        profile = ProfileFactory(defer_seconds=5)
        for mode in FAULTS:
            profile.mode = mode
            profile.save()
            for answer in ask(gateway, question()).values():
                assert answer.code in CODES[answer.outcome]

    def test_nobody_is_told_what_nobody_asked_for(self, gateway):
        RecordFactory()

        answer = ask(gateway, question(explicit_request=False))["r1"]

        assert (answer.outcome, answer.code) == ("REFUSED", "INVALID_REQUEST")


class TestDeposits:
    def test_are_found_by_the_next_question(self, gateway):
        receipt = gateway.deposit(deposits=[deposit()], now=NOON)

        assert receipt == ({"JY13301060000001"}, "")
        assert ask(gateway, question())["r1"].records[0].number == "JY13301060000001"

    def test_are_kept_once_however_often_they_come(self, gateway):
        gateway.deposit(deposits=[deposit()], now=NOON)
        again = gateway.deposit(deposits=[deposit()], now=NOON + timedelta(hours=1))

        assert again.kept == {"JY13301060000001"}
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

        assert gateway.deposit(deposits=[deposit()], now=NOON) == (set(), "CONNECTION")

        assert not Record.objects.exists()

    def test_that_are_refused_are_no_lost_call(self, gateway):
        ProfileFactory(mode="not_authorised")

        assert gateway.deposit(deposits=[deposit()], now=NOON) == (set(), "")

    @pytest.mark.parametrize(
        ("mode", "lost"),
        [
            ("late", "TIMEOUT"),
            ("reset", "CONNECTION"),
            ("truncated", "GARBLED"),
            ("html", "GARBLED"),
        ],
    )
    def test_are_kept_though_nobody_could_tell_us(self, gateway, mode, lost):
        profile = ProfileFactory(mode=mode)

        assert gateway.deposit(deposits=[deposit()], now=NOON) == (set(), lost)

        profile.mode = "up"
        profile.save()
        later = NOON + timedelta(minutes=1)
        assert gateway.deposit(deposits=[deposit()], now=later).kept == {
            deposit().number
        }
        seen = gateway.journal(department="scjg", since=NOON)
        assert [(one.kind, one.times, one.effects) for one in seen] == [
            ("deposit", 2, 1)
        ]


class TestJournal:
    def test_counts_what_came_and_how_it_was_answered_last(self, gateway):
        ask(gateway, question(), question(request_id="r2"))
        RecordFactory()
        ask(gateway, question(), now=NOON + timedelta(hours=1))

        seen = gateway.journal(department="scjg", since=NOON)

        assert {(s.request_id, s.times, s.effects, s.outcome) for s in seen} == {
            ("r1", 2, 0, "FOUND"),
            ("r2", 1, 0, "NOT_FOUND"),
        }
        assert seen[0].first_at == NOON
        assert seen[0].last_at == NOON + timedelta(hours=1)

    def test_tells_only_what_came_since(self, gateway):
        ask(gateway, question())

        later = NOON + timedelta(seconds=1)
        assert gateway.journal(department="scjg", since=later) == []

    @pytest.mark.parametrize("mode", ["down", "unavailable", "hang"])
    def test_knows_nothing_of_calls_that_never_arrived(self, gateway, mode):
        ProfileFactory(mode=mode)
        ask(gateway, question())

        assert gateway.journal(department="scjg", since=NOON) == []

    def test_names_what_is_new_in_the_register_once(self, gateway):
        for _ in range(3):
            gateway.deposit(deposits=[deposit()], now=NOON)

        seen = gateway.journal(department="scjg", since=NOON)

        assert [(s.request_id, s.times, s.effects) for s in seen] == [
            (deposit().number, 3, 1)
        ]


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
