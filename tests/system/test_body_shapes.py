"""Whatever has nothing to hide passes the default wiring byte for byte, and what is not scanned
is counted; no shape of message is ever a 500."""

from __future__ import annotations

import base64
import os
import random
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system.lab import REDACT, SEED, Lab, running_lab
from tests.system.wire import (
    Reader,
    Request,
    Script,
    always,
    ask,
    chunk,
    chunked_head,
    get,
    post,
    whole,
)

pytestmark = pytest.mark.slow

FIVE_MB = 5_000_000
FIELDS_AT_MOST = 1_000
TIMEOUT_S = 20.0


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with running_lab(tmp_path_factory.mktemp("shapes"), REDACT) as lab:
        yield lab
        lab.assert_in_step()


def ordinary(size: int) -> bytes:
    """Lines of words and hexadecimal numbers that look like no kind of value."""
    rng = random.Random(SEED)
    words = [b"flow", b"river", b"stone", b"bridge", b"weir", b"gate", b"mill", b"reed"]
    lines = []
    length = 0
    while length < size:
        line = b" ".join(rng.choices(words, k=12)) + b"\n"
        lines.append(line)
        length += len(line)
    return b"".join(lines)[:size]


def in_chunks(body: bytes, size: int) -> Script:
    def script(connection: socket.socket, _: Request) -> None:
        connection.sendall(chunked_head(content_type="text/plain"))
        for start in range(0, len(body), size):
            connection.sendall(chunk(body[start : start + size]))
        connection.sendall(chunk(b"") + b"\r\n")

    return script


def scanned(lab: Lab) -> float:
    return lab.metric("weirline_scanned_bytes_total", direction="response")


def unscanned(lab: Lab, reason: str) -> float:
    return lab.metric("weirline_unscanned_total", reason=reason)


@pytest.mark.parametrize("known_length", [True, False])
def test_five_megabytes_pass_whole_and_are_scanned_whole(lab: Lab, *, known_length: bool) -> None:
    body = ordinary(FIVE_MB)
    before = scanned(lab)
    script = always(whole(body, content_type="text/plain"))
    answer = lab.ask(get("/a"), script if known_length else in_chunks(body, 65_536))
    assert answer.status == 200
    assert answer.body == body
    if known_length:
        assert answer.header(b"content-length") == b"%d" % len(body)
    lab.settle()
    # Besides the body only the response's header fields were scanned.
    assert FIVE_MB < scanned(lab) - before < FIVE_MB + FIELDS_AT_MOST


def test_answer_to_head_is_untouched(lab: Lab) -> None:
    response = b'HTTP/1.1 200 OK\r\ncontent-length: 1234\r\netag: "abc"\r\n\r\n'
    answer = lab.ask(
        b"HEAD /a HTTP/1.1\r\nhost: api.test\r\nconnection: close\r\n\r\n",
        always(response),
        head=True,
    )
    assert answer.status == 200
    assert answer.header(b"content-length") == b"1234"
    assert answer.header(b"etag") == b'"abc"'


@pytest.mark.parametrize("status", ["204 No Content", "304 Not Modified"])
def test_answer_without_a_body_is_untouched(lab: Lab, status: str) -> None:
    response = f'HTTP/1.1 {status}\r\netag: "abc"\r\n\r\n'.encode()
    answer = lab.ask(get("/a"), always(response))
    assert answer.status == int(status[:3])
    assert answer.header(b"etag") == b'"abc"'
    assert answer.body == b""


def test_empty_body_passes(lab: Lab) -> None:
    assert lab.ask(get("/a"), always(whole(b""))).body == b""
    assert lab.ask(get("/a"), in_chunks(b"", 1)).body == b""


def test_server_sent_events_come_one_by_one(lab: Lab) -> None:
    events = [b"data: event %d of the river\n\n" % number for number in range(20)]
    seen, tell = socket.socketpair()

    def script(connection: socket.socket, _: Request) -> None:
        connection.sendall(chunked_head(content_type="text/event-stream"))
        for event in events:
            connection.sendall(chunk(event))
            seen.recv(1)
        connection.sendall(chunk(b"") + b"\r\n")

    lab.play(script)
    with (
        seen,
        tell,
        socket.create_connection(("127.0.0.1", lab.port), timeout=TIMEOUT_S) as connection,
    ):
        seen.settimeout(TIMEOUT_S)
        connection.sendall(get("/events"))
        reader = Reader(connection)
        for event in events:
            # Each must arrive before the next is even sent.
            assert reader.until(event) is not None
            tell.send(b"x")
        assert reader.until(b"0\r\n\r\n") is not None


def test_websocket_passes_both_ways_and_is_counted(lab: Lab) -> None:
    before = unscanned(lab, "upgrade")
    data = os.urandom(200_000)

    def script(connection: socket.socket, _: Request) -> None:
        connection.sendall(
            b"HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n\r\n"
        )
        got = b""
        while len(got) < len(data):
            got += connection.recv(1 << 16)
        connection.sendall(got)
        connection.recv(1)

    lab.play(script)
    key = base64.b64encode(b"0123456789abcdef").decode()
    with socket.create_connection(("127.0.0.1", lab.port), timeout=TIMEOUT_S) as connection:
        connection.sendall(
            f"GET /socket HTTP/1.1\r\nhost: api.test\r\nconnection: Upgrade\r\n"
            f"upgrade: websocket\r\nsec-websocket-version: 13\r\n"
            f"sec-websocket-key: {key}\r\n\r\n".encode()
        )
        reader = Reader(connection)
        head = reader.until(b"\r\n\r\n")
        assert head is not None
        assert head.startswith(b"HTTP/1.1 101 ")
        connection.sendall(data)
        assert reader.exactly(len(data)) == data
    lab.settle()
    assert unscanned(lab, "upgrade") == before + 2  # both directions of the tunnel


@pytest.mark.parametrize(
    ("extra", "content_type", "reason"),
    [
        ("content-encoding: dcb\r\n", "text/plain", "encoding"),
        ("", "image/png", "media"),
    ],
)
def test_body_that_is_not_scanned_passes_whole_and_is_counted(
    lab: Lab, extra: str, content_type: str, reason: str
) -> None:
    body = os.urandom(50_000)
    before = unscanned(lab, reason)
    head = chunked_head(content_type=content_type, extra=extra)
    answer = lab.ask(
        get("/a"),
        lambda connection, _: connection.sendall(head + chunk(body) + chunk(b"") + b"\r\n"),
    )
    assert answer.body == body
    lab.settle()
    assert unscanned(lab, reason) == before + 1


def test_large_requests_pass_whole(lab: Lab) -> None:
    body = ordinary(3_000_000)
    assert lab.ask(post("/a", body), always(whole(b"{}"))).status == 200
    (seen,) = lab.service.seen
    assert seen.body == body


def test_connection_is_kept_alive_over_exchanges(lab: Lab) -> None:
    lab.play(always(whole(b'{"a":1}')))
    request = b"GET /a HTTP/1.1\r\nhost: api.test\r\n\r\n"
    with socket.create_connection(("127.0.0.1", lab.port), timeout=TIMEOUT_S) as connection:
        reader = Reader(connection)
        connection.sendall(request * 3)
        for _ in range(3):
            assert reader.until(b'{"a":1}') is not None
    assert ask(lab.port, get("/a")).body == b'{"a":1}'


JSON = always(whole(b'{"a":1}'))
EMPTY = always(b"HTTP/1.1 204 No Content\r\n\r\n")
PICTURE = always(whole(b"\x89PNG", content_type="image/png"))


@pytest.mark.parametrize(("wiring", "most"), [("enforce", 3), ("response-only", 2)])
def test_exchange_takes_no_more_messages_than_it_must(
    wiring: str, most: int, tmp_path: Path
) -> None:
    narrow = REDACT.replace('path: "/**"', "path: /in/scope")
    with running_lab(tmp_path, narrow, wiring=wiring) as lab:
        taken: list[int] = []
        for path, script in (
            ("/in/scope", JSON),
            ("/in/scope", EMPTY),
            ("/in/scope", PICTURE),
            ("/elsewhere", JSON),
        ):
            before = lab.sent()
            assert lab.ask(get(path), script).status in (200, 204)
            taken.append(lab.sent() - before)
        assert taken == [most, most - 1, most - 1, most - 1]
        lab.assert_in_step()
