from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.growth import LINEAR, growth
from weirline.body.segment import Segment
from weirline.body.soft import SOFT_PLACES, soft_view

GATES = [re.compile(place.encode("latin-1")) for place in SOFT_PLACES]


def soft(text: bytes) -> bytes | None:
    view = soft_view(Segment(text))
    return None if view is None else view.text


@pytest.mark.parametrize(
    ("text", "view"),
    [
        ("\uff14\uff11\uff11\uff11", b"4111"),
        ("\uff41\uff20\uff42\uff0e\uff24\uff25", b"a@b.DE"),
        ("٤١١١ ४१११ ๔๑๑๑ \U0001d7dc\U0001d7d9", b"4111 4111 4111 41"),
        ("41\u200b11\u00ad1\u2060\ufeff1", b"411111"),
        ("4111\u00a01111\u202f1111\u30001111", b"4111 1111 1111 1111"),
        ("123\u201145\u20136789\u22121", b"123-45-6789-1"),
    ],
)
def test_soft_characters_become_what_a_reader_sees(text: str, view: bytes) -> None:
    assert soft(text.encode()) == view


@pytest.mark.parametrize(
    ("text", "view"),
    [
        (b"4111\xa01111", b"4111 1111"),
        (b"41\xad11", b"4111"),
        (b"123\x9645\x976789", b"123-45-6789"),
        (b"gr\xf6\xdfe 4111\xa01111", b"gr\xf6\xdfe 4111 1111"),
    ],
)
def test_soft_bytes_of_latin_charsets_are_known_by_the_ascii_around_them(
    text: bytes, view: bytes
) -> None:
    assert soft(text) == view


@pytest.mark.parametrize("text", ["plain", "größer, à la carte", "订单编号", "Ünß 12"])
def test_other_text_has_no_view(text: str) -> None:
    assert soft(text.encode()) is None


def test_byte_within_a_character_is_not_taken_for_a_soft_one() -> None:
    assert soft("à4 í".encode()) is None
    assert soft("à\uff14 à\uff14\u00a01".encode()) == "à4 à4 1".encode()


def test_digits_of_every_script_are_known() -> None:
    for code in range(0x80, 0x1FBFA):
        if unicodedata.category(chr(code)) == "Nd":
            assert soft(chr(code).encode()) == b"%d" % unicodedata.digit(chr(code))


DIGITS = st.sampled_from([chr(code) for code in range(0x80, 0x1FBFA) if chr(code).isdecimal()])
SOFT = st.sampled_from("\u00ad\u200b\u200c\u200d\u2060\ufeff\u00a0\u202f\u2011\u2013\u2212\u3000")


@given(st.one_of(DIGITS, SOFT))
def test_gate_opens_wherever_a_soft_character_stands_in_a_number(character: str) -> None:
    text = f"4111{character}1111".encode()
    assert any(gate.search(text) for gate in GATES)


@pytest.mark.parametrize("character", ["\xa0", "\xad", "\x96", "\x97"])
def test_gate_opens_for_soft_bytes_of_latin_charsets(character: str) -> None:
    assert any(gate.search(f"4{character}1".encode("latin-1")) for gate in GATES)


@given(st.text(alphabet="é中 x", max_size=20), st.text(alphabet="é中 x", max_size=20))
def test_value_maps_to_all_its_characters_and_no_more(before: str, after: str) -> None:
    value = "\uff141\u200b1\u00a01"
    wire = f"{before}\u200b<{value}>\u200b{after}".encode()
    view = soft_view(Segment(wire))
    assert view is not None
    at = view.text.index(b"<411 1>") + 1
    low, high = view.to_wire(at, at + 5)
    assert wire[low:high] == value.encode()


def test_large_text_of_other_scripts_costs_little() -> None:
    text = "订单编号 \uff11\uff12\uff13 已经发货。".encode() * 10_000
    assert soft_view(Segment(text)) is not None
    assert growth(lambda one: soft_view(Segment(one)), text, text * 2) < LINEAR
