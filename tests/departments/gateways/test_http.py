"""What we take from whatever comes over the wire, beyond what our own service does."""

import gzip
import json
import threading
from dataclasses import replace

import httpx
import pytest
import respx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.departments.gateways import http, line
from services.departments.gateways.contract import (
    GARBAGE,
    Answer,
    question_digest,
)
from services.departments.gateways.envelope import (
    SIGNATURE,
    Envelope,
    seal,
    sign,
    write,
)
from services.departments.gateways.http import HttpGateway
from services.departments.service.private_keys import public_text
from services.exchange.answers import sort_answers
from tests.clock import NOON
from tests.departments.gateways.asking import ask, deposit, known
from tests.factories.exchange import question

URL = "http://departments.test"
KEYS = {code: Ed25519PrivateKey.generate() for code in ("ga", "scjg", "hub")}
ASKED = question()
NONE = Answer("r1", "NOT_FOUND", "NO_RECORD", digest=question_digest(ASKED))


@pytest.fixture(autouse=True)
def _keys(settings, tmp_path):
    settings.DEPARTMENTS_KEYS = tmp_path / "keys.json"
    keys = {code: public_text(key) for code, key in KEYS.items()}
    settings.DEPARTMENTS_KEYS.write_text(json.dumps(keys))


@pytest.fixture
def gateway():
    return HttpGateway(URL, answers_url="http://hall.test/exchange/answers")


def answered(*answers, department="ga", signer="", key=""):
    signer = signer or department
    body, signature = seal(Envelope(department, signer, answers), KEYS[key or signer])
    return httpx.Response(200, content=body, headers={SIGNATURE: signature})


def taken(gateway, response, *, department="ga"):
    """Return the outcome, the code and who is to blame, after our own checks."""
    answers = asked(gateway, response, department=department)
    answer = sort_answers([ASKED], answers, NOON.date()).answers["r1"]
    return answer.outcome, answer.code, answer.via


def asked(gateway, response, *, department="ga"):
    """Return what the gateway makes of what comes over the wire."""
    url = f"{URL}/departments/{department}/questions"
    with respx.mock:
        respx.post(url).mock(
            **{
                "side_effect"
                if callable(response) or isinstance(response, Exception)
                else "return_value": response
            }
        )
        return gateway.ask_many(department=department, questions=[ASKED], now=NOON)


def pieces():
    yield b'{"department"'
    raise httpx.RemoteProtocolError("incomplete")


def sealed_bytes(body, key="ga"):
    headers = {SIGNATURE: sign(body, KEYS[key])}
    return httpx.Response(200, content=body, headers=headers)


GARBLED = ("UNAVAILABLE", "GARBLED", "")


class TestSeals:
    def test_of_the_department_count(self, gateway):
        assert taken(gateway, answered(NONE)) == ("NOT_FOUND", "NO_RECORD", "")

    def test_of_the_hub_count_where_it_stands_before_the_department(self, gateway):
        sealed = answered(NONE, department="scjg", signer="hub")

        assert taken(gateway, sealed, department="scjg")[0] == "NOT_FOUND"

    def test_of_the_hub_do_not_count_elsewhere(self, gateway):
        assert taken(gateway, answered(NONE, signer="hub")) == GARBLED

    def test_of_another_department_do_not_count(self, gateway):
        assert taken(gateway, answered(NONE, department="scjg")) == GARBLED
        assert taken(gateway, answered(NONE, key="scjg")) == GARBLED

    def test_without_our_keys_are_worth_nothing(self, gateway, settings):
        settings.DEPARTMENTS_KEYS.write_text("lost")

        assert taken(gateway, answered(NONE)) == GARBLED


class TestDigests:
    def test_of_another_question_are_seen(self, gateway):
        other = replace(NONE, digest=question_digest(question(material="M005")))

        assert taken(gateway, answered(other)) == GARBLED

    def test_are_not_left_out(self, gateway):
        assert taken(gateway, answered(replace(NONE, digest=""))) == GARBLED

    def test_are_the_same_for_every_attempt_and_differ_otherwise(self):
        assert question_digest(ASKED) == question_digest(question())
        changes = [
            {"request_id": "r2"},
            {"entity": "x"},
            {"former_names": ("x",)},
            {"basis": "x"},
            {"explicit_request": False},
        ]
        digests = {question_digest(question(**change)) for change in changes}
        assert len(digests | {question_digest(ASKED)}) == 6


class TestCalls:
    @pytest.mark.parametrize(
        ("status", "code"),
        [
            (401, "NOT_AUTHENTICATED"),
            (403, "NOT_AUTHORISED"),
            (400, "INVALID_REQUEST"),
            (404, "INVALID_REQUEST"),
            (422, "INVALID_REQUEST"),
        ],
    )
    def test_that_are_refused_are_our_fault(self, gateway, status, code):
        assert taken(gateway, httpx.Response(status)) == ("REFUSED", code, "")

    @pytest.mark.parametrize(
        ("status", "code"),
        [
            (500, "SERVER_ERROR"),
            (502, "SERVER_ERROR"),
            (204, "GARBLED"),
            (302, "GARBLED"),
        ],
    )
    def test_that_end_otherwise_say_nothing(self, gateway, status, code):
        assert taken(gateway, httpx.Response(status)) == ("UNAVAILABLE", code, "")

    @pytest.mark.parametrize(
        ("raised", "code"),
        [
            (httpx.ConnectTimeout("x"), "TIMEOUT"),
            (httpx.PoolTimeout("x"), "TIMEOUT"),
            (httpx.ConnectError("x"), "CONNECTION"),
            (httpx.WriteError("x"), "CONNECTION"),
            (httpx.RemoteProtocolError("Server disconnected without"), "CONNECTION"),
            (httpx.RemoteProtocolError("illegal status line"), "GARBLED"),
        ],
    )
    def test_that_break_are_the_hub_s_failure_where_it_is_in_between(
        self, gateway, raised, code
    ):
        assert taken(gateway, raised) == ("UNAVAILABLE", code, "")
        behind = taken(gateway, raised, department="scjg")
        assert behind == ("UNAVAILABLE", code, "hub")

    def test_that_break_in_the_middle_are_garbage(self, gateway):
        assert taken(gateway, httpx.Response(200, content=pieces())) == GARBLED

    def test_are_not_unpacked(self, gateway):
        packed = gzip.compress(b" " * 100_000)
        response = httpx.Response(
            200, content=iter([packed]), headers={"Content-Encoding": "gzip"}
        )

        assert taken(gateway, response) == GARBLED

    def test_are_not_read_beyond_the_limit(self, gateway):
        read = []

        def endless():
            while True:
                read.append(1)
                yield b" " * 1_000_000

        assert taken(gateway, httpx.Response(200, content=endless())) == GARBLED
        assert len(read) <= 4

    def test_that_drip_end_in_time(self, gateway, monkeypatch):
        clock = iter(range(0, 1000, 3))
        monkeypatch.setattr(line.time, "monotonic", lambda: next(clock))

        def dripping():
            while True:
                yield b" "

        got = taken(gateway, httpx.Response(200, content=dripping()))
        assert got == ("UNAVAILABLE", "TIMEOUT", "")
        assert next(clock) < 20

    def test_carry_as_much_as_the_department_takes_at_once(self, gateway, monkeypatch):
        monkeypatch.setattr(http, "AT_ONCE", 2)
        sizes = []

        def count(request):
            sent = json.loads(request.content)
            assert sent["reply_to"] == "http://hall.test/exchange/answers"
            sizes.append(len(sent["questions"]))
            return httpx.Response(503)

        questions = [question(request_id=f"r{n}") for n in range(5)]
        with respx.mock:
            respx.post(f"{URL}/departments/ga/questions").mock(side_effect=count)
            answers = ask(gateway, *questions, department="ga")

        assert sizes == [2, 2, 1]
        assert len(answers) == 5


class TestReasons:
    @pytest.mark.parametrize(
        ("response", "reason"),
        [
            (sealed_bytes(b"{"), "not_json"),
            (httpx.Response(200, html="<h1>维护中</h1>"), "not_json"),
            (sealed_bytes(b"[]"), "unknown_shape"),
            (sealed_bytes(b" " * 2_000_001), "too_large"),
            (httpx.Response(200, content=pieces()), "cut_short"),
            (httpx.RemoteProtocolError("illegal status line"), "no_http"),
            (httpx.Response(302), "unexpected_status"),
            (answered(NONE, key="scjg"), "wrong_signature"),
            (answered(NONE, signer="hub"), "sealed_by_another"),
            (answered(NONE, department="scjg"), "of_another_department"),
            (answered(NONE, department="wsjk", key="ga"), "unknown_department"),
        ],
        ids=lambda given: given if isinstance(given, str) else "",
    )
    def test_are_kept_with_the_answer_and_closed(self, gateway, response, reason):
        (answer,) = asked(gateway, response)

        assert (answer.code, answer.reason) == ("GARBLED", reason)
        assert reason in GARBAGE

    def test_name_our_own_lack_of_keys(self, gateway, settings):
        settings.DEPARTMENTS_KEYS.write_text("lost")

        assert asked(gateway, answered(NONE))[0].reason == "keys_unreadable"


class TestReceipts:
    def kept(self, gateway, document, key="scjg"):
        body = write(document)
        headers = {SIGNATURE: sign(body, KEYS[key])}
        with respx.mock:
            respx.post(f"{URL}/departments/scjg/deposits").respond(
                200, content=body, headers=headers
            )
            return gateway.deposit(deposits=[deposit()], now=NOON)

    def test_name_what_is_kept(self, gateway):
        number = deposit().number
        said = {"department": "scjg", "kept": [number, "another"]}

        assert self.kept(gateway, said) == ({number}, "")

    @pytest.mark.parametrize(
        "said", [{"department": "wsjk", "kept": ["x"]}, {"kept": []}, [], None]
    )
    def test_of_another_shape_or_department_are_none(self, gateway, said):
        assert self.kept(gateway, said) == (set(), "GARBLED")

    def test_under_another_seal_are_none(self, gateway):
        said = {"department": "scjg", "kept": [deposit().number]}

        assert self.kept(gateway, said, key="ga") == (set(), "GARBLED")


def test_a_number_is_not_known_to_who_answers_nonsense(gateway):
    with respx.mock:
        respx.get(f"{URL}/departments/scjg/numbers").respond(200, content=b"yes")

        assert not known(gateway, "JY1")


def test_each_department_has_its_own_connections_whichever_thread_asks(gateway):
    clients = set()

    def ask_all():
        for code in ("ga", "scjg"):
            clients.add((code, gateway._clients.of(code)))

    threads = [threading.Thread(target=ask_all) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(code for code, _ in clients) == ["ga", "scjg"]
    assert len({client for _, client in clients}) == 2
