from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weirline.detect.finding import Finding
from weirline.errors import FlowUsageError
from weirline.policy.decision import Mask, Redaction
from weirline.redact.rewrite import rewrite


def redaction(start: int, end: int, mask: Mask | None = None) -> Redaction:
    return Redaction(Finding("d", "identity", start, end, 1.0), mask or Mask())


def test_spans_in_any_order_are_each_masked_in_place() -> None:
    text = b"one 123456 two 654321 end"
    assert rewrite(text, [redaction(15, 21), redaction(4, 10)]) == b"one ****** two ****** end"


def test_text_without_spans_comes_back_as_the_same_object() -> None:
    text = b"nothing here"
    assert rewrite(text, []) is text


@pytest.mark.parametrize("spans", [[(0, 4), (3, 6)], [(0, 99)], [(5, 3)], [(2, 4), (2, 4)]])
def test_spans_that_overlap_or_leave_the_text_are_refused(spans: list[tuple[int, int]]) -> None:
    with pytest.raises(FlowUsageError):
        rewrite(b"0123456789", [redaction(*span) for span in spans])


@given(
    pieces=st.lists(
        st.tuples(
            st.binary(max_size=12),
            st.text("abcdefghijkXYZ012345-@. ", min_size=4, max_size=20).filter(
                lambda text: any(c.isalnum() for c in text)
            ),
        ),
        max_size=6,
    ),
    tail=st.binary(max_size=12),
    mask=st.builds(Mask, st.integers(0, 6), st.integers(0, 4)),
)
def test_only_the_spans_change_and_no_value_is_left_in_its_place(
    pieces: list[tuple[bytes, str]], tail: bytes, mask: Mask
) -> None:
    text = b""
    spans: list[tuple[int, int]] = []
    for between, value in pieces:
        text += between
        spans.append((len(text), len(text) + len(value)))
        text += value.encode()
    text += tail
    result = rewrite(text, [redaction(start, end, mask) for start, end in spans])
    assert len(result) == len(text)
    position = 0
    for start, end in spans:
        assert result[position:start] == text[position:start]
        position = end
    assert result[position:] == tail
    # A backslash or percent sign in front may claim the first few bytes as part of an escape.
    claimed = {start for start, _ in spans if text[max(0, start - 6) : start].strip(b"\\%") == b""}
    for start, end in spans:
        if start == 0 or (
            start not in claimed and not set(text[max(0, start - 6) : start]) & set(b"\\%")
        ):
            assert result[start:end] != text[start:end]
