"""Which waiting is a cycle, and which is not."""

from __future__ import annotations

from pathlib import Path

from services.catalogue.lint import inspect_catalogue
from tests.catalogue.lint import cases_items
from tests.catalogue.lint.breaking import Files


def cycles(files: Files) -> list[str]:
    findings = inspect_catalogue(files.directory).findings
    return [found.text for found in findings if found.rule.code == "cycle"]


def test_a_cycle_is_told_item_by_item(tmp_path: Path) -> None:
    files = Files(tmp_path)
    cases_items.cycle(files)

    assert cycles(files) == [
        "互为前置，谁也办不成：酒坊经营许可 → 仓储场所消防检查 → 酒坊经营许可"
    ]


def test_an_alternative_outside_the_cycle_opens_it(tmp_path: Path) -> None:
    files = Files(tmp_path)
    cases_items.cycle(files)
    files.add(
        "alternatives",
        {"member_material": "W008"},
        group_code="G_OPEN",
        member_material="W004",
    )
    files.add(
        "alternatives", {"member_material": "W002"}, group_code="G_OPEN", order="2"
    )
    files.add(
        "item_alternatives",
        {"item_seq": "3"},
        item_seq="5",
        group_code="G_OPEN",
        listed_members="W004",
    )

    assert cycles(files) == []


def test_what_an_answer_other_than_the_default_requires_is_no_cycle(
    tmp_path: Path,
) -> None:
    files = Files(tmp_path)
    files.edit(
        "effects",
        {"item_seq": "5", "effect": "add_promised_days"},
        effect="require_material",
        value="W004",
        reason="由系统向市商贸局核验《酒坊经营许可证》，您无需交材料。",
    )

    assert cycles(files) == []


def test_what_the_default_answer_requires_is_one(tmp_path: Path) -> None:
    files = Files(tmp_path)
    files.edit(
        "effects",
        {"item_seq": "5", "effect": "statutory_days"},
        option_code="wine",
        effect="require_material",
        value="W004",
        reason="由系统向市商贸局核验《酒坊经营许可证》，您无需交材料。",
    )
    files.add(
        "item_materials",
        {"item_seq": "3", "material_code": "W004"},
        item_seq="5",
        source="situation",
    )

    assert len(cycles(files)) == 1


def test_a_renewal_of_what_nobody_issues_counts_as_held(tmp_path: Path) -> None:
    files = Files(tmp_path)
    files.edit("items", {"seq": "1"}, result_document="另一种证")

    assert cycles(files) == []
