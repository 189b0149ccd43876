"""Events and lines through a real Envoy: one by one, and no value in the text a client joins."""

from __future__ import annotations

import gzip
import json
import socket
from collections.abc import Iterator

import pytest

from tests.system.conformance.place import CARD, TIMEOUT_S, stream
from tests.system.lab import REDACT, Lab, running_lab
from tests.system.wire import Gate, Reader, Request, chunk, chunked_head, get

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with running_lab(tmp_path_factory.mktemp("events"), REDACT) as lab:
        yield lab
        lab.assert_sound()


def delta(text: str) -> bytes:
    document = {"choices": [{"index": 0, "delta": {"content": text}}]}
    return b"data: " + json.dumps(document).encode() + b"\n\n"


def said(body: bytes) -> str:
    documents = [json.loads(line[6:]) for line in body.splitlines() if line.startswith(b"data: {")]
    return "".join(each["choices"][0]["delta"]["content"] for each in documents)


@pytest.mark.parametrize("width", [1, 2, 5, 11])
def test_value_that_a_model_says_in_pieces_is_never_heard(lab: Lab, width: int) -> None:
    text = "The card is " + CARD.decode() + ", and all is well."
    events = [delta(text[at : at + width]) for at in range(0, len(text), width)]
    answer = lab.ask(get("/a"), stream(*events, content_type="text/event-stream"))
    assert answer.complete
    heard = said(answer.body)
    assert len(heard) == len(text)
    assert heard.startswith("The card is ")
    assert heard.endswith(", and all is well.")
    assert not any(each.isdigit() for each in heard)


def test_packed_events_are_read_too(lab: Lab) -> None:
    packed = gzip.compress(b"".join(delta(part) for part in ("a ", CARD.decode()[:9])))
    packed += gzip.compress(delta(CARD.decode()[9:] + "."))
    parts = [packed[at : at + 20] for at in range(0, len(packed), 20)]
    answer = lab.ask(
        get("/a"),
        stream(*parts, content_type="text/event-stream", extra="content-encoding: gzip\r\n"),
    )
    assert not any(each.isdigit() for each in said(gzip.decompress(answer.body)))


def test_lines_of_records_are_masked_one_by_one(lab: Lab) -> None:
    lines = [b'{"n":%d,"text":"%b"}\n' % (each, CARD) for each in range(5)]
    answer = lab.ask(get("/a"), stream(*lines, content_type="application/x-ndjson"))
    assert CARD not in answer.body
    assert [json.loads(line)["n"] for line in answer.body.splitlines()] == list(range(5))


def test_event_leaves_before_the_next_has_come(lab: Lab) -> None:
    first = delta("nothing is open here. ")

    def script(connection: socket.socket, _: Request) -> None:
        connection.sendall(chunked_head(content_type="text/event-stream") + chunk(first))
        gate.wait()
        connection.sendall(chunk(delta("end")) + chunk(b"") + b"\r\n")

    lab.play(script)
    with (
        Gate() as gate,
        socket.create_connection(("127.0.0.1", lab.port), timeout=TIMEOUT_S) as connection,
    ):
        connection.sendall(get("/a"))
        reader = Reader(connection)
        assert reader.until(first) is not None
        gate.open()
        assert delta("end") in reader.rest()
