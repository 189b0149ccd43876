from __future__ import annotations

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weirline.cli.scan.window import scan_windows
from weirline.detect.finding import Finding
from weirline.scan import ScanResult

OVERLAP = 16


def find(text: bytes) -> ScanResult:
    """Find runs of x of at most 12 bytes between dots."""
    return ScanResult(
        tuple(
            Finding("run", "identity", found.start(), found.end(), 1.0)
            for found in re.finditer(rb"(?<![x])x{1,12}(?=\.)", text)
        ),
        frozenset({"run"}) if b"!" in text else frozenset(),
    )


def whole(text: bytes, window_bytes: int) -> tuple[list[tuple[int, int]], bytes]:
    spans, covered = [], b""
    for window in scan_windows(
        io.BytesIO(text).read, find, window_bytes=window_bytes, overlap_bytes=OVERLAP
    ):
        assert window.offset % 4 == 0
        assert len(window.piece) <= window_bytes + OVERLAP + 4096 + 16
        covered += window.piece[window.start : window.end]
        spans += [
            (window.offset + found.start, window.offset + found.end) for found in window.findings
        ]
        assert all(
            window.start <= found.start < found.end <= window.end for found in window.findings
        )
    return spans, covered


@given(
    st.lists(st.sampled_from([b".", b"x", b"xxxxxxxxxxxx.", b"\n"]), max_size=300),
    st.integers(min_value=20, max_value=90),
)
def test_windows_account_for_every_byte_and_find_what_one_scan_finds(
    pieces: list[bytes], window_bytes: int
) -> None:
    text = b"".join(pieces)
    spans, covered = whole(text, window_bytes)
    assert covered == text
    assert spans == [(found.start, found.end) for found in find(text).findings]


@pytest.mark.parametrize("size", [0, 1, 63, 64, 65, 128, 20_000])
def test_text_of_any_size_is_read_to_its_end(size: int) -> None:
    text = b"x." * (size // 2) + b"x" * (size % 2)
    spans, covered = whole(text, 64)
    assert (len(spans), covered) == (size // 2, text)


def test_window_names_what_was_not_looked_for_to_the_end() -> None:
    windows = list(scan_windows(io.BytesIO(b"." * 70 + b"!").read, find, window_bytes=64))
    assert [bool(window.capped) for window in windows] == [False, True]
