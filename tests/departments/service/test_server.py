"""How calls fail below HTTP, seen from the caller's socket."""

import re
import socket
from threading import Event

import pytest

from services.departments.gateways.envelope import write
from services.departments.gateways.wire import question_to_json
from services.departments.service import server as serving
from tests.departments.serving import Clock, served
from tests.factories.departments import ProfileFactory, RecordFactory
from tests.factories.exchange import question

pytestmark = pytest.mark.django_db

BODY = write({"questions": [question_to_json(question())], "reply_to": ""})
REQUEST = (
    b"POST /departments/ga/questions HTTP/1.1\r\nHost: x\r\n"
    b"Content-Length: %d\r\n\r\n%s" % (len(BODY), BODY)
)


@pytest.fixture
def caller(tmp_path, settings):
    settings.DEPARTMENTS_KEYS = tmp_path / "keys.json"
    RecordFactory(department="ga")
    with served(tmp_path, Clock()) as server:
        where = ("127.0.0.1", server.server_port)
        with socket.create_connection(where, timeout=5) as connection:
            yield connection


def everything(connection) -> bytes:
    """Return what comes until the other side closes."""
    parts = []
    while part := connection.recv(65_536):
        parts.append(part)
    return b"".join(parts)


def announced(answer: bytes) -> int:
    found = re.search(rb"Content-Length: (\d+)", answer)
    assert found
    return int(found[1])


def test_a_reset_is_one(caller):
    ProfileFactory(department="ga", mode="reset")
    caller.sendall(REQUEST)

    with pytest.raises(ConnectionResetError):
        caller.recv(1)


def test_who_is_down_closes_without_a_word(caller):
    ProfileFactory(department="ga", mode="down")
    caller.sendall(REQUEST)

    assert everything(caller) == b""


def test_a_truncated_answer_is_shorter_than_it_says(caller):
    ProfileFactory(department="ga", mode="truncated")
    caller.sendall(REQUEST)

    answer = everything(caller)

    assert answer.startswith(b"HTTP/1.1 200 ")
    assert 0 < len(answer.partition(b"\r\n\r\n")[2]) < announced(answer)


def test_a_huge_answer_is_ten_megabytes_under_status_200(caller):
    ProfileFactory(department="ga", mode="huge")
    caller.sendall(REQUEST)

    answer = caller.recv(65_536)

    assert answer.startswith(b"HTTP/1.1 200 ")
    assert announced(answer) > 10_000_000


def test_who_hangs_says_nothing_and_lets_go_when_the_caller_leaves(caller, monkeypatch):
    dropped = Event()
    monkeypatch.setattr(serving.Server, "handle_error", lambda *_args: dropped.set())
    ProfileFactory(department="ga", mode="hang")
    caller.sendall(REQUEST)
    caller.settimeout(0.2)
    with pytest.raises(TimeoutError):
        caller.recv(1)

    caller.close()

    assert dropped.wait(5)


def test_one_connection_carries_many_calls(caller):
    for _ in range(3):
        caller.sendall(REQUEST)
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += caller.recv(65_536)
        head, _, body = answer.partition(b"\r\n\r\n")
        while len(body) < announced(head):
            body += caller.recv(65_536)
        assert body.endswith(b"}]}")
