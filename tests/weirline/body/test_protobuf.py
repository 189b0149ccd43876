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
from weirline.body.schema import Field, FieldKind, Layout

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


LAYOUT = Layout(
    {
        1: Field(b"name", FieldKind.TEXT),
        2: Field(b"whole", FieldKind.WHOLE),
        3: Field(b"zigzag", FieldKind.ZIGZAG),
        4: Field(b"four", FieldKind.FIXED4),
        5: Field(b"eight", FieldKind.FIXED8),
        6: Field(b"float", FieldKind.FLOAT),
        7: Field(b"double", FieldKind.DOUBLE),
        8: Field(b"flag", FieldKind.FLAG),
        9: Field(b"bytes", FieldKind.BYTES),
    }
)
LAYOUT[10] = Field(b"inner", FieldKind.MESSAGE, LAYOUT)


def named(message: bytes) -> list[tuple[bytes, bytes | int]]:
    return [
        (leaf.name, message[leaf.start : leaf.end])
        if leaf.kind is LeafKind.TEXT
        else (leaf.name, number(message, leaf))
        for leaf in leaves(message, LAYOUT)
    ]


def fixed(number_: int, raw: bytes) -> bytes:
    return varint(number_ << 3 | (1 if len(raw) == 8 else 5)) + raw


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (text(1, b"a\0b"), (b"name", b"a\0b")),
        (whole(2, 123), (b"whole", 123)),
        (whole(3, 2 * 4_111), (b"zigzag", 4_111)),
        (fixed(4, (4_111).to_bytes(4, "little")), (b"four", 4_111)),
        (fixed(5, (1 << 60).to_bytes(8, "little")), (b"eight", 1 << 60)),
        (fixed(6, struct.pack("<f", 4_111.0)), (b"float", 4_111)),
        (fixed(7, struct.pack("<d", 4_111_111_111_111_111.0)), (b"double", 4_111_111_111_111_111)),
        (text(10, text(10, whole(2, 456))), (b"whole", 456)),
    ],
)
def test_field_of_a_descriptor_is_read_by_name_and_written_back(
    message: bytes, expected: tuple[bytes, bytes | int]
) -> None:
    assert named(message) == [expected]
    (leaf,) = leaves(message, LAYOUT)
    if leaf.kind is not LeafKind.TEXT:
        written = write_number(2048, leaf)
        if leaf.end - leaf.start < 3 and leaf.kind is not LeafKind.FIXED:
            written = write_number(127, leaf)
        changed = message[: leaf.start] + written + message[leaf.end :]
        assert len(changed) == len(message)
        assert named(changed)[0][1] in (127, 2048)


def test_packed_lists_of_a_descriptor_are_read() -> None:
    assert named(text(2, varint(500) + varint(600))) == [(b"whole", 500), (b"whole", 600)]
    pair = struct.pack("<dd", 500.0, 600.5)
    assert named(text(7, pair)) == [(b"double", 500)]


def test_what_holds_no_value_is_not_read() -> None:
    assert named(whole(8, 1 << 40)) == []
    assert named(whole(3, 2 * BIG + 1)) == []  # negative
    assert named(fixed(7, struct.pack("<d", float("nan")))) == []
    assert named(fixed(7, struct.pack("<d", float("inf")))) == []
    assert named(text(1, b"")) == []


def test_field_that_the_descriptor_lies_about_is_read_as_if_there_were_none() -> None:
    assert (b"", b"4111 text") in named(text(2, b"4111 text"))
    assert named(whole(1, BIG)) == [(b"", BIG)]
    assert named(text(10, b"no message \xff")) == [(b"", b"no message \xff")]
    assert named(text(9, b"bytes")) == [(b"", b"bytes")]
    assert named(text(4, b"\x01\x02\x03\x04\x05")) != []


@given(data=st.binary(max_size=200))
def test_any_bytes_are_read_with_a_descriptor(data: bytes) -> None:
    for leaf in leaves(data, LAYOUT):
        assert 0 <= leaf.start < leaf.end <= len(data)
        if leaf.kind is not LeafKind.TEXT:
            assert len(write_number(number(data, leaf), leaf)) == leaf.end - leaf.start
