from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weirline.policy.path_template import (
    BadTemplateError,
    PathIndex,
    resolve_path,
    split_template,
)


def matches(template: str, path: str) -> tuple[bool, bool]:
    loose, strict = PathIndex([(template, 1)]).match(path)
    return bool(loose), bool(strict)


@pytest.mark.parametrize(
    ("template", "path", "expected"),
    [
        ("/", "/", True),
        ("/", "/a", False),
        ("/a", "/a", True),
        ("/a", "/ab", False),
        ("/a/", "/a", True),
        ("/a/{id}", "/a/7", True),
        ("/a/{id}", "/a/7/b", False),
        ("/a/{id}", "/a/", False),
        ("/a/*/c", "/a/b/c", True),
        ("/a/**", "/a", True),
        ("/a/**", "/a/b/c", True),
        ("/a/**", "/ab", False),
        ("/**", "/", True),
        ("/é", "/Ã©", True),
        ("/a%20b", "/a%20b", True),
    ],
)
def test_template_matches_whole_segments(template: str, path: str, *, expected: bool) -> None:
    assert matches(template, path) == (expected, expected)


@pytest.mark.parametrize(
    ("template", "path"),
    [("/a/b", "/a//b"), ("/a/b", "/a/%62"), ("/a/b", "/x/../a/b"), ("/a b", "/a%20b")],
)
def test_disguised_path_matches_in_one_reading_only(template: str, path: str) -> None:
    assert matches(template, path) == (True, False)


def test_literal_and_wildcard_of_the_same_place_both_match() -> None:
    index = PathIndex([("/a/b", 1), ("/a/{x}", 2), ("/a/**", 4), ("/{y}/c", 8)])
    assert index.match("/a/b") == (7, 7)
    assert index.match("/a/c") == (14, 14)


@pytest.mark.parametrize(
    ("path", "plain"),
    [
        ("/a/b", "/a/b"),
        ("/", "/"),
        ("", "/"),
        ("/a/", "/a"),
        ("//a///b", "/a/b"),
        ("/a/./b/../c", "/a/c"),
        ("/../../a", "/a"),
        ("/a%2Fb%2e", "/a/b."),
        ("/a;v=1/b;c", "/a/b"),
        ("/a%", "/a%"),
        ("/%zz", "/%zz"),
    ],
)
def test_path_is_read_as_a_lenient_server_reads_it(path: str, plain: str) -> None:
    assert resolve_path(path) == plain


@given(st.text(alphabet="/a.%2;\\", max_size=30))
def test_plain_path_is_plain_after_one_reading(path: str) -> None:
    segments = resolve_path(path)[1:].split("/")
    assert segments == [""] or not {"", ".", ".."} & set(segments)


@pytest.mark.parametrize(
    "template", ["a", "", "/a?b", "/a#b", "/**/a", "/a*", "/{a}b", "/{}", "//"]
)
def test_template_that_can_match_nothing_is_refused_unquoted(template: str) -> None:
    with pytest.raises(BadTemplateError) as refused:
        split_template(template)
    assert refused.value.reason
