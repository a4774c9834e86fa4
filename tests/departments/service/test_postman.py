"""Late answers are sent, under seal, until they have arrived or for so many times."""

from datetime import timedelta

import httpx
import pytest
import respx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.departments.gateways.contract import question_digest
from services.departments.gateways.envelope import SIGNATURE, open_envelope
from services.departments.gateways.local import LocalGateway
from services.departments.models import LateAnswer
from services.departments.operations.attend import attend
from services.departments.operations.late import TRIES
from services.departments.reply import Terms
from services.departments.service.postman import deliver
from services.departments.service.resources import House
from tests.clock import NOON
from tests.departments.serving import Clock
from tests.factories.departments import ProfileFactory, RecordFactory
from tests.factories.exchange import question

pytestmark = pytest.mark.django_db

ANSWERS = "http://hall.test/exchange/answers"
KEY = Ed25519PrivateKey.generate()
DUE = NOON + timedelta(seconds=30)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def house(clock):
    return House({"ga": KEY}, clock)


@pytest.fixture
def late():
    RecordFactory(department="ga")
    profile = ProfileFactory(department="ga", mode="late", defer_seconds=30)
    asked = [question(), question(request_id="r2", material="M005")]
    attend(profile=profile, questions=asked, terms=Terms(NOON, reply_to=ANSWERS))
    return asked


def send(house):
    with httpx.Client() as client:
        return deliver(house, client)


@respx.mock
def test_they_come_under_seal_and_say_what_they_answer(late, house, clock):
    route = respx.post(ANSWERS).respond(204)
    clock.now = DUE

    assert send(house) == 1

    sent = route.calls.last.request
    department, answers = open_envelope(
        sent.content, sent.headers[SIGNATURE], {"ga": KEY.public_key()}
    )
    assert department == "ga"
    assert {(a.request_id, a.outcome, a.digest) for a in answers} == {
        ("r1", "FOUND", question_digest(late[0])),
        ("r2", "NOT_FOUND", question_digest(late[1])),
    }


@respx.mock
def test_they_come_once(late, house, clock):
    route = respx.post(ANSWERS).respond(204)
    clock.now = DUE
    send(house)
    clock.now = DUE + timedelta(hours=1)

    assert send(house) == 0
    assert route.call_count == 1


@respx.mock
def test_they_come_not_before_their_time(late, house, clock):
    clock.now = DUE - timedelta(seconds=1)

    assert send(house) == 0


@respx.mock
@pytest.mark.parametrize(
    "failure",
    [httpx.Response(503), httpx.ConnectError("no"), httpx.ReadTimeout("")],
)
def test_they_are_sent_again_but_not_for_ever(late, house, clock, failure):
    route = respx.post(ANSWERS).mock(side_effect=[failure] * 20)

    for minute in range(20):
        clock.now = DUE + timedelta(minutes=minute)
        assert send(house) == 0

    assert route.call_count == TRIES
    assert not LateAnswer.objects.filter(handed_over_at__isnull=False).exists()


def test_an_address_that_is_none_is_tried_like_one_that_fails(late, house, clock):
    LateAnswer.objects.update(reply_to="nowhere")
    clock.now = DUE

    assert send(house) == 0
    assert {late.attempts_made for late in LateAnswer.objects.all()} == {1}


class TestInProcess:
    def test_they_are_handed_over_once_when_due(self):
        gateway = LocalGateway()
        RecordFactory(department="ga")
        ProfileFactory(department="ga", mode="late", defer_seconds=30)
        gateway.ask_many(department="ga", questions=[question()], now=NOON)
        gateway.ask_many(department="ga", questions=[question()], now=DUE)

        assert gateway.late_answers(now=DUE - timedelta(seconds=1)) == []
        (department, answer), *more = gateway.late_answers(now=DUE)
        assert (department, answer.request_id, answer.outcome) == ("ga", "r1", "FOUND")
        assert more == gateway.late_answers(now=DUE + timedelta(hours=1)) == []
