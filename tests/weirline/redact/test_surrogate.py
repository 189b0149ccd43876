from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weirline.redact.surrogate import original, surrogate

KEY = bytes(range(32))


@pytest.mark.parametrize(
    ("value", "form"),
    [
        (b"4000-0000-0000-0002", rb"\d{4}-\d{4}-\d{4}-\d{4}"),
        (b"ann@shop.example", rb"[a-z0-9]{3}@[a-z0-9]{4}\.[a-z0-9]{7}"),
        (b"GB82 WEST 1234", rb"[A-Za-z0-9]{4} [A-Za-z0-9]{4} [A-Za-z0-9]{4}"),
    ],
)
def test_stand_in_keeps_length_separators_and_alphabet(value: bytes, form: bytes) -> None:
    made = surrogate(value, KEY, as_number=False)
    assert made is not None
    assert made != value
    assert re.fullmatch(form, made)
    assert made == surrogate(value, KEY, as_number=False)
    assert made != surrogate(value, bytes(32), as_number=False)
    if made.translate(None, b"0123456789") or value.isdigit():
        assert len(made) == len(value)


@given(st.from_regex(rb"[1-9][0-9]{5,20}", fullmatch=True))
def test_number_stays_a_number_and_comes_back(value: bytes) -> None:
    made = surrogate(value, KEY, as_number=True)
    assert made is not None
    assert made[:1] != b"0"
    assert len(made) == len(value)
    assert original(made, KEY, as_number=True) == value


def test_values_too_short_to_hide_in_are_refused() -> None:
    assert surrogate(b"12345", KEY, as_number=False) is None
    assert surrogate(b"--", KEY, as_number=False) is None
