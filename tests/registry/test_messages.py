"""What people read about a number that cannot be used, in both languages."""

from __future__ import annotations

import pytest
from django.utils import translation

from services.registry.messages import explain
from services.registry.uscc import UsccProblem, parse


def message(text: str) -> str:
    with pytest.raises(UsccProblem) as caught:
        parse(text)
    with translation.override("zh-hans"):
        return explain(caught.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("9133", ["18 位", "4 位"]),
        ("9133O102FAKE000139", ["第 5 位", "“O”", "“0”"]),
        ("91330102FAKE-00139", ["第 13 位", "“-”"]),
        ("B1330102FAKE000139", ["“B”", "登记管理部门"]),
        ("97330102FAKE000139", ["“97”", "类别"]),
        ("913301A2FAKE000139", ["“3301A2”", "行政区划"]),
        ("91330102FAKE000149", ["第 17 位是“4”", "应为“3”"]),
        ("91330102FAKE000138", ["第 18 位是“8”", "应为“9”"]),
    ],
)
def test_the_sentence_names_what_is_wrong(text: str, says: list[str]) -> None:
    sentence = message(text)

    assert [part for part in says if part not in sentence] == []
