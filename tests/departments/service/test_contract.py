"""The contract that the service publishes is the one that it and we keep."""

import json
import re
import socket
from datetime import timedelta

import httpx
import pytest
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import validate

from services.departments.faults import Mode
from services.departments.gateways import wire, wire_upkeep
from services.departments.gateways.contract import CODES
from services.departments.gateways.http import AT_ONCE
from services.departments.service.resources import CONTRACT, RESOURCES
from tests.clock import NOON
from tests.departments.gateways.asking import deposit
from tests.departments.serving import Clock, served
from tests.factories.departments import COMPANY, ProfileFactory, RecordFactory
from tests.factories.exchange import question

DOCUMENT = json.loads(CONTRACT.read_text())
SCHEMAS = DOCUMENT["components"]["schemas"]
FORMATS = FormatChecker()


def check(name: str, document: object) -> None:
    schema = {
        "$ref": f"#/components/schemas/{name}",
        "components": {"schemas": SCHEMAS},
    }
    Draft202012Validator(schema, format_checker=FORMATS).validate(document)


class TestDocument:
    def test_is_openapi(self):
        validate(DOCUMENT)

    def test_describes_every_resource_and_no_other(self):
        described = {
            (method.upper(), path.format(code="scjg"))
            for path, methods in DOCUMENT["paths"].items()
            for method in methods
        }

        assert len(described) == len(RESOURCES)
        for method, path in described:
            assert any(
                verb == method and pattern.fullmatch(path)
                for verb, pattern, _ in RESOURCES
            ), (method, path)

    @pytest.mark.parametrize(
        ("name", "shape"),
        [
            ("Question", wire.QUESTION),
            ("Deposit", wire.DEPOSIT),
            ("Record", wire.RECORD),
            ("Answer", wire.ANSWER),
            ("Seen", wire_upkeep.SEEN),
            ("Behaviour", wire_upkeep.BEHAVIOUR),
        ],
    )
    def test_names_the_members_that_are_read(self, name, shape):
        assert set(SCHEMAS[name]["properties"]) == set(shape)
        assert set(SCHEMAS[name]["required"]) == set(shape)

    def test_names_every_outcome_code_and_behaviour(self):
        answer = SCHEMAS["Answer"]["properties"]

        assert set(answer["outcome"]["enum"]) == set(CODES)
        assert set(answer["code"]["enum"]) == {
            c for codes in CODES.values() for c in codes
        }
        assert SCHEMAS["Behaviour"]["properties"]["mode"]["enum"] == list(Mode)
        assert SCHEMAS["Questions"]["properties"]["questions"]["maxItems"] == AT_ONCE


@pytest.fixture
def client(tmp_path, settings):
    settings.DEPARTMENTS_KEYS = tmp_path / "keys.json"
    with served(tmp_path, Clock()) as server:
        yield httpx.Client(base_url=f"http://127.0.0.1:{server.server_port}")


def questions(*asked):
    return {"questions": [wire.question_to_json(one) for one in asked], "reply_to": ""}


@pytest.mark.django_db
class TestKept:
    def test_by_questions_and_answers(self, client):
        RecordFactory()
        ProfileFactory(department="ga", mode="deferred", defer_seconds=9)
        sent = questions(question(former_names=("旧",)), question(request_id="r2"))
        check("Questions", sent)

        for department in ("scjg", "ga"):
            got = client.post(f"/departments/{department}/questions", json=sent)
            assert got.headers["X-Signature"]
            check("Envelope", got.json())

    def test_by_deposits_and_receipts(self, client):
        sent = {"deposits": [wire.deposit_to_json(deposit())]}
        check("Deposits", sent)

        check("Receipt", client.post("/departments/scjg/deposits", json=sent).json())

    def test_by_everything_that_operations_read(self, client):
        client.post("/departments/scjg/questions", json=questions(question()))
        since = {"since": (NOON - timedelta(days=1)).isoformat()}
        asked = {"material": "M004", "number": "1", "entity": COMPANY}
        changes = {"mode": "slow", "latency_ms": 5, "switched_at": NOON.isoformat()}
        check("Changes", changes)

        change = client.put("/departments/scjg/behaviour", json=changes)
        journal = client.get("/departments/scjg/journal", params=since).json()
        assert journal["seen"]
        check("Journal", journal)
        check("Known", client.get("/departments/scjg/numbers", params=asked).json())
        check("Behaviour", change.json())
        check("Behaviours", client.get("/behaviours").json())
        check("About", client.get("/about").json())
        check("Health", client.get("/healthz").json())
        assert client.get("/openapi.json").json() == DOCUMENT

    @pytest.mark.parametrize(
        ("method", "path", "body", "status"),
        [
            ("POST", "/departments/nobody/questions", questions(question()), 404),
            ("POST", "/departments/hub/questions", questions(question()), 404),
            ("POST", "/departments/hub/deposits", {"deposits": []}, 404),
            ("GET", "/departments/scjg/questions", None, 404),
            ("GET", "/elsewhere", None, 404),
            ("POST", "/departments/scjg/questions", questions(), 400),
            ("POST", "/departments/scjg/questions", {"questions": []}, 400),
            ("POST", "/departments/scjg/questions", [], 400),
            (
                "POST",
                "/departments/scjg/questions",
                questions(*[question()] * 501),
                400,
            ),
            ("POST", "/departments/scjg/deposits", {"deposits": [{}]}, 400),
            ("PUT", "/departments/scjg/behaviour", {"mode": "asleep"}, 400),
            ("PUT", "/departments/scjg/behaviour", {"mood": "bad"}, 400),
            ("GET", "/departments/scjg/journal?since=ever", None, 400),
        ],
    )
    def test_by_refusals(self, client, method, path, body, status):
        got = client.request(method, path, json=body)

        assert got.status_code == status
        check("Refusal", got.json())

    @pytest.mark.parametrize(
        "content", [b"", b"{", b"\xff", b"[" * 100_000, b'{"questions": "\\u0000"}']
    )
    def test_by_refusing_what_is_no_json(self, client, content):
        got = client.post("/departments/scjg/questions", content=content)

        assert got.status_code == 400

    @pytest.mark.parametrize(
        "head", [b"", b"Content-Length: -1\r\n", b"Content-Length: 10000001\r\n"]
    )
    def test_by_refusing_a_body_of_no_known_or_too_great_length(self, client, head):
        where = ("127.0.0.1", client.base_url.port)
        with socket.create_connection(where, timeout=5) as connection:
            connection.sendall(
                b"POST /departments/scjg/questions HTTP/1.1\r\nHost: x\r\n"
                + head
                + b"\r\n"
            )
            assert re.match(rb"HTTP/1.1 413 ", connection.recv(100))
