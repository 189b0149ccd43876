from __future__ import annotations

import base64

import pytest

from loadtest.clean_body import clean_body
from weirline.body.gate import SMALL_BYTES, Gate

GATE = Gate()
FILL = b'{"a":"few words"},' * (SMALL_BYTES // 10)


@pytest.mark.parametrize("size", [1024, 64 << 10])
def test_clean_body_opens_no_gate(size: int) -> None:
    body = clean_body(size)
    assert not GATE.base64(body)
    assert not GATE.soft(body)
    assert not GATE.quoted(body)


@pytest.mark.parametrize("count", range(11, 40))
def test_value_in_base64_opens_the_gate_of_a_small_body(count: int) -> None:
    assert GATE.base64(b'"%b"' % base64.b64encode(b"4" * count).rstrip(b"="))


@pytest.mark.parametrize(
    "text",
    [
        base64.b64encode(b"4111111111111111"),
        base64.b64encode(b"x" * 48),
        b"data:text/plain;base64," + base64.b64encode(b"x" * 12),
        b"Basic " + base64.b64encode(b"x" * 12),
        base64.urlsafe_b64encode(b"4111 1111?? 1111"),
    ],
)
def test_marked_or_long_base64_opens_the_gate_of_a_large_body(text: bytes) -> None:
    assert not GATE.base64(FILL)
    large = FILL + b'{"u":"' + text + b'","v":";"}'
    assert GATE.base64(large)


def test_short_run_without_a_mark_does_not_open_the_gate_of_a_large_body() -> None:
    assert not GATE.base64(FILL + base64.b64encode(b"x" * 12))


@pytest.mark.parametrize(
    ("text", "fires"),
    [
        ("a\uff14b", True),
        ("4111\u00a01111", True),
        ("straße\u00ad", True),
        ("größe \u2013 klein", False),
        ("12 Uhr\u00a0", False),
        ("4111 1111", False),
    ],
)
def test_soft_gate_opens_inside_words_and_numbers_only(text: str, *, fires: bool) -> None:
    assert GATE.soft(text.encode()) is fires


@pytest.mark.parametrize(
    ("text", "fires"),
    [
        (b"x" * 30 + b"=\r\ny", True),
        (b"Content-Transfer-Encoding: Quoted-Printable\n\na=40b", True),
        (b"a=41&b=42\n", False),
        (b"key =\nvalue", False),
    ],
)
def test_quoted_gate_opens_for_its_name_and_for_soft_breaks(text: bytes, *, fires: bool) -> None:
    assert GATE.quoted(text) is fires
