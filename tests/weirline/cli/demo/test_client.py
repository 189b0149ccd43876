from __future__ import annotations

import pytest

from weirline.cli.demo.client import LOOPBACK, exchange, fetch, parse_answer
from weirline.cli.demo.sample_api import Page, serve

CHUNKED = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"5\r\nhello\r\n6;note=1\r\n world\r\n0\r\n\r\n"
)


def test_answer_keeps_the_raw_bytes_and_gives_the_body_without_chunks() -> None:
    answer = parse_answer(CHUNKED)
    assert answer.raw == CHUNKED
    assert answer.body == b"hello world"
    assert answer.status == 200
    assert answer.content_type == "text/plain"


def test_chunked_answer_cut_short_gives_what_came() -> None:
    assert parse_answer(CHUNKED[: CHUNKED.index(b" world") + 3]).body == b"hello wo"


def test_answer_with_a_length_has_its_body_as_it_came() -> None:
    answer = parse_answer(b"HTTP/1.0 404 Not Found\r\nContent-Length: 3\r\n\r\nabc")
    assert (answer.status, answer.body) == (404, b"abc")


@pytest.mark.parametrize("raw", [b"", b"HTTP/1.1 200 OK\r\n", b"SSH-2.0-x\r\n\r\n", b"a\r\n\r\n"])
def test_bytes_that_are_no_answer_are_refused(raw: bytes) -> None:
    with pytest.raises(ValueError, match=r"not HTTP/1\.1"):
        parse_answer(raw)


def test_fetch_sends_target_and_headers_and_reads_to_the_end() -> None:
    body = b"x" * 300_000
    with serve({"/big?all=1": [Page("text/plain", b"first"), Page("text/css", body)]}) as port:
        answer = fetch(port, "/big?all=1", headers=("x-demo-answer: 1",))
    assert answer.body == body
    assert answer.content_type == "text/css"


def test_exchange_with_a_closed_port_is_an_os_error() -> None:
    with serve({}) as port:
        pass
    with pytest.raises(OSError, match="refused"):
        exchange(port, f"GET / HTTP/1.1\r\nHost: {LOOPBACK}\r\n\r\n".encode())
