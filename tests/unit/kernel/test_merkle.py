"""The tree hash against RFC 6962, written down a second time and in another way."""

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepdown.kernel import merkle

# Certificate Transparency's own test leaves (its reference implementations all carry them).
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
# The roots over the first 1, 2, 3, 5, 7 and 8 of them.
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def tree(entries: Sequence[bytes]) -> bytes:
    """RFC 6962 section 2.1, word for word: split at the largest power of two below n."""
    if not entries:
        return hashlib.sha256(b"").digest()
    if len(entries) == 1:
        return hashlib.sha256(b"\x00" + entries[0]).digest()
    k = 1
    while k * 2 < len(entries):
        k *= 2
    return hashlib.sha256(b"\x01" + tree(entries[:k]) + tree(entries[k:])).digest()


@pytest.mark.parametrize(("size", "root"), ROOTS.items())
def test_root_is_the_known_one(size: int, root: str) -> None:
    leaves = [merkle.leaf(entry) for entry in LEAVES[:size]]
    assert merkle.root(leaves).hex() == root
    assert tree(LEAVES[:size]).hex() == root


@given(st.lists(st.binary(max_size=40), max_size=70))
def test_root_is_what_the_standard_defines_for_any_number_of_entries(entries: list[bytes]) -> None:
    assert merkle.root([merkle.leaf(entry) for entry in entries]) == tree(entries)


@given(st.lists(st.binary(max_size=8), min_size=2, max_size=20, unique=True), st.data())
def test_two_entries_that_change_places_change_the_root(
    entries: list[bytes], data: st.DataObject
) -> None:
    i = data.draw(st.integers(0, len(entries) - 2))
    swapped = [*entries]
    swapped[i], swapped[i + 1] = swapped[i + 1], swapped[i]
    leaves, others = ([merkle.leaf(e) for e in some] for some in (entries, swapped))
    assert merkle.root(leaves) != merkle.root(others)


def test_leaf_cannot_pass_for_a_node() -> None:
    left, right = merkle.leaf(b"a"), merkle.leaf(b"b")
    assert merkle.leaf(left + right) != merkle.root([left, right])


@given(st.integers(1, 70), st.data())
def test_proof_of_any_leaf_leads_to_the_root_and_of_no_other(
    size: int, data: st.DataObject
) -> None:
    leaves = [merkle.leaf(bytes([n])) for n in range(size)]
    index = data.draw(st.integers(0, size - 1))
    proof = merkle.path(leaves, index)
    assert merkle.root_by(leaves[index], index, size, proof) == merkle.root(leaves)
    assert merkle.root_by(merkle.leaf(b"other"), index, size, proof) != merkle.root(leaves)
    elsewhere = data.draw(st.integers(0, size - 1))
    if elsewhere != index:
        assert merkle.root_by(leaves[index], elsewhere, size, proof) != merkle.root(leaves)
    # Longer or shorter by one, it is no proof of that leaf.
    assert merkle.root_by(leaves[index], index, size, [*proof, b"\0" * 32]) is None
    if proof:
        assert merkle.root_by(leaves[index], index, size, proof[:-1]) is None


def test_proof_of_a_known_tree_is_the_known_one() -> None:
    # RFC 9162 section 2.1.5: d3 of seven entries is proved by c, g, l.
    entries = [bytes([n]) for n in range(7)]
    leaves = [merkle.leaf(entry) for entry in entries]
    c, g, last = leaves[2], tree(entries[:2]), tree(entries[4:])
    assert merkle.path(leaves, 3) == [c, g, last]


@pytest.mark.parametrize("index", [-1, 3])
def test_leaf_that_is_not_there_has_no_proof(index: int) -> None:
    with pytest.raises(IndexError):
        merkle.path([merkle.leaf(b"")] * 3, index)
    assert merkle.root_by(merkle.leaf(b""), index, 3, []) is None
