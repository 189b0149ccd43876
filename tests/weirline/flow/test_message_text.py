"""Values in protobuf messages are masked where they stand."""

from __future__ import annotations

import re

from google.protobuf import struct_pb2

from tests.fakes.scanner import HashScanner
from tests.playbook import BLOCK_BOTH
from tests.weirline.flow.protobuf import text, whole
from tests.weirline.flow.wrapped import SCANNER, judge
from weirline.body.protobuf import Leaf, LeafKind, leaves, number
from weirline.body.schema import Field, FieldKind, Layout
from weirline.detect.finding import Finding
from weirline.flow.message_text import mask_message
from weirline.flow.report import FlowReport
from weirline.scan import ScanResult

_NUMBER = re.compile(rb"\b4[0-9]{9}\b")


class NumberScanner(HashScanner):
    """Finds ten digits that begin with a four, as well."""

    def scan(self, data: bytes) -> ScanResult:
        found = [
            Finding("hash_id", "identity", match.start(), match.end(), 1.0)
            for match in _NUMBER.finditer(data)
        ]
        return ScanResult(tuple(found), frozenset())


def test_value_in_a_text_is_masked_and_all_else_is_the_same() -> None:
    message = text(1, b"id #123456") + whole(2, 7) + text(3, text(1, b"x #654321\x7f"))
    expected = message.replace(b"#123456", b"*******").replace(b"#654321", b"*******")
    assert mask_message(message, SCANNER, judge()) == expected


def test_message_without_a_value_is_the_same_object() -> None:
    message = text(1, b"nothing")
    assert mask_message(message, SCANNER, judge()) is message
    assert mask_message(b"", SCANNER, judge()) == b""


def test_text_that_a_descriptor_names_stands_behind_its_name() -> None:
    seen: list[bytes] = []

    class Listener(HashScanner):
        def scan(self, data: bytes) -> ScanResult:
            seen.append(data)
            return super().scan(data)

    layout = Layout({1: Field(b"id", FieldKind.TEXT), 2: Field(b"age", FieldKind.WHOLE)})
    message = text(1, b"x #123456") + whole(2, 4321) + text(3, b"unknown")
    masked = mask_message(message, Listener(), judge(), layout)
    assert masked == message.replace(b"#123456", b"*******")
    assert seen == [b'"id":"x #123456"\n\x00\n"age":4321\n\x00\nunknown']


def test_number_that_a_descriptor_names_is_masked_as_it_is_written() -> None:
    layout = Layout({1: Field(b"id", FieldKind.ZIGZAG)})
    message = whole(1, 2 * 4_111_111_111)
    masked = mask_message(message, NumberScanner(), judge(), layout)
    (leaf,) = leaves(masked, layout)
    assert len(masked) == len(message)
    assert number(masked, leaf) in (9_999_999_999, 9_999_999_998)


def test_value_in_a_name_is_none() -> None:
    layout = Layout({1: Field(b"#123456", FieldKind.TEXT)})
    message = text(1, b"plain")
    assert mask_message(message, SCANNER, judge(), layout) == message


def test_value_between_two_bytes_that_look_like_its_own_is_found() -> None:
    # The next field's tag is a digit: as raw bytes the value would have no end.
    message = text(1, b"#123456") + text(6, b"1")
    assert message[9:10] == b"2"
    assert b"#123456" not in mask_message(message, SCANNER, judge())


def test_value_over_two_fields_is_none() -> None:
    message = text(1, b"#123") + text(2, b"456")
    assert mask_message(message, SCANNER, judge()) is message


def test_value_read_in_two_ways_is_counted_once() -> None:
    report = FlowReport()
    message = text(2, text(1, b"#123456" + b"x" * 30))
    masked = mask_message(message, SCANNER, judge(report=report))
    assert masked == message.replace(b"#123456", b"*******")
    assert sum(report.findings.values()) == 1


def test_number_is_masked_within_its_bytes() -> None:
    message = whole(1, 4_111_111_111)
    masked = mask_message(message, NumberScanner(), judge())
    assert len(masked) == len(message)
    assert number(masked, Leaf(1, len(masked), LeafKind.VARINT)) != 4_111_111_111


def test_block_leaves_the_message_as_it_is() -> None:
    subject = judge(BLOCK_BOTH)
    message = text(1, b"#123456")
    assert mask_message(message, SCANNER, subject) == message
    assert subject.refusal is not None


def test_real_message_is_read_by_the_real_library_afterwards() -> None:
    message = struct_pb2.Struct()
    message.update({"id": "#123456", "list": [{"id": "no #654321."}], "note": "é"})
    masked = mask_message(message.SerializeToString(), SCANNER, judge())
    got = struct_pb2.Struct.FromString(masked)
    assert got["id"] == "*******"
    assert got["note"] == "é"
    assert b"#654321" not in masked
