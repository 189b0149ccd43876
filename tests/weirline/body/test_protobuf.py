"""Texts and numbers of protobuf messages, without a descriptor."""

from __future__ import annotations

import random
import struct

import pytest
from google.protobuf import struct_pb2, wrappers_pb2
from hypothesis import given
from hypothesis import strategies as st

from tests.weirline.flow.protobuf import text, varint, whole
from weirline.body.protobuf import (
    DEEPEST,
    MOST_FIELDS,
    NO_DOUBLE,
    SMALLEST_NUMBER,
    Leaf,
    LeafKind,
    leaves,
    number,
    write_number,
)

BIG = 4_111_111_111


def texts(message: bytes) -> list[bytes]:
    return [
        message[leaf.start : leaf.end] for leaf in leaves(message) if leaf.kind is LeafKind.TEXT
    ]


def numbers(message: bytes) -> list[int]:
    return [number(message, leaf) for leaf in leaves(message) if leaf.kind is not LeafKind.TEXT]


def test_texts_are_found_at_any_depth() -> None:
    message = text(1, b"outer") + text(2, text(3, b"inner\x7f") + text(4, text(5, b"innermost\0")))
    assert texts(message) == [b"outer", b"inner\x7f", b"innermost\0"]


def test_message_of_the_real_library_is_read() -> None:
    message = struct_pb2.Struct()
    message.update({"card": "4111", "nested": {"list": ["a", {"deep": "value"}]}})
    found = texts(message.SerializeToString(deterministic=True))
    for word in (b"card", b"4111", b"a", b"deep", b"value"):
        assert word in found


@pytest.mark.parametrize("value", [SMALLEST_NUMBER, BIG, 2**64 - 1])
def test_larger_numbers_are_found_in_each_form(value: int) -> None:
    assert numbers(whole(1, value)) == [value]
    assert numbers(wrappers_pb2.UInt64Value(value=value).SerializeToString()) == [value]


def test_eight_bytes_are_a_number_unless_they_could_be_a_double() -> None:
    tag = varint(1 << 3 | 1)
    assert numbers(tag + BIG.to_bytes(8, "little")) == [BIG]
    assert numbers(tag + (NO_DOUBLE - 1).to_bytes(8, "little")) == [NO_DOUBLE - 1]
    for value in (17.0, 1.0, 1e-300, -2.5, 1e300):
        assert numbers(tag + struct.pack("<d", value)) == []
    assert numbers(varint(1 << 3 | 5) + struct.pack("<f", 0.004)) == []


def test_smaller_numbers_are_no_kind_of_value() -> None:
    assert numbers(whole(1, SMALLEST_NUMBER - 1)) == []


def test_packed_list_is_found_beside_its_bytes() -> None:
    packed = b"".join(varint(BIG + each) for each in range(3))
    assert numbers(text(1, packed)) == [BIG, BIG + 1, BIG + 2]


def test_text_that_could_be_a_message_is_read_as_both() -> None:
    inner = text(1, b"4" * 36)  # begins with a line feed and a dollar sign
    assert texts(text(2, inner)) == [b"4" * 36, inner]


def test_what_is_no_message_is_one_text() -> None:
    assert leaves(b'{"json": 1}') == [Leaf(0, 11, LeafKind.TEXT)]


def test_messages_deeper_than_the_deepest_are_one_text() -> None:
    message = b"core\x00"
    for _ in range(DEEPEST + 5):
        message = text(1, message)
    (found,) = texts(message)
    assert found.endswith(b"core\x00")
    assert len(found) > len(b"core\x00")


def test_fields_behind_the_most_are_one_text() -> None:
    message = whole(1, 1) * (MOST_FIELDS + 10) + text(2, b"last")
    (found,) = texts(message)
    assert found.endswith(b"last")


def test_empty_message_has_nothing() -> None:
    assert leaves(b"") == []


@given(data=st.binary(max_size=300))
def test_noise_gives_leaves_within_it(data: bytes) -> None:
    for leaf in leaves(data):
        assert 0 <= leaf.start < leaf.end <= len(data)


def test_every_byte_pattern_of_a_damaged_message_is_read() -> None:
    rng = random.Random(5)
    good = text(1, b"name") + whole(2, BIG) + text(3, text(1, b"x" * 40))
    for _ in range(5000):
        damaged = bytearray(good)
        damaged[rng.randrange(len(good))] = rng.randrange(256)
        for leaf in leaves(bytes(damaged)):
            assert leaf.end <= len(good)


@pytest.mark.parametrize("value", [BIG, BIG + 1, 0, 2**64 - 1])
def test_number_is_written_in_the_bytes_there_are_or_as_zero(value: int) -> None:
    message = whole(1, BIG)
    (leaf,) = leaves(message)
    written = write_number(value, leaf)
    assert len(written) == leaf.end - leaf.start
    got = number(written, Leaf(0, len(written), LeafKind.VARINT))
    assert got == (value if value < 1 << 7 * len(written) else 0)
    parsed = wrappers_pb2.UInt64Value.FromString(message[: leaf.start] + written)
    assert parsed.value == got


def test_fixed_number_is_written_or_zero() -> None:
    leaf = Leaf(0, 8, LeafKind.FIXED)
    assert write_number(BIG, leaf) == BIG.to_bytes(8, "little")
    assert write_number(1 << 64, leaf) == bytes(8)
