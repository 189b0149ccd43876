from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weirline.body.charset import charset_of, charset_view
from weirline.body.segment import Patch, Segment

WIDE = ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"]
EBCDIC = ["cp037", "cp273", "cp500", "cp875", "cp1026", "cp1140"]


@pytest.mark.parametrize("charset", WIDE)
@pytest.mark.parametrize("named", ["", "utf-8", "utf-16", charset_of.__name__])
def test_wide_text_shows_its_charset_whatever_it_is_called(charset: str, named: str) -> None:
    assert charset_of('{"a": "b"}'.encode(charset), named) == charset
    assert charset_of(("\ufeff" + "é").encode(charset), named) == charset


@pytest.mark.parametrize(
    "named",
    ["utf-8", "UTF8", "us-ascii", "iso-8859-1", "ISO-8859-15", "windows-1252", "latin1", "koi8-r",
     "Shift_JIS", "euc-kr", "gb18030", "Big5", "iso-2022-jp", "macintosh", '"utf-8"', "utf-16"],
)  # fmt: skip
def test_charset_that_writes_ascii_as_itself_needs_no_view(named: str) -> None:
    assert charset_of(b'{"a": "b"}', named) is None


@pytest.mark.parametrize(("named", "charset"), [("IBM037", "cp037"), ("ebcdic-cp-us", "cp037"),
                                                ("cp500", "cp500"), ("utf-7", "utf-7"),
                                                ("x-own", "x-own")])  # fmt: skip
def test_other_charset_is_what_it_is_called(named: str, charset: str) -> None:
    assert charset_of(b"\xc1\xc2", named) == charset


def test_binary_data_is_no_wide_text() -> None:
    assert charset_of(b"\x00\x01\x02\x03\x04\x05\x06\x07") is None
    assert charset_of(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00") is None
    assert charset_of(b"\x00") is None
    assert charset_of(b"") is None


@pytest.mark.parametrize("charset", ["utf-7", "x-own", "rot13", "idna", "unicode_escape", ""])
def test_charset_that_is_not_known_has_no_view(charset: str) -> None:
    assert charset_view(Segment(b"abc"), charset) is None


TEXTS = st.text(alphabet="a1 é中😀\n", max_size=30)


@pytest.mark.parametrize("charset", WIDE)
@given(before=TEXTS, after=TEXTS)
def test_value_maps_to_its_units_and_its_mask_to_units(
    charset: str, before: str, after: str
) -> None:
    wire = f"{before}<x@y>{after}".encode(charset)
    view = charset_view(Segment(wire), charset)
    assert view is not None
    at = view.text.index(b"<x@y>") + 1
    low, high = view.to_wire(at, at + 3)
    assert wire[low:high] == "x@y".encode(charset)
    lifted = view.lift(Patch(at, b"*@*"))
    assert lifted == Patch(low, "*@*".encode(charset))


@pytest.mark.parametrize("charset", EBCDIC)
def test_value_in_ebcdic_is_read_and_masked(charset: str) -> None:
    wire = "pan 4111 für".encode(charset, "replace")
    view = charset_view(Segment(wire), charset)
    assert view is not None
    at = view.text.index(b"4111")
    assert view.lift(Patch(at, b"****")) == Patch(4, "****".encode(charset))


def test_character_of_two_units_becomes_two_asterisks() -> None:
    wire = "a😀b".encode("utf-16-le")
    view = charset_view(Segment(wire), "utf-16-le")
    assert view is not None
    assert view.to_wire(2, 3) == (2, 6)
    assert view.lift(Patch(0, b"******")) == Patch(0, "****".encode("utf-16-le"))


def test_broken_wide_text_is_read_as_far_as_it_goes() -> None:
    wire = "ab".encode("utf-16-le") + b"\x00\xd8" + "cd".encode("utf-16-le") + b"\x65"
    view = charset_view(Segment(wire), "utf-16-le")
    assert view is not None
    assert view.text == "ab\ufffdcd".encode()
    assert view.to_wire(5, 7) == (6, 10)
