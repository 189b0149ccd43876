"""Cases about body modes and who picks them."""

from __future__ import annotations

import socket
from contextlib import suppress
from typing import TYPE_CHECKING

from tests.system.conformance.place import CARD, TIMEOUT_S, Place, stream
from tests.system.lab import REDACT, running_lab, until
from tests.system.wire import (
    Gate,
    Reader,
    Request,
    always,
    chunk,
    chunked_head,
    get,
    whole,
)

if TYPE_CHECKING:
    from ruamel.yaml.comments import CommentedMap


def mode_fits_the_body(place: Place) -> None:
    lab = place.redacting
    before = lab.sent()
    lab.ask(get("/a"), always(whole(b"{}")))
    assert lab.sent() - before == 3
    before = lab.sent()
    lab.ask(get("/a"), always(whole(b"\x89PNG", content_type="image/png")))
    assert lab.sent() - before == 2
    big = b"x" * (3 << 20)
    answer = lab.ask(get("/a"), always(whole(big, content_type="text/plain")))
    assert answer.body == big


def ignored_override_is_coped_with(place: Place) -> None:
    def edit(config: CommentedMap) -> None:
        config["allow_mode_override"] = False

    with running_lab(place.folder, REDACT, edit=edit) as lab:
        for script in (always(whole(b'{"card":"%b"}' % CARD)), stream(b'{"card":"%b"}' % CARD)):
            answer = lab.ask(get("/a"), script)
            assert answer.status == 200
            assert answer.complete
            assert CARD not in answer.raw
        picture = whole(b"\x89PNG", content_type="image/png")
        assert lab.ask(get("/a"), always(picture)).body == b"\x89PNG"
        lab.assert_in_step()


def chunks_sent_without_waiting(place: Place) -> None:
    def edit(config: CommentedMap) -> None:
        config["processing_mode"]["response_body_mode"] = "STREAMED"
        config["send_body_without_waiting_for_header_response"] = True

    with running_lab(place.folder, REDACT, edit=edit) as lab:
        answer = lab.ask(get("/a"), stream(b"call " + CARD[:8], CARD[8:] + b" now"))
        assert answer.complete
        assert CARD not in answer.raw
        assert answer.body.endswith(b" now")
        lab.assert_in_step()


def watched_traffic_is_untouched(place: Place) -> None:
    def edit(config: CommentedMap) -> None:
        config["observability_mode"] = True
        config["allow_mode_override"] = False
        config["deferred_close_timeout"] = "3s"
        config["processing_mode"]["response_body_mode"] = "STREAMED"

    with running_lab(place.folder, REDACT, edit=edit) as lab:
        body = b'{"card":"%b"}' % CARD
        assert lab.ask(get("/a"), always(whole(body))).body == body
        until(lambda: lab.metric("weirline_findings_total") >= 1)
        assert lab.envoy.counter("stream_msgs_received") == 0


def configuration_is_taken_from_envoy(place: Place) -> None:
    def edit(config: CommentedMap) -> None:
        config["allow_mode_override"] = False
        config["processing_mode"]["response_body_mode"] = "STREAMED"

    # The setting says `enforce` (BUFFERED); Envoy says STREAMED, ignores overrides, and is right.
    with running_lab(place.folder, REDACT, edit=edit) as lab:
        answer = lab.ask(get("/a"), stream(b"call " + CARD[:8], CARD[8:] + b" now"))
        assert answer.complete
        assert CARD not in answer.raw
        lab.assert_in_step()


def response_first(place: Place) -> None:
    with running_lab(place.folder, REDACT, wiring="response-only") as lab:
        before = lab.sent()
        answer = lab.ask(get("/a"), always(whole(b'{"card":"%b"}' % CARD)))
        assert answer.status == 200
        assert CARD not in answer.raw
        assert lab.sent() - before == 2
        lab.assert_in_step()


def upgrade_waits_for_no_body(place: Place) -> None:
    def script(connection: socket.socket, _: Request) -> None:
        connection.sendall(
            b"HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\n"
            b"connection: Upgrade\r\n\r\nhello"
        )
        data = connection.recv(100)
        connection.sendall(b"echo " + data)
        with suppress(OSError):
            connection.recv(1)

    lab = place.redacting
    lab.play(script)
    with socket.create_connection(("127.0.0.1", lab.port), timeout=TIMEOUT_S) as connection:
        connection.sendall(
            b"GET /socket HTTP/1.1\r\nhost: api.test\r\nconnection: Upgrade\r\n"
            b"upgrade: websocket\r\nsec-websocket-version: 13\r\n"
            b"sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
        )
        reader = Reader(connection)
        assert reader.until(b"hello") is not None
        connection.sendall(CARD)
        # A tunnel is not looked at in this version, and counted.
        assert reader.until(b"echo " + CARD) is not None
    until(lambda: lab.metric("weirline_unscanned_total", reason="upgrade") >= 1)


def full_duplex_is_spoken(place: Place) -> None:
    with running_lab(place.folder, REDACT, edit=_full_duplex) as lab:
        answer = lab.ask(get("/a"), stream(b"call " + CARD[:8], CARD[8:] + b" now"))
        assert answer.complete
        assert CARD not in answer.raw
        assert answer.body.startswith(b"call ")
        assert answer.body.endswith(b" now")
        lab.assert_sound()


def trailers_flush_a_stream(place: Place) -> None:
    lab = place.redacting
    answer = lab.ask(
        get("/a"),
        stream(b"call ", CARD[:8], CARD[8:], extra="trailer: x-sum\r\n", trailers=b"x-sum: 1\r\n"),
    )
    assert answer.complete
    assert CARD not in answer.raw
    assert len(answer.body) == len(b"call ") + len(CARD)
    assert answer.trailers == b"x-sum: 1\r\n"


def body_leaves_before_its_end(place: Place) -> None:
    """What can no longer become a value leaves at once, while the rest is still to come."""
    lab = place.redacting

    def script(connection: socket.socket, _: Request) -> None:
        connection.sendall(chunked_head(extra="trailer: x-sum\r\n") + chunk(b"first.\n"))
        gate.wait()
        connection.sendall(chunk(CARD) + chunk(b"") + b"\r\n")

    lab.play(script)
    with (
        Gate() as gate,
        socket.create_connection(("127.0.0.1", lab.port), timeout=TIMEOUT_S) as connection,
    ):
        connection.sendall(get("/a"))
        reader = Reader(connection)
        assert reader.until(b"first.\n") is not None
        gate.open()
        assert CARD not in reader.rest()
        assert CARD not in reader.raw


def full_duplex_without_a_body(place: Place) -> None:
    # Set up with it, not by override: there Envoy 1.40 waits for ever if the trailers came first.
    with running_lab(place.folder, REDACT, edit=_full_duplex) as lab:
        answer = lab.ask(get("/a"), stream(extra="trailer: x-sum\r\n", trailers=b"x-sum: 1\r\n"))
        assert answer.complete
        assert answer.body == b""
        assert answer.trailers == b"x-sum: 1\r\n"
        lab.assert_sound()


def _full_duplex(config: CommentedMap) -> None:
    config["processing_mode"]["response_body_mode"] = "FULL_DUPLEX_STREAMED"
    config["processing_mode"]["response_trailer_mode"] = "SEND"
