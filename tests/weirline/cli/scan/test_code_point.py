from __future__ import annotations

import pytest

from weirline.cli.scan.code_point import characters


@pytest.mark.parametrize("text", ["", "abc", "\u00e9\u20ac\U0001f600", "a\U0001f600b", "\ud800"])
def test_characters_of_a_text_are_counted_as_python_counts_them(text: str) -> None:
    assert characters(text.encode("utf-8", "surrogatepass")) == len(text)


def test_bytes_that_are_no_text_have_a_count_too() -> None:
    assert characters(b"\xff\x00\x80") == 2
