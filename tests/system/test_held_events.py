"""On the fast transport an event that waits for the next one does not wait for ever."""

from __future__ import annotations

import json
import socket
import time
from pathlib import Path

import pytest

from tests.fakes.fast_transport import FULL
from tests.system.conformance.place import CARD, TIMEOUT_S
from tests.system.lab import REDACT, running_lab
from tests.system.wire import Gate, Reader, Request, chunk, chunked_head, get

pytestmark = [pytest.mark.slow, FULL]

LONGEST_S = 2.0  # 50 ms, and a machine that is busy with something else


def delta(text: str) -> bytes:
    return b"data: " + json.dumps({"delta": text}).encode() + b"\n\n"


def test_event_with_an_open_value_leaves_after_a_while(tmp_path: Path) -> None:
    first, rest = delta("card " + CARD.decode()[:7]), delta(CARD.decode()[7:] + " end")

    def script(connection: socket.socket, _: Request) -> None:
        connection.sendall(chunked_head(content_type="text/event-stream") + chunk(first))
        gate.wait()
        connection.sendall(chunk(rest) + chunk(b"") + b"\r\n")

    with running_lab(tmp_path, REDACT, flags=["--transport", "h2"]) as lab:
        lab.play(script)
        with (
            Gate() as gate,
            socket.create_connection(("127.0.0.1", lab.port), timeout=TIMEOUT_S) as connection,
        ):
            began = time.monotonic()
            connection.sendall(get("/a"))
            reader = Reader(connection)
            assert reader.until(first) is not None
            assert time.monotonic() - began < LONGEST_S
            gate.open()
            body = reader.rest()
        # What has left cannot be recalled; what comes after it is masked all the same.
        assert CARD[7:] not in body
        lab.settle()
        assert lab.metric("weirline_unscanned_total", reason="hold_back") == 1
        lab.assert_sound()
