"""Bodies made to fill a memory or to take for ever: each ends in time, and in bounded memory."""

from __future__ import annotations

import gc
import gzip
import random
import re
import socket
import time
import zlib
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING

import brotli
import pytest
import zstandard

from extproc.envoy_api.messages import HttpBody, HttpHeaders, ProcessingRequest
from tests.playbook import REDACT_BOTH, factory, header_map, policy
from tests.system.conformance.place import stream
from tests.system.lab import REDACT, Lab, policy_text, running_lab
from tests.system.wire import Request, Script, always, chunk, chunked_head, get, whole
from tests.weirline.flow.protobuf import text, varint

if TYPE_CHECKING:
    from ruamel.yaml.comments import CommentedMap

pytestmark = pytest.mark.slow

MIB = 1 << 20
GROWTH_LIMIT_KB = 64_000_000 // 1024
SECONDS_EACH = 5.0


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    def patient(config: CommentedMap) -> None:
        config["message_timeout"] = "5s"  # what is judged here is bounded by SECONDS_EACH

    with running_lab(tmp_path_factory.mktemp("bombs"), REDACT, edit=patient) as lab:
        yield lab
        lab.assert_sound()


def peak_kb(lab: Lab) -> int:
    status = Path(f"/proc/{lab.sidecar.pid}/status").read_text(encoding="utf-8")
    peak = re.search(r"^VmHWM:\s+(\d+) kB$", status, re.MULTILINE)
    assert peak is not None
    return int(peak[1])


def coded(coding: str, size: int, filling: bytes = b"\0") -> bytes:
    text_ = filling * (size // len(filling))
    match coding:
        case "gzip":
            return gzip.compress(text_, 6)
        case "deflate":
            return zlib.compress(text_, 6)
        case "br":
            return bytes(brotli.compress(text_, quality=1))
        case _:
            return zstandard.compress(text_, 1)


def bombs() -> dict[str, tuple[str, str, bytes]]:
    """Name: content type, content-encoding, body; 40 of them."""
    made: dict[str, tuple[str, str, bytes]] = {}
    for coding in ("gzip", "deflate", "br", "zstd"):
        big = coded(coding, 30 * MIB)
        made[f"{coding} of zeros"] = ("text/plain", coding, big[:MIB])
        made[f"{coding} within the ratio"] = (
            "application/json",
            coding,
            coded(coding, 9 * MIB, random.Random(1).randbytes(1500).hex().encode()),
        )
        made[f"{coding} cut short"] = ("text/plain", coding, big[: len(big) // 2])
        made[f"{coding} of lookalikes"] = (
            "text/plain",
            coding,
            coded(coding, MIB >> 3, b"4111 1111 "),
        )
        made[f"{coding} in gzip"] = ("text/plain", f"{coding}, gzip", gzip.compress(big))
        made[f"{coding} as json"] = ("application/json", coding, coded(coding, MIB >> 1, b'{"a":['))
        made[f"{coding} of grpc"] = ("application/grpc", coding, big[:MIB])
    made["many members"] = ("text/plain", "gzip", gzip.compress(b"") * 50_000)
    made["many frames"] = ("text/plain", "zstd", zstandard.compress(b"x") * 60_000)
    made["four codings"] = (
        "text/plain",
        "gzip, br, zstd, gzip",
        gzip.compress(zstandard.compress(brotli.compress(coded("gzip", 20 * MIB), quality=1))),
    )
    made["deep json"] = ("application/json", "", b"[" * 100_000 + b"]" * 100_000)
    made["deep json in events"] = ("text/event-stream", "", b"data: " + b'{"text":' * 100_000)
    made["deep protobuf"] = ("application/x-protobuf", "", nested(2_000))
    made["many fields"] = ("application/x-protobuf", "", b"\x08\x01" * 500_000)
    made["packed numbers"] = ("application/x-protobuf", "", text(1, varint(4 * 10**15) * 20_000))
    made["frame of 4 GiB"] = ("application/grpc", "", b"\x00\xff\xff\xff\xff" + bytes(1000))
    made["many frames of nothing"] = ("application/grpc", "", bytes(5) * 100_000)
    made["event without an end"] = ("text/event-stream", "", b"data: " + b"x" * MIB)
    made["many events"] = ("text/event-stream", "", b"\n\n" * 200_000)
    return made


def nested(depth: int) -> bytes:
    message = b"core"
    for _ in range(depth):
        message = text(1, message)
    return message


BOMBS = bombs()


def test_there_are_forty() -> None:
    assert len(BOMBS) == 40


@pytest.mark.parametrize("whole_body", [True, False], ids=["whole", "stream"])
def test_bombs_end_in_time_and_in_bounded_memory(lab: Lab, *, whole_body: bool) -> None:
    lab.ask(get("/warm"), always(whole(b"{}")))
    before = peak_kb(lab)
    for name, (content_type, coding, body) in BOMBS.items():
        extra = f"content-encoding: {coding}\r\n" if coding else ""
        script = (
            always(whole(body, content_type=content_type, extra=extra))
            if whole_body
            else stream(
                *(body[at : at + 65_536] for at in range(0, len(body), 65_536)),
                content_type=content_type,
                extra=extra,
            )
        )
        began = time.monotonic()
        answer = lab.ask(get("/a"), script)
        taken = time.monotonic() - began
        assert answer.status in (0, 200, 403), name
        assert taken < SECONDS_EACH, f"{name}: {taken:.1f} s"
    growth = peak_kb(lab) - before
    print(f"{len(BOMBS)} bombs: {growth} kB more")
    assert growth < GROWTH_LIMIT_KB


@pytest.mark.parametrize("whole_body", [True, False], ids=["whole", "stream"])
def test_no_bomb_leaves_a_cycle_behind(*, whole_body: bool) -> None:
    """What is in a cycle, an error with its frames say, stays until the collector comes by."""
    opener = factory(policy(REDACT_BOTH)).open
    for name, (content_type, coding, body) in BOMBS.items():
        fields = [(":status", "200"), ("content-type", content_type)]
        fields += [("content-encoding", coding)] if coding else []
        fields += [("content-length", str(len(body)))] if whole_body else []
        gc.collect()
        session = opener()
        session.receive(
            ProcessingRequest(
                response_headers=HttpHeaders(headers=header_map(fields))
            ).SerializeToString()
        )
        size = len(body) if whole_body else 65_536
        for at in range(0, len(body), size):
            part = HttpBody(body=body[at : at + size], end_of_stream=at + size >= len(body))
            session.receive(ProcessingRequest(response_body=part).SerializeToString())
        session.ended(True)
        del session
        assert gc.collect() == 0, name


@pytest.mark.full
@pytest.mark.long
def test_stream_of_a_gibibyte_is_masked_within_eighty_megabytes(tmp_path: Path) -> None:
    piece = b"river stone bridge " * 3449 + b"card 4111 1111 1111 1111.\n"
    pieces = (1 << 30) // len(piece)

    def script(connection: socket.socket, _: Request) -> None:
        connection.sendall(chunked_head(content_type="text/plain"))
        for _number in range(pieces):
            connection.sendall(chunk(piece))
        connection.sendall(chunk(b"") + b"\r\n")

    rules = policy_text("{redact: {mask: {}}}", defaults="defaults: {body_over: {limit: 4GiB}}")
    with running_lab(tmp_path, rules) as lab:
        received, raw = fetch(lab, script)
        assert received == pieces * len(piece)
        assert not raw
        resident = peak_kb(lab)
        print(f"1 GiB: {resident} kB resident at most")
        assert resident < 80_000_000 // 1024


def fetch(lab: Lab, script: Script) -> tuple[int, bool]:
    """Read a chunked answer without keeping it: its length, and whether a raw value was in it."""
    lab.play(script)
    received, raw, tail = 0, False, b""
    connection = HTTPConnection("127.0.0.1", lab.port, timeout=60)
    with closing(connection):
        connection.request("GET", "/a", headers={"host": "api.test"})
        answer = connection.getresponse()
        while data := answer.read(1 << 18):
            received += len(data)
            raw = raw or b"4111 1111" in tail + data
            tail = data[-20:]
    return received, raw
