from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from weirline.cli.demo.client import Answer, parse_answer
from weirline.cli.demo.verdict import leaked_values, unescape_json


def answer(body: bytes) -> Answer:
    return Answer(b"HTTP/1.1 200 OK\r\n\r\n" + body, 200, "", body)


def test_value_in_the_body_leaked_and_a_masked_one_did_not() -> None:
    assert leaked_values([b"one", b"two"], answer(b"one ***")) == [b"one"]


def test_value_in_a_header_leaked() -> None:
    raw = b"HTTP/1.1 200 OK\r\nx-account: one\r\n\r\n"
    assert leaked_values([b"one"], parse_answer(raw)) == [b"one"]


def test_value_cut_by_chunk_framing_leaked() -> None:
    raw = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\no\r\n2\r\nne\r\n0\r\n\r\n"
    assert leaked_values([b"one"], parse_answer(raw)) == [b"one"]


def test_value_in_json_escapes_leaked() -> None:
    key = '-----BEGIN\n"é" / \U0001f512'
    assert leaked_values([key.encode()], answer(json.dumps({"key": key}).encode())) == [
        key.encode()
    ]


def test_value_in_number_escapes_leaked_whatever_surrounds_them() -> None:
    body = rb'not json at all "\u0041\ud83d\udd12\u0042'
    assert leaked_values(["A\U0001f512B".encode()], answer(body)) == ["A\U0001f512B".encode()]


@given(st.text(st.characters(exclude_categories=["Cs"])), st.booleans())
def test_unescaping_gives_back_what_json_escaped(text: str, ascii_only: bool) -> None:
    assert unescape_json(json.dumps(text, ensure_ascii=ascii_only).encode())[1:-1] == text.encode()


def test_half_a_character_in_escapes_does_no_harm() -> None:
    assert b"after" in unescape_json(rb"\ud83d after \x")
