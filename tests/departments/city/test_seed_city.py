"""`manage.py seed_city`: one line of result, one line of refusal."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from services.registry.models import Entity, Seeding


def seed(**options) -> str:
    out = StringIO()
    given = {"companies": 12, "seed": 3, "as_of": "2026-11-23"} | options
    words = [f"--{name.replace('_', '-')}={value}" for name, value in given.items()]
    call_command("seed_city", *words, stdout=out)
    return out.getvalue()


def test_it_tells_what_was_made(catalogue) -> None:
    told = seed()

    assert told.startswith("12 家仿真企业")
    assert told.count("\n") == 1
    assert Entity.objects.count() == 12


def test_the_day_is_today_if_none_is_given(catalogue) -> None:
    out = StringIO()
    call_command("seed_city", "--companies=1", "--seed=3", stdout=out)

    assert Seeding.objects.get().as_of.year >= 2026


def test_a_second_time_nothing_happens(catalogue) -> None:
    seed()

    assert "未作改动" in seed()


def test_another_city_is_refused_with_one_line(catalogue) -> None:
    seed()

    with pytest.raises(CommandError) as refused:
        seed(seed=4)

    assert "\n" not in str(refused.value)
    assert Entity.objects.count() == 12


@pytest.mark.parametrize(
    "options", [{"companies": 0}, {"companies": "x"}, {"as_of": "23.11.2026"}]
)
def test_what_cannot_be_read_is_refused(catalogue, options) -> None:
    with pytest.raises(CommandError):
        seed(**options)


@pytest.mark.journey
def test_the_bytes_do_not_depend_on_the_order_of_hashing(tmp_path: Path) -> None:
    prepared = tmp_path / "prepared"
    prepared.mkdir()
    for command in (
        ["migrate", "-v0"],
        ["migrate", "-v0", "--database=departments"],
        ["load_catalogue"],
    ):
        _manage(prepared, command, hash_seed="0")

    dumps = []
    for hash_seed in ("1", "2"):
        folder = tmp_path / hash_seed
        shutil.copytree(prepared, folder)
        words = ["seed_city", "--companies=40", "--seed=5", "--as-of=2026-11-23"]
        _manage(folder, words, hash_seed=hash_seed)
        dumps.append(_dump(folder))

    assert dumps[0] == dumps[1]


def _manage(folder: Path, words: list[str], *, hash_seed: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=settings.BASE_DIR,
        check=True,
        capture_output=True,
        env=os.environ
        | {
            "PYTHONHASHSEED": hash_seed,
            "DATABASE_URL": f"sqlite:///{folder}/main.sqlite3",
            "DEPARTMENTS_DATABASE_URL": f"sqlite:///{folder}/departments.sqlite3",
        },
    )


def _dump(folder: Path) -> list[tuple]:
    rows: list[tuple] = []
    for file, table in (
        ("main", "registry_entity"),
        ("main", "registry_seeding"),
        ("departments", "departments_record"),
    ):
        with sqlite3.connect(folder / f"{file}.sqlite3") as database:
            rows += database.execute(f"SELECT * FROM {table} ORDER BY id").fetchall()
    assert len(rows) > 100
    return rows
