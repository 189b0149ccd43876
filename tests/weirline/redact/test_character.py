from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weirline.redact.character import begun_before, characters, hide


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"a-b", [(b"a", False), (b"-", True), (b"b", False)]),
        (rb"\n\r\t\/", [(rb"\n", True), (rb"\r", True), (rb"\t", True), (rb"\/", True)]),
        (rb"\\n\\\\n", [(rb"\\n", True), (rb"\\\\n", True)]),
        (rb"\b\f\"", [(rb"\b", False), (rb"\f", False), (rb"\"", False)]),
        (rb"\\\"x", [(rb"\\\"", False), (b"x", False)]),
        (rb'\\"x', [(rb"\\", False), (b'"', True), (b"x", False)]),
        (rb"\u0041\\u0041", [(rb"\u0041", False), (rb"\\u0041", False)]),
        (rb"\uD83D\uDE00", [(rb"\uD83D\uDE00", False)]),
        (rb"\uD83Dx", [(rb"\uD83D", False), (b"x", False)]),
        (b"%41%2D%zz", [(b"%41", False), (b"%2D", True), *((bytes((c,)), False) for c in b"%zz")]),
        ("é€😀".encode(), [(one.encode(), False) for one in "é€😀"]),
        (b"\xe2\x82", [(b"\xe2\x82", True)]),
        (rb"a\u00", [(b"a", False), (rb"\u00", True)]),
        (b"a\\", [(b"a", False), (b"\\", True)]),
    ],
)
def test_value_is_cut_into_what_a_reader_sees(
    value: bytes, expected: list[tuple[bytes, bool]]
) -> None:
    assert list(characters(value)) == expected


@given(st.binary(max_size=40) | st.text(alphabet='\\u"nd8cé%4', max_size=30).map(str.encode))
def test_characters_make_up_the_value_again(value: bytes) -> None:
    assert b"".join(character for character, _ in characters(value)) == value


@given(st.binary(max_size=40) | st.text(alphabet='\\u"nd8cé%4-', max_size=30).map(str.encode))
def test_hiding_all_is_hiding_every_character_that_does_not_stay(value: bytes) -> None:
    one_by_one = (
        character if stays else b"*" * len(character) for character, stays in characters(value)
    )
    assert hide(value) == b"".join(one_by_one)


@pytest.mark.parametrize(
    ("before", "value", "begun"),
    [
        (b"x", b"nbc", 0),
        (b"", b"nbc", 0),
        (b"\\", b"nbc", 1),
        (b"\\", b"xbc", 0),
        (b"\\", b"\\nbc", 2),
        (b"\\", b"u00e9bc", 5),
        (b"\\u0", b"0e9bc", 3),
        (b"\\u00e", b"9bc", 1),
        (b"\\u00e9", b"9bc", 0),
        (b"%", b"41c", 2),
        (b"%4", b"1c", 1),
        (b"%41", b"1c", 0),
        (b"\xe2", b"\x82\xacx", 2),
        (b"\xe2\x82", b"\xacx", 1),
        (b"\xc3\xa9", b"abc", 0),
    ],
)
def test_rest_of_a_character_that_began_before_is_measured(
    before: bytes, value: bytes, begun: int
) -> None:
    text = before + value + b"!"
    assert begun_before(text, len(before), len(before) + len(value)) == begun


def test_rest_never_goes_beyond_the_value() -> None:
    assert begun_before(b"\\u0041", 1, 3) == 2
