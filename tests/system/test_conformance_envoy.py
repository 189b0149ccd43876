"""Conformance rows played by a real Envoy.

One function a row of tests/cases/conformance.yaml with `peer: envoy`. Rows that need no other
configuration share one Envoy; the others bring their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conformance import rows
from tests.system.conformance import (
    body_case,
    header_case,
    mode_case,
    refusal_case,
    stream_case,
)
from tests.system.conformance.place import Place
from tests.system.lab import BLOCK, REDACT, Lab, running_lab

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def redacting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with running_lab(tmp_path_factory.mktemp("redacting"), REDACT) as lab:
        yield lab
        lab.assert_sound()


@pytest.fixture(scope="module")
def blocking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with running_lab(tmp_path_factory.mktemp("blocking"), BLOCK) as lab:
        yield lab


@pytest.fixture
def place(redacting: Lab, blocking: Lab, tmp_path: Path) -> Place:
    return Place(redacting, blocking, tmp_path)


CASES: dict[str, Callable[[Place], None]] = {
    "GetAndSetHeaders": header_case.headers_are_answered_once,
    "GetAndSetHeadersNonUtf8WithValueInBytes": header_case.header_bytes_that_are_not_utf8_pass,
    "GetBufferedButNoBodies": header_case.no_body_is_waited_for,
    "BufferBodyOverridePostWithEmptyBody": body_case.empty_bodies_are_answered,
    "SendEmptyLastBodyChunk": body_case.last_empty_chunk_flushes,
    "NoTrailersOnResponseWithModeSendBodyTrailer": header_case.absent_trailers_are_not_waited_for,
    "GetAndSetOnlyTrailersOnResponse": header_case.trailers_are_scanned,
    "GetAndSetHeadersAndTrailersOnResponse": header_case.headers_and_trailers_are_scanned,
    "SkipHeaderSendTrailerInBufferedMode": header_case.whole_body_with_trailers,
    "MismatchedContentLengthAndBodyLength": body_case.length_stays_true,
    "InvalidResponseContentLength": body_case.length_stays_true,
    "RemoveRequestContentLengthInStreamedMode": body_case.streamed_request_keeps_its_framing,
    "SetHeaderMutationFailWithRequestHeader": header_case.header_limits_are_kept,
    "RemoveHeaderMutationFailWithResponseHeader": header_case.header_limits_are_kept,
    "FailOnInvalidHeaderMutations": header_case.routing_headers_are_never_touched,
    "IgnoreInvalidHeaderMutations": header_case.routing_headers_are_never_touched,
    "GetAndRespondImmediately": refusal_case.block_at_request_headers,
    "GetAndRespondImmediatelyOnRequestBody": refusal_case.block_at_request_body,
    "GetAndRespondImmediatelyOnResponse": refusal_case.block_at_response_headers,
    "GetAndRespondImmediatelyOnResponseBody": refusal_case.block_at_response_body,
    "GetAndRespondImmediatelyOnChunkedResponseBody": refusal_case.block_in_a_chunked_response,
    "GetAndRespondImmediatelyOnStreamedResponseBody": refusal_case.block_at_a_later_chunk,
    "ExtraReply": stream_case.one_answer_a_message,
    "RespondImmediatelyGrpcError": refusal_case.grpc_call_is_refused_in_its_own_terms,
    "PostAndRespondImmediatelyWithDisabledConfig": refusal_case.refusals_disabled,
    "ResponseAllDataComesFast": body_case.whole_body_may_come_first,
    "PostAndChangeRequestBodyBufferedComesFast": body_case.whole_request_may_come_first,
    "RequestMessageTimeout": stream_case.silence_ends_as_the_fail_mode_says,
    "TimeoutOnResponseBody": body_case.full_body_of_values_is_in_time,
    "ResponseMessageTimeoutDownstreamDisconnect": stream_case.client_gone_in_a_response,
    "PostAndDownstreamReset": stream_case.client_gone_in_a_request,
    "ServerHalfClosesAfterHeaders": stream_case.streams_end_after_both_directions,
    "GetAndCloseStream": stream_case.streams_end_after_both_directions,
    "GetStreamingBodyAndChangeMode": mode_case.mode_fits_the_body,
    "ModeOverrideAllowed": mode_case.mode_fits_the_body,
    "ModeOverrideDisallowed": mode_case.ignored_override_is_coped_with,
    "HeaderRespReceivedAfterBodySent": mode_case.chunks_sent_without_waiting,
    "ObservabilityModeWithFullRequest": mode_case.watched_traffic_is_untouched,
    "ProtocolConfigurationEncodingTest": mode_case.configuration_is_taken_from_envoy,
    "ProcessingModeResponseHeadersOnlyWithoutCallingDecodeHeaders": mode_case.response_first,
    "WebSocketExtProcCombo": mode_case.upgrade_waits_for_no_body,
    "SidestreamPushbackDownstream": body_case.large_answers_to_a_slow_client,
    "ResponseFromExtProcServerTooLarge": body_case.large_answers_to_a_slow_client,
    "DuplexStreamedBodyProcessingTestNormal": mode_case.full_duplex_is_spoken,
    "DuplexStreamedBodyProcessingTestWithTrailer": mode_case.trailers_flush_a_stream,
    "DuplexStreamedBodyProcessingTestWithHeaderAndTrailerNoBody": (
        mode_case.full_duplex_without_a_body
    ),
    "ServerSendBodyRespWithouRecvEntireBodyDuplexStreamed": mode_case.body_leaves_before_its_end,
    "ServerSendOutOfOrderResponseDuplexStreamed": mode_case.full_duplex_is_spoken,
}


@pytest.mark.parametrize("case", [row.case for row in rows("envoy")])
def test_conformance_case_played_by_envoy(case: str, place: Place) -> None:
    CASES[case](place)


def test_every_function_has_its_row() -> None:
    assert set(CASES) == {row.case for row in rows("envoy")}
