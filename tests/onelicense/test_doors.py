"""Nothing starts with time limits, or departments, that cannot work with us."""

import subprocess
import sys

import pytest
from django.core import checks

from onelicense import asgi, wsgi
from onelicense.environment import BASE_DIR

WEB = "import onelicense.wsgi"
WORKER = "from onelicense.celery import app; app.Worker(pool='solo').start()"
DOORS = pytest.mark.parametrize("start", [wsgi._open, asgi._open])


@DOORS
def test_who_is_contradicted_by_departments_does_not_start(monkeypatch, start):
    wrong = checks.Error("keys of scjg are not those in keys.json")
    monkeypatch.setattr(
        "services.exchange.deadlines.check_agreement", lambda **_: [wrong]
    )

    with pytest.raises(SystemExit, match=r"^onelicense: keys of scjg are not those"):
        start()


@DOORS
def test_whose_own_time_limits_do_not_fit_does_not_start(monkeypatch, start):
    monkeypatch.setattr(
        "services.exchange.deadlines.contradictions", lambda: ["a lease is too short"]
    )

    with pytest.raises(SystemExit, match=r"^onelicense: a lease is too short$"):
        start()


@DOORS
def test_who_fits_starts(start):
    start()


@pytest.mark.parametrize("door", [WEB, WORKER], ids=["web", "worker"])
def test_a_process_ends_with_one_line_and_says_so(door):
    """The departments would have to answer before the line is even open."""
    spoil = (
        "from services.departments.gateways import contract;contract.TOTAL_SECONDS = 1;"
    )
    ended = subprocess.run(
        [sys.executable, "-c", spoil + door],
        cwd=BASE_DIR,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert ended.returncode == 1
    assert ended.stderr.splitlines()[-1] == (
        "onelicense: a call may take 1 s, its parts 2 s and 5 s"
    )
