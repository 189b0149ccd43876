"""Pieces of running text in the JSON of a stream."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weirline.body.delta import DEEPEST, LONGEST, pieces


def read(text: str) -> list[tuple[tuple[bytes, ...], bytes]]:
    raw = text.encode()
    return [(piece.channel, raw[piece.start : piece.end]) for piece in pieces(raw)]


@pytest.mark.parametrize(
    ("document", "texts"),
    [
        ({"choices": [{"index": 0, "delta": {"content": "he"}}]}, [b"he"]),
        ({"choices": [{"delta": {"role": "assistant", "content": "he"}, "index": 0}]}, [b"he"]),
        ({"type": "content_block_delta", "index": 1, "delta": {"text": "he"}}, [b"he"]),
        ({"type": "response.output_text.delta", "delta": "he"}, [b"he"]),
        ({"candidates": [{"content": {"parts": [{"text": "h"}, {"text": "e"}]}}]}, [b"h", b"e"]),
        ({"message": {"role": "assistant", "content": "he"}, "done": False}, [b"he"]),
        ({"jsonrpc": "2.0", "result": {"content": [{"type": "text", "text": "he"}]}}, [b"he"]),
        ({"content": ["h", "e"]}, [b"h", b"e"]),
        ({"name": "he", "id": 7}, []),
        ({"content": ""}, []),
        ({"content": None}, []),
    ],
)
def test_running_text_is_found_by_its_key(document: object, texts: list[bytes]) -> None:
    assert [text for _, text in read(json.dumps(document))] == texts


def test_texts_are_told_apart_by_index_wherever_it_stands() -> None:
    first = '{"choices":[{"index":0,"delta":{"content":"a"}},{"delta":{"content":"b"},"index":1}]}'
    (one, _), (two, _) = read(first)
    assert one != two
    ((again, _),) = read('{"choices":[{"delta":{"content":"c"},"index":0}]}')
    assert again == one


def test_text_is_given_as_it_is_written() -> None:
    assert read('{"text":"a\\"b\\u0040"}') == [((b"text",), b'a\\"b\\u0040')]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[DONE]",
        "plain words",
        '"content"',
        "}{",
        '{"content":"open',
        '{"a":' * (DEEPEST + 1),
        '{"content":"' + "x" * LONGEST + '"}',
    ],
)
def test_anything_else_has_no_running_text(text: str) -> None:
    assert read(text) == []


@given(text=st.text(alphabet='{}[]:,"\\ ab1', max_size=80))
def test_noise_gives_pieces_within_it(text: str) -> None:
    for piece in pieces(b'{"text":' + text.encode()):
        assert 0 <= piece.start < piece.end <= len(text) + 8
