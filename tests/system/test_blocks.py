"""What a block lets through: of a request nothing, of a response no byte, of a stream no value."""

from __future__ import annotations

import socket
from pathlib import Path
from threading import Event

import pytest

from tests.system.lab import policy_text, running_lab, value
from tests.system.wire import Reader, Request, chunk, chunked_head, get, post, whole

pytestmark = pytest.mark.full

FIELDS = {
    "status": "%RESPONSE_CODE%",
    "decision": "%DYNAMIC_METADATA(weirline:decision)%",
    "findings": "%DYNAMIC_METADATA(weirline:findings)%",
}


@pytest.mark.promise(28)
def test_block_of_request_response_and_late_stream(tmp_path: Path) -> None:
    card = value("payment_card")
    body = b'{"card": "%b"}' % card
    block = policy_text("{block: {status: 403}}")
    with running_lab(tmp_path, block, access_log=FIELDS) as lab:
        request = lab.ask(post("/a", body))
        assert request.status == 403
        assert lab.service.seen == []

        def plain(connection: socket.socket, _: Request) -> None:
            connection.sendall(whole(body))

        response = lab.ask(get("/a"), plain)
        assert response.status == 403
        assert b"card" not in response.body
        assert card not in response.raw

        arrived = Event()

        def late(connection: socket.socket, _: Request) -> None:
            connection.sendall(chunked_head(content_type="text/plain"))
            connection.sendall(chunk(b"clean text " * 10_000))
            assert arrived.wait(10)
            for part in (b"card %b " % card, b"the rest " * 1000, b""):
                connection.sendall(chunk(part))
            connection.sendall(b"\r\n")

        lab.play(late)
        with socket.create_connection(("127.0.0.1", lab.port), timeout=10) as client:
            client.sendall(get("/a"))
            reader = Reader(client)
            assert reader.until(b"clean text") is not None
            arrived.set()
            while reader.more():
                continue
        assert reader.raw.startswith(b"HTTP/1.1 200")
        assert not reader.raw.endswith(b"0\r\n\r\n")
        assert b"the rest" not in reader.raw
        assert card not in reader.raw
        lines = lab.logged(3)
    assert [line["decision"] for line in lines] == ["blocked", "blocked", "cut"]
    assert [line["findings"] for line in lines] == [1, 1, 1]
