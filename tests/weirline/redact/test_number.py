from __future__ import annotations

import pytest

from weirline.redact.number import is_bare_number, mask_number

DIGITS = b"4111111111111111"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b'{"a":%b}', True),
        (b"[%b]", True),
        (b'[[],%b,"x"]', True),
        (b"[false, %b,null]", True),
        (b"[1,2,%b,-3]", True),
        (b"%b", True),
        (b"\n%b\n", True),
        (b"\x1e%b\n", True),
        (b'{"a":"%b"}', False),
        (b'{"a":"x %b"}', False),
        (b"a:%b,b", False),
        (b"card: %b", False),
        (b"card: %b\n", False),
        (b"%b,Bob", False),
        (b"%b,12", False),
        (b"Bob,%b,EUR", False),
        (b"%b and more", False),
        (b"id=%b", False),
        (b"10\n%b\n11", False),
    ],
)
def test_neighbours_tell_a_number_from_digits_in_text(text: bytes, *, expected: bool) -> None:
    whole = text % DIGITS
    start = whole.index(DIGITS)
    assert is_bare_number(whole, start, start + len(DIGITS)) is expected


def test_anything_but_digits_is_no_number() -> None:
    assert not is_bare_number(b"[4111 1111]", 1, 10)
    assert not is_bare_number(b"[]", 1, 1)


@pytest.mark.parametrize(
    ("digits", "first", "last", "expected"),
    [
        (b"4111111111111111", 0, 16, b"9999999999999999"),
        (b"4111111111111111", 0, 12, b"9999999999991111"),
        (b"1234567", 0, 7, b"9999999"),
        (b"12345678901", 0, 11, b"99999999999"),
        (b"9999999999999999", 0, 16, b"9999999999999998"),
        (b"12345678901234567890", 0, 20, b"99999999999999999998"),
    ],
)
def test_digits_become_nines_and_the_last_an_eight_where_that_would_pass(
    digits: bytes, first: int, last: int, expected: bytes
) -> None:
    assert mask_number(digits, first, last) == expected
