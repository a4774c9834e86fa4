"""Proofs, against the definitions of RFC 6962 written down recursively."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ledger.proofs import (
    ProofFails,
    Range,
    check_consistency,
    check_inclusion,
    consistency_ranges,
    inclusion_ranges,
    range_hash,
)
from services.ledger.tree import leaf_hash, node_hash, root_of

# The leaves and roots of the reference implementation of RFC 6962 (certificate
# transparency's merkletree tests).
VECTORS = [
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
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [leaf_hash(number.to_bytes(4, "big")) for number in range(10_000)]


def split(count: int) -> int:
    k = 1
    while k * 2 < count:
        k *= 2
    return k


def mth(leaves: list[bytes]) -> bytes:
    """RFC 6962 §2.1, word for word."""
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return node_hash(mth(leaves[:k]), mth(leaves[k:]))


def path(m: int, leaves: list[bytes]) -> list[bytes]:
    """RFC 6962 §2.1.1, word for word."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if m < k:
        return [*path(m, leaves[:k]), mth(leaves[k:])]
    return [*path(m - k, leaves[k:]), mth(leaves[:k])]


def subproof(m: int, leaves: list[bytes], whole: bool) -> list[bytes]:
    """RFC 6962 §2.1.2, word for word."""
    if m == len(leaves):
        return [] if whole else [mth(leaves)]
    k = split(len(leaves))
    if m <= k:
        return [*subproof(m, leaves[:k], whole), mth(leaves[k:])]
    return [*subproof(m - k, leaves[k:], False), mth(leaves[:k])]


def hashes(ranges: list[Range], leaves: list[bytes]) -> list[bytes]:
    def node_at(height: int, index: int) -> bytes:
        count = 1 << height
        assert (index + 1) * count <= len(leaves), "asked for a node that is not whole"
        return root_of(leaves[index * count : (index + 1) * count])

    return [range_hash(each, node_at) for each in ranges]


@pytest.mark.parametrize("size", range(1, 9))
def test_the_published_vectors_hold(size: int):
    leaves = [leaf_hash(bytes.fromhex(text)) for text in VECTORS[:size]]

    assert root_of(leaves).hex() == ROOTS[size - 1]
    for index, leaf in enumerate(leaves):
        proof = hashes(inclusion_ranges(index=index, size=size), leaves)
        root = bytes.fromhex(ROOTS[size - 1])
        check_inclusion(leaf=leaf, index=index, size=size, root=root, proof=proof)
    for old in range(1, size + 1):
        check_consistency(
            old=old,
            old_root=bytes.fromhex(ROOTS[old - 1]),
            size=size,
            root=bytes.fromhex(ROOTS[size - 1]),
            proof=hashes(consistency_ranges(old=old, size=size), leaves),
        )


def test_every_proof_of_every_small_tree_is_the_one_of_the_rfc():
    for size in range(1, 66):
        leaves = LEAVES[:size]
        for index in range(size):
            made = hashes(inclusion_ranges(index=index, size=size), leaves)
            assert made == path(index, leaves)
            check_inclusion(
                leaf=leaves[index],
                index=index,
                size=size,
                root=root_of(leaves),
                proof=made,
            )
        for old in range(1, size + 1):
            made = hashes(consistency_ranges(old=old, size=size), leaves)
            assert made == subproof(old, leaves, True)
            check_consistency(
                old=old,
                old_root=root_of(leaves[:old]),
                size=size,
                root=root_of(leaves),
                proof=made,
            )


@st.composite
def proved_leaf(draw: st.DrawFn) -> tuple[int, int, list[bytes], bytes]:
    size = draw(st.integers(1, 10_000))
    index = draw(st.integers(0, size - 1))
    proof = hashes(inclusion_ranges(index=index, size=size), LEAVES[:size])
    return index, size, proof, root_of(LEAVES[:size])


@given(case=proved_leaf(), flip=st.integers(min_value=0))
def test_a_leaf_is_proved_and_no_flipped_bit_passes(
    case: tuple[int, int, list[bytes], bytes], flip: int
):
    index, size, proof, root = case
    parts = [LEAVES[index], root, *proof]

    def check(parts: list[bytes]) -> None:
        leaf, root, *proof = parts
        check_inclusion(leaf=leaf, index=index, size=size, root=root, proof=proof)

    check(parts)
    at, bit = divmod(flip % (len(parts) * 256), 256)
    flipped = bytearray(parts[at])
    flipped[bit // 8] ^= 1 << bit % 8
    with pytest.raises(ProofFails):
        check([*parts[:at], bytes(flipped), *parts[at + 1 :]])


@given(sizes=st.tuples(st.integers(1, 10_000), st.integers(1, 10_000)), at=st.data())
def test_growth_is_proved_and_no_flipped_bit_passes(
    sizes: tuple[int, int], at: st.DataObject
):
    old, size = sorted(sizes)
    ranges = consistency_ranges(old=old, size=size)
    parts = [root_of(LEAVES[:old]), root_of(LEAVES[:size])]
    parts += hashes(ranges, LEAVES[:size])

    def check(parts: list[bytes]) -> None:
        old_root, root, *proof = parts
        check_consistency(old=old, old_root=old_root, size=size, root=root, proof=proof)

    check(parts)
    which = at.draw(st.integers(0, len(parts) - 1))
    bit = at.draw(st.integers(0, 255))
    flipped = bytearray(parts[which])
    flipped[bit // 8] ^= 1 << bit % 8
    with pytest.raises(ProofFails):
        check([*parts[:which], bytes(flipped), *parts[which + 1 :]])


@given(case=proved_leaf(), other=st.integers(0, 10_000), drop=st.booleans())
def test_a_proof_proves_no_other_place_and_no_shorter_way(
    case: tuple[int, int, list[bytes], bytes], other: int, drop: bool
):
    index, size, proof, root = case
    if other != index:
        with pytest.raises(ProofFails):
            check_inclusion(
                leaf=LEAVES[index], index=other, size=size, root=root, proof=proof
            )
    changed = proof[:-1] if drop else [*proof, root]
    if changed != proof:
        with pytest.raises(ProofFails):
            check_inclusion(
                leaf=LEAVES[index], index=index, size=size, root=root, proof=changed
            )


@pytest.mark.parametrize(
    ("old", "size"), [(-1, 4), (5, 4)], ids=["negative", "larger than the new"]
)
def test_a_tree_is_the_beginning_of_no_smaller_one(old: int, size: int):
    with pytest.raises(ValueError, match="is no beginning"):
        consistency_ranges(old=old, size=size)
    with pytest.raises(ProofFails, match="is no beginning"):
        check_consistency(old=old, old_root=b"", size=size, root=b"", proof=[])


def test_the_empty_tree_is_the_beginning_of_every_tree_without_a_proof():
    root = root_of(LEAVES[:5])
    check_consistency(old=0, old_root=root_of([]), size=5, root=root, proof=[])
    with pytest.raises(ProofFails, match="nothing has to be proved"):
        check_consistency(old=0, old_root=root_of([]), size=5, root=root, proof=[root])
    with pytest.raises(ProofFails, match="old tree"):
        check_consistency(old=0, old_root=root, size=5, root=root, proof=[])
    with pytest.raises(ProofFails, match="old tree"):
        check_consistency(old=5, old_root=root_of([]), size=5, root=root, proof=[])
