"""Conformance rows played by a real Envoy.

One function a row of tests/cases/conformance.yaml with `peer: envoy`. Rows that need no other
configuration share one Envoy; the others bring their own.
"""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import grpc
import pytest

from tests.conformance import rows
from tests.system.envoy_process import running_envoy
from tests.system.http2 import Reply, fetch, service
from tests.system.lab import BLOCK, REDACT, Lab, running_lab, until, value
from tests.system.sidecar_process import running_sidecar
from tests.system.wire import (
    Gate,
    Reader,
    Request,
    Script,
    always,
    chunk,
    chunked_head,
    get,
    post,
    read_answer,
    whole,
)
from weirline.cli.envoy_config import Pipe, Places, Tcp, render, template

if TYPE_CHECKING:
    from ruamel.yaml.comments import CommentedMap

pytestmark = pytest.mark.slow

CARD = value("payment_card")
TIMEOUT_S = 20.0


@pytest.fixture(scope="module")
def redacting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with running_lab(tmp_path_factory.mktemp("redacting"), REDACT) as lab:
        yield lab
        lab.assert_in_step()


@pytest.fixture(scope="module")
def blocking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with running_lab(tmp_path_factory.mktemp("blocking"), BLOCK) as lab:
        yield lab


class Place:
    """What a row may ask for: the two shared labs, or a folder for one of its own."""

    def __init__(self, redacting: Lab, blocking: Lab, folder: Path) -> None:
        self.redacting = redacting
        self.blocking = blocking
        self.folder = folder


@pytest.fixture
def place(redacting: Lab, blocking: Lab, tmp_path: Path) -> Place:
    return Place(redacting, blocking, tmp_path)


def stream(*parts: bytes, extra: str = "", trailers: bytes = b"") -> Script:
    """A chunked response, one write a part."""

    def script(connection: socket.socket, _: Request) -> None:
        connection.sendall(chunked_head(extra=extra))
        for part in parts:
            connection.sendall(chunk(part))
        connection.sendall(chunk(b"") + trailers + b"\r\n")

    return script


# Headers


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


# Bodies


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


# Trailers


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


# Refusals


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


def disabled_refusals_let_nothing_through(place: Place) -> None:
    def edit(config: CommentedMap) -> None:
        config["disable_immediate_response"] = True

    with running_lab(place.folder, BLOCK, edit=edit) as lab:
        answer = lab.ask(get("/a"), always(whole(b'{"card":"%b"}' % CARD)))
        assert answer.status == 500
        assert CARD not in answer.raw
        assert lab.envoy.counter("spurious_msgs_received") == 1


# The stream itself


def one_answer_a_message(place: Place) -> None:
    lab = place.redacting
    for path in ("/a", "/b"):
        lab.ask(get(path), always(whole(b'{"card":"%b"}' % CARD)))
        lab.ask(get(path), stream(b"a", b"b", b"c"))
    lab.assert_in_step()


def streams_end_after_both_directions(place: Place) -> None:
    lab = place.redacting
    body = b'{"card":"%b"}' % CARD
    lab.ask(post("/a", body), always(whole(body)))
    lab.assert_in_step()
    until(lambda: lab.metric("weirline_streams_active") == 0)
    outcomes = lab.metric_by("weirline_flows_total", "outcome")
    assert outcomes.get("abandoned", 0) == 0
    assert outcomes.get("fault", 0) == 0


def silence_ends_as_the_fail_mode_says(place: Place) -> None:
    with running_lab(place.folder, REDACT) as lab:
        script = always(whole(b'{"card":"%b"}' % CARD))
        lab.ask(get("/a"), script)
        lab.sidecar.send(signal.SIGSTOP)
        try:
            answer = lab.ask(get("/a"))
            assert answer.status == 504
            assert CARD not in answer.raw
        finally:
            lab.sidecar.send(signal.SIGCONT)
        answer = lab.ask(get("/a"))
        assert answer.status == 200
        assert CARD not in answer.raw


def gone_client_frees_the_flow_in_a_response(place: Place) -> None:
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


def gone_client_frees_the_flow_in_a_request(place: Place) -> None:
    lab = place.redacting
    lab.play(always(whole(b"{}")))
    with socket.create_connection(("127.0.0.1", lab.port), timeout=TIMEOUT_S) as connection:
        connection.sendall(
            b"POST /a HTTP/1.1\r\nhost: api.test\r\ncontent-type: text/plain\r\n"
            b"content-length: 100\r\n\r\nhalf"
        )
        until(lambda: lab.metric("weirline_streams_active") == 1)
    until(lambda: lab.metric("weirline_streams_active") == 0)


# Modes


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
        config["deferred_close_timeout"] = "0.2s"
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


def response_may_come_first(place: Place) -> None:
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


def full_duplex_is_refused(place: Place) -> None:
    def edit(config: CommentedMap) -> None:
        config["processing_mode"]["response_body_mode"] = "FULL_DUPLEX_STREAMED"
        config["processing_mode"]["response_trailer_mode"] = "SEND"

    with running_lab(place.folder, REDACT, edit=edit) as lab:
        answer = lab.ask(get("/a"), always(whole(b'{"card":"%b"}' % CARD)))
        assert answer.status == 500
        assert CARD not in answer.raw


def _bootstrap(sidecar: Path, port: int) -> str:
    places = Places(
        listen=Tcp("127.0.0.1", 0),
        upstream=Tcp("127.0.0.1", port),
        extproc=Pipe(str(sidecar)),
        admin=Tcp("127.0.0.1", 0),
    )
    return render(template("enforce"), places, failure_mode_allow=False)


CASES: dict[str, Callable[[Place], None]] = {
    "GetAndSetHeaders": headers_are_answered_once,
    "GetAndSetHeadersNonUtf8WithValueInBytes": header_bytes_that_are_not_utf8_pass,
    "GetBufferedButNoBodies": no_body_is_waited_for,
    "BufferBodyOverridePostWithEmptyBody": empty_bodies_are_answered,
    "SendEmptyLastBodyChunk": last_empty_chunk_flushes,
    "NoTrailersOnResponseWithModeSendBodyTrailer": absent_trailers_are_not_waited_for,
    "GetAndSetOnlyTrailersOnResponse": trailers_are_scanned,
    "GetAndSetHeadersAndTrailersOnResponse": headers_and_trailers_are_scanned,
    "SkipHeaderSendTrailerInBufferedMode": whole_body_with_trailers,
    "MismatchedContentLengthAndBodyLength": length_stays_true,
    "RemoveRequestContentLengthInStreamedMode": streamed_request_keeps_its_framing,
    "SetHeaderMutationFailWithRequestHeader": header_limits_are_kept,
    "RemoveHeaderMutationFailWithResponseHeader": header_limits_are_kept,
    "FailOnInvalidHeaderMutations": routing_headers_are_never_touched,
    "GetAndRespondImmediately": block_at_request_headers,
    "GetAndRespondImmediatelyOnRequestBody": block_at_request_body,
    "GetAndRespondImmediatelyOnResponse": block_at_response_headers,
    "GetAndRespondImmediatelyOnResponseBody": block_at_response_body,
    "GetAndRespondImmediatelyOnChunkedResponseBody": block_in_a_chunked_response,
    "GetAndRespondImmediatelyOnStreamedResponseBody": block_at_a_later_chunk,
    "ExtraReply": one_answer_a_message,
    "RespondImmediatelyGrpcError": grpc_call_is_refused_in_its_own_terms,
    "PostAndRespondImmediatelyWithDisabledConfig": disabled_refusals_let_nothing_through,
    "ResponseAllDataComesFast": whole_body_may_come_first,
    "PostAndChangeRequestBodyBufferedComesFast": whole_request_may_come_first,
    "RequestMessageTimeout": silence_ends_as_the_fail_mode_says,
    "TimeoutOnResponseBody": full_body_of_values_is_in_time,
    "ResponseMessageTimeoutDownstreamDisconnect": gone_client_frees_the_flow_in_a_response,
    "PostAndDownstreamReset": gone_client_frees_the_flow_in_a_request,
    "ServerHalfClosesAfterHeaders": streams_end_after_both_directions,
    "GetAndCloseStream": streams_end_after_both_directions,
    "GetStreamingBodyAndChangeMode": mode_fits_the_body,
    "ModeOverrideAllowed": mode_fits_the_body,
    "ModeOverrideDisallowed": ignored_override_is_coped_with,
    "HeaderRespReceivedAfterBodySent": chunks_sent_without_waiting,
    "ObservabilityModeWithFullRequest": watched_traffic_is_untouched,
    "ProtocolConfigurationEncodingTest": configuration_is_taken_from_envoy,
    "ProcessingModeResponseHeadersOnlyWithoutCallingDecodeHeaders": response_may_come_first,
    "WebSocketExtProcCombo": upgrade_waits_for_no_body,
    "SidestreamPushbackDownstream": large_answers_to_a_slow_client,
    "DuplexStreamedBodyProcessingTestNormal": full_duplex_is_refused,
}


@pytest.mark.parametrize("case", [row.case for row in rows("envoy")])
def test_conformance_case_played_by_envoy(case: str, place: Place) -> None:
    CASES[case](place)


def test_every_function_has_its_row() -> None:
    assert set(CASES) == {row.case for row in rows("envoy")}
