from __future__ import annotations

import base64
from binascii import hexlify
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.growth import LINEAR, growth
from weirline.body.base64_text import base64_view
from weirline.body.segment import Patch, Segment

VALUE = "card=4111 1111 1111 1111; name=Ana"


def read(text: bytes) -> bytes:
    view = base64_view(Segment(text))
    return b"" if view is None else view.text


def b64(text: str, charset: str = "utf-8") -> str:
    return base64.b64encode(text.encode(charset)).decode()


@pytest.mark.parametrize(
    "written",
    [
        b64(VALUE),
        b64(VALUE).rstrip("="),
        base64.urlsafe_b64encode(VALUE.encode()).decode(),
        base64.encodebytes((VALUE * 5).encode()).decode(),
        base64.encodebytes((VALUE * 5).encode()).decode().replace("\n", "\r\n"),
        base64.encodebytes((VALUE * 5).encode()).decode().replace("\n", "\\n"),
        base64.encodebytes((VALUE * 5).encode()).decode().replace("\n", "\\\\r\\\\n"),
        b64("what? " + VALUE).replace("/", "\\/"),
        b64(VALUE, "utf-16-le"),
        b64("größer: " + VALUE),
    ],
)
def test_text_in_base64_is_read(written: str) -> None:
    got = read(f'{{"a":"{written}","b":1}}'.encode())
    assert VALUE.encode() in got
    assert got.startswith(b'{"a":"')


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"transactionReferenceNumber and applicationConfiguration",
        b"3b1d9a7f5e2c4b6a8d0f1e3c5b7a9d2f4e6c8b0a",
        b"6a0f0c4e-6a0f-4a0f-9a0f-6a0f0c4e6a0f",
        b"/usr/lib/python3/dist-packages/really_long_name",
        base64.b64encode(bytes(range(256))),
        base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(200)),
        b64("text in two alphabets at once").replace("d", "-/").encode(),
    ],
)
def test_what_stands_for_no_text_is_not_read(text: bytes) -> None:
    assert base64_view(Segment(text)) is None


def test_part_of_a_path_is_read() -> None:
    text = f"GET /api/v1/items/{b64(VALUE).rstrip('=')}/edit HTTP/1.1".encode()
    assert VALUE.encode() in read(text)


@pytest.mark.parametrize("line_break", ["", "\n", "\r\n", "\\n"])
@given(
    before=st.text(alphabet="a é\n", min_size=12, max_size=30),
    after=st.text(alphabet="a é中\n", max_size=30),
)
def test_mask_is_read_in_place_of_the_value_and_the_rest_is_as_it_was(
    line_break: str, before: str, after: str
) -> None:
    text = f"{before}<4111 1111>{after}"
    letters = b64(text)
    if line_break:
        letters = line_break.join(letters[at : at + 40] for at in range(0, len(letters), 40))
    wire = f'"{letters}"'.encode()
    view = base64_view(Segment(wire))
    assert view is not None
    at = view.text.index(b"<4111 1111>") + 1
    lifted = view.lift(Patch(at, b"**** ****"))
    assert lifted is not None
    low, high = view.to_wire(at, at + 9)
    assert (lifted.start, lifted.start + len(lifted.text)) == (low, high)
    masked = wire[:low] + lifted.text + wire[high:]
    inner = masked[1:-1].replace(b"\\n", b"\n")
    assert base64.b64decode(inner).decode() == text.replace("4111 1111", "**** ****")


def test_letters_of_the_url_alphabet_stay_in_it() -> None:
    wire = base64.urlsafe_b64encode(b"what?? is 4111 ?? that >>")
    assert b"_" in wire
    view = base64_view(Segment(wire))
    assert view is not None
    at = view.text.index(b"4111")
    lifted = view.lift(Patch(at, b">>??"))
    assert lifted is not None
    masked = wire[: lifted.start] + lifted.text + wire[lifted.start + len(lifted.text) :]
    assert not set(masked) & set(b"+/")
    assert base64.urlsafe_b64decode(masked) == b"what?? is >>?? ?? that >>"


def test_more_runs_than_are_read_are_told() -> None:
    run = base64.b64encode(b"a text of some length") + b" "
    few = base64_view(Segment(run * 100))
    many = base64_view(Segment(run * 3000))
    none = base64_view(Segment(b"3b1d9a7f5e2c4b6a8d0f1e3c " * 17_000))
    assert few is not None
    assert few.whole
    assert many is not None
    assert not many.whole
    assert none is not None
    assert not none.whole
    assert none.text == b""


@pytest.mark.parametrize(
    "unit", [b"A", b"QUFB\n", b"QUFBQUFBQUFBQUFBQUFBQUFB ", b"/", b"\\n", b"="]
)
def test_hostile_text_costs_time_in_proportion(unit: bytes) -> None:
    once, twice = (unit * (size // len(unit)) for size in (300_000, 600_000))
    assert growth(lambda text: base64_view(Segment(text)), once, twice) < LINEAR


def test_hashes_and_keys_are_not_read(rng: Random) -> None:
    hashes = b" ".join(hexlify(rng.randbytes(32)) for _ in range(200))
    keys = b" ".join(base64.b64encode(rng.randbytes(33)) for _ in range(200))
    assert base64_view(Segment(hashes)) is None
    assert base64_view(Segment(keys)) is None
