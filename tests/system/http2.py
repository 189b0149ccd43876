"""A small HTTP/2 service and client over clear text, for what HTTP/1.1 cannot say.

A response with a known length and trailers, for one. Built on the `h2` package; knows nothing of
the product.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import (
    DataReceived,
    ResponseReceived,
    StreamEnded,
    StreamReset,
    TrailersReceived,
)

Fields = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Reply:
    """What the service says to every request."""

    headers: Fields
    body: bytes
    trailers: Fields


@dataclass(slots=True)
class Got:
    """What the client received on its one stream."""

    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""
    trailers: list[tuple[str, str]] = field(default_factory=list)
    reset: bool = False


@contextmanager
def service(reply: Reply) -> Iterator[int]:
    """Serve `reply` to every stream of every connection; yields the port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve(connection: socket.socket) -> None:
        machine = H2Connection(H2Configuration(client_side=False, header_encoding="utf-8"))
        machine.initiate_connection()
        with suppress(OSError), connection:
            connection.sendall(machine.data_to_send())
            while data := connection.recv(1 << 16):
                for event in machine.receive_data(data):
                    if isinstance(event, StreamEnded):
                        stream = event.stream_id
                        machine.send_headers(stream, list(reply.headers))
                        machine.send_data(stream, reply.body)
                        machine.send_headers(stream, list(reply.trailers), end_stream=True)
                connection.sendall(machine.data_to_send())

    def accept() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=serve, args=(connection,), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(10)


def fetch(port: int, path: str) -> Got:
    """Ask for `path` on a connection of its own and return what came."""
    machine = H2Connection(H2Configuration(client_side=True, header_encoding="utf-8"))
    machine.initiate_connection()
    got = Got()
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        request = [
            (":method", "GET"),
            (":path", path),
            (":scheme", "http"),
            (":authority", "api.test"),
        ]
        machine.send_headers(machine.get_next_available_stream_id(), request, end_stream=True)
        connection.sendall(machine.data_to_send())
        while data := connection.recv(1 << 16):
            for event in machine.receive_data(data):
                if isinstance(event, ResponseReceived):
                    got.headers = _text(event.headers)
                elif isinstance(event, DataReceived):
                    got.body += event.data
                    machine.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
                elif isinstance(event, TrailersReceived):
                    got.trailers = _text(event.headers)
                elif isinstance(event, StreamReset):
                    got.reset = True
                    return got
                elif isinstance(event, StreamEnded):
                    return got
            connection.sendall(machine.data_to_send())
    return got


def _text(fields: object) -> list[tuple[str, str]]:
    return [(str(name), str(text)) for name, text in fields]  # type: ignore[attr-defined]
