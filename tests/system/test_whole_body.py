"""All of a 200 KB body is looked at, whole or in chunks: its ends, and what a border parts."""

from __future__ import annotations

import json
import random
import socket
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from loadtest.clean_body import clean_body
from tests.system.lab import REDACT, SEED, Lab, running_lab
from tests.system.wire import Reader, Request, chunk, chunked_head, get, read_chunked, whole
from weirline.specimen import SPECIMENS

pytestmark = pytest.mark.slow

BODY_BYTES = 200_000
VALUES = 25
FILLER_BYTES = BODY_BYTES // (VALUES - 1)
TIMEOUT_S = 20.0


@dataclass(frozen=True, slots=True)
class Planted:
    """A body of `BODY_BYTES` or a little more, and the chunks that part every value inside."""

    values: tuple[bytes, ...]
    chunks: tuple[bytes, ...]

    @property
    def body(self) -> bytes:
        return b"".join(self.chunks)

    def left_in(self, raw: bytes) -> list[int]:
        return [number for number, each in enumerate(self.values) if each in raw]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with running_lab(tmp_path_factory.mktemp("whole"), REDACT) as lab:
        yield lab
        lab.assert_in_step()


@pytest.fixture(scope="module")
def planted() -> Planted:
    """A value first, one last, and between them one across each border, cut somewhere else."""
    rng = random.Random(SEED)
    specimen = SPECIMENS["payment_card"]
    values = tuple(specimen.valid(rng) for _ in range(VALUES))
    chunks = []
    part = b'["%b",%b' % (values[0], _filler())
    for value in values[1:-1]:
        cut = rng.randrange(1, len(value))
        chunks.append(part + b',"' + value[:cut])
        part = value[cut:] + b'",' + _filler()
    chunks.append(part + b',"%b"]' % values[-1])
    return Planted(values, tuple(chunks))


@pytest.mark.promise(21)
def test_twenty_five_of_twenty_five_values_are_masked_in_a_whole_body(
    lab: Lab, planted: Planted
) -> None:
    answer = lab.ask(get("/a"), lambda connection, _: connection.sendall(whole(planted.body)))
    assert answer.status == 200
    _judge(planted, answer.raw, answer.body)


@pytest.mark.promise(21)
def test_twenty_five_of_twenty_five_values_are_masked_across_every_border_of_a_stream(
    lab: Lab, planted: Planted
) -> None:
    before = lab.sent()
    raw, body = _streamed(lab, planted)
    _judge(planted, raw, body)
    assert lab.sent() - before >= 2 + len(planted.chunks)  # no two chunks came as one


def _judge(planted: Planted, raw: bytes, body: bytes) -> None:
    assert len(planted.values) == VALUES
    assert len(planted.body) >= BODY_BYTES
    assert planted.left_in(planted.body) == list(range(VALUES))
    assert planted.left_in(raw) == []
    assert len(body) == len(planted.body)
    changed = sum(one != other for one, other in zip(body, planted.body, strict=True))
    assert changed <= sum(map(len, planted.values))
    assert len(json.loads(body)) == len(json.loads(planted.body))


def _filler() -> bytes:
    body = clean_body(FILLER_BYTES)
    json.loads(body)
    return body


def _streamed(lab: Lab, planted: Planted) -> tuple[bytes, bytes]:
    """Send each chunk when the client has what came before the value that is cut."""
    seen, tell = socket.socketpair()

    def script(connection: socket.socket, _: Request) -> None:
        connection.sendall(chunked_head() + chunk(planted.chunks[0]))
        for each in planted.chunks[1:]:
            seen.recv(1)
            connection.sendall(chunk(each))
        connection.sendall(chunk(b"") + b"\r\n")

    lab.play(script)
    with (
        seen,
        tell,
        socket.create_connection(("127.0.0.1", lab.port), timeout=TIMEOUT_S) as connection,
    ):
        seen.settimeout(TIMEOUT_S)
        connection.sendall(get("/a"))
        reader = Reader(connection)
        sent = 0
        for each in planted.chunks[:-1]:
            sent += len(each)
            while len(reader.raw) < sent - len(each) // 2:
                assert reader.more()
            tell.send(b"x")
        assert reader.until(b"\r\n\r\n") is not None
        body, _, complete = read_chunked(reader)
        assert complete
        return reader.raw, body
