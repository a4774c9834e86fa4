"""How `make test` comes by its browser, and whose failure it reports."""

from contextlib import nullcontext
from pathlib import Path

import pytest

from tests import lanes


@pytest.fixture
def commands(monkeypatch):
    """Run nothing; note what would have been run, with its environment."""
    noted = []

    def call(command, **options):
        noted.append((command, options.get("env", {})))
        return 0

    monkeypatch.setattr(lanes.subprocess, "call", call)
    return noted


def test_an_installed_browser_is_left_alone(monkeypatch, commands, tmp_path):
    monkeypatch.setattr(lanes, "CHROMIUM", tmp_path)

    lanes.get_browser()

    assert commands == []


def test_without_rights_it_says_what_is_left_out_and_how_to_get_it(
    monkeypatch, commands, capsys
):
    monkeypatch.setattr(lanes, "CHROMIUM", Path("/nowhere/chromium"))
    monkeypatch.setattr(lanes.os, "geteuid", lambda: 1000)

    lanes.get_browser()

    assert commands == []
    assert "browser tests are left out" in capsys.readouterr().out


def test_as_root_it_installs_debians(monkeypatch, commands):
    monkeypatch.setattr(lanes, "CHROMIUM", Path("/nowhere/chromium"))
    monkeypatch.setattr(lanes.os, "geteuid", lambda: 0)
    monkeypatch.setattr(lanes.shutil, "which", lambda _name: "/usr/bin/apt-get")

    lanes.get_browser()

    assert [command[1] for command, _environment in commands] == ["update", "install"]
    assert "chromium" in commands[-1][0]


@pytest.mark.parametrize("failing", [0, 1, 2])
def test_a_failure_in_any_step_is_the_exit_code(monkeypatch, commands, failing):
    codes = [1 if step == failing else 0 for step in range(3)]
    monkeypatch.setattr(lanes, "get_browser", lambda: None)
    monkeypatch.setattr(lanes, "postgres", lambda: nullcontext({"DATABASE_URL": "pg"}))
    monkeypatch.setattr(lanes.subprocess, "call", lambda *_, **__: codes.pop(0))

    assert lanes.main() == 1


def test_each_lane_has_its_own_database_whatever_was_set_outside(monkeypatch, commands):
    monkeypatch.setenv("DATABASE_URL", "somebody's")
    monkeypatch.setattr(lanes, "get_browser", lambda: None)
    monkeypatch.setattr(lanes, "postgres", lambda: nullcontext({"DATABASE_URL": "pg"}))

    lanes.main()

    assert [environment.get("DATABASE_URL") for _, environment in commands] == [
        *(None, None),
        "pg",
    ]


def test_faults_have_the_machine_to_themselves_and_pytest_the_last_word(
    monkeypatch, commands
):
    monkeypatch.setattr(lanes, "get_browser", lambda: None)
    monkeypatch.setattr(lanes, "postgres", lambda: nullcontext({"DATABASE_URL": "pg"}))

    lanes.main()

    modules = [command[2] for command, _ in commands]
    assert modules == ["pytest", "tests.faults", "pytest"]
