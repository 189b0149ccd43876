"""The C null server against peers that share nothing with it: grpcio, h2load, raw HTTP/2, Envoy."""

from __future__ import annotations

import contextlib
import socket
import struct
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest

from extproc.envoy_api.messages import ProcessingRequest, ProcessingResponse
from loadtest.arm import NULL, OFF, running_server
from loadtest.clean_body import clean_body
from loadtest.direct import answer_bytes, run_direct
from loadtest.generator import Load, run_load
from loadtest.native import NativeTools
from loadtest.stage import ask_admin, running_stage
from loadtest.stored_exchange import METHOD, exchange_messages

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, SETTINGS, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = 0, 1, 4, 6, 7, 8, 9
END_STREAM, END_HEADERS, PADDED = 1, 4, 8
# ":method: POST", ":scheme: http", ":path: /", all by index: the server reads none of it.
BLOCK = b"\x83\x86\x84"


@pytest.fixture
def null_socket(tools: NativeTools, tmp_path: Path) -> Iterator[Path]:
    with running_server(NULL, tools, tmp_path) as server:
        yield server.socket


def ask(path: Path, *messages: bytes) -> list[bytes]:
    with grpc.insecure_channel(f"unix:{path}") as channel:
        return list(channel.stream_stream(METHOD, None, None)(iter(messages), timeout=10))


def frame(kind: int, flags: int, stream: int, payload: bytes = b"") -> bytes:
    return struct.pack("!I", len(payload))[1:] + struct.pack("!BBI", kind, flags, stream) + payload


class RawPeer:
    """An HTTP/2 connection by hand."""

    def __init__(self, path: Path, *, settings: bytes = b"") -> None:
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(5)
        self.socket.connect(str(path))
        self.reader = self.socket.makefile("rb")
        self.socket.sendall(PREFACE + frame(SETTINGS, 0, 0, settings))

    def read_until(self, kind: int, *, flags: int = 0) -> tuple[int, int, bytes]:
        """Return (flags, stream, payload) of the next frame of a kind; EOFError at the end."""
        while head := self.reader.read(9):
            size = int.from_bytes(head[:3], "big")
            payload = self.reader.read(size)
            if head[3] == kind and head[4] & flags == flags:
                return head[4], int.from_bytes(head[5:], "big"), payload
        raise EOFError


@contextlib.contextmanager
def raw_peer(path: Path, *, settings: bytes = b"") -> Iterator[RawPeer]:
    peer = RawPeer(path, settings=settings)
    with peer.socket, peer.reader:
        yield peer


def framed(message: bytes) -> bytes:
    return b"\0" + struct.pack("!I", len(message)) + message


@pytest.mark.full
@pytest.mark.parametrize(
    "kind", [field.name for field in ProcessingRequest.DESCRIPTOR.oneofs[0].fields]
)
def test_every_kind_of_message_is_answered_by_its_own_kind(null_socket: Path, kind: str) -> None:
    message = ProcessingRequest()
    getattr(message, kind).SetInParent()

    (answer,) = ask(null_socket, message.SerializeToString())

    assert ProcessingResponse.FromString(answer).WhichOneof("response") == kind


@pytest.mark.full
@pytest.mark.parametrize("size", [64, 16 * 1024, 200 * 1024, 5_000_000, 20_000_000])
def test_the_exchange_of_enforce_gets_three_answers_that_steer_the_modes(
    null_socket: Path, size: int
) -> None:
    answers = [
        ProcessingResponse.FromString(raw)
        for raw in ask(null_socket, *exchange_messages(clean_body(size)))
    ]

    assert [answer.WhichOneof("response") for answer in answers] == [
        "request_headers",
        "response_headers",
        "response_body",
    ]
    assert answers[0].HasField("mode_override")
    assert answers[0].mode_override.response_body_mode == 0
    assert answers[1].mode_override.response_body_mode == 2
    assert not answers[2].HasField("mode_override")


@pytest.mark.full
def test_the_kind_is_found_whatever_stands_before_it_in_the_message(null_socket: Path) -> None:
    # observability_mode (10), fixed32 and fixed64 of unknown fields, then response_body (5).
    odd = b"\x50\x01" + b"\xa5\x06\x01\x02\x03\x04" + b"\xa1\x06" + b"\x09" * 8 + b"\x2a\x00"

    (answer,) = ask(null_socket, odd)

    assert ProcessingResponse.FromString(answer).WhichOneof("response") == "response_body"


@pytest.mark.full
@pytest.mark.parametrize("junk", [b"", b"\xff" * 20, b"\x50\x01", b"\x57"])
def test_a_message_without_a_known_kind_ends_the_stream_as_invalid(
    null_socket: Path, junk: bytes
) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        ask(null_socket, junk)

    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert len(ask(null_socket, *exchange_messages(clean_body(64)))) == 3


@pytest.mark.full
def test_a_message_in_many_small_padded_frames_is_one_message(null_socket: Path) -> None:
    message = framed(exchange_messages(clean_body(64))[0])
    with raw_peer(null_socket) as peer:
        peer.socket.sendall(frame(HEADERS, 0, 1, BLOCK) + frame(CONTINUATION, END_HEADERS, 1))
        for byte in message:
            peer.socket.sendall(frame(DATA, PADDED, 1, bytes([3, byte]) + b"\0\0\0"))
        _, stream, payload = peer.read_until(DATA)

    assert stream == 1
    assert ProcessingResponse.FromString(payload[5:]).HasField("request_headers")


@pytest.mark.full
def test_answers_wait_for_the_peers_window(null_socket: Path) -> None:
    message = framed(exchange_messages(clean_body(64))[0])
    closed = struct.pack("!HI", 4, 0)
    with raw_peer(null_socket, settings=closed) as peer:
        peer.socket.sendall(frame(HEADERS, END_HEADERS, 1, BLOCK) + frame(DATA, 0, 1, message))
        peer.socket.sendall(frame(PING, 0, 0, b"12345678"))
        # The answer to the PING comes after everything before it was worked on.
        before = peer.read_until(PING, flags=1)
        peer.socket.sendall(frame(WINDOW_UPDATE, 0, 1, struct.pack("!I", 100)))
        _, stream, payload = peer.read_until(DATA)

    assert before[2] == b"12345678"
    assert stream == 1
    assert len(payload) > 5


@pytest.mark.full
@pytest.mark.parametrize(
    "wrong",
    [
        frame(DATA, 0, 0, b"x"),
        frame(DATA, 0, 1, b"x"),
        frame(HEADERS, END_HEADERS, 2, BLOCK),
        frame(HEADERS, 0, 1, BLOCK) + frame(PING, 0, 0, b"12345678"),
        frame(CONTINUATION, END_HEADERS, 1, BLOCK),
        frame(PING, 0, 0, b"1"),
        frame(SETTINGS, 0, 0, b"12345"),
        frame(SETTINGS, 0, 1),
        frame(WINDOW_UPDATE, 0, 0, b"\0\0\0\0"),
        frame(WINDOW_UPDATE, 0, 0, b"\x7f\xff\xff\xff"),
        frame(HEADERS, END_HEADERS | PADDED, 1, b"\x09abc"),
        b"\xff\xff\xff" + b"\0" * 20_000,
    ],
)
def test_a_frame_that_breaks_the_protocol_ends_the_connection_with_goaway(
    null_socket: Path, wrong: bytes
) -> None:
    with raw_peer(null_socket) as peer:
        peer.socket.sendall(wrong)
        _, _, payload = peer.read_until(GOAWAY)
        with pytest.raises((EOFError, ConnectionResetError)):
            peer.read_until(GOAWAY)

    assert payload[4:] != b"\0\0\0\0"
    assert len(ask(null_socket, *exchange_messages(clean_body(64)))) == 3


@pytest.mark.full
def test_h2load_gets_three_answers_to_every_exchange(tools: NativeTools, tmp_path: Path) -> None:
    # run_direct refuses figures of a server that left one stream or one answer out.
    figures = run_direct(
        [NULL], [1024, 200 * 1024], tools=tools, folder=tmp_path, runs=1, run_s=0.2
    )

    assert [each.body_bytes for each in figures] == [1024, 200 * 1024]
    assert all(each.per_s > 0 for each in figures)


@pytest.mark.full
def test_a_real_envoy_sends_exactly_three_messages_an_exchange_and_passes_the_body(
    tools: NativeTools, tmp_path: Path
) -> None:
    sizes = [1024, 200 * 1024]
    with running_stage([OFF, NULL], sizes, tools=tools, folder=tmp_path) as stage:
        for size in sizes:
            load = Load(stage.connect(NULL), f"/{size}", 200, 0.5, expect_bytes=size)
            seen = run_load(tools.generator, load)
            assert (seen.ok, seen.failed) == (100, 0)
        stats = ask_admin(tmp_path / "admin-address", "/stats?filter=http.null.ext_proc")

    counters = dict(line.split(": ") for line in stats.decode().splitlines())
    prefix = "http.null.ext_proc.weirline"
    assert counters[f"{prefix}.streams_started"] == "200"
    assert counters[f"{prefix}.stream_msgs_sent"] == "600"
    assert counters[f"{prefix}.stream_msgs_received"] == "600"
    assert counters[f"{prefix}.streams_failed"] == "0"
    assert counters[f"{prefix}.spurious_msgs_received"] == "0"


@pytest.mark.full
def test_the_answers_of_one_exchange_are_as_long_as_h2load_is_held_to(null_socket: Path) -> None:
    assert answer_bytes(null_socket, exchange_messages(clean_body(64))) == 3 * 5 + 6 + 8 + 4
