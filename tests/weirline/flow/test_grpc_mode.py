"""The body mode GRPC, as a client of gRPC without a proxy would drive it."""

from __future__ import annotations

import gzip

import pytest

from extproc.envoy_api.messages import HttpBody, ProcessingRequest, ProcessingResponse
from tests.playbook import BLOCK_BOTH, FULL_DUPLEX, GRPC, REDACT_BOTH, Peer, policy
from tests.weirline.flow.protobuf import text
from weirline.errors import PeerProtocolError
from weirline.flow.limits import Limits
from weirline.flow.report import Outcome

VALUE = b"#123456"
MASKED = b"*******"


def peer(
    rules: str = REDACT_BOTH,
    *fields: tuple[str, str],
    limits: Limits | None = None,
    defaults: str = "{}",
) -> Peer:
    """A call whose two headers have been answered."""
    made = Peer(policy(rules, defaults=defaults), request=GRPC, response=GRPC, limits=limits)
    said = (("content-type", "application/grpc"), *fields)
    answer = made.request_headers(*said, method="POST", path="/shop.Orders/Get", end=False)
    assert not answer.HasField("mode_override")
    made.response_headers(*fields, content_type="application/grpc")
    return made


def sent(answer: ProcessingResponse) -> tuple[bytes, bool, bool, bool]:
    """The message that leaves, whether it is the last, without one, and packed."""
    kind = answer.WhichOneof("response")
    mutation = getattr(answer, str(kind)).response.body_mutation
    assert mutation.WhichOneof("mutation") == "streamed_response"
    out = mutation.streamed_response
    return (
        out.body,
        out.end_of_stream,
        out.end_of_stream_without_message,
        out.grpc_message_compressed,
    )


def test_every_message_is_masked_and_answered_by_one() -> None:
    call = peer()
    for _ in range(3):
        answer = call.request_body(text(1, b"id " + VALUE), end=False)
        assert sent(answer) == (text(1, b"id " + MASKED), False, False, False)
        assert call.before == []
    answer = call.request_body(text(1, b"last"), end=True)
    assert sent(answer) == (text(1, b"last"), True, False, False)
    answer = call.response_body(text(1, VALUE), end=False)
    assert sent(answer)[0] == text(1, MASKED)
    call.response_trailers(("grpc-status", "0"))
    assert call.session.finished
    assert call.session.ended(clean=True).outcome is Outcome.REDACTED


def test_half_close_without_a_message_is_answered_by_one() -> None:
    call = peer()
    body = HttpBody(end_of_stream=True, end_of_stream_without_message=True)
    answer = call.must(ProcessingRequest(request_body=body))
    assert sent(answer) == (b"", True, True, False)
    with pytest.raises(PeerProtocolError):
        call.request_body(b"more")


def test_empty_message_is_a_message() -> None:
    assert sent(peer().request_body(b"", end=False)) == (b"", False, False, False)


def test_message_beyond_64_kib_is_not_cut() -> None:
    message = text(1, b"river " * 30_000 + VALUE)
    call = peer()
    answer = call.response_body(message, end=False)
    assert call.before == []
    assert sent(answer)[0] == message.replace(VALUE, MASKED)


def test_packed_message_is_masked_and_packed_again() -> None:
    call = peer(REDACT_BOTH, ("grpc-encoding", "gzip"))
    body = HttpBody(body=gzip.compress(text(1, VALUE)), grpc_message_compressed=True)
    out, end, without, packed = sent(call.must(ProcessingRequest(response_body=body)))
    assert gzip.decompress(out) == text(1, MASKED)
    assert (end, without, packed) == (False, False, True)


def test_packed_message_of_a_coding_not_named_is_counted_and_passes() -> None:
    call = peer()
    body = HttpBody(body=b"packed somehow", grpc_message_compressed=True)
    assert sent(call.must(ProcessingRequest(response_body=body)))[0] == b"packed somehow"
    reasons = [reason.value for _, reason in call.session.ended(clean=True).unscanned]
    assert reasons == ["encoding"]


def test_message_above_frame_bytes_is_counted_and_passes_or_is_refused() -> None:
    limits = Limits(frame_bytes=100)
    message = text(1, b"x" * 200)
    assert sent(peer(limits=limits).response_body(message, end=False))[0] == message
    strict = peer(limits=limits, defaults="{unscannable: block}")
    answer = strict.response_body(message, end=False)
    assert answer.WhichOneof("response") == "immediate_response"


def test_value_that_is_blocked_ends_the_call() -> None:
    answer = peer(BLOCK_BOTH).request_body(text(1, VALUE), end=False)
    assert answer.WhichOneof("response") == "immediate_response"
    assert answer.immediate_response.grpc_status.status == 7


def test_messages_are_read_whatever_their_headers_say() -> None:
    call = Peer(policy(REDACT_BOTH), request=GRPC, response=GRPC)
    call.request_headers(method="POST", end=False)
    call.response_headers(("content-encoding", "gzip"), content_type="text/plain")
    assert sent(call.response_body(text(1, VALUE), end=False))[0] == text(1, MASKED)


def test_messages_without_headers_before_them_are_read() -> None:
    call = Peer(policy(REDACT_BOTH), request=GRPC, response=GRPC)
    assert sent(call.request_body(text(1, VALUE), end=False))[0] == text(1, MASKED)


def test_duplex_answers_are_cut_and_say_nothing_of_messages() -> None:
    call = Peer(policy(REDACT_BOTH), request=FULL_DUPLEX, response=FULL_DUPLEX)
    call.request_headers(method="POST", end=False)
    answer = call.request_body(b"x " * 40_000, end=True)
    assert len(call.before) == 1
    assert sent(answer)[1:] == (True, False, False)
