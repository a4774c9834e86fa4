"""`manage.py lines`: breakers, what waits, and open incidents."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from services.exchange.models import Breaker
from tests.clock import NOON
from tests.factories.departments import COMPANY
from tests.factories.exchange import BreakerFactory, ExchangeFactory, IncidentFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]


class Terminal(StringIO):
    """A terminal that takes colours."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _surroundings(monkeypatch):
    """Keep what the shell says about colours out of it."""
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")


def run(*words: str, out: StringIO | None = None) -> str:
    said = out or StringIO()
    call_command("lines", *words, stdout=said)
    return said.getvalue()


def cells(said: str, line: str) -> list[str]:
    """Return what stands in the row of a line."""
    rows = [[cell.strip() for cell in row.split("│")] for row in said.splitlines()]
    return next(row for row in rows if row[1:2] == [line])[2:-1]


class TestLines:
    def test_show_breaker_what_waits_and_the_last_error(self):
        BreakerFactory(line="scjg")
        ExchangeFactory(issued_at=NOON - timedelta(hours=2))
        ExchangeFactory(assisted=True)

        assert cells(run(), "scjg") == [
            "市市场监管局",
            "open",
            "2026-11-23 12:00:10",
            "2",
            "1",
            "2026-11-23 10:00:00",
            "TIMEOUT 2026-11-23 11:59:58",
        ]

    def test_show_also_the_hub_and_those_that_never_had_a_fault(self):
        said = run()

        assert cells(said, "hub")[1:4] == ["closed", "", "0"]
        assert cells(said, "wsjk")[1:4] == ["closed", "", "0"]

    def test_begin_with_what_is_broken(self):
        BreakerFactory(line="wsjk", state=Breaker.State.HALF_OPEN)

        said = run()

        assert cells(said, "wsjk")[1] == "half open"
        assert said.index(" wsjk ") < said.index(" hub ")

    def test_of_one_department_come_with_its_incidents(self):
        IncidentFactory(about="scjg NOT_AUTHORISED")
        IncidentFactory(about="wsjk NOT_AUTHORISED")

        said = run("scjg")

        assert "scjg NOT_AUTHORISED" in said
        assert "wsjk" not in said

    def test_of_nobody_are_an_error_in_one_line(self):
        with pytest.raises(CommandError, match="no department 'nobody'"):
            run("nobody")


class TestIncidents:
    def test_show_what_is_open_and_since_when(self):
        IncidentFactory(text="3 × NOT_AUTHORISED, e.g. r1")
        IncidentFactory(about="wsjk GARBLED", closed_at=NOON)

        said = run()

        assert "exchange_refused" in said
        assert "3 × NOT_AUTHORISED, e.g. r1" in said
        assert "2026-11-23 12:00:00" in said
        assert "wsjk GARBLED" not in said

    def test_that_are_not_are_said_not_to_be(self):
        assert "no open incident" in run()

    @pytest.mark.parametrize("words", [(), ("--json",)])
    def test_keep_quiet_about_companies(self, words):
        text = f"DataError: value ({COMPANY})\nDETAIL: Failing row contains (…)."
        IncidentFactory(text=text)

        said = run(*words)

        assert "DataError: value (…)" in said
        assert COMPANY not in said
        assert "DETAIL" not in said

    def test_are_no_markup(self):
        IncidentFactory(text="[red]KeyError: [/]")

        assert "[red]KeyError: [/]" in run()


class TestOutput:
    @pytest.mark.parametrize("columns", ["80", "160"])
    def test_is_coloured_on_a_terminal_and_plain_in_a_pipe(self, monkeypatch, columns):
        BreakerFactory(line="scjg")
        monkeypatch.setenv("COLUMNS", columns)

        assert "\x1b[1;31mopen" in run(out=Terminal())
        assert "\x1b[" not in run()

    def test_is_one_object_for_machines(self):
        BreakerFactory(line="scjg")
        ExchangeFactory()
        incident = IncidentFactory()

        said = json.loads(run("scjg", "--json"))

        assert said == {
            "lines": [
                {
                    "department": "scjg",
                    "state": "open",
                    "since": "2026-11-23T03:59:00+00:00",
                    "probe_at": "2026-11-23T04:00:10+00:00",
                    "waiting": 1,
                    "oldest_at": "2026-11-23T04:00:00+00:00",
                    "with_officer": 0,
                    "calls_now": 0,
                    "last_code": "TIMEOUT",
                    "last_error_at": "2026-11-23T03:59:58+00:00",
                }
            ],
            "incidents": [
                {
                    "id": incident.pk,
                    "kind": "exchange_refused",
                    "about": "scjg NOT_AUTHORISED",
                    "text": "1 × NOT_AUTHORISED",
                    "opened_at": "2026-11-23T04:00:00+00:00",
                }
            ],
        }
