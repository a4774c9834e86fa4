"""Which sentences ask for a government paper, and which only speak of one."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.catalogue.lint import inspect_catalogue
from tests.catalogue.lint.breaking import Files


def asking(tmp_path: Path, text: str) -> bool:
    files = Files(tmp_path)
    files.edit("guides", {"item_seq": "3"}, special_note=text)
    findings = inspect_catalogue(files.directory).findings
    return [found.rule.code for found in findings] == ["text_asks"]


@pytest.mark.parametrize(
    "text",
    [
        "请提交营业执照。",
        "请您上传房屋权属证书扫描件",
        "须提交酒坊经营许可证原件；其他由系统核验",
        "居民身份证由您提交",
    ],
)
def test_a_sentence_that_asks_is_a_problem(tmp_path: Path, text: str) -> None:
    assert asking(tmp_path, text)


@pytest.mark.parametrize(
    "text",
    [
        "无需提交营业执照。",
        "营业执照由系统核验，请提交场所平面图。",
        "酒坊经营许可证由系统向市商贸局核验",
    ],
)
def test_a_sentence_that_only_speaks_of_it_is_none(tmp_path: Path, text: str) -> None:
    assert not asking(tmp_path, text)
