"""The demo's HTTP client, which keeps every byte its socket received.

The question is what a client could have read, so the bytes are kept as they came, with chunk
framing and headers, before anything parses them. It speaks only as much HTTP/1.1 as the demo needs
(RFC 9112): one request a connection, an answer up to the end of the connection.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass

LOOPBACK = "127.0.0.1"
TIMEOUT_S = 15.0
LARGEST_ANSWER_BYTES = 256 * 1024 * 1024
READ_BYTES = 65536


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: all bytes received, and what they mean. `body` has no chunk framing."""

    raw: bytes
    status: int
    content_type: str
    body: bytes


def fetch(port: int, target: str, *, headers: tuple[str, ...] = ()) -> Answer:
    """GET `target` from a local port and return the answer.

    `headers` are whole lines. Raises OSError (time-out after 15 s of silence included) where the
    server cannot be reached, and ValueError where the answer is not HTTP.
    """
    lines = [f"GET {target} HTTP/1.1", f"Host: {LOOPBACK}:{port}", "Connection: close", *headers]
    return parse_answer(exchange(port, ("\r\n".join(lines) + "\r\n\r\n").encode()))


def exchange(port: int, request: bytes) -> bytes:
    """Send `request` to a local port and return every byte up to the end of the connection."""
    received = bytearray()
    with socket.create_connection((LOOPBACK, port), timeout=TIMEOUT_S) as connection:
        connection.sendall(request)
        while piece := connection.recv(READ_BYTES):
            received += piece
            if len(received) > LARGEST_ANSWER_BYTES:
                raise ValueError("the answer is larger than the demo reads")
    return bytes(received)


def parse_answer(raw: bytes) -> Answer:
    """Split the bytes of one answer. Raises ValueError where they are no HTTP/1.1 answer."""
    head, gap, rest = raw.partition(b"\r\n\r\n")
    status_line, *lines = head.decode("latin-1").split("\r\n")
    parts = status_line.split(" ", 2)
    if not gap or len(parts) < 2 or not parts[0].startswith("HTTP/1.") or not parts[1].isdigit():
        raise ValueError("the answer is not HTTP/1.1")
    fields = {}
    for line in lines:
        name, _, value = line.partition(":")
        fields[name.strip().lower()] = value.strip()
    chunked = fields.get("transfer-encoding", "").lower() == "chunked"
    return Answer(
        raw=raw,
        status=int(parts[1]),
        content_type=fields.get("content-type", ""),
        body=_join_chunks(rest) if chunked else rest,
    )


def _join_chunks(framed: bytes) -> bytes:
    """Return the body without chunk framing; a body cut short gives what came."""
    pieces = []
    at = 0
    while (line_end := framed.find(b"\r\n", at)) >= 0:
        size = int(framed[at:line_end].split(b";")[0], 16)
        if size == 0:
            break
        pieces.append(framed[line_end + 2 : line_end + 2 + size])
        at = line_end + 2 + size + 2
    return b"".join(pieces)
