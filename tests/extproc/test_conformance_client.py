"""Conformance rows that no Envoy can be made to produce, played by a client.

One function a row of tests/cases/conformance.yaml with `peer: client`; the table test fails where
one has no function or a function has no row.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extproc.envoy_api.messages import (
    HttpBody,
    HttpHeaders,
    ProcessingRequest,
    ProcessingResponse,
    ProtocolConfiguration,
    StreamedBodyResponse,
)
from extproc.session import UnsupportedMode
from tests.conformance import rows
from tests.playbook import (
    BLOCK_BOTH,
    BLOCK_REQUESTS,
    BUFFERED_PARTIAL,
    GRPC,
    REDACT_BOTH,
    STREAMED,
    Peer,
    header_map,
    new_body,
    policy,
    set_headers,
)
from tests.weirline.flow.protobuf import text
from weirline.errors import PeerProtocolError, PolicyError
from weirline.flow.report import Outcome
from weirline.policy.parse import parse_policy

VALUE = b"#123456"
MASKED = b"*******"


def last_empty_chunk_flushes() -> None:
    peer = Peer(policy(REDACT_BOTH))
    peer.request_headers()
    peer.response_headers()
    assert new_body(peer.response_body(b"a #12", end=False), b"a #12") == b"a "
    assert new_body(peer.response_body(b"3456", end=False), b"3456") == b""
    assert new_body(peer.response_body(b"", end=True), b"") == MASKED
    assert peer.session.finished


def partial_body_with_trailers() -> None:
    peer = Peer(policy(REDACT_BOTH), response=BUFFERED_PARTIAL)
    peer.request_headers()
    peer.response_headers(("trailer", "x"), length=50)
    body = b"id " + VALUE
    answer = peer.response_body(body, end=False)
    assert answer.WhichOneof("response") == "response_body"
    peer.response_trailers(("x", "y"))
    assert peer.session.finished


def control_characters_are_not_set() -> None:
    peer = Peer(policy(REDACT_BOTH))
    answer = peer.request_headers(("x-note", b"a\r\nb\0 " + VALUE))
    for value in set_headers(answer).values():
        assert not set(value) & set(b"\r\n\0")
        assert VALUE not in value


def block_content_type_is_ours() -> None:
    peer = Peer(
        policy("""
    - id: stop
      find: {category: identity}
      do: [{block: {status: 403, body: "no\\r\\nx-injected: 1"}}]
    """)
    )
    peer.request_headers()
    peer.response_headers(length=7)
    immediate = peer.response_body(VALUE).immediate_response
    (option,) = immediate.headers.set_headers
    assert option.header.key == "content-type"
    assert option.header.raw_value == b"text/plain; charset=utf-8"


def nothing_after_a_block() -> None:
    peer = Peer(policy(BLOCK_REQUESTS))
    answer = peer.request_headers(("x-id", VALUE), method="POST", end=False)
    assert answer.WhichOneof("response") == "immediate_response"
    body = ProcessingRequest(request_body=HttpBody(body=b"x", end_of_stream=True))
    assert peer.send(body) is None
    headers = HttpHeaders(headers=header_map([(":status", "200")]), end_of_stream=True)
    assert peer.send(ProcessingRequest(response_headers=headers)) is None


def bad_status_is_refused() -> None:
    for status in (0, 99, 200, 600):
        text = f"""
apiVersion: weirline/v1
kind: Policy
metadata: {{name: bad}}
mode: enforce
rules:
  - {{id: stop, find: {{category: secrets}}, do: [{{block: {{status: {status}}}}}]}}
"""
        with pytest.raises(PolicyError) as refused:
            parse_policy(text, file="bad.yaml", detectors=())
        assert any(problem.code == "E06" for problem in refused.value.problems)


def interleaved_directions_stay_apart() -> None:
    peer = Peer(policy(REDACT_BOTH))
    peer.request_headers(method="POST", end=False)
    peer.request_body(b"q #12", end=False)
    peer.response_headers()
    assert new_body(peer.response_body(b"s #98", end=False), b"") == b"s "
    assert new_body(peer.request_body(b"3456", end=True), b"") == MASKED
    assert new_body(peer.response_body(b"7654.", end=True), b"") == MASKED + b"."
    assert peer.session.finished


def early_close_is_not_finished() -> None:
    peer = Peer(policy(REDACT_BOTH))
    peer.request_headers()
    assert not peer.session.finished


def close_in_mid_body_is_not_finished() -> None:
    peer = Peer(policy(REDACT_BOTH))
    peer.request_headers(method="POST", end=False)
    peer.request_body(b"x", end=False)
    assert not peer.session.finished
    peer.response_headers()
    peer.response_body(b"y", end=False)
    assert not peer.session.finished


def response_override_keeps_the_request_mode() -> None:
    peer = Peer(policy(REDACT_BOTH))
    first = peer.request_headers(method="POST", end=False)
    assert first.mode_override.request_body_mode == STREAMED
    peer.request_body(b"x", end=False)
    second = peer.response_headers()
    assert second.mode_override.request_body_mode == STREAMED
    assert second.mode_override.response_body_mode == STREAMED


def chunk_before_the_headers_answer() -> None:
    config = ProtocolConfiguration(
        request_body_mode=0,
        response_body_mode=STREAMED,
        send_body_without_waiting_for_header_response=True,
    )
    peer = Peer(policy(REDACT_BOTH), request=None)
    headers = HttpHeaders(headers=header_map([(":status", "200")]))
    first = peer.must(ProcessingRequest(response_headers=headers, protocol_config=config))
    assert first.WhichOneof("response") == "response_headers"
    assert not first.HasField("mode_override")
    assert new_body(peer.response_body(b"id " + VALUE, end=True), b"") == b"id " + MASKED


def watched_streams_get_no_answer() -> None:
    peer = Peer(policy(REDACT_BOTH), request=None)
    headers = HttpHeaders(headers=header_map([(":status", "200")]))
    assert peer.send(ProcessingRequest(response_headers=headers, observability_mode=True)) is None
    for end in (False, True):
        body = HttpBody(body=VALUE, end_of_stream=end)
        assert peer.send(ProcessingRequest(response_body=body, observability_mode=True)) is None
    report = peer.session.ended(clean=True)
    ((key, found),) = report.findings.items()
    assert (key.action, key.shadow, found) == ("redact", True, 2)
    assert report.outcome is Outcome.PASSED


def config_absent_uses_the_setting() -> None:
    peer = Peer(policy(REDACT_BOTH), request=None, wiring="enforce")
    answer = peer.request_headers()
    assert answer.mode_override.response_body_mode == 0
    assert answer.HasField("mode_override")
    quiet = Peer(policy(REDACT_BOTH), request=None, wiring="response-only")
    answer = quiet.response_headers(length=20)
    assert answer.HasField("mode_override")
    assert new_body(quiet.response_body(b"id " + VALUE), b"") == b"id " + MASKED


def configured_mode_is_used() -> None:
    peer = Peer(policy(REDACT_BOTH), request=0, response=STREAMED, wiring="enforce")
    peer.request_headers()
    # Were it taken for BUFFERED, as the setting says, this chunk would be the whole body.
    body = HttpBody(body=b"a #12", end_of_stream=False)
    assert new_body(peer.must(ProcessingRequest(response_body=body)), b"") == b"a "


def attributes_missing_are_no_fault() -> None:
    peer = Peer(policy(REDACT_BOTH), response=0, wiring="response-only")
    peer.response_headers(length=10)
    assert new_body(peer.response_body(VALUE), b"") == MASKED


def attributes_of_other_shape_are_no_fault() -> None:
    peer = Peer(policy(REDACT_BOTH), response=0)
    headers = HttpHeaders(headers=header_map([(":status", "200")]), end_of_stream=True)
    message = ProcessingRequest(response_headers=headers)
    fields = message.attributes["envoy.filters.http.ext_proc"].fields
    fields["request.path"].number_value = 7
    fields["request.host"].null_value = 0
    fields["other.name"].string_value = "x"
    message.attributes["another.filter"].fields["request.path"].string_value = "/x"
    assert peer.must(message).WhichOneof("response") == "response_headers"


def message_without_a_oneof_gets_no_answer() -> None:
    peer = Peer(policy(REDACT_BOTH))
    assert peer.send(ProcessingRequest()) is None
    peer.request_headers()


def unknown_mode_is_unsupported() -> None:
    peer = Peer(policy(REDACT_BOTH), response=9)
    with pytest.raises(UnsupportedMode):
        peer.request_headers()
    assert not peer.session.finished


def window_update_gets_no_answer() -> None:
    peer = Peer(policy(REDACT_BOTH))
    peer.request_headers()
    message = ProcessingRequest()
    message.client_window_update.window_increment_sidestream_to_upstream = -(2**63)
    assert peer.send(message) is None


def grpc_mode_masks_message_by_message() -> None:
    peer = Peer(policy(REDACT_BOTH), request=GRPC, response=GRPC)
    peer.request_headers(("content-type", "application/grpc"), method="POST", end=False)
    answer = peer.request_body(text(1, VALUE), end=False)
    out = answer.request_body.response.body_mutation.streamed_response
    assert out == StreamedBodyResponse(body=text(1, MASKED))
    last = HttpBody(end_of_stream=True, end_of_stream_without_message=True)
    answer = peer.must(ProcessingRequest(request_body=last))
    out = answer.request_body.response.body_mutation.streamed_response
    assert out == StreamedBodyResponse(end_of_stream=True, end_of_stream_without_message=True)


# One step of a random stream: (kind, direction, bytes, end).
STEPS = st.tuples(
    st.sampled_from(["headers", "body", "trailers"]),
    st.sampled_from(["request", "response"]),
    st.sampled_from([b"", b"plain", VALUE, b"a #12", b"3456 b"]),
    st.booleans(),
)


@given(steps=st.lists(STEPS, max_size=12), rules=st.sampled_from([REDACT_BOTH, BLOCK_BOTH]))
def answers_are_in_kind(steps: list[tuple[str, str, bytes, bool]], rules: str) -> None:
    """Whatever comes in whatever order: the right kind of answer, or an error, or silence."""
    peer = Peer(policy(rules))
    blocked = False
    for kind, direction, data, end in steps:
        message = _message(kind, direction, data, end=end)
        try:
            answer = peer.send(message)
        except PeerProtocolError:
            assert not peer.session.finished
            return
        if answer is None:
            assert blocked
            continue
        assert not blocked
        got = answer.WhichOneof("response")
        blocked = got == "immediate_response"
        assert blocked or got == f"{direction}_{kind}"
        _assert_modest(answer)


def _message(kind: str, direction: str, data: bytes, *, end: bool) -> ProcessingRequest:
    message = ProcessingRequest()
    part = getattr(message, f"{direction}_{kind}")
    part.SetInParent()
    if kind == "body":
        part.body = data
        part.end_of_stream = end
    elif kind == "headers":
        part.headers.CopyFrom(header_map([("x-id", data)]))
        part.end_of_stream = end
    else:
        part.trailers.CopyFrom(header_map([("x-id", data)]))
    return message


def _assert_modest(answer: ProcessingResponse) -> None:
    """Nothing we send ever replaces a message whole, moves a timer, or clears a route."""
    assert not answer.HasField("override_message_timeout")
    kind = answer.WhichOneof("response")
    assert kind is not None
    if kind.endswith(("headers", "body")):
        common = getattr(answer, kind).response
        assert common.status == 0
        assert not common.clear_route_cache
        assert not common.HasField("trailers")
    if answer.HasField("mode_override"):
        assert kind.endswith("headers")


CASES: dict[str, Callable[[], None]] = {
    "StreamingBodyMutateLastEmptyChunk": last_empty_chunk_flushes,
    "SendBodyBufferedPartialWithTrailer": partial_body_with_trailers,
    "TestSetHeaderWithInvalidCharacter": control_characters_are_not_set,
    "GetAndRespondImmediatelyWithInvalidCharacter": block_content_type_is_ours,
    "ExtraAfterImmediateResponse": nothing_after_a_block,
    "GetAndRespondImmediatelyWithBadStatus": bad_status_is_refused,
    "IncorrectRequestHeadersReply": answers_are_in_kind,
    "IncorrectRequestBodyReply": answers_are_in_kind,
    "IncorrectResponseHeadersReply": answers_are_in_kind,
    "TotallyInvalidResponse": answers_are_in_kind,
    "DefaultOrderingAllCallbacksInterleaved": interleaved_directions_stay_apart,
    "PostStreamingBodiesDifferentOrder": interleaved_directions_stay_apart,
    "RequestMessageNoMutationMultipleNewTimeout": answers_are_in_kind,
    "RequestMessageNewTimeoutTooSmall": answers_are_in_kind,
    "RequestMessageNewTimeoutOutOfBounds": answers_are_in_kind,
    "OnlyRequestHeadersGracefulClose": early_close_is_not_finished,
    "PostAndProcessStreamedRequestBodyAndClose": close_in_mid_body_is_not_finished,
    "GetStreamingBodyAndChangeModeDifferentOrder": response_override_keeps_the_request_mode,
    "ServerWaitForBodyBeforeSendsHeaderRespStreamedTest": chunk_before_the_headers_answer,
    "HeaderRespWithStatusContinueAndReplace": answers_are_in_kind,
    "ReplaceCompleteRequestBuffered": answers_are_in_kind,
    "InvalidServerOnResponseInObservabilityMode": watched_streams_get_no_answer,
    "DuplexStreamedBodyProcessingTestWithFilterConfigMissing": config_absent_uses_the_setting,
    "ProtocolConfigEncodingPerRouteTest": configured_mode_is_used,
    "RequestResponseAttributes": attributes_missing_are_no_fault,
    "MappedAttributeBuilder": attributes_of_other_shape_are_no_fault,
    "new unset oneof": message_without_a_oneof_gets_no_answer,
    "new unknown enum value": unknown_mode_is_unsupported,
    "new window update only": window_update_gets_no_answer,
    "new GRPC mode": grpc_mode_masks_message_by_message,
}


@pytest.mark.parametrize("case", [row.case for row in rows("client")])
def test_conformance_case_played_by_a_client(case: str) -> None:
    CASES[case]()


def test_every_function_has_its_row() -> None:
    assert set(CASES) == {row.case for row in rows("client")}
