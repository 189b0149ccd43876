"""WebSocket through a real Envoy: both directions, fragments, pings, blocks."""

from __future__ import annotations

import itertools
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.system.conformance.place import CARD, TIMEOUT_S
from tests.system.lab import BLOCK, REDACT, Lab, running_lab
from tests.system.wire import Reader, Request
from tests.weirline.flow.websocket import KEY, ws
from weirline.body.websocket import Opcode, WebSocketFrame, WebSocketReader

pytestmark = pytest.mark.slow

MASKED = bytes(byte if byte in b" -" else ord("*") for byte in CARD)
GRANTED = b"HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n\r\n"


def echo(connection: socket.socket, _: Request) -> None:
    """Send every frame back unmasked, fragments as they came."""
    connection.sendall(GRANTED)
    reader = WebSocketReader(1 << 20)
    while data := connection.recv(1 << 16):
        for frame in reader.feed(data):
            opcode = Opcode.PONG if frame.opcode is Opcode.PING else frame.opcode
            connection.sendall(ws(frame.payload, opcode, final=frame.final))


@contextmanager
def connected(lab: Lab) -> Iterator[socket.socket]:
    lab.play(echo)
    with socket.create_connection(("127.0.0.1", lab.port), timeout=TIMEOUT_S) as connection:
        connection.sendall(
            b"GET /socket HTTP/1.1\r\nhost: api.test\r\nconnection: Upgrade\r\n"
            b"upgrade: websocket\r\nsec-websocket-version: 13\r\n"
            b"sec-websocket-extensions: permessage-deflate\r\n"
            b"sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
        )
        head = Reader(connection).until(b"\r\n\r\n")
        assert head is not None
        assert b"101" in head
        yield connection


def frames(connection: socket.socket, count: int) -> list[WebSocketFrame]:
    reader = WebSocketReader(1 << 20)
    got: list[WebSocketFrame] = []
    while len(got) < count:
        data = connection.recv(1 << 16)
        assert data, "the connection ended"
        got.extend(reader.feed(data))
    return got


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("websocket")
    with running_lab(folder, REDACT, flags=["--tunnels", "websocket"]) as lab:
        yield lab
        lab.assert_sound()


def test_messages_are_masked_and_extensions_not_agreed_on(lab: Lab) -> None:
    with connected(lab) as connection:
        for text in (b"hello", b"card " + CARD + b" end", b"", (CARD + b", ") * 100):
            connection.sendall(ws(text, key=KEY))
            (got,) = frames(connection, 1)
            assert got.payload == text.replace(CARD, MASKED) or CARD not in got.payload
            assert len(got.payload) == len(text)
    assert lab.service.seen[0].header(b"sec-websocket-extensions") is None


@pytest.mark.promise(18)
def test_value_over_fragments_and_over_messages_never_passes_whole(lab: Lab) -> None:
    middle = len(CARD) // 2
    first, second = CARD[:middle], CARD[middle:]
    with connected(lab) as connection:
        connection.sendall(
            ws(first, final=False, key=KEY)
            + ws(b"are you there", 9, key=KEY)
            + ws(second, 0, key=KEY)
        )
        pong, one, two = frames(connection, 3)
        assert (pong.opcode, pong.payload) == (Opcode.PONG, b"are you there")
        assert one.payload + two.payload == MASKED
        for part in (b"the card is " + first, second + b" and that is it"):
            connection.sendall(ws(part, key=KEY))
        one, two = frames(connection, 2)
        assert CARD not in one.payload[12:] + two.payload
        assert two.payload == MASKED[middle:] + b" and that is it"


def test_value_is_masked_wherever_its_bytes_are_cut(lab: Lab) -> None:
    wire = ws(b"card " + CARD, key=KEY)
    with connected(lab) as connection:
        for begin, end in itertools.pairwise([*range(0, len(wire), 5), len(wire)]):
            connection.sendall(wire[begin:end])
        (got,) = frames(connection, 1)
        assert got.payload == b"card " + MASKED


def test_block_closes_with_policy_violation_and_nothing_of_it_reaches_the_service(
    tmp_path: Path,
) -> None:
    with running_lab(tmp_path, BLOCK, flags=["--tunnels", "websocket"]) as lab:
        with connected(lab) as connection:
            connection.sendall(ws(b"fine", key=KEY) + ws(CARD, key=KEY) + ws(b"after", key=KEY))
            fine, close = frames(connection, 2)
            assert fine.payload == b"fine"
            assert (close.opcode, close.payload) == (Opcode.CLOSE, b"\x03\xf0")
            with suppress(OSError):
                connection.shutdown(socket.SHUT_WR)
        lab.settle()
        assert lab.metric("weirline_flows_total", outcome="cut") == 1
