from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.ledger.tree import (
    EMPTY_ROOT,
    Frontier,
    leaf_hash,
    node_hash,
    root_of,
    split_hashes,
    unpack_frontier,
)

# The vectors of the certificate-transparency reference implementation of RFC 6962.
LEAVES = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
HASHES = [leaf_hash(bytes.fromhex(leaf)) for leaf in LEAVES]


def recursive_root(leaves: list[bytes]) -> bytes:
    """RFC 6962 §2.1, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    left, right = recursive_root(leaves[:split]), recursive_root(leaves[split:])
    return sha256(b"\x01" + left + right).digest()


class TestPublishedVectors:
    @pytest.mark.parametrize("size", range(9))
    def test_the_root_is_the_published_one(self, size) -> None:
        assert root_of(HASHES[:size]).hex() == ROOTS[size]

    def test_an_empty_tree_has_the_hash_of_nothing(self) -> None:
        assert Frontier().root() == EMPTY_ROOT == bytes.fromhex(ROOTS[0])

    def test_leaves_and_nodes_are_hashed_apart(self) -> None:
        assert leaf_hash(HASHES[0] + HASHES[1]) != node_hash(HASHES[0], HASHES[1])


class TestFrontier:
    @given(st.lists(st.binary(max_size=8), max_size=70), st.data())
    def test_appending_in_parts_gives_the_root_of_the_definition(
        self, leaves, data
    ) -> None:
        cut = data.draw(st.integers(0, len(leaves)))
        hashes = [leaf_hash(leaf) for leaf in leaves]

        frontier = Frontier().append(hashes[:cut]).append(hashes[cut:])

        assert frontier.root() == recursive_root(leaves)
        assert frontier.size == len(leaves)

    @settings(max_examples=20)
    @given(st.integers(0, 10_000))
    def test_survives_storage(self, size) -> None:
        frontier = Frontier().append([leaf_hash(b"x")] * size)

        assert unpack_frontier(size, frontier.pack()) == frontier

    @given(st.integers(1, 64), st.data())
    def test_any_other_leaf_gives_another_root(self, size, data) -> None:
        hashes = [leaf_hash(bytes([number])) for number in range(size)]
        place = data.draw(st.integers(0, size - 1))
        flipped = bytearray(hashes[place])
        flipped[data.draw(st.integers(0, 31))] ^= 1 << data.draw(st.integers(0, 7))

        other = [*hashes[:place], bytes(flipped), *hashes[place + 1 :]]

        assert root_of(other) != root_of(hashes)

    def test_refuses_hashes_that_cannot_carry_its_size(self) -> None:
        with pytest.raises(ValueError, match="cannot carry 3"):
            Frontier(3, (HASHES[0],))

    def test_refuses_half_a_hash(self) -> None:
        with pytest.raises(ValueError, match="33 bytes"):
            split_hashes(b"x" * 33)
