"""What the cases share: where they run, and a few shapes of responses."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from pathlib import Path

from tests.system.lab import Lab, value
from tests.system.wire import Request, Script, chunk, chunked_head

CARD = value("payment_card")
TIMEOUT_S = 20.0


@dataclass(frozen=True, slots=True)
class Place:
    """What a case may use: the two shared labs, or a folder for one of its own."""

    redacting: Lab
    blocking: Lab
    folder: Path


def stream(
    *parts: bytes,
    extra: str = "",
    trailers: bytes = b"",
    content_type: str = "application/json",
) -> Script:
    """A chunked response, one write a part."""

    def script(connection: socket.socket, _: Request) -> None:
        connection.sendall(chunked_head(content_type=content_type, extra=extra))
        for part in parts:
            connection.sendall(chunk(part))
        connection.sendall(chunk(b"") + trailers + b"\r\n")

    return script
