from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weirline.detect.linear_regex import LinearRegex
from weirline.rulepack.expression import UnsupportedExpression, parse_expression
from weirline.rulepack.prefix import render

TEXTS = [
    b"", b"a", b"ab", b"abc", b"ABC", b"a-b", b"a]b", b"12", b"1", b"\n", b" ", b"\\", b"_", b"a.b",
    b"aa", b"aaa", b"aaaa", b"{", b"x\xffy", b"-", b"foo bar", b"bar", b"^", b"\x0b",
]  # fmt: skip
PATTERNS = [
    "a", "abc", "a|b|", "(?:ab|c)+", "a{2}", "a{2,}", "a{1,3}", "a*?b", "[a-c]", "[^a-c]", "[]a]",
    "[^]]", "[a-]", "[-a]", r"[\w-]", r"\d+", r"\D", r"\w\W\w", r"\s", r"\S", r"\x41",
    r"[\x41-\x43]",
    r"\.", r"a\.b", r"\\", ".", "a.b", "(?i:a)bc", "(?i:[a-b])b", "(a)(?P<v>b)", r"\bbar\b",
    r"\Bb", "^a", "b$", r"\n", r"\{", r"[.$^|(]", "x.y", r"\-", r"[\]]",
]  # fmt: skip


@pytest.mark.parametrize("pattern", PATTERNS)
def test_tree_means_what_the_text_means(pattern: str) -> None:
    rendered = render(parse_expression(pattern, caseless=False))
    asked, made = (
        LinearRegex(one, caseless=False, max_mem_bytes=1 << 20) for one in (pattern, rendered)
    )
    for text in TEXTS:
        want = asked.find_at(text, 0, len(text))
        got = made.find_at(text, 0, len(text))
        assert (want and want[0]) == (got and got[0]), (text, rendered)


def test_caseless_tree_matches_both_cases() -> None:
    rendered = render(parse_expression("a[x-z]1", caseless=True))
    assert rendered == "[Aa][X-Zx-z]1"
    assert render(parse_expression("(?i:a)b", caseless=False)) == "[Aa]b"


@pytest.mark.parametrize(
    ("pattern", "position"),
    [
        ("(?=a)", 0), ("a(?!b)", 1), ("(?<=a)b", 0), (r"(a)\1", 3), ("(?>a)", 0), ("a++", 2),
        (r"a\K", 1), ("(?P<w>a)", 0), ("(?i)a", 0), (r"\pL", 0), ("[[:alpha:]]", 1), ("é", 0),
        ("a{1001}", 2), ("a{3,2}", 1), ("a{", 2), ("a{x}", 2), ("*a", 0), ("(a", 0), ("a)", 1),
        ("[a", 0), ("a\\", 1), (r"\x4", 0), ("[c-a]", 3), (r"\b+", 2), ("a\x00b", 1), (r"\z", 0),
        (r"\Qa\E", 0), ("(?:a{40}){40}", 0),
    ],
)  # fmt: skip
def test_construct_outside_the_subset_is_refused_at_its_place(pattern: str, position: int) -> None:
    with pytest.raises(UnsupportedExpression) as refused:
        parse_expression(pattern, caseless=False)
    assert refused.value.position == position
    assert refused.value.expectation


@pytest.mark.slow
@given(st.text(alphabet=r"ab\d{1,2}[]()?*+|^$.-:P<v>i", max_size=14))
def test_what_the_parser_takes_the_engine_takes_and_reads_the_same(pattern: str) -> None:
    try:
        node = parse_expression(pattern, caseless=False)
    except UnsupportedExpression:
        return
    asked = LinearRegex(pattern, caseless=False, max_mem_bytes=1 << 20)
    made = LinearRegex(render(node), caseless=False, max_mem_bytes=1 << 20)
    for text in TEXTS:
        want = asked.find_at(text, 0, len(text))
        got = made.find_at(text, 0, len(text))
        assert (want and want[0]) == (got and got[0]), (text, pattern)
