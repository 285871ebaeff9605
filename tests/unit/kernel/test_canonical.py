"""One byte form for a payload, on every machine."""

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepdown.kernel.canonical import canonical, salted_hash

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=10,
)
PAYLOADS = st.dictionaries(WORDS, VALUES, max_size=5)


@given(PAYLOADS)
def test_payload_comes_back_as_it_went_in(payload: dict[str, Any]) -> None:
    assert json.loads(canonical(payload)) == payload


@given(PAYLOADS)
def test_order_of_keys_does_not_count(payload: dict[str, Any]) -> None:
    turned = dict(reversed(payload.items()))
    assert canonical(turned) == canonical(payload)


def test_form_is_utf_8_without_spaces() -> None:
    assert canonical({"b": [1, None], "a": "Siân"}) == '{"a":"Siân","b":[1,null]}'.encode()


def test_what_json_cannot_hold_is_refused() -> None:
    with pytest.raises(TypeError):
        canonical({"when": object()})


def test_salt_changes_the_hash_of_the_same_payload() -> None:
    assert salted_hash(b"1" * 16, b"{}") != salted_hash(b"2" * 16, b"{}")
    assert salted_hash(b"s", b"{}") == hashlib.sha256(b"s{}").digest()
