"""Messages to events, effects to messages."""

from __future__ import annotations

import pytest

from extproc.envoy_api.messages import (
    HeaderMap,
    HeaderValue,
    HttpBody,
    HttpHeaders,
    HttpTrailers,
    ProcessingRequest,
    ProtocolConfiguration,
)
from extproc.translate import (
    ATTRIBUTES_KEY,
    UnsupportedMode,
    plain_configured,
    read_configured,
    read_event,
)
from weirline.flow.events import Body, BodyMode, Configured, Headers, Trailers
from weirline.policy.facts import Direction

REQUEST, RESPONSE = Direction.REQUEST, Direction.RESPONSE


def test_headers_keep_bytes_and_duplicates() -> None:
    fields = [("x-a", b"1"), ("x-a", b"\xff"), ("x-b", b"")]
    headers = HeaderMap(headers=[HeaderValue(key=k, raw_value=v) for k, v in fields])
    message = ProcessingRequest(request_headers=HttpHeaders(headers=headers, end_of_stream=True))
    event = read_event(message)
    assert isinstance(event, Headers)
    assert list(event.headers) == [(b"x-a", b"1"), (b"x-a", b"\xff"), (b"x-b", b"")]
    assert (event.direction, event.end_of_stream) == (REQUEST, True)


def test_text_value_counts_where_there_are_no_raw_bytes() -> None:
    headers = HeaderMap(headers=[HeaderValue(key="x-a", value="é")])
    event = read_event(ProcessingRequest(response_headers=HttpHeaders(headers=headers)))
    assert isinstance(event, Headers)
    assert list(event.headers) == [(b"x-a", "é".encode())]


@pytest.mark.parametrize("direction", list(Direction))
def test_bodies_and_trailers_keep_their_direction(direction: Direction) -> None:
    message = ProcessingRequest()
    getattr(message, f"{direction}_body").CopyFrom(HttpBody(body=b"x", end_of_stream=True))
    event = read_event(message)
    assert isinstance(event, Body)
    assert (event.direction, event.body, event.end_of_stream) == (direction, b"x", True)
    trailers = HttpTrailers(trailers=HeaderMap(headers=[HeaderValue(key="a", raw_value=b"b")]))
    message = ProcessingRequest()
    getattr(message, f"{direction}_trailers").CopyFrom(trailers)
    event = read_event(message)
    assert isinstance(event, Trailers)
    assert (event.direction, list(event.trailers)) == (direction, [(b"a", b"b")])


def test_message_that_reports_nothing_is_no_event() -> None:
    assert read_event(ProcessingRequest()) is None


def test_attributes_are_text_or_absent() -> None:
    message = ProcessingRequest(request_headers=HttpHeaders())
    fields = message.attributes[ATTRIBUTES_KEY].fields
    fields["request.path"].string_value = "/a"
    fields["request.size"].number_value = 7
    event = read_event(message)
    assert isinstance(event, Headers)
    assert event.attributes.get("request.path") == "/a"
    assert event.attributes.get("request.size", "none") == "none"
    assert event.attributes.get("request.host", "none") == "none"
    assert set(event.attributes) == {"request.path", "request.size"}
    assert len(event.attributes) == 2


def test_absent_configuration_is_none() -> None:
    assert read_configured(ProcessingRequest()) is None


@pytest.mark.parametrize(("request_mode", "response_mode"), [(4, 0), (0, 4), (4, 4), (5, 5)])
def test_full_duplex_or_grpc_set_up_takes_no_other_mode(
    request_mode: int, response_mode: int
) -> None:
    config = ProtocolConfiguration(request_body_mode=request_mode, response_body_mode=response_mode)
    configured = read_configured(ProcessingRequest(protocol_config=config))
    assert configured is not None
    assert not configured.heeds_overrides
    modes = config.request_body_mode | config.response_body_mode << 4
    assert plain_configured(modes) == configured


def test_configuration_is_read() -> None:
    config = ProtocolConfiguration(request_body_mode=1, response_body_mode=2)
    assert read_configured(ProcessingRequest(protocol_config=config)) == Configured(
        BodyMode.STREAMED, BodyMode.BUFFERED
    )
    config.send_body_without_waiting_for_header_response = True
    configured = read_configured(ProcessingRequest(protocol_config=config))
    assert configured is not None
    assert not configured.heeds_overrides


@pytest.mark.parametrize("mode", [6, 1000])
def test_mode_not_spoken_is_refused_known_or_not(mode: int) -> None:
    for config in (
        ProtocolConfiguration(request_body_mode=mode),
        ProtocolConfiguration(response_body_mode=mode),
    ):
        with pytest.raises(UnsupportedMode):
            read_configured(ProcessingRequest(protocol_config=config))
