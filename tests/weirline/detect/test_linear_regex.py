from __future__ import annotations

import pytest

from weirline.detect.linear_regex import ExpressionRefused, LinearRegex


def regex(pattern: str, *, caseless: bool = False) -> LinearRegex:
    return LinearRegex(pattern, caseless=caseless, max_mem_bytes=1 << 20)


def test_window_limits_the_match_and_not_what_fences_see() -> None:
    text = b"xx123-45yy"
    assert regex(r"\d{3}-\d\d").find(text, 2, 8) == ((2, 8), (2, 8))
    assert regex(r"\b\d{3}-\d\d\b").find(text, 2, 8) is None
    assert regex(r"^123").find(text, 2, 8) is None
    assert regex(r"-45$").find(text, 2, 8) is None


def test_longest_match_counts_whatever_comes_first() -> None:
    assert regex("a(?P<v>b|bcd|bc)?").find(b"xabcd", 0, 5) == ((1, 5), (2, 5))
    assert regex("a(?P<v>b|bcd|bc)?").find_at(b"xabcd", 1, 4) == ((1, 4), (2, 4))
    assert regex("a(?P<v>b|bcd|bc)?").find_at(b"xabcd", 0, 4) is None


def test_span_is_the_whole_match_where_the_group_took_no_part() -> None:
    assert regex("a(?P<v>b)?").find(b"ac", 0, 2) == ((0, 1), (0, 1))


def test_text_is_bytes_and_dot_matches_all_of_them() -> None:
    assert regex("a..b").find(b"a\n\xffb", 0, 4) == ((0, 4), (0, 4))
    assert regex("A", caseless=True).find(b"a", 0, 1) == ((0, 1), (0, 1))


@pytest.mark.parametrize(
    "pattern", ["(", r"(?=secret)", "a{1001}", "(?:[a-z]{1000}[0-9]{900}){1}" * 9]
)
def test_refused_expression_is_not_quoted(pattern: str) -> None:
    with pytest.raises(ExpressionRefused) as refused:
        LinearRegex(pattern, caseless=False, max_mem_bytes=1 << 16)
    assert pattern not in str(refused.value)
