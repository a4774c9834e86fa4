"""People find items by whatever they type."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from services.catalogue.files import read_tables
from services.catalogue.matching import Indexed
from services.catalogue.operations.records import compose_records
from services.catalogue.search import Index
from services.catalogue.source import Catalogue

CATALOGUE = Path(__file__).parents[2] / "fixtures" / "catalogue"


@pytest.fixture(scope="module")
def index() -> Index:
    records = compose_records(Catalogue(read_tables(CATALOGUE)))
    return Index(
        Indexed(
            row["code"],
            row["seq"],
            row["name"],
            row["name_en"],
            row["department_id"],
            row["weight"],
            row["phrases"],
        )
        for row in records.items
    )


def first(index: Index, text: str) -> str:
    return index.search(text, 5)[0].name


@pytest.mark.parametrize(
    ("text", "name", "why"),
    [
        ("HZ-004", "食品经营许可", "code"),
        ("hz4", "食品经营许可", "code"),
        ("ＨＺ－００４", "食品经营许可", "code"),
        ("食品经营许可", "食品经营许可", "code"),
        ("食品 经营", "食品经营许可", "prefix"),
        ("经营许可变更", "食品经营许可变更", "part"),
        ("spjy", "食品经营许可", "initials"),
        ("SPJYXK", "食品经营许可", "initials"),
        ("shipin jingying", "食品经营许可", "pinyin"),
        ("食品经赢许可", "食品经营许可", "pinyin"),  # another character, same sound
        ("shipinjingyin xuke", "食品经营许可", "similar"),  # a letter is missing
        ("food business", "食品经营许可", "english"),
        ("fod business licence", "食品经营许可", "similar"),
        ("开饭店", "食品经营许可", "phrase"),
        ("我想开一家奶茶店", "食品经营许可", "similar"),
        ("网约车", "出租汽车车辆运营证核发", "phrase"),
        ("sgxk", "建筑工程施工许可", "initials"),
    ],
)
def test_the_first_hit_is_what_was_meant(
    index: Index, text: str, name: str, why: str
) -> None:
    hit = index.search(text, 5)[0]

    assert (hit.name, hit.why) == (name, why)


def test_opening_a_restaurant_shows_all_that_it_takes(index: Index) -> None:
    names = [hit.name for hit in index.search("开饭店", 5)]

    assert names[:3] == [
        "食品经营许可",
        "小餐饮店登记",
        "公众聚集场所投入使用、营业前消防安全检查",
    ]


def test_nearer_matches_come_first(index: Index) -> None:
    hits = index.search("食品经营", 20)

    assert [hit.score for hit in hits] == sorted(
        (hit.score for hit in hits), reverse=True
    )
    assert [hit.name for hit in hits[:3]] == [
        "食品经营许可",
        "食品经营许可变更",
        "食品经营许可延续",
    ]


def test_a_hit_says_by_which_words_it_was_found(index: Index) -> None:
    hit = index.search("开奶茶店", 1)[0]

    assert (hit.code, hit.name_en, hit.matched) == (
        "HZ-004",
        "Food business licence",
        "开奶茶店",
    )


@pytest.mark.parametrize("text", ["", "   ", "？！", "。"])
def test_nothing_finds_nothing(index: Index, text: str) -> None:
    assert index.search(text, 5) == []


def test_a_long_text_is_cut_and_not_refused(index: Index) -> None:
    assert index.search("食品经营许可" + "啊" * 10_000, 5)


def test_the_limit_is_kept(index: Index) -> None:
    assert len(index.search("许可", 7)) == 7


def test_every_item_is_found_first_by_its_own_name(index: Index) -> None:
    missed = [i.name for i in index.items if first(index, i.name) != i.name]

    assert missed == []


def test_every_everyday_phrase_finds_one_of_its_items_first(index: Index) -> None:
    with (CATALOGUE / "synonyms.csv").open(encoding="utf-8") as file:
        meant: dict[str, set[str]] = {}
        for row in csv.DictReader(file):
            code = f"HZ-{int(row['item_seq']):03d}"
            meant.setdefault(row["phrase"], set()).add(code)

    missed = [
        p for p, codes in meant.items() if index.search(p, 1)[0].code not in codes
    ]

    assert missed == []


@pytest.mark.parametrize(
    ("text", "name"),
    [("食品经营许可证书", "食品经营许可"), ("公司变跟登记", "公司变更登记")],
)
def test_an_unknown_name_has_near_ones(index: Index, text: str, name: str) -> None:
    assert index.find(text) is None
    assert name in [near for _code, near in index.nearest(text)]


def test_even_nonsense_has_three_suggestions(index: Index) -> None:
    assert len(index.nearest("zzzz")) == 3


@pytest.mark.parametrize("text", ["HZ-252", "XX-004", "0", "食品"])
def test_what_names_no_item_is_not_found(index: Index, text: str) -> None:
    assert index.find(text) is None
