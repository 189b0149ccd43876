from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from weirline.cli.demo.comparison import compare


def test_lines_that_differ_are_shown_without_their_common_margin() -> None:
    before = b'{\n  "a": 1,\n  "card": "4111"\n}'
    after = b'{\n  "a": 1,\n  "card": "****"\n}'
    (row,) = compare(before, after, [b"4111"], rows=6, width=40)
    assert row == ('"card": "4111"', '"card": "****"', 9, 13)


def test_unchanged_answer_shows_the_lines_with_values() -> None:
    body = b"first\nhas value\nlast"
    (row,) = compare(body, body, [b"value"], rows=6, width=40)
    assert row == ("has value", "has value", 0, 0)


def test_long_line_is_cut_around_its_first_difference() -> None:
    before = b"x" * 200 + b"SECRET" + b"y" * 200
    (row,) = compare(before, before.replace(b"SECRET", b"******"), [], rows=1, width=30)
    assert row.before == "...xxxxxxxSECRETyyyyyyyyyyy..."
    assert row.after == "...xxxxxxx******yyyyyyyyyyy..."
    assert row.before[row.start : row.end] == "SECRET"


def test_blocked_answer_shows_both_beginnings() -> None:
    rows = compare(b"one\ntwo\nthree", b"blocked", [b"two"], rows=2, width=20)
    assert [(row.before, row.after) for row in rows] == [("one", "blocked"), ("two", "")]


def test_what_cannot_be_printed_becomes_a_dot() -> None:
    (row,) = compare(b"\x1b[31mred\x00\xff", b"same", [], rows=1, width=20)
    assert "\x1b" not in row.before
    assert row.before.startswith("·[31mred·")


@given(st.binary(max_size=300), st.binary(max_size=300), st.integers(10, 60))
def test_no_half_is_wider_than_asked(before: bytes, after: bytes, width: int) -> None:
    for row in compare(before, after, [], rows=5, width=width):
        assert max(len(row.before), len(row.after)) <= width
        assert 0 <= row.start <= row.end <= width
