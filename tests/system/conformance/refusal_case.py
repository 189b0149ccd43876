"""Cases about refusing a message at each of its phases."""

from __future__ import annotations

import socket
from contextlib import suppress
from typing import TYPE_CHECKING

import grpc

from tests.system.conformance.place import CARD, TIMEOUT_S, Place, stream
from tests.system.lab import BLOCK, running_lab
from tests.system.wire import (
    Gate,
    Reader,
    Request,
    always,
    chunk,
    chunked_head,
    get,
    post,
    whole,
)

if TYPE_CHECKING:
    from ruamel.yaml.comments import CommentedMap


def block_at_request_headers(place: Place) -> None:
    lab = place.blocking
    answer = lab.ask(get("/a", extra="x-note: " + CARD.decode() + "\r\n"), always(whole(b"{}")))
    assert (answer.status, len(lab.service.seen)) == (403, 0)
    assert answer.body == b'{"error":"blocked by data policy"}\n'


def block_at_request_body(place: Place) -> None:
    lab = place.blocking
    answer = lab.ask(post("/a", b'{"card":"%b"}' % CARD), always(whole(b"{}")))
    assert (answer.status, len(lab.service.seen)) == (403, 0)


def block_at_response_headers(place: Place) -> None:
    head = "x-note: " + CARD.decode() + "\r\n"
    answer = place.blocking.ask(get("/a"), always(whole(b'{"secret":"body"}', extra=head)))
    assert answer.status == 403
    assert b"secret" not in answer.raw
    assert CARD not in answer.raw


def block_at_response_body(place: Place) -> None:
    answer = place.blocking.ask(get("/a"), always(whole(b'{"keep":"this","card":"%b"}' % CARD)))
    assert answer.status == 403
    assert b"keep" not in answer.raw
    assert CARD not in answer.raw


def block_in_a_chunked_response(place: Place) -> None:
    answer = place.blocking.ask(get("/a"), stream(b'{"card":"%b"}' % CARD))
    assert CARD not in answer.raw
    assert answer.status == 403 or not answer.complete


def block_at_a_later_chunk(place: Place) -> None:
    lab = place.blocking

    def script(connection: socket.socket, _: Request) -> None:
        connection.sendall(chunked_head() + chunk(b'{"first":1}\n'))
        # The client closes our side through Envoy once the stream has been cut.
        arrived.wait()
        connection.sendall(chunk(b'{"card":"%b"}\n' % CARD))
        with suppress(OSError):
            connection.recv(1)

    lab.play(script)
    with (
        Gate() as arrived,
        socket.create_connection(("127.0.0.1", lab.port), timeout=TIMEOUT_S) as connection,
    ):
        connection.sendall(get("/a"))
        reader = Reader(connection)
        assert reader.until(b'{"first":1}\n') is not None
        arrived.open()
        reader.rest()
    assert CARD not in reader.raw
    assert b"0\r\n\r\n" not in reader.raw


def grpc_call_is_refused_in_its_own_terms(place: Place) -> None:
    lab = place.blocking
    lab.play(always(whole(b"{}")))
    with grpc.insecure_channel(f"127.0.0.1:{lab.port}") as channel:
        call = channel.unary_unary("/shop.Cards/Get", bytes, bytes)
        future = call.future(b"", metadata=(("x-note", CARD.decode()),), timeout=TIMEOUT_S)
        assert future.code() is grpc.StatusCode.PERMISSION_DENIED
        assert CARD.decode() not in (future.details() or "")
    assert not lab.service.seen


def refusals_disabled(place: Place) -> None:
    def edit(config: CommentedMap) -> None:
        config["disable_immediate_response"] = True

    with running_lab(place.folder, BLOCK, edit=edit) as lab:
        answer = lab.ask(get("/a"), always(whole(b'{"card":"%b"}' % CARD)))
        assert answer.status == 500
        assert CARD not in answer.raw
        assert lab.envoy.counter("spurious_msgs_received") == 1
