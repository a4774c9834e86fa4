"""Turning faults on and off."""

import pytest

from services.common.actors import Actor
from services.departments.models import Profile
from services.departments.operations import switch as switching
from services.departments.operations.switch import ModeUnknown, switch
from services.ledger.models import EntryDetails, LogEntry
from tests.clock import NOON

pytestmark = pytest.mark.django_db
OPERATOR = Actor(kind="human", id="operator", role="operator")


class TestSwitch:
    def test_changes_the_behaviour_and_says_so_in_the_log(self):
        switch("scjg", "down", actor=OPERATOR, now=NOON)

        profile = Profile.objects.get(department="scjg")
        assert (profile.mode, profile.switched_at) == ("down", NOON)
        entry = LogEntry.objects.get()
        assert (entry.type, entry.office) == ("department.switched", "scjg")
        assert EntryDetails.objects.get().body == {"mode": "down"}

    def test_gives_a_deferring_department_a_time_to_promise(self):
        assert switch("scjg", "deferred", actor=OPERATOR, now=NOON).defer_seconds > 0

    def test_sets_pace_and_seed_where_they_are_given(self):
        switch("scjg", "slow", actor=OPERATOR, now=NOON, latency_ms=700, seed=9)
        switch("scjg", "up", actor=OPERATOR, now=NOON)

        profile = Profile.objects.get(department="scjg")
        assert (profile.mode, profile.latency_ms, profile.seed) == ("up", 700, 9)
        first = EntryDetails.objects.order_by("entry_id").first()
        assert first.body == {"mode": "slow", "latency_ms": 700, "seed": 9}

    def test_refuses_a_behaviour_that_nobody_simulates(self):
        with pytest.raises(ModeUnknown):
            switch("scjg", "asleep", actor=OPERATOR, now=NOON)

        assert not Profile.objects.exists()

    def test_does_nothing_where_the_log_cannot_be_written(self, monkeypatch):
        def broken(*_args, **_kwargs):
            raise OSError("disk full")

        monkeypatch.setattr(switching, "record", broken)
        with pytest.raises(OSError, match="disk full"):
            switch("scjg", "down", actor=OPERATOR, now=NOON)

        assert not Profile.objects.exists()
