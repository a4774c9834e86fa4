"""`manage.py serve_departments` as a process of its own."""

import os
import signal
import socket
import subprocess
import sys

import httpx
import pytest
from django.core.management import CommandError, call_command


def test_says_when_it_is_ready_and_ends_when_asked(tmp_path):
    environment = os.environ | {
        "DEPARTMENTS_DATABASE_URL": f"sqlite:///{tmp_path / 'departments.sqlite3'}",
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none",  # not even looked at
        "ONELICENSE_DEPARTMENTS_KEYS": str(tmp_path / "keys.json"),
    }
    command = [sys.executable, "manage.py", "serve_departments", "--port", "0"]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        assert said.startswith("departments: http://127.0.0.1:")
        address = said.split()[1]
        assert httpx.get(f"{address}/healthz").json() == {"ok": True}
        keys = httpx.get(f"{address}/about").json()["keys"]
        assert {"scjg", "hub"} <= set(keys)
        # Its database has no tables: it says so and goes on.
        assert httpx.get(f"{address}/behaviours").status_code == 500
        assert httpx.get(f"{address}/healthz").is_success

        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0


def test_says_in_one_line_why_it_cannot_start(settings, tmp_path):
    settings.DEPARTMENTS_KEYS = tmp_path / "keys.json"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CommandError, match=r"cannot be served: .*in use"):
            call_command("serve_departments", "--port", str(port))


def test_refuses_to_serve_with_keys_that_contradict_those_we_know(settings, tmp_path):
    settings.DEPARTMENTS_KEYS = tmp_path / "keys.json"
    settings.DEPARTMENTS_KEYS.write_text('{"scjg": "another"}')

    with pytest.raises(CommandError, match="names another key of scjg"):
        call_command("serve_departments", "--port", "0")
