"""Decides whether planted values reached a client, without a line of the project's own code.

It opens the socket itself, keeps every byte it receives, and looks for each value in those bytes,
in the body with chunk framing taken off, and in everything a JSON reader would make of the body.
The standard library is all it imports, so that a fault in the project cannot hide in here as well.

    python3 tests/system/demo_checker.py PORT TARGET VALUES

asks 127.0.0.1:PORT for TARGET and looks for the values in the file VALUES, a JSON list of text; it
prints how many appear, and its exit code is 1 if any does.
"""

from __future__ import annotations

import contextlib
import json
import re
import socket
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*"')


def capture(port: int, target: str, *, posted: bytes | None = None) -> bytes:
    """Return every byte a client gets for one request on a connection of its own."""
    method = "GET" if posted is None else "POST"
    head = f"{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    if posted is not None:
        head += f"Content-Type: text/plain\r\nContent-Length: {len(posted)}\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=20) as client:
        client.sendall(head.encode() + b"\r\n" + (posted or b""))
        pieces = []
        while piece := client.recv(4096):
            pieces.append(piece)
    return b"".join(pieces)


def appearing(values: Iterable[bytes], raw: bytes) -> list[bytes]:
    """Return those values that stand in `raw`, the captured bytes, in any of their readings."""
    head, _, rest = raw.partition(b"\r\n\r\n")
    chunked = re.search(rb"(?i)^transfer-encoding:\s*chunked", head, re.MULTILINE) is not None
    body = without_chunks(rest) if chunked else rest
    texts = [raw, body, *(text.encode("utf-8", "replace") for text in json_texts(body))]
    return [value for value in values if any(value in text for text in texts)]


def without_chunks(framed: bytes) -> bytes:
    """Return the data of all chunks that came, joined."""
    data = b""
    while match := re.match(rb"([0-9a-fA-F]+)[^\r\n]*\r\n", framed):
        size = int(match[1], 16)
        data += framed[match.end() : match.end() + size]
        framed = framed[match.end() + size + 2 :]
    return data


def json_texts(body: bytes) -> Iterator[str]:
    """Give all text a JSON reader finds in `body`, as a whole if it is JSON, and in its parts."""
    text = body.decode("utf-8", "replace")
    with contextlib.suppress(ValueError):
        yield from _walk(json.loads(text))
    for literal in STRING.findall(text):
        try:
            yield str(json.loads(literal))
        except ValueError:
            continue


def _walk(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, member in value.items():
            yield str(key)
            yield from _walk(member)
    elif isinstance(value, list):
        for member in value:
            yield from _walk(member)
    else:
        yield str(value)


def main() -> int:
    """Check one answer as the module's text says."""
    port, target, file = sys.argv[1:]
    values = [value.encode() for value in json.loads(Path(file).read_text(encoding="utf-8"))]
    found = appearing(values, capture(int(port), target))
    print(f"{len(found)} of {len(values)} values appear")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
