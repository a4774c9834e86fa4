"""Turning faults on and off."""

import pytest

from services.common.actors import Actor
from services.departments.faults import FAULTS, OF_THE_HUB
from services.departments.gateways.contract import DepartmentsUnreachable
from services.departments.models import Profile
from services.departments.operations import switch as switching
from services.departments.operations.switch import (
    PARAMETERS,
    ModeUnknown,
    ParameterOutOfBounds,
    switch,
)
from services.departments.queries import profiles
from services.ledger.models import EntryDetails, LogEntry
from tests.clock import NOON
from tests.departments.serving import Clock, served

pytestmark = pytest.mark.django_db
OPERATOR = Actor(kind="human", id="operator", role="operator")


def turn(mode, *, department="scjg", **changes):
    return switch(department, mode, actor=OPERATOR, now=NOON, **changes)


@pytest.fixture(params=["local", "http"])
def _either_way(request, tmp_path, settings):
    if request.param == "local":
        yield
        return
    settings.DEPARTMENTS_KEYS = tmp_path / "keys.json"
    with served(tmp_path, Clock()) as server:
        settings.DEPARTMENTS_URL = f"http://127.0.0.1:{server.server_port}"
        yield


@pytest.mark.usefixtures("_either_way")
class TestSwitch:
    def test_changes_the_behaviour_and_says_so_in_the_log(self):
        turn("down", seed=3)

        profile = Profile.objects.get(department="scjg")
        assert (profile.mode, profile.switched_at) == ("down", NOON)
        entry = LogEntry.objects.get()
        assert (entry.type, entry.office) == ("department.switched", "scjg")
        assert EntryDetails.objects.get().body == {"mode": "down", "seed": 3}

    def test_leaves_pace_and_seed_as_they_are_unless_told(self):
        turn("slow", latency_ms=800, seed=3)
        behaviour = turn("up")

        assert (behaviour.latency_ms, behaviour.seed) == (800, 3)
        assert profiles() == [behaviour]

    def test_sets_how_slow_the_slowest_is_and_when_it_answers_later(self):
        behaviour = turn("slow", p99_ms=20_000, defer_seconds=120)

        assert (behaviour.p99_ms, behaviour.defer_seconds) == (20_000, 120)
        assert profiles() == [behaviour]
        said = {"mode": "slow", "p99_ms": 20_000, "defer_seconds": 120}
        assert EntryDetails.objects.get().body == said

    @pytest.mark.parametrize(
        "wrong",
        [{name: bounds.least - 1} for name, bounds in PARAMETERS.items()]
        + [{name: bounds.most + 1} for name, bounds in PARAMETERS.items()]
        + [{"switched_at": 1}],
        ids=str,
    )
    def test_refuses_a_parameter_that_is_none_or_too_small_or_large(self, wrong):
        with pytest.raises(ParameterOutOfBounds, match=next(iter(wrong))):
            turn("slow", **wrong)

        assert not Profile.objects.exists()
        assert not LogEntry.objects.exists()

    def test_takes_what_stands_at_either_end(self):
        for end in ("least", "most"):
            ends = {name: getattr(PARAMETERS[name], end) for name in PARAMETERS}
            behaviour = turn("slow", **ends)

            assert {name: getattr(behaviour, name) for name in ends} == ends

    @pytest.mark.parametrize("mode", ["deferred", "late"])
    def test_gives_who_answers_later_a_time_to_promise(self, mode):
        assert turn(mode).defer_seconds == 30

    def test_keeps_a_time_to_promise_that_was_set(self):
        Profile.objects.create(department="scjg", defer_seconds=7)

        assert turn("late").defer_seconds == 7

    def test_lets_the_hub_fail_at_once_and_adds_no_time_of_its_own(self):
        assert turn("html", department="hub").latency_ms == 0

    @pytest.mark.parametrize(
        ("department", "mode"),
        [("scjg", "asleep")]
        + [("hub", mode) for mode in sorted(set(FAULTS) - OF_THE_HUB)],
    )
    def test_refuses_a_behaviour_that_nobody_simulates(self, department, mode):
        with pytest.raises(ModeUnknown):
            turn(mode, department=department)

        assert not Profile.objects.exists()
        assert not LogEntry.objects.exists()

    def test_does_nothing_where_the_log_cannot_be_written(self, monkeypatch):
        def broken(*_args, **_kwargs):
            raise OSError("disk full")

        monkeypatch.setattr(switching, "record", broken)
        with pytest.raises(OSError, match="disk full"):
            turn("down")

        assert not Profile.objects.exists()


def test_a_switch_that_nobody_heard_is_not_in_the_log(settings):
    settings.DEPARTMENTS_URL = "http://127.0.0.1:9"

    with pytest.raises(DepartmentsUnreachable):
        turn("down")
    with pytest.raises(DepartmentsUnreachable):
        profiles()

    assert not LogEntry.objects.exists()
