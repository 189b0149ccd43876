"""One stream of serialised messages."""

from __future__ import annotations

import pytest

from extproc.envoy_api.messages import (
    HttpHeaders,
    ProcessingRequest,
    ProcessingResponse,
    ProtocolConfiguration,
)
from extproc.session import PACKED_BYTES
from tests.fakes.scanner import HashScanner
from tests.playbook import OBSERVE_BOTH, REDACT_BOTH, Peer, factory, header_map, policy
from weirline.errors import PeerProtocolError
from weirline.flow.report import Outcome
from weirline.scan import ScanResult


class FailingScanner(HashScanner):
    """One that fails on every text."""

    def scan(self, data: bytes) -> ScanResult:
        raise RuntimeError(data.decode())


def test_bytes_that_are_no_message_are_the_peers_fault() -> None:
    session = factory(policy(REDACT_BOTH)).open()
    with pytest.raises(PeerProtocolError):
        session.receive(b"\xff\xff\xff")
    assert not session.finished
    assert session.ended(clean=True).outcome is Outcome.FAULT


def test_whole_exchange_is_finished_and_reported() -> None:
    peer = Peer(policy(REDACT_BOTH))
    done = []
    peer.request_headers()
    done.append(peer.session.finished)
    peer.response_headers(length=7)
    done.append(peer.session.finished)
    peer.response_body(b"#123456")
    done.append(peer.session.finished)
    assert done == [False, False, True]
    report = peer.session.ended(clean=True)
    assert (report.outcome, report.messages) == (Outcome.REDACTED, 3)


def test_fault_in_the_middle_is_never_finished() -> None:
    peer = Peer(policy(REDACT_BOTH), scanner=FailingScanner())
    with pytest.raises(RuntimeError):
        peer.request_headers()
    assert not peer.session.finished
    assert peer.session.ended(clean=True).outcome is Outcome.FAULT


def test_stream_without_a_message_is_not_finished() -> None:
    session = factory(policy(REDACT_BOTH)).open()
    assert not session.finished
    report = session.ended(clean=True)
    assert (report.outcome, report.messages) == (Outcome.ABANDONED, 0)


def test_policy_replaced_in_mid_stream_holds_for_the_next() -> None:
    made = factory(policy(REDACT_BOTH))
    old = made.open()
    made.policy = policy(OBSERVE_BOTH)
    config = ProtocolConfiguration(response_body_mode=2)
    headers = HttpHeaders(headers=header_map([("x-id", "#123456")]), end_of_stream=True)
    raw = ProcessingRequest(request_headers=headers, protocol_config=config).SerializeToString()
    for session, masked in ((old, True), (made.open(), False)):
        answer = session.receive(raw)
        assert answer is not None
        assert (b"*******" in answer) is masked


def test_large_messages_are_for_the_pool() -> None:
    session = factory(policy(REDACT_BOTH)).open()
    assert not session.heavy(b"x" * (256 << 10))
    assert session.heavy(b"x" * ((256 << 10) + 1))


def test_smaller_messages_of_a_packed_body_are_for_the_pool() -> None:
    peer = Peer(policy(REDACT_BOTH))
    peer.request_headers()
    body = b"x" * (PACKED_BYTES + 1)
    assert not peer.session.heavy(body)
    peer.response_headers(("content-encoding", "gzip"))
    assert peer.session.heavy(body)
    assert not peer.session.heavy(body[1:])


def test_what_waits_is_given_out_unasked() -> None:
    peer = Peer(policy(REDACT_BOTH))
    assert peer.session.overdue() is None
    peer.request_headers()
    peer.response_headers(("trailer", "x-sum"))
    peer.response_body(b"id #12", end=False)
    answer = peer.session.overdue()
    assert isinstance(answer, bytes)
    mutation = ProcessingResponse.FromString(answer).response_body.response.body_mutation
    assert mutation.streamed_response.body == b"#12"
    assert peer.session.overdue() is None
