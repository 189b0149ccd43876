from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weirline.rulepack.class_anchor import DIGITS, class_anchor, frequency, share
from weirline.rulepack.expression import parse_expression


def anchor(pattern: str) -> tuple[tuple[int, ...], ...]:
    return class_anchor(parse_expression(pattern, caseless=False))


def test_fixed_shape_is_its_own_sequence_with_the_bytes_around_it() -> None:
    (sequence,) = anchor(r"(?:^|[^0-9])(?P<v>\d{3}-\d{4})\b")
    assert len(sequence) == 1 + 8 + 1
    assert sequence[1:4] == (DIGITS,) * 3
    assert not sequence[0] & DIGITS
    assert not sequence[-1] & DIGITS


def test_optional_parts_give_a_sequence_each() -> None:
    assert sorted(map(len, anchor(r"\d{5}-?\d{4}X"))) == [10, 11]


def test_repetition_without_a_bound_ends_the_sequence() -> None:
    assert [len(one) for one in anchor(r"\d{6}-[a-z]+x")] == [8]


@pytest.mark.parametrize("pattern", [r"[a-z]{3}", r"\d\d", r"[\x80-\x8f]{9}x", "a*"])
def test_what_stands_everywhere_or_has_no_form_is_no_anchor(pattern: str) -> None:
    assert anchor(pattern) == ()


def test_frequency_tells_the_rare_from_the_common() -> None:
    assert share(DIGITS) > 10 * share(1 << ord("@"))
    assert frequency(anchor(r"\d{9}")) < frequency(anchor(r"\d{5}"))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_every_match_begins_with_one_of_the_sequences(data: st.DataObject) -> None:
    pattern = data.draw(
        st.sampled_from(
            [
                r"(?:^|[^0-9A-Za-z.])(?P<v>[2-9]\d{5,7}|18-\d{2,4}(?:[ -]\d{1,3})?)\b",
                r"\b[A-Z]{2}\d{2}(?: [A-Z0-9]{4}){2,3}\b",
                r"(?:^|[^0-9]|[a-z]:)(?P<v>\(?\d{3}\)?[ -]\d{4})(?:$|[^0-9.-]|[.-](?:$|[^0-9]))",
                r"[0-9a-f]{2}(?::[0-9a-f]{2}){3}",
            ]
        )
    )
    text = data.draw(st.from_regex(pattern.replace("(?P<v>", "(?:").encode(), fullmatch=True))
    found = re.search(pattern.encode(), text)
    assert found is not None
    padded = b"\x00" + text + b"\x00"  # for what is beyond the text any byte will do
    assert any(
        all(
            place in (0, len(padded) - 1) or mask >> padded[place] & 1
            for place, mask in enumerate(sequence, start)
            if place < len(padded)
        )
        for sequence in anchor(pattern)
        for start in (found.start(), found.start() + 1)
    )
