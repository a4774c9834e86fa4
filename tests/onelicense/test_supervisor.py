"""The command that runs everything and ends everything."""

import fcntl
import os
import signal
import socket
import sys

import pytest

from onelicense import environment as env
from onelicense import supervisor
from onelicense.stack import free_port, port_is_free
from tests.stack import environment


@pytest.fixture
def folder(monkeypatch, tmp_path):
    """Have the supervisor work in a folder of its own."""
    monkeypatch.setattr(env, "VAR", tmp_path)
    before = signal.getsignal(signal.SIGTERM)
    yield tmp_path
    signal.signal(signal.SIGTERM, before)


def supervise(monkeypatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["supervisor", *words])
    return supervisor.main()


@pytest.mark.journey
def test_the_command_runs_beside_everything_and_its_exit_code_is_ours(
    monkeypatch, folder, transactional_db
):
    monkeypatch.delenv("REDIS_URL", raising=False)
    for name, value in environment().items():
        monkeypatch.setenv(name, value)
    look = "import os, redis; redis.from_url(os.environ['REDIS_URL']).ping(); exit(7)"

    code = supervise(monkeypatch, "--then", sys.executable, "-c", look)

    assert code == 7
    assert not (folder / "broker.sock").exists()


def test_a_second_supervisor_in_the_same_folder_refuses(monkeypatch, folder):
    with (folder / "supervisor.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)

        with pytest.raises(SystemExit, match="already running in this folder"):
            supervise(monkeypatch, "--then", "true")


def test_a_process_that_never_gets_ready_ends_the_start_with_one_line(
    monkeypatch, folder, capsys
):
    monkeypatch.delenv("REDIS_URL", raising=False)
    monkeypatch.setattr("onelicense.stack.get_binary_path", lambda: "/bin/false")

    assert supervise(monkeypatch, "--then", "true") == 1
    assert "broker ended at once" in capsys.readouterr().out


def test_a_port_in_use_is_left_for_a_free_one(capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        assert not port_is_free(port)
        assert supervisor._port(port) not in {port, None}
        assert f"port {port} is in use" in capsys.readouterr().out


def test_a_free_port_is_kept():
    port = free_port()

    assert supervisor._port(port) == port


def test_a_polite_end_is_an_end_like_ctrl_c():
    before = signal.signal(signal.SIGTERM, supervisor._end)
    try:
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, before)
