"""The data platform before the departments: its copies, and whose failure is whose."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.departments.gateways.local import LocalGateway
from services.departments.hub import copies_kept, lines, speaker
from services.departments.models import HubCopy
from services.departments.operations.keep import drop_records
from services.departments.operations.relay import relay
from services.departments.reply import Terms
from tests.clock import NOON
from tests.departments.gateways.asking import ask, deposit
from tests.factories.departments import (
    COMPANY,
    OTHER_COMPANY,
    ProfileFactory,
    RecordFactory,
)
from tests.factories.exchange import question

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
ASKED = question(material="M048")


@pytest.fixture
def gateway():
    return LocalGateway()


def held(**changes):
    return RecordFactory(department="wsjk", material="M048", **changes)


def ask_wsjk(gateway, *asked, now=NOON):
    return ask(gateway, *(asked or (ASKED,)), department="wsjk", now=now)["r1"]


class TestLines:
    def test_are_those_of_the_catalogue(self):
        assert copies_kept("wsjk") == timedelta(hours=24)
        assert copies_kept("scjg") == timedelta(0)
        assert copies_kept("ga") is None
        assert len(lines()) == 34

    def test_say_who_fails_when_a_call_fails(self):
        assert [speaker(code) for code in ("wsjk", "ga", "nobody")] == ["hub", "", ""]


class TestCopies:
    def test_are_served_while_young_with_the_time_of_the_snapshot(self, gateway):
        record = held()
        first = ask_wsjk(gateway)
        record.delete()

        later = ask_wsjk(gateway, now=NOON + 23 * HOUR)

        assert (first.via, first.snapshot_at) == ("", None)
        assert (later.via, later.snapshot_at) == ("hub", NOON)
        assert later.records == first.records

    def test_are_too_old_after_the_hours_of_the_catalogue(self, gateway):
        held()
        ask_wsjk(gateway)

        then = ask_wsjk(gateway, now=NOON + 24 * HOUR)
        after = ask_wsjk(gateway, now=NOON + 25 * HOUR)

        assert (then.via, then.snapshot_at) == ("", None)
        assert after.snapshot_at == NOON + 24 * HOUR

    def test_answer_the_same_question_of_another_case(self, gateway):
        held()
        ask_wsjk(gateway)
        other = replace(ASKED, request_id="r1", purpose="another", basis="another")

        assert ask_wsjk(gateway, other, now=NOON + HOUR).via == "hub"

    @pytest.mark.parametrize(
        "changes",
        [
            {"entity": OTHER_COMPANY},
            {"holder_name": "新名"},
            {"former_names": ("旧",)},
        ],
    )
    def test_answer_no_other_question(self, gateway, changes):
        held()
        ask_wsjk(gateway)

        assert ask_wsjk(gateway, replace(ASKED, **changes), now=NOON + HOUR).via == ""

    def test_serve_every_question_of_a_call_that_asks_the_same(self, gateway):
        held()
        ask_wsjk(gateway)
        twice = [ASKED, replace(ASKED, request_id="r2")]

        answers = ask(gateway, *twice, department="wsjk", now=NOON + HOUR)

        assert [answers[name].via for name in ("r1", "r2")] == ["hub", "hub"]

    def test_are_only_of_what_was_found(self, gateway):
        assert ask_wsjk(gateway).code == "NO_RECORD"
        held()

        assert ask_wsjk(gateway, now=NOON + HOUR).outcome == "FOUND"

    def test_are_not_made_of_what_a_failing_register_says(self, gateway):
        held()
        profile = ProfileFactory(department="wsjk", mode="outdated_name")
        asked = replace(ASKED, former_names=("旧名",))
        assert ask_wsjk(gateway, asked).under_former_name
        profile.mode = "up"
        profile.save()

        assert not ask_wsjk(gateway, asked, now=NOON + HOUR).under_former_name

    def test_are_not_kept_where_the_catalogue_gives_no_hours(self, gateway):
        RecordFactory()
        ask(gateway, question())

        assert not HubCopy.objects.exists()

    def test_end_with_the_certificate(self, gateway):
        held(valid_until=date(2026, 11, 23))
        ask_wsjk(gateway)

        assert ask_wsjk(gateway, now=NOON + 13 * HOUR).code == "EXPIRED"

    def test_of_a_company_go_with_a_new_certificate(self, gateway):
        old = held()
        ask_wsjk(gateway)

        new = deposit(
            department="wsjk", material="M048", number="W9", replaces=old.number
        )
        gateway.deposit(deposits=[new], now=NOON + HOUR)

        assert ask_wsjk(gateway, now=NOON + HOUR).records[0].number == "W9"

    def test_of_a_contractor_go_with_its_new_certificate(self, gateway):
        contractor = replace(
            ASKED, subject=ASKED.subject._replace(kind="other_entity"), entity="x"
        )
        held()
        ask_wsjk(gateway, contractor)

        gateway.deposit(
            deposits=[deposit(department="wsjk", material="M048", number="W9")],
            now=NOON + HOUR,
        )

        assert not HubCopy.objects.exists()

    def test_of_others_stay(self, gateway):
        held()
        ask_wsjk(gateway)

        gateway.deposit(
            deposits=[deposit(department="wsjk", material="M048", entity="x")], now=NOON
        )

        assert HubCopy.objects.exists()

    def test_go_with_the_records(self, gateway):
        held()
        ask_wsjk(gateway)

        drop_records(entity=COMPANY)

        assert ask_wsjk(gateway, now=NOON + HOUR).code == "NO_RECORD"


class TestOutages:
    @pytest.mark.parametrize("mode", ["down", "hang", "html", "unavailable", "late"])
    def test_of_a_department_are_bridged_by_the_copy_however_old(self, gateway, mode):
        held()
        ask_wsjk(gateway)
        ProfileFactory(department="wsjk", mode=mode)
        unknown = replace(ASKED, request_id="r2", material="M049")
        much_later = NOON + 24 * 40 * HOUR

        answers = ask(gateway, ASKED, unknown, department="wsjk", now=much_later)

        assert (answers["r1"].outcome, answers["r1"].snapshot_at) == ("FOUND", NOON)
        assert answers["r1"].via == "hub"
        assert (answers["r2"].outcome, answers["r2"].via) == ("UNAVAILABLE", "")

    def test_of_the_hub_hide_its_copies(self, gateway):
        held()
        ask_wsjk(gateway)
        ProfileFactory(department="hub", mode="down")

        answer = ask_wsjk(gateway, now=NOON + HOUR)

        assert (answer.code, answer.via) == ("CONNECTION", "hub")

    def test_the_hub_waits_less_long_than_we_do(self):
        ProfileFactory(department="wsjk", mode="hang")
        scale = Terms(NOON, time_scale=1)

        reply = relay(department="wsjk", questions=[ASKED], terms=scale)

        assert reply.seconds == 3
        assert (reply.signer, reply.fails) == ("hub", False)
        assert [answer.code for answer in reply.answers] == ["TIMEOUT"]

    @pytest.mark.parametrize("mode", ["duplicate", "wrong_request_id", "incomplete"])
    def test_the_hub_may_spoil_what_it_passes_on(self, gateway, mode):
        held()
        ProfileFactory(department="hub", mode=mode)

        answers = gateway.ask_many(department="wsjk", questions=[ASKED], now=NOON)

        assert [one.request_id for one in answers] == {
            "duplicate": ["r1", "r1"],
            "wrong_request_id": ["r1x"],
            "incomplete": [],
        }[mode]


def test_the_hub_has_a_journal_of_what_it_answered_itself(gateway):
    held()
    ask_wsjk(gateway)
    ask_wsjk(gateway, now=NOON + HOUR)

    for department, at in (("wsjk", NOON), ("hub", NOON + HOUR)):
        seen = gateway.journal(department=department, since=NOON)
        assert [(one.request_id, one.last_at) for one in seen] == [("r1", at)]
