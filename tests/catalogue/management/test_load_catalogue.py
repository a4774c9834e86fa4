"""The command as an editor of the catalogue sees it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command

from services.catalogue.models import CatalogueVersion
from tests.catalogue.lint.breaking import SECOND_CITY, Files

pytestmark = pytest.mark.django_db


def run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, list[str], str]:
    code = 0
    try:
        call_command("load_catalogue", *args)
    except SystemExit as end:
        code = int(str(end.code))
    out, err = capsys.readouterr()
    return code, out.splitlines(), err


def test_check_of_sound_files_counts_nothing(capsys) -> None:
    assert run(capsys, "--check", "--from", str(SECOND_CITY)) == (
        0,
        ["0 个问题，0 条建议"],
        "",
    )


def test_check_prints_each_problem_with_file_line_and_what_to_do(
    capsys, tmp_path: Path
) -> None:
    files = Files(tmp_path)
    place = files.edit("effects", {"effect": "note_only"}, reason="请携带营业执照。")
    files.drop("synonyms", {"item_seq": "3"})

    code, lines, _ = run(capsys, "--check", "--from", str(files.directory))

    assert code == 1
    assert lines[0] == (
        f"problem effects.csv:{place.line} [text_asks] 文字要求申请人提交"
        "政府部门核发的《营业执照》：请携带营业执照 → 改为由系统核验的说法，或删除"
    )
    assert lines[1].startswith("advice items.csv:4 [no_phrase] ")
    assert lines[2:] == ["1 个问题，1 条建议"]


def test_check_shows_a_few_of_each_advice_and_all_when_asked(capsys) -> None:
    few = run(capsys, "--check")
    everything = run(capsys, "--check", "--verbosity=2")

    assert few[1][-2:] == [everything[1][-1], "每类建议只列前几条，加 -v 2 全部列出"]
    assert sum("[nothing_required]" in line for line in few[1]) == 3
    assert sum("[nothing_required]" in line for line in everything[1]) > 3


def test_check_says_when_problems_kept_other_rules_from_running(
    capsys, tmp_path: Path
) -> None:
    files = Files(tmp_path)
    files.path("guides").unlink()

    code, lines, _ = run(capsys, "--check", "--from", str(files.directory))

    assert code == 1
    assert lines[1:] == ["1 个问题，0 条建议", "修正以上问题后再检查其余规则"]


def test_check_loads_nothing(capsys) -> None:
    before = CatalogueVersion.objects.count()

    run(capsys, "--check", "--from", str(SECOND_CITY))

    assert CatalogueVersion.objects.count() == before


def test_loading_reports_what_changed_and_then_nothing(capsys) -> None:
    first = run(capsys, "--from", str(SECOND_CITY))
    second = run(capsys, "--from", str(SECOND_CITY))

    assert first[1][0].startswith("已载入 5 个事项：新版本 5，")
    assert second == (0, ["目录无变化（5 个事项）"], "")


def test_a_refused_load_ends_with_one_and_lists_the_problems(
    capsys, tmp_path: Path
) -> None:
    files = Files(tmp_path)
    files.edit("items", {"seq": "2"}, name_en="")

    code, lines, errors = run(capsys, "--from", str(files.directory))

    assert (code, errors) == (1, "目录有 1 个问题，未作任何更改\n")
    assert lines == [
        "problem items.csv:3 [missing_english] 缺少英文 name_en → 补上英文译文"
    ]
