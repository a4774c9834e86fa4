"""Tiles: the paths and widths of C2SP tlog-tiles."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ledger.tiles import (
    ENTRY_LEVEL,
    Tile,
    TileDamaged,
    bundles_of,
    frontier_in,
    number_path,
    pack_entries,
    parse_path,
    read_entries,
    read_tile,
    tiles_of,
)
from services.ledger.tree import Frontier, leaf_hash, root_of

LEAVES = [leaf_hash(number.to_bytes(4, "big")) for number in range(70_000)]
EDGES = [0, 1, 2, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537, 70_000]


def content(tile: Tile) -> list[bytes]:
    """The specification's formula: MTH(D[(n*256+i)*256^l : (n*256+i+1)*256^l])."""
    step = 256**tile.level
    first = tile.number * 256
    return [
        root_of(LEAVES[(first + i) * step : (first + i + 1) * step])
        for i in range(tile.width)
    ]


@pytest.mark.parametrize(
    ("number", "path"),
    [
        (0, "000"),
        (7, "007"),
        (999, "999"),
        (1000, "x001/000"),
        (1_234_067, "x001/x234/067"),
    ],
)
def test_numbers_are_written_in_groups_of_three(number: int, path: str):
    assert number_path(number) == path
    assert parse_path(f"5/{path}") == Tile(5, number)


@given(
    level=st.integers(-1, 63), number=st.integers(0, 10**15), width=st.integers(1, 256)
)
def test_a_path_is_read_as_it_was_written(level: int, number: int, width: int):
    tile = Tile(level, number, width)
    assert parse_path(tile.path) == tile


@pytest.mark.parametrize(
    "path",
    [
        *("", "0", "0/", "0/1", "0/0001", "64/000", "00/000", "-1/000", "0/x000/000"),
        *("0/x001/x234", "0/000.p/0", "0/000.p/256", "0/000.p/01", "0/000.p/"),
        *("0/000/", "/0/000", "entries", "Entries/000", "0/٠٠٠", "0/000.p/1\n"),
        "0/" + "x123/" * 2_000 + "000",  # more digits than int() reads
    ],
)
def test_what_is_outside_the_grammar_is_no_tile(path: str):
    assert parse_path(path) is None


def test_the_tree_of_70000_has_the_tiles_that_the_specification_counts():
    tiles = list(tiles_of(70_000))

    assert Counter((t.level, t.width) for t in tiles) == {
        (0, 256): 273,
        (0, 112): 1,
        (1, 256): 1,
        (1, 17): 1,
        (2, 1): 1,
    }
    assert list(tiles_of(256)) == [Tile(0, 0), Tile(1, 0, 1)]
    assert len(list(bundles_of(70_000))) == 274


@given(sizes=st.tuples(st.integers(0, 70_000), st.integers(0, 70_000)))
def test_a_grown_tree_has_the_old_full_tiles_and_the_new_ones(sizes: tuple[int, int]):
    since, size = sorted(sizes)
    kept = {t for t in tiles_of(since) if t.width == 256 or t in set(tiles_of(size))}

    added = list(tiles_of(size, since=since))

    assert kept | set(added) == set(tiles_of(size))
    assert not kept & set(added)
    assert all(tile.exists_in(size) for tile in added)
    assert not any(tile.exists_in(since) for tile in added)


def test_a_tile_that_no_size_so_far_needed_does_not_exist():
    assert not Tile(0, 0, 3).exists_in(2)
    assert Tile(0, 0, 3).exists_in(3)
    assert Tile(0, 0, 3).exists_in(300)  # as it was at size 3
    assert not Tile(1, 0, 1).exists_in(255)
    assert Tile(1, 0, 1).exists_in(256)
    assert Tile(ENTRY_LEVEL, 1, 1).exists_in(257)
    assert not Tile(0, 0).exists_in(255)


@pytest.mark.parametrize("size", EDGES)
def test_root_and_frontier_come_out_of_the_right_hand_tiles(size: int):
    found = frontier_in(size, content)

    assert found == Frontier().append(LEAVES[:size])


def test_entries_are_read_as_they_were_packed():
    entries = [b"", b"a", "检".encode() * 500]
    tile = Tile(ENTRY_LEVEL, 0, 3)
    packed = pack_entries(entries)

    assert packed[:5] == b"\x00\x00\x00\x01a"
    assert read_entries(tile, packed) == entries
    for cut in (1, 100, len(packed) - 1):
        with pytest.raises(TileDamaged, match=r"tile/entries/000\.p/3 is cut off"):
            read_entries(tile, packed[:-cut])
    with pytest.raises(TileDamaged, match="has 3 entries instead of 2"):
        read_entries(tile._replace(width=2), packed)
    with pytest.raises(ValueError, match="does not fit"):
        pack_entries([bytes(65_536)])


def test_a_tile_of_another_length_is_refused_by_name():
    tile = Tile(1, 5, 2)
    assert read_tile(tile, bytes(64)) == [bytes(32)] * 2
    with pytest.raises(
        TileDamaged, match=r"tile/1/005\.p/2 has 63 bytes instead of 64"
    ):
        read_tile(tile, bytes(63))
