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
    ProcessingResponse,
    ProtocolConfiguration,
)
from extproc.translate import (
    ATTRIBUTES_KEY,
    UnsupportedMode,
    read_configured,
    read_event,
    write_effect,
)
from weirline.flow.effects import (
    AnswerBody,
    AnswerHeaders,
    AnswerTrailers,
    Effect,
    HeaderChange,
    ModeOverride,
    Refuse,
)
from weirline.flow.events import Body, BodyMode, Configured, Headers, Trailers
from weirline.policy.decision import Block
from weirline.policy.facts import Direction

REQUEST, RESPONSE = Direction.REQUEST, Direction.RESPONSE


def written(effect: Effect) -> ProcessingResponse:
    return ProcessingResponse.FromString(write_effect(effect))


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


def test_configuration_is_read() -> None:
    config = ProtocolConfiguration(request_body_mode=1, response_body_mode=2)
    assert read_configured(ProcessingRequest(protocol_config=config)) == Configured(
        BodyMode.STREAMED, BodyMode.BUFFERED
    )
    config.send_body_without_waiting_for_header_response = True
    configured = read_configured(ProcessingRequest(protocol_config=config))
    assert configured is not None
    assert not configured.heeds_overrides


@pytest.mark.parametrize("mode", [4, 5, 6, 1000])
def test_mode_not_spoken_is_refused_known_or_not(mode: int) -> None:
    for config in (
        ProtocolConfiguration(request_body_mode=mode),
        ProtocolConfiguration(response_body_mode=mode),
    ):
        with pytest.raises(UnsupportedMode):
            read_configured(ProcessingRequest(protocol_config=config))


@pytest.mark.parametrize("direction", list(Direction))
@pytest.mark.parametrize("kind", ["headers", "body", "trailers"])
def test_unchanged_parts_are_answered_in_kind(direction: Direction, kind: str) -> None:
    effects: dict[str, Effect] = {
        "headers": AnswerHeaders(direction),
        "body": AnswerBody(direction),
        "trailers": AnswerTrailers(direction),
    }
    answer = written(effects[kind])
    assert answer.WhichOneof("response") == f"{direction}_{kind}"
    assert not answer.HasField("mode_override")


def test_override_names_both_body_modes_and_only_wanted_trailers() -> None:
    override = ModeOverride(
        BodyMode.STREAMED, BodyMode.BUFFERED, request_trailers=True, response_trailers=False
    )
    mode = written(AnswerHeaders(REQUEST, None, override)).mode_override
    assert (mode.request_body_mode, mode.response_body_mode) == (1, 2)
    assert (mode.request_trailer_mode, mode.response_trailer_mode) == (1, 0)


def test_override_to_nothing_is_still_an_override() -> None:
    override = ModeOverride(
        BodyMode.NONE, BodyMode.NONE, request_trailers=False, response_trailers=False
    )
    assert written(AnswerHeaders(REQUEST, None, override)).HasField("mode_override")


@pytest.mark.parametrize("direction", list(Direction))
def test_changes_are_raw_bytes_and_a_second_field_appends(direction: Direction) -> None:
    change = HeaderChange((b"etag",), ((b"x-a", b"1"), (b"x-a", b"\xff"), (b"x-b", b"2")))
    for effect in (
        AnswerHeaders(direction, change),
        AnswerBody(direction, b"new", change),
        AnswerTrailers(direction, change),
    ):
        answer = written(effect)
        kind = answer.WhichOneof("response")
        assert kind is not None
        part = getattr(answer, kind)
        mutation = (part if kind.endswith("trailers") else part.response).header_mutation
        assert list(mutation.remove_headers) == ["etag"]
        got = [(o.header.key, o.header.raw_value, o.append.value) for o in mutation.set_headers]
        assert got == [("x-a", b"1", False), ("x-a", b"\xff", True), ("x-b", b"2", False)]


def test_new_body_is_put_in_and_an_empty_one_clears() -> None:
    answer = written(AnswerBody(RESPONSE, b"new"))
    assert answer.response_body.response.body_mutation.body == b"new"
    answer = written(AnswerBody(RESPONSE, b""))
    assert answer.response_body.response.body_mutation.clear_body


def test_refusal_has_status_body_and_grpc_status() -> None:
    block = Block(451, b"no", "text/plain")
    immediate = written(Refuse(block, grpc_status=7)).immediate_response
    assert (immediate.status.code, immediate.body) == (451, b"no")
    assert immediate.grpc_status.status == 7
    assert immediate.details == ""
    (option,) = immediate.headers.set_headers
    assert (option.header.key, option.header.raw_value) == ("content-type", b"text/plain")
    assert not written(Refuse(block)).immediate_response.HasField("grpc_status")
