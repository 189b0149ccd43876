"""Cases about headers and trailers."""

from __future__ import annotations

from pathlib import Path

from tests.system.conformance.place import CARD, Place, stream
from tests.system.envoy_process import running_envoy
from tests.system.http2 import Reply, fetch, service
from tests.system.lab import REDACT
from tests.system.sidecar_process import running_sidecar
from tests.system.wire import (
    always,
    get,
    whole,
)
from weirline.cli.envoy_config import Pipe, Places, Tcp, render, template


def headers_are_answered_once(place: Place) -> None:
    lab = place.redacting
    before = lab.sent()
    answer = lab.ask(
        get("/a", extra="x-note: to " + CARD.decode() + "\r\n"),
        always(whole(b"", extra="x-a: b\r\n")),
    )
    assert answer.status == 200
    assert answer.header(b"x-a") == b"b"
    (seen,) = lab.service.seen
    assert CARD not in seen.head
    note = seen.header(b"x-note")
    assert note is not None
    assert len(note) == len(b"to " + CARD)
    assert lab.sent() - before == 2


def header_bytes_that_are_not_utf8_pass(place: Place) -> None:
    answer = place.redacting.ask(
        get("/a"),
        always(b"HTTP/1.1 200 OK\r\nx-raw: \xff\xfe " + CARD + b"\r\ncontent-length: 0\r\n\r\n"),
    )
    raw = answer.header(b"x-raw")
    assert raw is not None
    assert raw.startswith(b"\xff\xfe ")
    assert CARD not in answer.raw


def no_body_is_waited_for(place: Place) -> None:
    lab = place.redacting
    before = lab.sent()
    answer = lab.ask(get("/a"), always(b"HTTP/1.1 204 No Content\r\n\r\n"))
    assert answer.status == 204
    assert lab.sent() - before == 2


def header_limits_are_kept(place: Place) -> None:
    fields = "".join(f"x-f{number}: {CARD.decode()}\r\n" for number in range(85))
    answer = place.redacting.ask(get("/a", extra=fields), always(whole(b"{}", extra=fields)))
    assert answer.status == 200
    assert CARD not in answer.raw
    (seen,) = place.redacting.service.seen
    assert CARD not in seen.head
    assert seen.header(b"x-f84") is not None
    assert answer.header(b"x-f84") is not None


def routing_headers_are_never_touched(place: Place) -> None:
    host = f"h{CARD.decode().replace(' ', '').replace('-', '')}.test"
    answer = place.redacting.ask(get("/a", host=host), always(whole(b"{}")))
    assert answer.status == 200
    (seen,) = place.redacting.service.seen
    assert seen.header(b"host") == host.encode()


def trailers_are_scanned(place: Place) -> None:
    trailer = b"x-sum: " + CARD + b"\r\n"
    answer = place.redacting.ask(
        get("/a", extra="te: trailers\r\n"),
        stream(b"{}", extra="trailer: x-sum\r\n", trailers=trailer),
    )
    assert answer.complete
    assert answer.trailers.startswith(b"x-sum: ")
    assert CARD not in answer.raw


def headers_and_trailers_are_scanned(place: Place) -> None:
    trailer = b"x-sum: " + CARD + b"\r\n"
    head = "trailer: x-sum\r\nx-note: " + CARD.decode() + "\r\n"
    answer = place.redacting.ask(get("/a"), stream(b"{}", extra=head, trailers=trailer))
    assert answer.header(b"x-note") is not None
    assert CARD not in answer.raw


def absent_trailers_are_not_waited_for(place: Place) -> None:
    answer = place.redacting.ask(get("/a"), stream(b'{"a":1}'))
    assert answer.complete
    assert answer.body == b'{"a":1}'


def whole_body_with_trailers(place: Place) -> None:
    body = b'{"card":"%b"}' % CARD
    reply = Reply(
        headers=[
            (":status", "200"),
            ("content-type", "application/json"),
            ("content-length", str(len(body))),
        ],
        body=body,
        trailers=[("x-sum", CARD.decode())],
    )
    with service(reply) as port, running_sidecar(place.folder, REDACT) as sidecar:
        text = _bootstrap(sidecar.socket, port)
        with running_envoy(text, place.folder) as envoy:
            got = fetch(envoy.port(), "/a")
    assert not got.reset
    assert len(got.body) == len(body)
    assert CARD not in got.body
    assert [name for name, _ in got.trailers] == ["x-sum"]
    assert CARD.decode() not in got.trailers[0][1]


def _bootstrap(sidecar: Path, port: int) -> str:
    places = Places(
        listen=Tcp("127.0.0.1", 0),
        upstream=Tcp("127.0.0.1", port),
        extproc=Pipe(str(sidecar)),
        admin=Tcp("127.0.0.1", 0),
    )
    return render(template("enforce"), places, failure_mode_allow=False)
