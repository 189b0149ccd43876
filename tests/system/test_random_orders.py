"""Exchanges in random shapes through a real Envoy, in every body mode: 500 orders of messages.

Bodies in any pieces, trailers, clients and services that go away in the middle, answers before the
request has ended: Envoy makes of it whatever order it makes. It must never get an answer out of
turn, nothing raw may come out, and the next exchange must be served.
"""

from __future__ import annotations

import random
import socket
import struct
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.system.conformance.place import CARD
from tests.system.lab import BLOCK, REDACT, Lab, running_lab
from tests.system.wire import (
    Reader,
    Request,
    Script,
    always,
    chunk,
    chunked_head,
    get,
    read_answer,
    whole,
)

if TYPE_CHECKING:
    from ruamel.yaml.comments import CommentedMap

pytestmark = pytest.mark.full

ORDERS = 100  # in each of five places
TIMEOUT_S = 20.0
TYPES = ("application/json", "text/plain", "text/html", "application/octet-stream")
WORDS = b"river stone bridge "
MODES = {
    "enforce": ("enforce", "", ""),
    "streaming": ("streaming", "", ""),
    "streamed": ("enforce", "STREAMED", "STREAMED"),
    "buffered": ("enforce", "BUFFERED", "BUFFERED"),
    "mixed": ("enforce", "STREAMED", "BUFFERED"),
}


def pieces(rng: random.Random) -> list[bytes]:
    """A body with a value somewhere, cut anywhere."""
    body = (
        WORDS * rng.randrange(200)
        + rng.choice([CARD, b"", CARD])
        + b" "
        + WORDS * rng.randrange(50)
    )
    cuts = sorted(rng.randrange(len(body) + 1) for _ in range(rng.randrange(5)))
    return [body[one:other] for one, other in zip([0, *cuts], [*cuts, len(body)], strict=True)]


def reset(connection: socket.socket) -> None:
    """Go away without a word: RST instead of FIN."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def service(rng: random.Random) -> Script:
    """A service that answers in one of many ways, some of them broken."""
    parts, kind = pieces(rng), rng.choice(TYPES)
    ending = rng.choice(["end", "end", "end", "trailers", "reset", "short"])
    bare = rng.choice([b"", b"HTTP/1.1 204 No Content\r\n\r\n", b"HTTP/1.1 304 OK\r\n\r\n"])
    known = rng.random() < 0.3

    def script(connection: socket.socket, _: Request) -> None:
        if bare and ending == "end":
            connection.sendall(bare)
            return
        if known:
            connection.sendall(whole(b"".join(parts), content_type=kind))
            return
        connection.sendall(chunked_head(content_type=kind))
        for part in parts:
            if part:
                connection.sendall(chunk(part))
        if ending in ("reset", "short"):
            reset(connection) if ending == "reset" else connection.close()
            return
        trailer = b"x-sum: " + CARD + b"\r\n" if ending == "trailers" else b""
        connection.sendall(chunk(b"") + trailer + b"\r\n")

    return script


def client(port: int, rng: random.Random) -> bytes:
    """Send a request in one of many ways and return every byte that came back."""
    parts, way = pieces(rng), rng.choice(["get", "whole", "chunks", "chunks", "leave", "reset"])
    with socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_S) as connection:
        reader = Reader(connection)
        head = b"POST /a HTTP/1.1\r\nhost: api.test\r\nconnection: close\r\n"
        head += b"content-type: " + rng.choice(TYPES).encode() + b"\r\n"
        with suppress(OSError):
            if way == "get":
                connection.sendall(get("/a"))
            elif way == "whole":
                body = b"".join(parts)
                connection.sendall(head + b"content-length: %d\r\n\r\n" % len(body) + body)
            else:
                connection.sendall(head + b"transfer-encoding: chunked\r\n\r\n")
                for part in parts:
                    if part:
                        connection.sendall(chunk(part))
                if way == "leave":
                    return reader.raw
                if way == "reset":
                    reset(connection)
                    return reader.raw
                connection.sendall(chunk(b"") + b"\r\n")
            read_answer(reader)
        return reader.raw


def counters(lab: Lab) -> dict[str, int]:
    return lab.envoy.counters(r"^http\.ingress\.ext_proc\.weirline\.")


@pytest.mark.parametrize("mode", MODES)
def test_envoy_gets_no_answer_out_of_turn_and_nothing_raw(mode: str, tmp_path: Path) -> None:
    wiring, request, response = MODES[mode]

    def configured(config: CommentedMap) -> None:
        if request:
            config["processing_mode"]["request_body_mode"] = request
            config["processing_mode"]["response_body_mode"] = response
            config["processing_mode"]["request_trailer_mode"] = "SEND"
            config["processing_mode"]["response_trailer_mode"] = "SEND"
            config["allow_mode_override"] = False
        config["message_timeout"] = "10s"

    rng = random.Random(f"{mode}: orders")
    seen: Counter[str] = Counter()
    policy = BLOCK if mode == "mixed" else REDACT
    with running_lab(tmp_path, policy, wiring=wiring, edit=configured) as lab:
        for number in range(ORDERS):
            lab.play(service(rng))
            raw = client(lab.port, rng)
            assert CARD not in raw, number
            assert not any(CARD in each.body for each in lab.service.seen), number
            seen[raw[9:12].decode("ascii", "replace") or "none"] += 1
            if number % 10 == 9:
                answer = lab.ask(get("/calm"), always(whole(b'{"calm": true}')))
                assert answer.body == b'{"calm": true}', number
        lab.settle()
        prefix = "http.ingress.ext_proc.weirline."
        counted = counters(lab)
        assert counted.get(prefix + "spurious_msgs_received", 0) == 0
        assert counted.get(prefix + "message_timeouts", 0) == 0
        assert counted.get(prefix + "failure_mode_allowed", 0) == 0
        faults = lab.metric_by("weirline_faults_total", "kind")
        assert not any(faults.values()), lab.sidecar.log()[-2000:]
        assert lab.envoy.running
    print(mode, dict(seen))
