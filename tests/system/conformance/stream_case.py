"""Cases about the ext_proc stream itself: its answers, its silence, its end."""

from __future__ import annotations

import signal
import socket

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
    post,
    whole,
)
from tests.system.worker_pids import send_to_serving


def one_answer_a_message(place: Place) -> None:
    lab = place.redacting
    before = lab.steps()
    for path in ("/a", "/b"):
        lab.ask(get(path), always(whole(b'{"card":"%b"}' % CARD)))
        lab.ask(get(path), stream(b"a", b"b", b"c"))
    lab.assert_in_step(before)


def streams_end_after_both_directions(place: Place) -> None:
    lab = place.redacting
    lab.settle()
    steps = lab.steps()
    before = lab.metric_by("weirline_flows_total", "outcome")
    body = b'{"card":"%b"}' % CARD
    lab.ask(post("/a", body), always(whole(body)))
    lab.assert_in_step(steps)
    lab.settle()
    after = lab.metric_by("weirline_flows_total", "outcome")
    changed = {outcome: after[outcome] - before.get(outcome, 0) for outcome in after}
    assert {outcome for outcome, number in changed.items() if number} == {"redacted"}


def silence_ends_as_the_fail_mode_says(place: Place) -> None:
    with running_lab(place.folder, REDACT) as lab:
        script = always(whole(b'{"card":"%b"}' % CARD))
        lab.ask(get("/a"), script)
        send_to_serving(lab.sidecar, signal.SIGSTOP)
        try:
            answer = lab.ask(get("/a"))
            assert answer.status == 504
            assert CARD not in answer.raw
        finally:
            send_to_serving(lab.sidecar, signal.SIGCONT)
        answer = lab.ask(get("/a"))
        assert answer.status == 200
        assert CARD not in answer.raw


def client_gone_in_a_response(place: Place) -> None:
    lab = place.redacting

    def script(connection: socket.socket, _: Request) -> None:
        connection.sendall(chunked_head() + chunk(b"first\n"))
        gate.wait()

    lab.play(script)
    with Gate() as gate:
        with socket.create_connection(("127.0.0.1", lab.port), timeout=TIMEOUT_S) as connection:
            connection.sendall(get("/a"))
            assert Reader(connection).until(b"first\n") is not None
            assert lab.metric("weirline_streams_active") == 1
        until(lambda: lab.metric("weirline_streams_active") == 0)


def client_gone_in_a_request(place: Place) -> None:
    lab = place.redacting
    lab.play(always(whole(b"{}")))
    with socket.create_connection(("127.0.0.1", lab.port), timeout=TIMEOUT_S) as connection:
        connection.sendall(
            b"POST /a HTTP/1.1\r\nhost: api.test\r\ncontent-type: text/plain\r\n"
            b"content-length: 100\r\n\r\nhalf"
        )
        until(lambda: lab.metric("weirline_streams_active") == 1)
    until(lambda: lab.metric("weirline_streams_active") == 0)
