"""Real exchanges of every shape through a real Envoy, for the recorder to see.

Each exchange is one function: it talks to Envoy as a client and asserts that what came back is what
the upstream sent, so that a recording is only ever made of traffic that worked.
"""

from __future__ import annotations

import random
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress

import grpc

from tests.system import wire
from weirline.specimen import SPECIMENS

# Values that a sidecar in between would find, made here so that none stands in a file.
VALUES = {
    kind: SPECIMENS[kind].valid(random.Random(kind))
    for kind in ("payment_card", "iban", "us_ssn", "email", "jwt", "github_personal_token")
}
JSON = b"{%b}" % b", ".join(b'"%b": "%b"' % (kind.encode(), VALUES[kind]) for kind in VALUES)
LARGE = b"0123456789abcdef" * (3 << 16)  # 3 MiB
EVENTS = [b"data: %b\n\n" % value for value in VALUES.values()]
FRAMES = [b"\x81\x05hello", b"\x81\x05world"]
SWITCHING = b"HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n"
LAST = wire.chunk(b"")
RESPONSES = {
    b"/nothing": [b"HTTP/1.1 204 No Content\r\n\r\n"],
    b"/unchanged": [b'HTTP/1.1 304 Not Modified\r\netag: "1"\r\n\r\n'],
    b"/head": [wire.whole(JSON).partition(b"\r\n\r\n")[0], b"\r\n\r\n"],
    b"/empty": [wire.whole(b"")],
    b"/events": [
        wire.chunked_head(content_type="text/event-stream"),
        *map(wire.chunk, EVENTS),
        LAST + b"\r\n",
    ],
    b"/trailers": [
        wire.chunked_head(extra="trailer: x-sum\r\n"),
        wire.chunk(JSON) + LAST + b"x-sum: 17\r\n\r\n",
    ],
    b"/large": [
        wire.chunked_head(),
        *(wire.chunk(LARGE[at : at + (1 << 16)]) for at in range(0, len(LARGE), 1 << 16)),
        LAST + b"\r\n",
    ],
}
GRPC_METHOD = "/shop.Orders/List"


def script(connection: socket.socket, request: wire.Request) -> None:
    """The upstream: answers by the request's target."""
    if request.target == b"/echo":
        connection.sendall(wire.whole(request.body))
    elif request.target == b"/socket":
        connection.sendall(SWITCHING)
        while data := connection.recv(1 << 16):
            connection.sendall(data)
    else:
        for part in RESPONSES.get(request.target, [wire.whole(JSON)]):
            connection.sendall(part)


def plain_get(port: int) -> None:
    assert wire.ask(port, wire.get("/v1/customers/4711?expand=orders")).body == JSON


def post(port: int) -> None:
    assert wire.ask(port, wire.post("/echo", JSON)).body == JSON


def post_chunked(port: int) -> None:
    head = (
        b"POST /echo HTTP/1.1\r\nhost: api.test\r\nconnection: close\r\n"
        b"content-type: application/json\r\ntransfer-encoding: chunked\r\ntrailer: x-sum\r\n\r\n"
    )
    end = LAST + b"x-sum: 17\r\n\r\n"
    answer = wire.ask(port, head + wire.chunk(JSON[:100]) + wire.chunk(JSON[100:]) + end)
    assert answer.body == JSON


def head(port: int) -> None:
    request = wire.get("/head").replace(b"GET", b"HEAD", 1)
    answer = wire.ask(port, request, head_only=True)
    assert answer.header(b"content-length") == b"%d" % len(JSON)


def no_content(port: int) -> None:
    assert wire.ask(port, wire.get("/nothing")).status == 204


def not_modified(port: int) -> None:
    assert wire.ask(port, wire.get("/unchanged")).status == 304


def empty_body(port: int) -> None:
    assert wire.ask(port, wire.get("/empty")).body == b""


def events(port: int) -> None:
    assert wire.ask(port, wire.get("/events")).body == b"".join(EVENTS)


def trailers(port: int) -> None:
    answer = wire.ask(port, wire.get("/trailers", extra="te: trailers\r\n"))
    assert (answer.body, answer.trailers) == (JSON, b"x-sum: 17\r\n")


def large(port: int) -> None:
    assert wire.ask(port, wire.get("/large")).body == LARGE


def upgrade(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=wire.TIMEOUT_S) as connection:
        connection.sendall(
            b"GET /socket HTTP/1.1\r\nhost: api.test\r\nconnection: upgrade\r\n"
            b"upgrade: websocket\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
            b"sec-websocket-version: 13\r\n\r\n"
        )
        reader = wire.Reader(connection)
        assert wire.read_answer(reader).status == 101
        for frame in FRAMES:
            connection.sendall(frame)
            assert reader.exactly(len(frame)) == frame


HTTP_EXCHANGES: dict[str, Callable[[int], None]] = {
    each.__name__: each
    for each in (
        plain_get,
        post,
        post_chunked,
        head,
        no_content,
        not_modified,
        empty_body,
        events,
        trailers,
        large,
        upgrade,
    )
}


def grpc_unary(port: int) -> None:
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        call = channel.unary_stream(GRPC_METHOD, None, None)
        assert list(call(b"1", timeout=wire.TIMEOUT_S)) == [b"1"]


def grpc_stream(port: int) -> None:
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        call = channel.unary_stream(GRPC_METHOD, None, None)
        assert list(call(b"3", timeout=wire.TIMEOUT_S)) == [b"1", b"2", b"3"]


def grpc_refusal(port: int) -> None:
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        call = channel.unary_stream("/shop.Orders/Unknown", None, None)
        running = call(b"1", timeout=wire.TIMEOUT_S)
        with suppress(grpc.RpcError):
            list(running)
        assert running.code() is grpc.StatusCode.UNIMPLEMENTED


GRPC_EXCHANGES: dict[str, Callable[[int], None]] = {
    each.__name__: each for each in (grpc_unary, grpc_stream, grpc_refusal)
}


@contextmanager
def grpc_upstream() -> Iterator[int]:
    """A gRPC service on a free port that counts up to the number it is sent."""

    def count(request: bytes, _: grpc.ServicerContext) -> Iterator[bytes]:
        for number in range(int(request)):
            yield b"%d" % (number + 1)

    pool = ThreadPoolExecutor(max_workers=4)
    server = grpc.server(pool)
    service, method = GRPC_METHOD.strip("/").split("/")
    handler = grpc.unary_stream_rpc_method_handler(count)
    server.add_generic_rpc_handlers(
        [grpc.method_handlers_generic_handler(service, {method: handler})]
    )
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield port
    finally:
        server.stop(grace=None).wait()
        pool.shutdown()
