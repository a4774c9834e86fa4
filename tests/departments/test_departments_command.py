"""`manage.py departments`: show and switch."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from services.catalogue.models import Department
from services.departments.models import Profile

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _two_departments():
    for code, name in (("scjg", "市市场监管局"), ("wsjk", "市卫生健康委")):
        Department.objects.create(
            code=code, name=name, name_en=code, full_name=name, system="", duty_phone=""
        )


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("departments", *arguments, stdout=out)
    return out.getvalue()


def test_shows_every_department_also_one_that_was_never_switched():
    Profile.objects.create(department="wsjk", mode="down")

    lines = run().splitlines()

    assert any("scjg" in line and " up " in line for line in lines)
    assert any("wsjk" in line and " down " in line for line in lines)


def test_turns_a_fault_on_and_off_again():
    run("wsjk", "--fault", "down")
    assert Profile.objects.get().mode == "down"

    shown = run("wsjk", "--mode", "up")
    assert Profile.objects.get().mode == "up"
    assert "scjg" not in shown


def test_switches_all_at_once_with_pace_and_seed_and_leaves_the_hub():
    run("--all", "--fault", "slow", "--latency-ms", "50", "--seed", "9")

    rows = Profile.objects.values_list("department", "mode", "latency_ms", "seed")
    assert set(rows) == {("scjg", "slow", 50, 9), ("wsjk", "slow", 50, 9)}


def test_sets_the_slowest_and_the_wait_and_shows_them():
    shown = run(
        "wsjk", "--fault", "slow", "--p99-ms", "20000", "--defer-seconds", "120"
    )

    profile = Profile.objects.get()
    assert (profile.p99_ms, profile.defer_seconds) == (20_000, 120)
    row = next(line for line in shown.splitlines() if " wsjk " in line)
    cells = [cell.strip() for cell in row.split("│")]
    assert cells[3:8] == ["slow", "300", "20000", "120", "0"]


def test_says_what_a_parameter_may_be():
    with pytest.raises(CommandError, match="p99_ms -1 is not 0 to 600000"):
        run("wsjk", "--fault", "slow", "--p99-ms", "-1")

    assert not Profile.objects.exists()


def test_switches_the_hub_and_shows_it_first():
    run("hub", "--fault", "down")

    assert "down" in next(line for line in run().splitlines() if " hub " in line)


def test_says_what_the_hub_cannot_do():
    with pytest.raises(CommandError, match="department_mode_unknown: expired"):
        run("hub", "--fault", "expired")


def test_says_in_one_line_that_nobody_answers(settings):
    settings.DEPARTMENTS_URL = "http://127.0.0.1:9"

    with pytest.raises(CommandError, match="departments_unreachable"):
        run()


def test_names_the_departments_where_a_code_is_unknown():
    with pytest.raises(CommandError, match="known are hub, scjg, wsjk"):
        run("nobody", "--fault", "down")


def test_asks_which_department_a_fault_is_for():
    with pytest.raises(CommandError, match="which department"):
        run("--fault", "down")
