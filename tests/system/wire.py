"""A scripted upstream and a raw client for tests through a real Envoy: bytes in, bytes out.

The upstream runs one function a request on a thread of its own and records what reached it. The
client keeps every byte that came out of its socket, so that a test can search for what must not be
there. Neither knows anything of the product.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

TIMEOUT_S = 20.0


@dataclass(slots=True)
class Request:
    """One request as the upstream read it: raw head, and the body as its framing says."""

    head: bytes
    body: bytes

    @property
    def target(self) -> bytes:
        """The request target as it stood on the first line."""
        return self.head.split(b" ", 2)[1]

    def header(self, name: bytes) -> bytes | None:
        """The first value of a header, None if absent."""
        return header(self.head, name)


Script = Callable[[socket.socket, Request], None]


@dataclass(slots=True)
class Upstream:
    """What the scripted upstream has seen, and where it listens."""

    port: int
    seen: list[Request] = field(default_factory=list)


@dataclass(slots=True)
class Answer:
    """What the client got: every raw byte, and the parts as HTTP/1.1 framing says."""

    raw: bytes
    status: int
    head: bytes
    body: bytes
    trailers: bytes
    complete: bool

    def header(self, name: bytes) -> bytes | None:
        """The first value of a header, None if absent."""
        return header(self.head, name)


def header(head: bytes, name: bytes) -> bytes | None:
    """The first value of a header in a raw head, None if absent."""
    for line in head.split(b"\r\n")[1:]:
        key, _, value = line.partition(b":")
        if key.strip().lower() == name.lower():
            return value.strip()
    return None


@contextmanager
def upstream(script: Script) -> Iterator[Upstream]:
    """Serve every request by `script(connection, request)` until the block ends.

    A script that returns with the connection open keeps it alive for the next request.
    """
    listener = socket.create_server(("127.0.0.1", 0), backlog=512)
    state = Upstream(listener.getsockname()[1])
    connections: list[socket.socket] = []

    def serve(connection: socket.socket) -> None:
        reader = Reader(connection)
        with suppress(OSError), connection:
            while (request := read_request(reader)) is not None:
                state.seen.append(request)
                script(connection, request)

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            connection.settimeout(TIMEOUT_S)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connections.append(connection)
            threading.Thread(target=serve, args=(connection,), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for connection in connections:
            with suppress(OSError):
                connection.close()
        thread.join(TIMEOUT_S)


class Reader:
    """Reads lines and counted bytes off a socket and keeps every byte it saw."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._buffer = b""
        self.raw = b""
        self.closed = False

    def more(self) -> bool:
        """Take what comes next; False at the end of the stream."""
        try:
            data = self._connection.recv(1 << 16)
        except ConnectionError:
            data = b""
        self.raw += data
        self._buffer += data
        self.closed = not data
        return bool(data)

    def until(self, mark: bytes) -> bytes | None:
        """Everything up to and with `mark`, None if the stream ends before it."""
        while mark not in self._buffer:
            if not self.more():
                return None
        head, _, self._buffer = self._buffer.partition(mark)
        return head + mark

    def exactly(self, size: int) -> bytes | None:
        """So many bytes, None if the stream ends before."""
        while len(self._buffer) < size:
            if not self.more():
                return None
        data, self._buffer = self._buffer[:size], self._buffer[size:]
        return data

    def rest(self) -> bytes:
        """Everything up to the end of the stream."""
        while self.more():
            pass
        data, self._buffer = self._buffer, b""
        return data


def read_request(reader: Reader) -> Request | None:
    """Read one request with its body; None when the peer is done."""
    head = reader.until(b"\r\n\r\n")
    if head is None:
        return None
    if (header(head, b"transfer-encoding") or b"").lower() == b"chunked":
        body, _, complete = read_chunked(reader)
        return Request(head, body) if complete else None
    length = int(header(head, b"content-length") or b"0")
    data = reader.exactly(length)
    return None if data is None else Request(head, data)


def read_chunked(reader: Reader) -> tuple[bytes, bytes, bool]:
    """Read a chunked body: its bytes, the trailer lines, and whether its end was seen."""
    body = b""
    while True:
        line = reader.until(b"\r\n")
        if line is None:
            return body, b"", False
        size = int(line.split(b";")[0], 16)
        if size == 0:
            break
        data = reader.exactly(size + 2)
        if data is None:
            return body, b"", False
        body += data[:-2]
    trailers = b""
    while (line := reader.until(b"\r\n")) not in (None, b"\r\n"):
        assert line is not None
        trailers += line
    return body, trailers, line is not None


def ask(port: int, request: bytes, *, head_only: bool = False) -> Answer:
    """Send raw bytes to a port and read one whole answer; the connection is closed after it."""
    with socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_S) as connection:
        connection.sendall(request)
        return read_answer(Reader(connection), head_only=head_only)


def read_answer(reader: Reader, *, head_only: bool = False) -> Answer:
    """Read one answer by its framing; `head_only` for answers to HEAD."""
    head = reader.until(b"\r\n\r\n")
    if head is None:
        return Answer(reader.raw, 0, b"", b"", b"", complete=False)
    status = int(head.split(b" ", 2)[1])
    body, trailers, complete = b"", b"", True
    if head_only or status in (101, 204, 304):
        pass
    elif (header(head, b"transfer-encoding") or b"").lower() == b"chunked":
        body, trailers, complete = read_chunked(reader)
    elif (length := header(head, b"content-length")) is not None:
        data = reader.exactly(int(length))
        complete = data is not None
        body = data if data is not None else reader.rest()
    else:
        body = reader.rest()
    return Answer(reader.raw, status, head, body, trailers, complete)


def get(path: str, *, host: str = "api.test", extra: str = "") -> bytes:
    """A GET request that asks for the connection to be closed."""
    return f"GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n{extra}\r\n".encode()


def post(path: str, body: bytes, *, content_type: str = "application/json") -> bytes:
    """A POST request with a known length that asks for the connection to be closed."""
    head = (
        f"POST {path} HTTP/1.1\r\nhost: api.test\r\nconnection: close\r\n"
        f"content-type: {content_type}\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def whole(
    body: bytes, *, status: str = "200 OK", content_type: str = "application/json", extra: str = ""
) -> bytes:
    """A response with a content-length."""
    head = (
        f"HTTP/1.1 {status}\r\ncontent-type: {content_type}\r\n"
        f"content-length: {len(body)}\r\n{extra}\r\n"
    )
    return head.encode() + body


def chunked_head(*, content_type: str = "application/json", extra: str = "") -> bytes:
    """The head of a chunked response."""
    return (
        f"HTTP/1.1 200 OK\r\ncontent-type: {content_type}\r\n"
        f"transfer-encoding: chunked\r\n{extra}\r\n"
    ).encode()


def chunk(data: bytes) -> bytes:
    """One chunk; empty data gives the last chunk without its closing line."""
    return b"%x\r\n%b\r\n" % (len(data), data) if data else b"0\r\n"


def always(response: bytes) -> Script:
    """A script that gives the same answer to every request."""

    def script(connection: socket.socket, _: Request) -> None:
        connection.sendall(response)

    return script


class Gate:
    """Shut at first: the upstream's thread waits at it until the client side opens it."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def __enter__(self) -> Gate:
        """Whatever happens inside, nobody waits any more afterwards."""
        return self

    def __exit__(self, *_: object) -> None:
        """Open."""
        self.open()

    def open(self) -> None:
        """Let those pass who wait."""
        self._event.set()

    def wait(self) -> None:
        """Wait until it is open, not for ever."""
        self._event.wait(TIMEOUT_S)
