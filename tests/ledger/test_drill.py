"""The drill catches what it promises to, at any place, and says what it cannot."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from hypothesis import settings

from services.ledger.check import check_log
from services.ledger.drill.copying import Copy, copied_log
from services.ledger.drill.kinds import (
    ABOVE_COLUMNS,
    ENTRY_COLUMNS,
    KINDS,
    NAME_COLUMNS,
)
from services.ledger.drill.run import drill
from services.ledger.models import Checkpoint, LogEntry
from services.ledger.operations.sequence import sequence_pending
from tests.clock import NOON
from tests.ledger.writing import moved, place_and_sign, tamper, write

KINDS_BY_NAME = {kind.name: kind for kind in KINDS}

pytestmark = pytest.mark.django_db


def a_log_of_several_days() -> None:
    """Write 330 entries: 257 of them signed in stretches, the rest on other days."""
    for day, counts in enumerate([(1, 2, 40), (214, 3), (60, 10)]):
        at = NOON + timedelta(days=day)
        for count in counts:
            write(
                *[
                    moved(f"D{number}", subject="entity:a", details={"n": number})
                    for number in range(count)
                ],
                at=at,
            )
            sequence_pending(now=at)
            if count != 40:
                place_and_sign(at=at)


@pytest.fixture
def copy() -> Iterator[Copy]:
    a_log_of_several_days()
    with copied_log(most=1_000) as made:
        yield made


def test_what_is_promised_is_caught_and_named_and_nothing_else_is(copy):
    """Ten places for each kind; with --hypothesis-profile=long two hundred."""
    positions = settings().max_examples // 10
    outcomes = list(drill(copy, positions=positions, seed=7))
    promised = [each for each in outcomes if each.kind.promised]
    unseen = [each for each in outcomes if not each.kind.promised]

    assert {each.kind.name: each.missed for each in promised if each.missed} == {}
    assert len(promised) >= 12
    assert all(each.tried == positions and each.holds for each in promised)
    assert [each.kind.name for each in unseen] == [
        "rewrite-with-key",
        "move-head",
        "edit-label",
    ]
    assert all(each.caught == 0 for each in unseen)


def test_every_column_of_the_log_is_edited():
    """But for those that say nothing about what stands in it."""
    edited = {
        **ABOVE_COLUMNS,
        "ledger_logentry": ("id", *ENTRY_COLUMNS),  # id: renumber
        "ledger_entrydetails": ("entry_id", "salt", "body"),  # edit-details
        "ledger_pseudonym": (*NAME_COLUMNS, "label"),  # edit-label
    }
    left_out = {
        "ledger_treehead": {"at"},  # move-head: said to go unseen
        "ledger_treenode": {"id"},  # nothing refers to it
        "ledger_pseudonym": {"id"},  # nothing refers to it
        "ledger_pendingentries": {
            "first_id",
            "entry_ids",
            "hashes",
        },  # no part of it yet
        "ledger_sequencerlease": {"id", "owner", "leased_until"},  # who works on it
        "ledger_nameedition": {"id", "edition"},  # what processes may remember
    }

    for model in apps.get_app_config("ledger").get_models():
        table = model._meta.db_table
        columns = {field.column for field in model._meta.local_concrete_fields}
        assert columns == {*edited.get(table, ()), *left_out.get(table, ())}, table


def test_the_log_itself_is_only_read(copy):
    list(drill(copy, positions=1, seed=1))

    assert copy.size == 330
    assert check_log(outside=copy.outside).differences == ()


def test_the_log_stands_again_when_the_drill_is_over():
    a_log_of_several_days()
    before = Checkpoint.objects.latest("size").note
    with copied_log(most=1_000) as copy:
        assert copy.signer.name not in before
        assert Checkpoint.objects.latest("size").note != before

    assert Checkpoint.objects.latest("size").note == before
    assert check_log().differences == ()


def test_the_copy_ends_at_the_last_checkpoint_that_fits():
    a_log_of_several_days()
    with copied_log(most=300) as copy:
        assert copy.size == LogEntry.objects.count() == 260
        assert check_log(outside=copy.outside).differences == ()


class TestCommand:
    def test_says_of_each_kind_what_became_of_it(self, capsys):
        a_log_of_several_days()

        call_command("drill_tampering", positions=1)

        said = capsys.readouterr().out
        assert "330" in said.splitlines()[0]
        assert all(str(kind.words) in said for kind in KINDS)
        assert said.count("发现 1/1") == len(KINDS) - 3
        assert said.count("如所说明，发现 0/1") == 3

    def test_a_missed_catch_ends_with_1(self, capsys, monkeypatch):
        a_log_of_several_days()
        monkeypatch.setattr(
            "services.ledger.drill.run.KINDS",
            [KINDS_BY_NAME["move-head"]._replace(promised=True)],
        )

        with pytest.raises(SystemExit) as left:
            call_command("drill_tampering", positions=1)

        assert left.value.code == 1
        assert "nothing was found" in capsys.readouterr().err

    def test_a_log_that_differs_already_is_no_ground_for_a_drill(self):
        a_log_of_several_days()
        tamper("UPDATE ledger_logentry SET code = 'X' WHERE id = %s", _some_id())

        with pytest.raises(CommandError, match="its column code differs"):
            call_command("drill_tampering", positions=1)

    def test_a_log_without_checkpoints_says_what_to_do(self):
        write(moved())

        with pytest.raises(CommandError, match=r"run `manage.py sequence_log`"):
            call_command("drill_tampering")

    def test_what_a_log_has_nothing_for_is_said(self, capsys):
        write(moved())
        place_and_sign()

        call_command("drill_tampering", positions=1)

        said = capsys.readouterr().out
        assert "it has one entry" in said
        assert "none of its entries has details" in said


def _some_id() -> int:
    return LogEntry.objects.order_by("pk")[7].pk


def test_the_copy_is_no_part_of_the_log_s_database(copy):
    assert connection.vendor == "sqlite"
    assert "onelicense-drill-" in str(connection.settings_dict["NAME"])
