"""Cases about bodies, whole and in chunks."""

from __future__ import annotations

import socket

from tests.system.conformance.place import CARD, TIMEOUT_S, Place, stream
from tests.system.lab import until
from tests.system.wire import (
    Reader,
    always,
    chunk,
    get,
    post,
    read_answer,
    whole,
)


def empty_bodies_are_answered(place: Place) -> None:
    lab = place.redacting
    lab.play(always(whole(b"{}")))
    assert lab.ask(post("/a", b"")).status == 200
    chunked = (
        b"POST /a HTTP/1.1\r\nhost: api.test\r\nconnection: close\r\n"
        b"transfer-encoding: chunked\r\n\r\n0\r\n\r\n"
    )
    assert lab.ask(chunked).status == 200
    assert [request.body for request in lab.service.seen] == [b"", b""]
    assert lab.ask(get("/b"), stream()).body == b""


def last_empty_chunk_flushes(place: Place) -> None:
    answer = place.redacting.ask(get("/a"), stream(b"call " + CARD))
    assert answer.complete
    assert len(answer.body) == len(b"call " + CARD)
    assert CARD not in answer.raw
    answer = place.redacting.ask(get("/a"), stream(b"call " + CARD[:6]))
    assert answer.body == b"call " + CARD[:6]


def length_stays_true(place: Place) -> None:
    body = b'{"card":"%b","n":1}' % CARD
    answer = place.redacting.ask(get("/a"), always(whole(body)))
    assert answer.header(b"content-length") == b"%d" % len(body)
    assert len(answer.body) == len(body)
    assert answer.body.startswith(b'{"card":"')
    assert answer.body.endswith(b'","n":1}')
    assert CARD not in answer.raw
    lab = place.redacting
    lab.ask(post("/a", body), always(whole(b"{}")))
    (seen,) = lab.service.seen
    assert seen.header(b"content-length") == b"%d" % len(body)
    assert len(seen.body) == len(body)
    assert CARD not in seen.body


def streamed_request_keeps_its_framing(place: Place) -> None:
    lab = place.redacting
    lab.play(always(whole(b"{}")))
    answer = lab.ask(
        b"POST /a HTTP/1.1\r\nhost: api.test\r\nconnection: close\r\n"
        b"content-type: text/plain\r\ntransfer-encoding: chunked\r\n\r\n"
        + chunk(b"pay " + CARD[:9])
        + chunk(CARD[9:] + b" now")
        + chunk(b"")
        + b"\r\n"
    )
    assert answer.status == 200
    (seen,) = lab.service.seen
    assert seen.header(b"content-length") is None
    assert CARD not in seen.body
    assert seen.body.startswith(b"pay ")
    assert seen.body.endswith(b" now")


def whole_body_may_come_first(place: Place) -> None:
    body = b'{"card":"%b"}' % CARD + b" " * 200_000
    answer = place.redacting.ask(get("/a"), always(whole(body)))
    assert answer.complete
    assert len(answer.body) == len(body)
    assert CARD not in answer.raw


def whole_request_may_come_first(place: Place) -> None:
    lab = place.redacting
    body = b'{"card":"%b"}' % CARD + b" " * 200_000
    lab.ask(post("/a", body), always(whole(b"{}")))
    (seen,) = lab.service.seen
    assert len(seen.body) == len(body)
    assert CARD not in seen.body


def full_body_of_values_is_in_time(place: Place) -> None:
    line = b'{"card":"%b"},\n' % CARD
    body = (line * (1_000_000 // len(line) + 1))[: 1 << 20]
    lab = place.redacting
    before = lab.envoy.counter("message_timeouts")
    answer = lab.ask(get("/a"), always(whole(body)))
    assert lab.envoy.counter("message_timeouts") == before
    assert CARD not in answer.raw
    assert answer.status in (200, 403)


def large_answers_to_a_slow_client(place: Place) -> None:
    lab = place.redacting
    line = b'{"card":"%b","pad":"%b"}\n' % (CARD, b"x" * 4000)
    parts = [line * 16 for _ in range(5_000_000 // (len(line) * 16))]
    lab.play(stream(*parts))
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16_384)
        connection.settimeout(TIMEOUT_S)
        connection.connect(("127.0.0.1", lab.port))
        connection.sendall(get("/a"))
        # Nothing is read until the upstream's next write would block on the full path.
        until(lambda: len(lab.service.seen) == 1)
        answer = read_answer(Reader(connection))
    assert answer.complete
    assert len(answer.body) == sum(map(len, parts))
    assert CARD not in answer.raw
